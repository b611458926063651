//! Invented events like those of the wire: each seed gives other accounts, people, times and numbers, and the same seed
//! the same event. Dictionaries are trained on them, and the benchmark sends them.

use serde_json::{Map, Value, json};

/// Pseudo-random numbers that are the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let bits = (u128::from(self.next()) << 64 | u128::from(self.next())) & !(0xf << 76 | 0x3 << 62)
            | 0x4 << 76
            | 0x2 << 62;
        let hex = format!("{bits:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// The value once in `times` times, otherwise null.
    fn once_in(&mut self, times: u64, value: impl FnOnce(&mut Dice) -> Value) -> Value {
        if self.below(times) == 0 { value(self) } else { Value::Null }
    }
}

const FIRST: &[&str] = &[
    "Anna", "Ben", "Carla", "David", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Luis", "Mara", "Nils",
    "Olga", "Paul", "Rosa", "Samir", "Tilda", "Uwe", "Vera", "Willem", "Yara", "Zoë", "Änne", "José", "Siobhán",
    "Łukasz",
];
const LAST: &[&str] = &[
    "Abel",
    "Baumann",
    "Castro",
    "de Vries",
    "Eriksen",
    "Ferrari",
    "Gruber",
    "Haas",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "O’Brien",
    "Petit",
    "Quint",
    "Rossi",
    "Schäfer",
    "Tanaka",
    "Unger",
    "Virtanen",
    "Weiß",
    "Young",
];
const DEPARTMENTS: &[&str] =
    &["Warehouse", "Lager", "Office", "Küche", "Montage", "Sales", "R&D", "Reception", "Logistik"];
const LOCATIONS: &[&str] =
    &["Main site", "Halle 3", "Harbour Street", "Werk Süd", "Depot 2", "Zentrale", "Hoofdkantoor"];
const ZONES: &[&str] = &[
    "Europe/Berlin",
    "Europe/Amsterdam",
    "Europe/Brussels",
    "Europe/London",
    "Europe/Vienna",
    "Europe/Paris",
    "Europe/Madrid",
];
const MONTHS: &[&str] = &["January", "March", "May", "August", "October", "November"];

