//! The columns of a webhook.

use super::{
    state::State,
    widths::{EVENTS, NAME, URL},
};
use crate::{
    domain::{
        event::EventFilter,
        health::{Breaker, Warning},
        receiver_url::host_in_letters,
        version::{Version, VersionSource},
        webhook::Webhook,
    },
    render::{Cell, Column, Importance, Record, TimeStyle, Title, View, words},
    term::Sign,
};

impl Record for Webhook {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Detail, High, Key, Low, Middle, OnDemand};
        vec![
            Column::new("id", "ID", Key, |webhook, _| Cell::plain(webhook.id)),
            Column::new("name", "NAME", Key, |webhook, _| Cell::plain(&webhook.name)),
            Column::new("events", "EVENTS", Middle, |webhook, _| Cell::plain(events(&webhook.events))),
            Column::new("version", "VERSION", Low, |webhook, _| {
                Cell::plain(version(webhook.version, webhook.version_source))
            }),
            Column::new("status", "STATUS", Key, |webhook, _| Cell::plain(webhook.status)),
            Column::number("errorRate", "ERRORS 24 H", High, |webhook, _| {
                words::error_rate(webhook.failed24h, webhook.attempts24h)
            }),
            Column::new("lastAttemptAt", "LAST ATTEMPT", Low, |webhook: &Webhook, view| {
                words::time_or_nothing(webhook.last_attempt_at, view)
            }),
            Column::new("url", "URL", High, url),
            Column::new("headers", "HEADERS", Detail, headers),
            Column::new("scheme", "SCHEME", Detail, |webhook, _| Cell::plain(webhook.signs_by())),
            Column::new("sources", "SOURCES", Detail, |webhook, _| {
                Cell::or_nothing(webhook.sources.as_ref().map(|names| names.join(", ")))
            }),
            Column::new("disabledReason", "DISABLED BECAUSE", Detail, |webhook, _| {
                Cell::or_nothing(webhook.disabled_reason.map(|reason| reason.describe()))
            }),
            Column::new("disabledAt", "DISABLED", Detail, |webhook: &Webhook, view| {
                words::time_or_nothing(webhook.disabled_at, view)
            }),
            Column::new("failingSince", "FAILING SINCE", Detail, failing_since),
            Column::new("heldUntil", "PAUSED UNTIL", Detail, |webhook: &Webhook, view| {
                words::time_or_nothing(webhook.held_until, view)
            }),
            Column::number("pendingDeliveries", "WAITING", Detail, |webhook, _| {
                Cell::plain(webhook.pending_deliveries)
            }),
            Column::new("createdAt", "ADDED", Detail, |webhook: &Webhook, view| {
                Cell::plain(words::time(webhook.created_at, view))
            }),
            Column::new("updatedAt", "CHANGED", Detail, |webhook: &Webhook, view| {
                Cell::plain(words::time(webhook.updated_at, view))
            }),
            Column::new("enabled", "ENABLED", OnDemand, |webhook, _| Cell::plain(webhook.enabled)),
            Column::new("pinnedVersion", "PINNED TO", OnDemand, |webhook, _| Cell::or_nothing(webhook.pinned_version)),
            Column::new("versionSource", "VERSION FROM", OnDemand, |webhook, _| Cell::plain(webhook.version_source)),
            Column::number("attempts24h", "ATTEMPTS 24 H", OnDemand, |webhook, _| Cell::plain(webhook.attempts24h)),
            Column::number("failed24h", "FAILED 24 H", OnDemand, |webhook, _| Cell::plain(webhook.failed24h)),
            Column::number("failuresInARow", "FAILED IN A ROW", OnDemand, |webhook, _| {
                Cell::plain(webhook.failures_in_a_row)
            }),
            Column::new("disablesAt", "IS DISABLED", OnDemand, |webhook: &Webhook, view| {
                words::time_or_nothing(webhook.disables_at, view)
            }),
            Column::new("breaker", "BREAKER", OnDemand, |webhook, _| Cell::plain(webhook.breaker)),
            Column::number("revision", "REVISION", OnDemand, |webhook, _| Cell::plain(webhook.revision)),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low};
        vec![
            Column::new("name", "NAME", Key, |webhook: &Webhook, _| {
                Cell::toned(&webhook.name, State::of(webhook).subject())
            })
            .flexible(NAME),
            Column::new("status", "STATUS", Key, |webhook: &Webhook, view| {
                Cell::toned(State::of(webhook).in_words(webhook, view), State::of(webhook).tone())
            }),
            Column::number("errorRate", "ERRORS 24 H", Key, |webhook, _| {
                words::share(webhook.failed24h, webhook.attempts24h, State::of(webhook).tone())
            }),
            Column::number("lastAttemptAt", "LAST", High, |webhook: &Webhook, view| {
                webhook.last_attempt_at.map_or_else(Cell::nothing, |at| words::brief_time(at, view))
            }),
            Column::new("version", "VERSION", Low, |webhook, _| {
                let pinned = if webhook.version_source == VersionSource::Pinned { " pin" } else { "" };
                Cell::plain(format!("{}{pinned}", webhook.version))
            }),
            Column::new("url", "URL", Low, |webhook: &Webhook, view| {
                let Cell { text, .. } = url(webhook, view);
                Cell::plain(text.strip_prefix("https://").unwrap_or(&text))
            })
            .flexible(URL),
            Column::new("events", "EVENTS", Low, |webhook: &Webhook, _| Cell::plain(events(&webhook.events)))
                .flexible(EVENTS),
            Column::new("sources", "SOURCES", Low, |webhook: &Webhook, _| {
                Cell::or_nothing(webhook.sources.as_ref().map(|names| names.join(", ")))
            })
            .flexible(EVENTS),
            Column::new("id", "ID", High, |webhook, _| Cell::plain(webhook.id)),
        ]
    }

    fn sign(&self, _: &View) -> Sign {
        State::of(self).sign()
    }

    fn title(&self, view: &View) -> Option<Title> {
        let state = State::of(self);
        Some(Title {
            subject: self.name.clone(),
            state: Cell::toned(state.in_words(self, view), state.tone()),
            id: self.id.to_string(),
            says: &["name", "id", "status"],
        })
    }
}

