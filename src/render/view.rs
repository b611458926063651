//! How data is shown, decided once from the flags.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{
    Heading, Jq, card::Cards, ids::Ids, json, looks::Looks, output::Output, separated::Separated, table::Table,
};
use crate::{
    domain::{
        calendar::{Unit, Zone},
        ids::WebhookId,
        masked_url::{HIDDEN, masked},
        time::Timestamp,
    },
    term::{Signs, Term},
};

/// The values of `--output`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: aligned on a terminal, tab-separated elsewhere.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// RFC 4180 with a header.
    Csv,
    /// Tab-separated with a header; tabs, line ends and backslashes are escaped.
    Tsv,
    /// Ids, one per line.
    Id,
}

impl Format {
    /// Whether errors are JSON too.
    pub fn is_json(self) -> bool {
        matches!(self, Format::Json | Format::Ndjson)
    }
}

/// The values of `--table-header`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum HeaderChoice {
    /// On a terminal, and in CSV and TSV.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The values of `--time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TimeStyle {
    /// `2 min ago`.
    Relative,
    /// In the time zone of this machine.
    Local,
    /// RFC 3339 in UTC.
    Utc,
}

/// How data is shown.
#[derive(Debug, Clone)]
pub struct View {
    /// The output.
    pub format: Format,
    /// The fields of `--json=…`.
    pub fields: Option<Vec<String>>,
    /// The filter of `--jq`, which reads the JSON output.
    pub jq: Option<Jq>,
    /// The columns of `--columns`.
    pub columns: Option<Vec<String>>,
    /// Columns with the same text in every line; tables omit them.
    pub without: &'static [&'static str],
    /// Fields that a list's entries lack; CSV and TSV omit them unless they are named.
    pub lacking: &'static [&'static str],
    /// Whether there is a header.
    pub header: HeaderChoice,
    /// How times are written in tables.
    pub times: TimeStyle,
    /// The time zone of this machine.
    pub zone: TimeZone,
    /// The time that `ago` counts from.
    pub now: Timestamp,
    /// Whether the output is a terminal.
    pub terminal: bool,
    /// Whether the secret parts of URLs are shown on a terminal.
    pub reveal: bool,
    /// How wide the terminal is, in columns.
    pub width: usize,
    /// Whether there is colour.
    pub color: bool,
    /// The signs that the terminal can show.
    pub signs: Signs,
    /// Whether columns that do not fit are listed.
    pub tells_hidden: bool,
    /// The names of webhooks by their ids, if a table for people shows them.
    pub names: Arc<BTreeMap<WebhookId, String>>,
    /// Other headings for columns, which depend on the query.
    pub titles: &'static [(&'static str, &'static str)],
    /// How groups by time are drawn for people.
    pub bars: Option<Bars>,
}

/// How groups by time are drawn for people.
#[derive(Debug, Clone)]
pub struct Bars {
    /// Their time zone.
    pub zone: Zone,
    /// Whether they are hours or days.
    pub unit: Unit,
    /// The highest error rate among them, whose bar is the longest.
    pub worst: f64,
}

impl View {
    /// Returns the default view of a terminal or a pipe.
    pub fn new(term: &Term, now: Timestamp) -> Self {
        let terminal = term.terminals().stdout;
        View {
            format: Format::Table,
            fields: None,
            jq: None,
            columns: None,
            without: &[],
            lacking: &[],
            header: HeaderChoice::Auto,
            times: if terminal { TimeStyle::Relative } else { TimeStyle::Utc },
            zone: TimeZone::UTC,
            now,
            terminal,
            reveal: false,
            width: term.width(),
            color: term.has_color(),
            signs: term.signs(),
            tells_hidden: true,
            names: Arc::default(),
            titles: &[],
            bars: None,
        }
    }

