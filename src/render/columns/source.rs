//! The columns of a source, and of how its events depart from the known format.

use std::{collections::BTreeMap, time::Duration};

use super::widths::{NAME, SENTENCE, URL};
use crate::{
    domain::{
        source::{Departure, Lacked, Source, SourceState},
        text::thousands,
    },
    render::{Cell, Column, Importance, Record, Title, View, words},
    term::{Sign, Tone},
};

/// The condition of a source for people, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    /// Nothing genuine came for longer than expected.
    Silent,
    /// A person has disabled it.
    Off,
    /// It has no secret, so no request is genuine.
    NoSecret,
    /// It does not know its scheme yet.
    Learning,
    /// It takes requests.
    Ready,
}

impl Condition {
    fn of(source: &Source) -> Self {
        match source.state {
            _ if !source.enabled => Condition::Off,
            _ if source.is_silent => Condition::Silent,
            _ if !source.has_secret && !source.scheme.is_none() => Condition::NoSecret,
            SourceState::Learning => Condition::Learning,
            SourceState::Ready => Condition::Ready,
        }
    }

    fn sign(self) -> Sign {
        match self {
            Condition::Silent => Sign::Failed,
            Condition::Off => Sign::Off,
            Condition::NoSecret | Condition::Learning => Sign::Look,
            Condition::Ready => Sign::Nothing,
        }
    }

    fn tone(self) -> Tone {
        if self == Condition::Silent { Tone::Trouble } else { Tone::Plain }
    }

    fn word(self) -> &'static str {
        match self {
            Condition::Silent => "silent",
            Condition::Off => "disabled",
            Condition::NoSecret => "without a secret",
            Condition::Learning => "learning",
            Condition::Ready => "ready",
        }
    }

    fn in_words(self, source: &Source, view: &View) -> String {
        match (self, source.last_genuine_at) {
            (Condition::Silent, Some(last)) => format!("silent {}", words::brief(view.now.since(last))),
            (Condition::Learning, _) if source.kept > 0 => format!("learning, {} kept", thousands(source.kept)),
            _ => self.word().to_owned(),
        }
    }
}

/// Sorts sources for a terminal: those that a person should look at first, then by name.
pub fn neediest_first(sources: &mut [Source]) {
    sources.sort_by_cached_key(|source| (Condition::of(source), source.name.to_lowercase()));
}

/// Counts the conditions in which a person may have to do something: `1 silent, 2 learning`.
pub fn conditions(sources: &[Source]) -> String {
    let mut counts = BTreeMap::new();
    sources.iter().for_each(|source| *counts.entry(Condition::of(source)).or_insert(0) += 1);
    counts.remove(&Condition::Ready);
    counts.iter().map(|(condition, count)| format!("{count} {}", condition.word())).collect::<Vec<_>>().join(", ")
}

