//! Suggests the name that was most likely meant.

use super::event_type::EventType;
use crate::domain::text::nearest;

impl EventType {
    /// Suggests what was meant by the name of an unknown type, from the known types and the types in `seen`.
    pub fn suggestion(self, seen: &[EventType]) -> Option<String> {
        let others = seen.iter().filter(|event_type| event_type.known().is_none());
        let names: Vec<&str> = Self::KNOWN.iter().chain(others).map(|event_type| event_type.as_str()).collect();
        sentence(&meant(self.as_str(), &names))
    }
}

/// Returns the `names` that begin with what was typed, or else the nearest one.
pub(super) fn meant<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let beginning = typed.trim_end_matches(['.', '*']).to_lowercase();
    let begun = names.iter().copied().filter(|name| !beginning.is_empty() && name.starts_with(&beginning));
    let begun: Vec<&str> = begun.collect();
    if begun.is_empty() { nearest(typed, names.iter().copied()).into_iter().collect() } else { begun }
}

/// Writes the question "did you mean …?".
pub(super) fn sentence(meant: &[&str]) -> Option<String> {
    match meant.split_last()? {
        (last, []) => Some(format!("did you mean \"{last}\"?")),
        (last, others) => Some(format!("did you mean \"{}\" or \"{last}\"?", others.join("\", \""))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_type_names_the_nearest() {
        let meant = |text: &str| text.parse::<EventType>().unwrap().suggestion(&[]).unwrap_or_default();
        assert_eq!(meant("attendance.insert"), "did you mean \"attendance.inserted\"?");
        assert_eq!(meant("payroll"), "");
        let seen: [EventType; 2] = ["nobodys.type".parse().unwrap(), EventType::USER_DELETED];
        let slip: EventType = "NOBODYS.TYPE".parse().unwrap();
        assert_eq!(slip.suggestion(&seen).unwrap_or_default(), "did you mean \"nobodys.type\"?");
        let once = "did you mean \"user.inserted\", \"user.updated\" or \"user.deleted\"?";
        assert_eq!("user".parse::<EventType>().unwrap().suggestion(&seen).unwrap_or_default(), once);
        assert_eq!(meant("attendance.updaet"), "did you mean \"attendance.updated\"?");
        for beginning in ["user", "User", "user.", "us"] {
            let all = "did you mean \"user.inserted\", \"user.updated\" or \"user.deleted\"?";
            assert_eq!(meant(beginning), all, "{beginning}");
        }
    }
}