    /// Returns a URL for display: a terminal gets it without secrets, unless they were requested. Pipes and JSON get it
    /// whole, so that it can be read back.
    pub fn url<'a>(&self, url: &'a str) -> Cow<'a, str> {
        let is_read_back = matches!(self.format, Format::Json | Format::Ndjson);
        match self.terminal && !is_read_back && !self.reveal {
            true if self.signs == Signs::Ascii => Cow::Owned(masked(url).replace(HIDDEN, self.signs.masked())),
            true => masked(url),
            false => Cow::Borrowed(url),
        }
    }

    /// Masks the URLs in the values of CSV and TSV for a terminal.
    pub(super) fn as_shown(&self, mut value: Value) -> Value {
        if matches!(self.format, Format::Csv | Format::Tsv) && self.terminal {
            self.mask(&mut value);
        }
        value
    }

    fn mask(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with("http") => *text = self.url(text).into_owned(),
            Value::Array(parts) => parts.iter_mut().for_each(|part| self.mask(part)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.mask(field)),
            _ => {}
        }
    }

    /// Whether a person reads the table.
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Table && self.terminal
    }

    /// Whether `--json=…` or `--columns` names one of these fields.
    pub fn names_any(&self, fields: &[&str]) -> bool {
        let named = self.fields.iter().chain(&self.columns).flatten();
        named.into_iter().any(|name| fields.contains(&name.as_str()))
    }

    /// Whether rows are written as they arrive, instead of all at the end.
    pub fn streams(&self) -> bool {
        !self.is_for_people() && self.format != Format::Json
    }

    /// Returns the style of JSON.
    pub(super) fn json_style(&self) -> json::JsonStyle {
        let pretty = self.terminal && self.format != Format::Ndjson && self.jq.is_none();
        json::JsonStyle { pretty, terminal: self.terminal, color: self.color }
    }

    fn wants_header(&self, usually: bool) -> bool {
        match self.header {
            HeaderChoice::Auto => usually,
            HeaderChoice::Always => true,
            HeaderChoice::Never => false,
        }
    }

    fn looks(&self) -> Looks {
        let View { width, color, signs, .. } = *self;
        Looks { width, color, signs, chosen: self.columns.is_some() }
    }

    pub(super) fn cards(&self) -> Cards {
        Cards(self.looks())
    }

    pub(super) fn output(&self, headings: Vec<Heading>) -> Box<dyn Output> {
        match self.format {
            Format::Table if self.terminal => Box::new(Table::new(headings, self.looks(), self.wants_header(true))),
            Format::Table => Box::new(Separated::table(headings, self.wants_header(false))),
            Format::Csv => Box::new(Separated::csv(headings, self.wants_header(true), self.terminal)),
            Format::Tsv => Box::new(Separated::tsv(headings, self.wants_header(true), self.terminal)),
            Format::Json => Box::new(json::Document::new(self.fields.is_some(), self.json_style())),
            Format::Ndjson => Box::new(json::Lines { terminal: self.terminal }),
            Format::Id => Box::new(Ids),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::term::Terminals;

    #[test]
    fn urls_are_masked_where_a_person_reads_them_and_whole_where_they_are_read_back() {
        let whole = json!({"url": "https://a.example/?token=x", "request": {"urls": ["https://a.example/?token=x"]}});
        let hidden =
            json!({"url": "https://a.example/?token=••••", "request": {"urls": ["https://a.example/?token=••••"]}});
        let shown = |format, terminal, reveal| {
            let (term, _) = Term::captured("", Terminals { stdout: terminal, ..Terminals::default() }, 80);
            let view = View { format, terminal, reveal, ..View::new(&term, Timestamp::from_seconds(0)) };
            view.as_shown(whole.clone())
        };
        for format in [Format::Csv, Format::Tsv] {
            assert_eq!(shown(format, true, false), hidden);
            assert_eq!(shown(format, true, true), whole);
            assert_eq!(shown(format, false, false), whole);
        }
        assert_eq!(shown(Format::Json, true, false), whole);
    }
}
