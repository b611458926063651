//! Completed work that was not reported: a program that reads JSON gets no messages, but must learn about it if the
//! JSON is lost.

/// The largest number of listed messages; further ones are only counted.
const LISTED: usize = 3;

/// The first unprinted messages, and the number of all.
#[derive(Debug, Default)]
pub(super) struct Unsaid {
    first: Vec<String>,
    number: usize,
}

impl Unsaid {
    pub(super) fn add(&mut self, text: &str) {
        self.number += 1;
        if self.first.len() < LISTED {
            self.first.extend(text.lines().next().map(str::to_owned));
        }
    }

    pub(super) fn in_words(self) -> Option<String> {
        let told = self.first.join("; ");
        match self.number - self.first.len() {
            _ if self.number == 0 => None,
            0 => Some(told),
            more => Some(format!("{told}; and {more} more")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_told_and_the_others_counted() {
        assert_eq!(Unsaid::default().in_words(), None);
        let mut unsaid = Unsaid::default();
        unsaid.add("Added ERP (wh_1).\n  Give the receiver its secret: …");
        assert_eq!(Unsaid { ..Default::default() }.in_words(), None);
        for number in 2..=5 {
            unsaid.add(&format!("Deleted {number}"));
        }
        assert_eq!(unsaid.in_words().unwrap(), "Added ERP (wh_1).; Deleted 2; Deleted 3; and 2 more");
    }
}
