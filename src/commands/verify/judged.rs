//! Reports the verdicts on requests.

use serde::Serialize;

use crate::{
    commands::Context,
    error::CliError,
    render::{self, Cell, Column, Format, Importance, Record, View},
    signing::{
        Request, Scheme,
        verdict::{Code, Verdict},
    },
    term::Sign,
};

/// A request with its verdict.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::commands) struct Judged {
    /// The event's id, if the body has one.
    pub(super) id: Option<String>,
    /// Whether the sender knows the secret and the request is recent enough.
    pub(super) genuine: bool,
    /// The reason.
    pub(super) code: Code,
    /// The reason in words.
    pub(super) message: String,
    /// The scheme that it was checked against.
    pub(super) scheme: Scheme,
    /// Another scheme by which it would be genuine.
    pub(super) instead: Option<Scheme>,
    /// Whether the same event came before in a genuine request.
    pub(super) seen: bool,
    /// The first difference between the signed body and the received one.
    pub(super) difference: Option<BodyDifference>,
}

/// The texts at a difference of two bodies.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BodyDifference {
    signed: String,
    received: String,
}

impl Judged {
    /// Combines a request and its verdict.
    pub(super) fn of(request: &Request, scheme: &Scheme, verdict: Verdict, is_repeat: bool) -> Self {
        let Verdict { code, sentence, instead, change } = verdict;
        let difference = change.map(|change| {
            let (signed, received) = change.difference(&request.body);
            BodyDifference { signed, received }
        });
        Judged {
            id: request.field("id"),
            genuine: code.is_genuine(),
            code,
            message: sentence,
            scheme: scheme.clone(),
            instead,
            seen: is_repeat,
            difference,
        }
    }

    /// Describes it for a person: the verdict, and what to do.
    fn in_words(&self) -> String {
        let mut lines = vec![match (&self.id, self.genuine) {
            (Some(id), true) => format!("{id} is genuine: {}", self.message),
            (Some(id), false) => format!("{id} is not genuine: {}", self.message),
            (None, true) => format!("Genuine: {}", self.message),
            (None, false) => format!("Not genuine: {}", self.message),
        }];
        if let Some(BodyDifference { signed, received }) = &self.difference {
            lines.push(format!("  signed    …{signed}…"));
            lines.push(format!("  received  …{received}…"));
        }
        if let Some(instead) = &self.instead {
            lines.push(format!("  it fits   --scheme '{instead}'"));
        }
        if self.seen {
            lines.push("  seen      the same event came before: take it once".to_owned());
        }
        if self.code == Code::WrongSecret {
            lines.push("  next      with a request that is genuine for sure: tm-hooks verify --detect …".to_owned());
        }
        lines.push(format!("  code      {}", self.code));
        lines.push(format!("  scheme    {}", self.scheme));
        lines.join("\n")
    }
}

impl Record for Judged {
    fn id(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.code.to_string())
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Middle};
        vec![
            Column::new("id", "EVENT", Middle, |judged: &Judged, _| Cell::or_nothing(judged.id.as_ref())),
            Column::new("genuine", "GENUINE", Key, |judged, _| Cell::plain(judged.genuine)),
            Column::new("code", "CODE", Key, |judged, _| Cell::plain(judged.code)),
            Column::new("message", "MESSAGE", High, |judged: &Judged, _| Cell::plain(&judged.message)),
            Column::new("scheme", "SCHEME", Middle, |judged: &Judged, _| Cell::plain(&judged.scheme)),
            Column::new("instead", "INSTEAD", Detail, |judged: &Judged, _| Cell::or_nothing(judged.instead.as_ref())),
            Column::new("seen", "SEEN", Middle, |judged, _| Cell::plain(judged.seen)),
            Column::new("difference", "DIFFERENCE", Detail, |judged: &Judged, _| {
                Cell::or_nothing(judged.difference.as_ref().map(|difference| &difference.signed))
            }),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        if self.genuine { Sign::Done } else { Sign::Failed }
    }
}

/// Reports to a person, and writes the data for scripts.
///
/// # Errors
/// Fails if `--jq` fails.
pub(super) fn show(judged: &[Judged], context: &Context) -> Result<(), CliError> {
    for one in judged {
        let words = one.in_words();
        if one.genuine { context.term.success(&words) } else { context.term.failure(&words) }
    }
    match (judged, context.view.format) {
        (_, Format::Table) if context.view.terminal => Ok(()),
        ([one], Format::Table | Format::Json | Format::Ndjson) => render::one(&context.term, &context.view, one),
        _ => render::list(&context.term, &context.view, judged),
    }
}
