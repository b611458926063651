//! What ties clockings together: the id of a day's sequence, that of a pair in it, the pay period, and the hash.

use std::fmt;

use jiff::civil::Date;
use serde_json::Value;

use super::making::{Making, digest, uuid};
use crate::domain::event::MAX_SAFE_INTEGER;

/// `Sequences_<clientId>_<userId>_<yyyy>_<mm>_<dd>`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::payload) struct Sequence {
    pub(super) client: String,
    pub(in crate::domain::payload) user: String,
    pub(super) date: Date,
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sequence { client, user, date } = self;
        write!(f, "Sequences_{client}_{user}_{}", date.strftime("%Y_%m_%d"))
    }
}

/// The id of the sequence of a person's day.
pub(in crate::domain::payload) fn sequence(client: &str, user: &str, date: Date) -> String {
    Sequence { client: client.to_owned(), user: user.to_owned(), date }.to_string()
}

/// How long a UUID is as text.
const UUID: usize = 36;

impl Sequence {
    /// None of a text in another form.
    pub(in crate::domain::payload) fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("Sequences_")?;
        let (client, rest) = rest.split_at_checked(UUID)?;
        let (user, rest) = rest.strip_prefix('_')?.split_at_checked(UUID)?;
        let date = Date::strptime("%Y_%m_%d", rest.strip_prefix('_')?).ok()?;
        Some(Sequence { client: client.to_owned(), user: user.to_owned(), date })
    }
}

/// The sequence's id in that of a pair, `Pairs_<sequence>_<uuid>`.
pub(in crate::domain::payload) fn sequence_in(pair: &str) -> Option<&str> {
    let (rest, uuid) = pair.strip_prefix("Pairs_")?.split_at_checked(pair.len().checked_sub("Pairs_".len() + UUID)?)?;
    rest.strip_suffix('_').filter(|_| uuid::Uuid::try_parse(uuid).is_ok())
}

/// The day, the account and the person that a given sequence or pair names.
pub(super) fn given_sequence(making: &Making<'_>) -> Option<Sequence> {
    let of = |name: &str| making.text(name).filter(|_| making.is_given(name));
    let sequence = of("clockingSequenceId").and_then(Sequence::read);
    sequence.or_else(|| Sequence::read(sequence_in(of("clockingPairId")?)?))
}

/// The account and the person are those that a given sequence or pair names.
pub(super) fn owners(making: &mut Making<'_>) {
    if let Some(Sequence { client, user, date: _ }) = given_sequence(making) {
        making.put("clientId", client);
        making.put("userId", user);
    }
}

/// The ids of the sequence and of the pair of a clocking on that day; `number` tells clockings apart that are otherwise
/// alike.
pub(super) fn ids(making: &mut Making<'_>, day: Date, number: u32) {
    let of = |name: &str| making.text(name).unwrap_or_default().to_owned();
    let [client, user, logged, pair] = ["clientId", "userId", "timeLogged", "clockingPairId"].map(of);
    let nobodys = client.is_empty() || user.is_empty();
    let given = sequence_in(&pair).filter(|_| making.is_given("clockingPairId"));
    let own = || (!nobodys).then(|| sequence(&client, &user, day));
    making.put("clockingSequenceId", given.map(str::to_owned).or_else(own).map_or(Value::Null, Value::from));
    let its = making.text("clockingSequenceId").unwrap_or_default().to_owned();
    let number = if number == 0 { String::new() } else { number.to_string() };
    let pair = uuid(["pair", &client, &user, &logged, &number]);
    let pair = (!its.is_empty()).then(|| format!("Pairs_{its}_{pair}"));
    making.put("clockingPairId", pair.map_or(Value::Null, Value::from));
}

/// A pay period is a week: its name is the week's number.
pub(super) fn pay_period(making: &mut Making<'_>, day: Date) {
    let week = day.iso_week_date();
    if !making.is_given("payPeriodId") || making.says("payPeriodId") {
        making.put("payPeriodName", week.week().to_string());
    }
    let name = making.text("payPeriodName").unwrap_or_default().to_owned();
    if name.is_empty() {
        return making.put("payPeriodId", Value::Null);
    }
    let client = making.text("clientId").unwrap_or_default().to_owned();
    making.put("payPeriodId", uuid(["pay period", &client, &week.year().to_string(), &name]));
}

/// The record's hash: another record has another one, and the same record the same.
pub(super) fn hash(making: &mut Making<'_>) {
    let parts: Vec<String> = making.record().flat_map(|(name, value)| [name.clone(), value.to_string()]).collect();
    let hash = digest(parts.iter().map(String::as_str));
    let hash = hash.first_chunk().copied().map(i64::from_be_bytes).unwrap_or_default();
    // Beyond what a double holds, as on the wire: that is what receivers stumble over.
    let is_safe = hash.unsigned_abs() <= MAX_SAFE_INTEGER.unsigned_abs();
    making.put("recordHash", if is_safe { hash ^ (1 << 62) } else { hash });
}
