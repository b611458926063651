//! Chooses the time zone of hours and days, and prints it.

use std::time::Duration;

use crate::{
    commands::Context,
    domain::{
        calendar::{Unit, Zone},
        stats::{Stats, StatsGroup},
    },
    render::{TimeStyle, words},
};

/// Returns the time zone of hours and days: that of `--time`, or this machine's by default on a terminal.
pub(super) fn zone(context: &Context) -> Zone {
    if context.view.times == TimeStyle::Utc {
        return Zone::utc();
    }
    context.zone().unwrap_or_else(|| {
        context.term.notice("This machine's time zone has no name that a service would know.");
        Zone::utc()
    })
}

/// Prints the time zone of the hours or days, and by how much they are shifted.
pub(super) fn say(stats: &Stats, unit: Unit, wanted: &Zone, context: &Context) {
    let zone = &stats.time_zone;
    let units = match unit {
        Unit::Hour => "Hours",
        Unit::Day => "Days",
    };
    if zone != wanted && !(zone.is_utc() && wanted.is_utc()) {
        return context.term.notice(&format!("{units} are those of {zone}: the service does not know {wanted}."));
    }
    let mut text = format!("{units} are those of {zone}");
    if let Some(begins) = stats.groups.first().and_then(|first| begins_with_the_window(first, stats, unit)) {
        text.push_str(&format!("; the first begins at {begins}, with the window"));
    }
    if let Some(late) = how_late(stats, unit) {
        let late = words::duration(late);
        text.push_str(&format!("; in a window this long hours of UTC are counted, so that each begins {late} late"));
    }
    context.term.note(&(text + "."));
}

/// Returns the start of a group that is cut by the start of the window.
fn begins_with_the_window(group: &StatsGroup, stats: &Stats, unit: Unit) -> Option<String> {
    let zone = &stats.time_zone;
    let from = group.from.filter(|from| *from == stats.from && !zone.since_the_beginning(unit, *from).is_zero())?;
    Some(zone.shown(from, "%H:%M"))
}

/// Returns by how much the counted hours or days are shifted, if they are.
fn how_late(stats: &Stats, unit: Unit) -> Option<Duration> {
    let edges = stats.groups.iter().flat_map(|group| [group.from, group.to]).flatten();
    let within = edges.filter(|edge| *edge > stats.from && *edge < stats.to);
    within.map(|edge| stats.time_zone.since_the_beginning(unit, edge)).find(|late| !late.is_zero())
}