struct Account {
    client: String,
    location: (String, &'static str),
    department: (String, &'static str),
    pay_period: (String, String),
    zone: &'static str,
    device: String,
}

fn account(seed: u64) -> Account {
    let dice = &mut Dice(seed ^ 0x00ac_c0c4);
    Account {
        client: dice.uuid(),
        location: (dice.uuid(), dice.one(LOCATIONS)),
        department: (dice.uuid(), dice.one(DEPARTMENTS)),
        pay_period: (dice.uuid(), format!("{} {}", dice.one(MONTHS), 2025 + dice.below(3))),
        zone: dice.one(ZONES),
        device: format!("{:015}", 400_000_000_000_000 + dice.below(99_999_999_999_999)),
    }
}

struct Person {
    id: String,
    card: String,
    first: &'static str,
    last: &'static str,
    employee: Value,
}

fn person(dice: &mut Dice) -> Person {
    let (first, last) = (dice.one(FIRST), dice.one(LAST));
    let employee = dice.below(4);
    Person {
        id: dice.uuid(),
        card: format!("{:010}", dice.below(9_999_999)),
        first,
        last,
        employee: match employee {
            0 => Value::Null,
            1 => format!("{}@example.com", first.to_lowercase()).into(),
            _ => format!("E-{}", 1000 + dice.below(9000)).into(),
        },
    }
}

/// An event's type, and its data in the field names of `v1`.
pub fn event(seed: u64) -> (&'static str, Value) {
    let dice = &mut Dice(seed);
    // An account has many events.
    let account = account(seed / 50);
    let person = person(dice);
    match dice.below(20) {
        0 => ("user.updated", user(&account, person)),
        1 => ("user.inserted", user(&account, person)),
        2 => {
            let mut data = clocking(&account, person, dice);
            data["isDeleted"] = json!(true);
            ("attendance.deleted", data)
        }
        3 | 4 => ("attendance.updated", clocking(&account, person, dice)),
        _ => ("attendance.inserted", clocking(&account, person, dice)),
    }
}

fn object(fields: Vec<(&str, Value)>) -> Value {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn user(account: &Account, person: Person) -> Value {
    let Person { id, card, first, last, employee } = person;
    object(vec![
        ("clientId", account.client.as_str().into()),
        ("userId", id.into()),
        ("userCardNumber", card.into()),
        ("userFirstName", first.into()),
        ("userLastName", last.into()),
        ("userFullName", format!("{first} {last}").into()),
        ("userEmployeeNumber", employee),
        ("emailAddress", format!("{}@example.com", first.to_lowercase()).into()),
        ("departmentId", account.department.0.as_str().into()),
        ("departmentName", account.department.1.into()),
        ("locationId", account.location.0.as_str().into()),
        ("locationName", account.location.1.into()),
    ])
}

fn clocking(account: &Account, person: Person, dice: &mut Dice) -> Value {
    let Person { id, card, first, last, employee } = person;
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    let (hour, minute, second) = (5 + dice.below(16), dice.below(60), dice.below(60));
    let date = format!("2026-{month:02}-{day:02}");
    let is_in = dice.below(2) == 0;
    let sequence = format!("Sequences_{}_{id}_2026_{month:02}_{day:02}", account.client);
    let project = dice.below(3) == 0;
    let mut of_project = |value: fn(&mut Dice) -> Value| if project { value(dice) } else { Value::Null };
    let (project_id, project_name, project_code) = (
        of_project(|dice| dice.uuid().into()),
        of_project(|dice| format!("Project {}", dice.below(300)).into()),
        of_project(|dice| format!("P-{}", dice.below(300)).into()),
    );
    object(vec![
        ("clockingType", if is_in { "In" } else { "Out" }.into()),
        ("deviceSerialNumber", account.device.as_str().into()),
        ("clientId", account.client.as_str().into()),
        ("userId", id.into()),
        ("userCardNumber", card.into()),
        ("userFirstName", first.into()),
        ("userLastName", last.into()),
        ("userFullName", format!("{first} {last}").into()),
        ("userEmployeeNumber", employee),
        ("departmentId", account.department.0.as_str().into()),
        ("departmentName", account.department.1.into()),
        ("locationId", account.location.0.as_str().into()),
        ("locationName", account.location.1.into()),
        ("projectId", project_id),
        ("projectName", project_name),
        ("projectCode", project_code),
        ("timeZone", account.zone.into()),
        ("timeLogged", format!("{date}T{hour:02}:{minute:02}:{second:02}").into()),
        ("timeLoggedRounded", format!("{date}T{hour:02}:{minute:02}:00").into()),
        (
            "timeInserted",
            format!("{date}T{:02}:{minute:02}:{:02}.{:07}Z", hour - 1, dice.below(60), dice.below(10_000_000)).into(),
        ),
        ("clockingActionTypeId", u64::from(!is_in).into()),
        ("verificationModeId", (*[15, 4, 3, 1].get(dice.below(4) as usize).unwrap_or(&1)).into()),
        ("recordHash", (dice.next() as i64).into()),
        ("recordIgnored", false.into()),
        ("clockingPairId", format!("Pairs_{sequence}_{}", dice.uuid()).into()),
        ("clockingSequenceId", sequence.into()),
        ("planningId", 0.into()),
        ("absenceTypeId", Value::Null),
        ("absenceTypeName", Value::Null),
        ("color", dice.once_in(4, |dice| dice.one(&["#ff8800", "#0088ff", "#22aa44"]).into())),
        (
            "comment",
            dice.once_in(5, |dice| {
                dice.one(&["", "Corrected by the office", "Clocked twice", "zu spät", "home"]).into()
            }),
        ),
        ("payPeriodId", account.pay_period.0.as_str().into()),
        ("payPeriodName", account.pay_period.1.as_str().into()),
    ])
}
