//! The arguments of `tm-hooks send`.

use std::{path::PathBuf, time::Duration};

use clap::ValueHint;

use crate::{
    commands::{
        arguments::{Moment, rate, some_duration},
        made::DataArgs,
        unknown_type::UnknownType,
    },
    domain::{event::EventType, ids::EventId},
};

/// Send events to every enabled webhook that wants them
///
/// The data is the type's invented example, changed by --data, then --unset, then --set. What follows from a field
/// follows: --set clockingType=Out brings its action along, --set timeLogged=… the rounded time, the ids of that day and
/// the week. Each event happens now, with a hash and a pair of its own, unless these are set. What still contradicts
/// itself is warned of.
///
/// --example NAME sends a hard case, which receivers have stumbled over; --example alone lists them.
///
/// --from sends the events of a file, one a line: type, data, id and occurredAt, or a body as receivers get it. They are
/// sent as they stand, one after the other. A line that is wrong is told by its number and field, and the next one is
/// sent. It can be run again: an event with an id that is there already, with the same content, counts as sent.
///
/// --wait waits until each delivery was tried once, and exits with 10 when all failed, 11 when some did; the service
/// inside this program always waits, as it delivers only while a command runs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks send attendance.inserted
  tm-hooks send attendance.inserted --set clockingType=Out --set comment='left early' --wait
  tm-hooks send attendance.inserted --occurred-at 2026-10-25T02:10:00+01:00
  tm-hooks send user.deleted --unset userCardNumber --id tm_0199c1d2e3f4758697a8b9cadbecfd0e
  tm-hooks send attendance.inserted --count 100 --rate 10/s
  tm-hooks send user.updated --data @user.json
  tm-hooks send --example overnight-out
  tm-hooks send --from events.ndjson --rate 50/s
  tm-hooks events --limit 10 -o id | xargs -n1 tm-hooks show -o ndjson | tm-hooks send --from - -p staging")]
pub struct Args {
    /// The type of the event, as `tm-hooks types` lists them
    #[arg(value_name = "TYPE", required_unless_present_any = ["example", "from"])]
    pub(super) event_type: Option<EventType>,
    #[command(flatten)]
    pub(super) unknown: UnknownType,
    #[command(flatten)]
    pub(super) data: DataArgs,
    /// Remove a field of the data
    #[arg(long, value_name = "FIELD")]
    pub(super) unset: Vec<String>,
    /// An id of your own, such as order/7: sent again with the same content it is taken as the same event
    #[arg(long)]
    pub(super) id: Option<EventId>,
    /// When it happens, instead of now: a time, a date, or so long ago (2h)
    #[arg(long, value_name = "TIME")]
    pub(super) occurred_at: Option<Moment>,
    /// Send a hard case instead of the type's example; without a name, list them
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub(super) example: Option<String>,
    /// Send so many events, each with an id of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) count: u32,
    /// Send the events of a file, or of standard input (-), one a line as JSON
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = ["event_type", "set", "data", "unset", "id", "occurred_at", "example", "count"])]
    pub(super) from: Option<PathBuf>,
    /// Send them at this rate: 10/s, 90/m
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(super) rate: Option<Duration>,
    /// Wait until each delivery was tried once
    #[arg(long)]
    pub(super) wait: bool,
    /// Wait so long, at most
    #[arg(long, value_name = "DURATION", value_parser = some_duration, default_value = "60s")]
    pub(super) timeout: Duration,
}

impl Args {
    /// Whether it sends something, and does not only list what could be sent.
    pub(in crate::commands) fn changes(&self) -> bool {
        self.example.as_deref() != Some("")
    }
}