/// Describes what is expected of a source: `1 d, mon-fri, Europe/Berlin`.
fn expected(source: &Source) -> Cell {
    let Some(seconds) = source.expect_within_seconds else { return Cell::nothing() };
    let within = words::duration(Duration::from_secs(seconds));
    let (days, zone) = (source.expect_days.map(|days| days.to_string()), source.time_zone.as_ref());
    let parts = [Some(within), days, zone.map(ToString::to_string)];
    Cell::plain(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn refused(source: &Source) -> Cell {
    if source.refused24h == 0 { Cell::nothing() } else { Cell::plain(thousands(source.refused24h)) }
}

impl Record for Source {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("id", "ID", Key, |source, _| Cell::plain(source.id)),
            Column::new("name", "NAME", Key, |source, _| Cell::plain(&source.name)),
            Column::new("enabled", "ENABLED", High, |source, _| Cell::plain(source.enabled)),
            Column::new("state", "STATE", Key, |source, _| Cell::plain(source.state)),
            Column::new("scheme", "SCHEME", Middle, |source, _| Cell::plain(&source.scheme)),
            Column::new("lastGenuineAt", "LAST GENUINE", High, |source: &Source, view| {
                words::time_or_nothing(source.last_genuine_at, view)
            }),
            Column::number("refused24h", "REFUSED 24 H", High, |source, _| Cell::plain(source.refused24h)),
            Column::number("expectWithinSeconds", "EXPECTED WITHIN", Low, |source, _| {
                Cell::or_nothing(source.expect_within_seconds)
            }),
            Column::new("isSilent", "SILENT", Middle, |source, _| Cell::plain(source.is_silent)),
            Column::new("url", "URL", Low, |source: &Source, view| Cell::plain(view.url(&source.url))),
            Column::new("hasSecret", "SECRET", Detail, |source, _| Cell::plain(source.has_secret)),
            Column::new("expectDays", "EXPECTED DAYS", Detail, |source, _| Cell::or_nothing(source.expect_days)),
            Column::new("timeZone", "TIME ZONE", Detail, |source, _| Cell::or_nothing(source.time_zone.as_ref())),
            Column::new("redeliverChanged", "REDELIVERS CHANGED", Detail, |source, _| {
                Cell::plain(source.redeliver_changed)
            }),
            Column::number("kept", "KEPT", Detail, |source, _| Cell::plain(source.kept)),
            Column::new("createdAt", "ADDED", Detail, |source: &Source, view| {
                Cell::plain(words::time(source.created_at, view))
            }),
            Column::new("updatedAt", "CHANGED", Detail, |source: &Source, view| {
                Cell::plain(words::time(source.updated_at, view))
            }),
            Column::number("revision", "REVISION", OnDemand, |source, _| Cell::plain(source.revision)),
            Column::new("sequences", "SEQUENCES", OnDemand, sequences),
            Column::number("departures", "DEPARTURES", OnDemand, |source, _| {
                Cell::or_nothing(source.departures.as_ref().map(Vec::len))
            }),
            Column::new("lacking", "LACKING", OnDemand, |source, _| {
                let lacked = source.lacking.as_ref().filter(|all| !all.is_empty());
                let whats =
                    |all: &Vec<Lacked>| all.iter().map(|lacked| lacked.what.clone()).collect::<Vec<_>>().join("; ");
                Cell::or_nothing(lacked.map(whats))
            }),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::new("name", "NAME", Key, |source: &Source, _| {
                let in_trouble = Condition::of(source) == Condition::Silent;
                Cell::toned(&source.name, if in_trouble { Tone::Subject } else { Tone::Plain })
            })
            .flexible(NAME),
            Column::new("state", "STATE", Key, |source: &Source, view| {
                let condition = Condition::of(source);
                Cell::toned(condition.in_words(source, view), condition.tone())
            }),
            Column::number("refused24h", "REFUSED 24 H", Key, |source, _| refused(source)),
            Column::number("lastGenuineAt", "LAST", High, |source: &Source, view| {
                source.last_genuine_at.map_or_else(Cell::nothing, |at| words::brief_time(at, view))
            }),
            Column::new("scheme", "SCHEME", Middle, |source, _| {
                let text = source.scheme.to_string();
                Cell::plain(text.split(' ').next().unwrap_or_default())
            }),
            Column::new("expectWithinSeconds", "EXPECTED", Low, |source, _| expected(source)),
            Column::new("url", "URL", Low, |source: &Source, view| {
                let url = view.url(&source.url);
                Cell::plain(url.strip_prefix("https://").unwrap_or(&url))
            })
            .flexible(URL),
            Column::new("id", "ID", High, |source, _| Cell::plain(source.id)),
        ]
    }

    fn card() -> Vec<Column<Self>> {
        use Importance::Detail;
        vec![
            Column::new("url", "URL", Detail, |source: &Source, view| Cell::plain(view.url(&source.url))),
            Column::new("scheme", "SCHEME", Detail, |source, _| Cell::plain(&source.scheme)),
            Column::new("hasSecret", "SECRET", Detail, |source, _| match source.has_secret {
                true => Cell::plain("set; it is not shown"),
                false if source.scheme.is_none() => Cell::nothing(),
                false => Cell::plain("none yet"),
            }),
            Column::new("lastGenuineAt", "GENUINE", Detail, |source: &Source, view| match source.last_genuine_at {
                Some(at) => Cell::plain(words::time(at, view)),
                None => Cell::plain("none yet"),
            }),
            Column::new("refused24h", "REFUSED", Detail, |source, _| match source.refused24h {
                0 => Cell::nothing(),
                refused => Cell::plain(format!("{} in 24 h", thousands(refused))),
            }),
            Column::new("kept", "KEPT", Detail, |source, _| match source.kept {
                0 => Cell::nothing(),
                kept => Cell::plain(format!("{} until another one confirms the scheme", thousands(kept))),
            }),
            Column::new("expectWithinSeconds", "EXPECTED", Detail, |source, _| match expected(source) {
                nothing if source.expect_within_seconds.is_none() => nothing,
                expected => Cell::plain(format!("within {}", expected.text)),
            }),
            Column::new("redeliverChanged", "CHANGED", Detail, |source, _| match source.redeliver_changed {
                true => Cell::plain("an event that comes again with other content is delivered once more"),
                false => Cell::nothing(),
            }),
            Column::new("sequences", "SEQUENCES", Detail, sequences),
            Column::new("createdAt", "ADDED", Detail, |source: &Source, view| {
                let added = words::time(source.created_at, view);
                match source.updated_at == source.created_at {
                    true => Cell::plain(added),
                    false => Cell::plain(format!("{added}, changed {}", words::time(source.updated_at, view))),
                }
            }),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        Condition::of(self).sign()
    }

    fn title(&self, view: &View) -> Option<Title> {
        let condition = Condition::of(self);
        Some(Title {
            subject: self.name.clone(),
            state: Cell::toned(condition.in_words(self, view), condition.tone()),
            id: self.id.to_string(),
            says: &["name", "id", "state", "enabled", "isSilent"],
        })
    }
}

/// Describes the gaps in a sender's sequence: `5 to 90, 3 missing`.
fn sequences(source: &Source, _: &View) -> Cell {
    let Some(found) = source.sequences else { return Cell::nothing() };
    if found.first == found.last {
        return Cell::plain(thousands(found.first));
    }
    let missing = if found.missing == 0 { "none".to_owned() } else { thousands(found.missing) };
    Cell::plain(format!("{} to {}, {missing} missing", thousands(found.first), thousands(found.last)))
}

impl Record for Departure {
    fn id(&self) -> String {
        self.field.clone()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle};
        vec![
            Column::new("field", "FIELD", Key, |departure, _| Cell::plain(&departure.field)),
            Column::new("type", "TYPE", Key, |departure, _| Cell::plain(&departure.event_type)),
            Column::number("count", "EVENTS", Key, |departure, _| Cell::plain(thousands(departure.count))),
            Column::number("lastAt", "LAST", Middle, |departure: &Departure, view| {
                words::brief_time(departure.last_at, view)
            }),
            Column::new("what", "WHAT", High, |departure: &Departure, _| Cell::plain(&departure.what))
                .flexible(SENTENCE),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Timestamp,
        render::columns::samples::{NOW, every_field_has_a_column, source as sample},
        term::{Term, Terminals},
    };

    fn source() -> Source {
        sample("src_k3v9m2x7qd", "Acme")
    }

    fn in_words(change: impl Fn(&mut Source)) -> (Sign, String) {
        let (term, _) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 80);
        let mut source = source();
        change(&mut source);
        let condition = Condition::of(&source);
        (condition.sign(), condition.in_words(&source, &View::new(&term, Timestamp::from_seconds(NOW))))
    }

    #[test]
    fn columns_cover_the_fields() {
        every_field_has_a_column(&source());
        every_field_has_a_column(&source().departures.unwrap()[0]);
    }

    #[test]
    fn each_condition_has_its_sign_and_words() {
        let is = |sign, words: &str| (sign, words.to_owned());
        assert_eq!(in_words(|_| {}), is(Sign::Nothing, "ready"));
        assert_eq!(in_words(|source| source.is_silent = true), is(Sign::Failed, "silent 1d"));
        let never = |source: &mut Source| (source.is_silent, source.last_genuine_at) = (true, None);
        assert_eq!(in_words(never), is(Sign::Failed, "silent"));
        assert_eq!(in_words(|source| source.enabled = false), is(Sign::Off, "disabled"));
        assert_eq!(in_words(|source| source.has_secret = false), is(Sign::Look, "without a secret"));
        let unsigned = |source: &mut Source| (source.has_secret, source.scheme) = (false, "none".parse().unwrap());
        assert_eq!(in_words(unsigned), is(Sign::Nothing, "ready"));
        let learning = |source: &mut Source| source.state = SourceState::Learning;
        assert_eq!(in_words(learning), is(Sign::Look, "learning"));
        let kept = |source: &mut Source| (source.state, source.kept) = (SourceState::Learning, 1);
        assert_eq!(in_words(kept), is(Sign::Look, "learning, 1 kept"));
    }

    #[test]
    fn those_in_need_come_first() {
        let mut all = Vec::new();
        let changes: [fn(&mut Source); 5] = [
            |source| source.name = "b ready".to_owned(),
            |source| source.name = "A ready".to_owned(),
            |source| source.state = SourceState::Learning,
            |source| source.enabled = false,
            |source| source.is_silent = true,
        ];
        for change in changes {
            let mut source = source();
            change(&mut source);
            all.push(source);
        }
        neediest_first(&mut all);
        let order: Vec<_> = all.iter().map(|source| (Condition::of(source), source.name.as_str())).collect();
        use Condition::{Learning, Off, Ready, Silent};
        let expected = [(Silent, "Acme"), (Off, "Acme"), (Learning, "Acme"), (Ready, "A ready"), (Ready, "b ready")];
        assert_eq!(order, expected);
        assert_eq!(conditions(&all), "1 silent, 1 disabled, 1 learning");
        assert_eq!(conditions(&all[3..]), "");
    }

    #[test]
    fn what_is_expected_and_what_is_missing_is_said_in_words() {
        let (term, _) = Term::captured("", Terminals::default(), 80);
        let view = View::new(&term, Timestamp::from_seconds(NOW));
        assert_eq!(expected(&source()).text, "1 d, mon-fri, Europe/Berlin");
        assert_eq!(sequences(&source(), &view).text, "5 to 9,090, 3 missing");
        assert_eq!(expected(&Source { expect_within_seconds: None, ..source() }), Cell::nothing());
    }
}