/// Joins filters: `attendance.*, user.deleted`.
pub fn events(filters: &[EventFilter]) -> String {
    filters.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns a version and its source: `v1 latest`.
pub fn version(version: Version, source: VersionSource) -> String {
    format!("{version} {source}")
}

/// Warns that the service will disable the webhook, from half of the time on, and more strongly near the end.
fn warning(webhook: &Webhook, view: &View) -> Option<String> {
    let at = webhook.disables_at?;
    let when = match (view.times, at > view.now) {
        // The time is over, but there were too few failures.
        (_, false) => "when it fails again".to_owned(),
        (TimeStyle::Relative, true) => words::time(at, view),
        (_, true) => format!("at {}", words::time(at, view)),
    };
    Some(match webhook.warning(view.now)? {
        Warning::HalfTime => format!("disabled {when}"),
        Warning::NearTheEnd => format!("about to be disabled {when}!"),
    })
}

/// Describes since when it fails, how often, and the consequence.
fn failing_since(webhook: &Webhook, view: &View) -> Cell {
    let Some(since) = webhook.failing_since else { return Cell::nothing() };
    let failed = words::count(usize::try_from(webhook.failures_in_a_row).unwrap_or(usize::MAX), "failure");
    let probed = if webhook.breaker == Breaker::Open { "; only probed until one succeeds" } else { "" };
    let warning = warning(webhook, view).map(|warning| format!("; {warning}"));
    Cell::plain(format!("{}, {failed} in a row{probed}{}", words::time(since, view), warning.unwrap_or_default()))
}

/// Returns the URL; for people, also with the host in its original letters.
fn url(webhook: &Webhook, view: &View) -> Cell {
    let shown = view.url(&webhook.url);
    match host_in_letters(&webhook.url).filter(|_| view.is_for_people()) {
        Some(letters) => Cell::plain(format!("{shown} ({letters})")),
        None => Cell::plain(shown),
    }
}

fn headers(webhook: &Webhook, _: &View) -> Cell {
    if webhook.headers.is_empty() {
        return Cell::nothing();
    }
    let header = |(name, value): (&String, &String)| format!("{name}: {value}");
    Cell::plain(webhook.headers.iter().map(header).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        domain::{time::Timestamp, webhook::WebhookStatus},
        render::{
            Format, HeaderChoice,
            columns::samples::{NOW, every_field_has_a_column, webhook},
            list, one,
        },
        term::{Term, Terminals},
    };

    fn two() -> Vec<Webhook> {
        let mut bot = webhook("wh_7c1zr8t0wb", "Chat\tbot", "https://bot.example.com/tm");
        bot.status = WebhookStatus::Failing;
        (bot.attempts24h, bot.failed24h) = (21, 8);
        vec![webhook("wh_k3v9m2x7qd", "Payroll", "https://payroll.example.com/hooks"), bot]
    }

    fn shown(terminal: bool, width: usize, change: fn(&mut View)) -> String {
        let (term, captured) = Term::captured("", Terminals { stdout: terminal, ..Terminals::default() }, width);
        let mut view = View::new(&term, Timestamp::from_seconds(NOW).plus(Duration::ZERO));
        change(&mut view);
        list(&term, &view, &two()).unwrap();
        captured.out()
    }

    #[test]
    fn columns_cover_the_fields() {
        every_field_has_a_column(&two()[0]);
    }

    #[test]
    fn a_wide_terminal_shows_all_columns_aligned() {
        insta::assert_snapshot!(shown(true, 160, |_| {}), @"
          NAME      STATUS   ERRORS 24 H  LAST  VERSION  URL                        EVENTS                      ID
          Payroll   enabled   0 % of 412    2m  v1       payroll.example.com/hooks  attendance.*, user.deleted  wh_k3v9m2x7qd
        ✗ Chat bot  failing  38 % of  21    2m  v1       bot.example.com/tm         attendance.*, user.deleted  wh_7c1zr8t0wb
        ");
    }

    #[test]
    fn what_threatens_a_webhook_is_said() {
        let failing = |hours: u64, style: TimeStyle| {
            let (term, _) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 160);
            let mut view = View::new(&term, Timestamp::from_seconds(NOW));
            view.times = style;
            let mut webhook = two().swap_remove(1);
            let since = view.now.minus(Duration::from_secs(hours * 3600));
            (webhook.failing_since, webhook.failures_in_a_row) = (Some(since), 25);
            webhook.disables_at = Some(crate::domain::health::disables_at(since));
            webhook.breaker = Breaker::Open;
            failing_since(&webhook, &view).text
        };
        use TimeStyle::{Relative, Utc};
        let probed = "25 failures in a row; only probed until one succeeds";
        assert_eq!(failing(1, Relative), format!("1 h ago, {probed}"));
        assert_eq!(failing(60, Relative), format!("2 d ago, {probed}; disabled in 2 d 12 h"));
        assert!(failing(60, Utc).ends_with("; disabled at 2026-11-26T05:40:00.000Z"));
        assert!(failing(109, Relative).ends_with("; about to be disabled in 11 h!"));
        assert!(failing(130, Relative).ends_with("; about to be disabled when it fails again!"));
    }

    #[test]
    fn a_narrow_terminal_cuts_what_may_be_cut() {
        insta::assert_snapshot!(shown(true, 80, |_| {}), @"
          NAME      STATUS   ERRORS 24 H  LAST  VERSION  URL               ID
          Payroll   enabled   0 % of 412    2m  v1       payroll.example…  wh_k3v9m2x7qd
        ✗ Chat bot  failing  38 % of  21    2m  v1       bot.example.com…  wh_7c1zr8t0wb
        ");
    }

    #[test]
    fn a_very_narrow_terminal_gets_cards() {
        insta::assert_snapshot!(shown(true, 40, |_| {}), @"
          Payroll   enabled        wh_k3v9m2x7qd
          errors 24 h  0 % of 412
          last         2m
          version      v1
          url          payroll.example.com/hooks
          events       attendance.*,
                       user.deleted

        ✗ Chat bot   failing       wh_7c1zr8t0wb
          errors 24 h  38 % of 21
          last         2m
          version      v1
          url          bot.example.com/tm
          events       attendance.*,
                       user.deleted
        ");
    }

    #[test]
    fn a_pipe_gets_whole_rows_with_tabs_escaped() {
        let text = shown(false, 20, |_| {});
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            "wh_7c1zr8t0wb\tChat\\tbot\tattendance.*, user.deleted\tv1 latest\tfailing\t38 % of 21\t\
             2026-11-23T17:37:55.000Z\thttps://bot.example.com/tm"
        );
    }

    #[test]
    fn programs_get_values() {
        let csv = shown(false, 80, |view| {
            view.format = Format::Csv;
            view.columns = Some(vec!["name".to_owned(), "events".to_owned(), "failed24h".to_owned()]);
        });
        assert_eq!(
            csv,
            "name,events,failed24h\r\nPayroll,\"attendance.*,user.deleted\",0\r\nChat\tbot,\"attendance.*,user.deleted\",8\r\n"
        );
        let json = shown(false, 80, |view| {
            view.format = Format::Json;
            view.fields = Some(vec!["failed24h".to_owned(), "id".to_owned()]);
        });
        assert_eq!(json, "[{\"failed24h\":0,\"id\":\"wh_k3v9m2x7qd\"},{\"failed24h\":8,\"id\":\"wh_7c1zr8t0wb\"}]\n");
        assert_eq!(shown(false, 80, |view| view.format = Format::Id), "wh_k3v9m2x7qd\nwh_7c1zr8t0wb\n");
        let never = |view: &mut View| (view.format, view.header) = (Format::Tsv, HeaderChoice::Never);
        assert!(
            shown(false, 80, never)
                .starts_with("wh_k3v9m2x7qd\tPayroll\tattendance.*,user.deleted\tv1\tenabled\t0.0\t")
        );
    }

    #[test]
    fn an_unknown_field_names_the_known_ones() {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let mut view = View::new(&term, Timestamp::from_seconds(NOW));
        (view.format, view.fields) = (Format::Json, Some(vec!["errorrate".to_owned()]));
        let error = list(&term, &view, &two()).unwrap_err();
        assert_eq!(error.message(), "--json names an unknown field: \"errorrate\"");
        assert!(error.hint_text().unwrap().starts_with("did you mean \"errorRate\"? the fields are id,name,"));
        assert_eq!(captured.out(), "");
    }

    #[test]
    fn one_alone_is_bare_in_json_and_lines_in_a_pipe() {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let mut view = View::new(&term, Timestamp::from_seconds(NOW));
        one(&term, &view, &two()[0]).unwrap();
        assert!(captured.out().starts_with("id\twh_k3v9m2x7qd\nname\tPayroll\n"), "{}", captured.out());
        view.format = Format::Json;
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        one(&term, &view, &two()[0]).unwrap();
        assert!(captured.out().starts_with("{\"id\":\"wh_k3v9m2x7qd\",\"name\":\"Payroll\","));
    }
}
