//! Serializes JSON as other languages do: some senders sign re-serialized JSON instead of the bytes they send, and some
//! receivers check it instead of the bytes they got.

mod number;
mod text;
mod tree;

use std::collections::HashMap;

use crate::domain::scheme::JsonForm;
use text::Escapes;
use tree::Node;

/// A parsed JSON text that can be written in several forms.
#[derive(Debug)]
pub struct Json<'a>(Node<'a>);

impl<'a> Json<'a> {
    /// Parses a JSON text. Returns `None` if it is not JSON or is nested too deep.
    pub fn read(text: &'a str) -> Option<Self> {
        tree::read(text).map(Json)
    }

    /// Writes it in this form.
    pub fn write(&self, form: JsonForm) -> String {
        let mut writer = Writer { style: Style::of(form), text: String::new() };
        writer.node(&self.0, 0);
        writer.text
    }

    /// Returns the integers that a double cannot represent, as they are written.
    pub fn beyond_doubles(&self) -> Vec<&'a str> {
        self.numbers(number::is_beyond_doubles)
    }

    /// Returns the integers that may be other integers rounded to a double.
    pub fn rounded(&self) -> Vec<&'a str> {
        self.numbers(|number| before_rounding(number).next().is_some())
    }

    fn numbers(&self, wanted: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let mut found = Vec::new();
        self.0.numbers(&mut |number| {
            if wanted(number) {
                found.push(number);
            }
        });
        found
    }
}

/// Returns the integers that JavaScript writes as `written` after rounding them to a double.
pub fn before_rounding(written: &str) -> impl Iterator<Item = i128> {
    number::before_rounding(written)
}

/// How a language writes JSON.
struct Style {
    escapes: Escapes,
    number: fn(&str) -> String,
    /// The separator between the entries of a list or an object.
    comma: &'static str,
    colon: &'static str,
    lines: bool,
    order: Order,
    /// How an object without fields is written.
    empty_object: &'static str,
}

/// The order of an object's fields, and what happens to a duplicate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    AsTheyCame,
    Sorted,
    /// Keeps the last duplicate, at the position of the first.
    Map,
    /// Like `Map`; names that are integers come first, in ascending order.
    JavaScript,
}

fn as_it_is(number: &str) -> String {
    number.to_owned()
}

impl Style {
    fn of(form: JsonForm) -> Self {
        let plain = Style {
            escapes: Escapes::AsTheyCame,
            number: as_it_is,
            comma: ",",
            colon: ":",
            lines: false,
            order: Order::AsTheyCame,
            empty_object: "{}",
        };
        match form {
            JsonForm::Minified => plain,
            JsonForm::Pretty => Style { colon: ": ", lines: true, ..plain },
            JsonForm::Sorted => Style { order: Order::Sorted, ..plain },
            JsonForm::Js => {
                Style { escapes: Escapes::JavaScript, number: number::javascript, order: Order::JavaScript, ..plain }
            }
            JsonForm::Python => Style {
                escapes: Escapes::Python,
                number: number::python,
                comma: ", ",
                colon: ": ",
                order: Order::Map,
                ..plain
            },
            JsonForm::Dotnet => Style { escapes: Escapes::Dotnet, ..plain },
            JsonForm::Php => {
                Style { escapes: Escapes::Php, number: number::php, order: Order::Map, empty_object: "[]", ..plain }
            }
        }
    }
}

struct Writer {
    style: Style,
    text: String,
}

impl Writer {
    fn node(&mut self, node: &Node<'_>, level: usize) {
        match node {
            Node::Word(word) => self.text.push_str(word),
            Node::Number(number) => self.text.push_str(&(self.style.number)(number)),
            Node::Text(text) => text::write(&mut self.text, text, self.style.escapes),
            Node::List(entries) if entries.is_empty() => self.text.push_str("[]"),
            Node::List(entries) => {
                self.text.push('[');
                for (number, entry) in entries.iter().enumerate() {
                    self.begin_entry(number, level + 1);
                    self.node(entry, level + 1);
                }
                self.close(']', level);
            }
            Node::Object(fields) if fields.is_empty() => self.text.push_str(self.style.empty_object),
            Node::Object(fields) => {
                self.text.push('{');
                for (number, (name, value)) in ordered(fields, self.style.order).into_iter().enumerate() {
                    self.begin_entry(number, level + 1);
                    text::write(&mut self.text, name, self.style.escapes);
                    self.text.push_str(self.style.colon);
                    self.node(value, level + 1);
                }
                self.close('}', level);
            }
        }
    }

    fn begin_entry(&mut self, number: usize, level: usize) {
        if number > 0 {
            self.text.push_str(self.style.comma);
        }
        self.line(level);
    }

    fn close(&mut self, bracket: char, level: usize) {
        self.line(level);
        self.text.push(bracket);
    }

    fn line(&mut self, level: usize) {
        if self.style.lines {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", level));
        }
    }
}

type Pair<'n, 'a> = (&'a str, &'n Node<'a>);

fn ordered<'n, 'a>(fields: &'n [(&'a str, Node<'a>)], order: Order) -> Vec<Pair<'n, 'a>> {
    let mut pairs: Vec<Pair<'n, 'a>> = Vec::with_capacity(fields.len());
    let mut places = HashMap::new();
    for (name, value) in fields {
        let place = match order {
            Order::AsTheyCame => pairs.len(),
            _ => *places.entry(text::units(name)).or_insert(pairs.len()),
        };
        match pairs.get_mut(place) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
    }
    match order {
        Order::Sorted => pairs.sort_by_cached_key(|(name, _)| text::said(name)),
        Order::JavaScript => pairs.sort_by_key(|(name, _)| text::index(name).map_or((true, 0), |index| (false, index))),
        Order::AsTheyCame | Order::Map => {}
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str, form: JsonForm) -> String {
        Json::read(text).unwrap().write(form)
    }

    const ODD: &str = "{ \"b\" : 1.50 , \"2\":[ ] ,\"a\":{\"z\":-0.0,\"y\":{}}, \"10\" : \"é\\u00e9😀/<'\\u0022\\n\\u007f\\u2028\",\"n\":3458764513820540987}";

    /// Each line is the output of the language itself: node 20, Python 3.11, PHP 8.2. The lines of .NET follow its
    /// documentation.
    #[test]
    fn each_language_writes_it_in_its_own_way() {
        let of = |form| written(ODD, form);
        assert_eq!(
            of(JsonForm::Minified),
            "{\"b\":1.50,\"2\":[],\"a\":{\"z\":-0.0,\"y\":{}},\"10\":\"é\\u00e9😀/<'\\u0022\\n\\u007f\\u2028\",\"n\":3458764513820540987}"
        );
        assert_eq!(
            of(JsonForm::Sorted),
            "{\"10\":\"é\\u00e9😀/<'\\u0022\\n\\u007f\\u2028\",\"2\":[],\"a\":{\"y\":{},\"z\":-0.0},\"b\":1.50,\"n\":3458764513820540987}"
        );
        assert_eq!(
            of(JsonForm::Js),
            "{\"2\":[],\"10\":\"éé😀/<'\\\"\\n\u{7f}\u{2028}\",\"b\":1.5,\"a\":{\"z\":0,\"y\":{}},\"n\":3458764513820541000}"
        );
        assert_eq!(
            of(JsonForm::Python),
            "{\"b\": 1.5, \"2\": [], \"a\": {\"z\": -0.0, \"y\": {}}, \"10\": \"\\u00e9\\u00e9\\ud83d\\ude00/<'\\\"\\n\\u007f\\u2028\", \"n\": 3458764513820540987}"
        );
        assert_eq!(
            of(JsonForm::Php),
            "{\"b\":1.5,\"2\":[],\"a\":{\"z\":-0,\"y\":[]},\"10\":\"\\u00e9\\u00e9\\ud83d\\ude00\\/<'\\\"\\n\u{7f}\\u2028\",\"n\":3458764513820540987}"
        );
        assert_eq!(
            of(JsonForm::Dotnet),
            "{\"b\":1.50,\"2\":[],\"a\":{\"z\":-0.0,\"y\":{}},\"10\":\"\\u00E9\\u00E9\\uD83D\\uDE00/\\u003C\\u0027\\u0022\\n\\u007F\\u2028\",\"n\":3458764513820540987}"
        );
    }

    #[test]
    fn pretty_is_two_blanks_a_level() {
        assert_eq!(
            written("{\"a\":[1,{\"b\":[]}],\"c\":{}}", JsonForm::Pretty),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}"
        );
    }

    #[test]
    fn a_name_that_is_there_twice_counts_once() {
        let twice = r#"{"a":1,"b":2,"\u0061":3}"#;
        assert_eq!(written(twice, JsonForm::Js), r#"{"a":3,"b":2}"#);
        assert_eq!(written(twice, JsonForm::Python), r#"{"a": 3, "b": 2}"#);
        assert_eq!(written(twice, JsonForm::Minified), twice);
    }

    #[test]
    fn what_is_no_json_is_not_written() {
        for text in ["", "{", "{\"a\":1}x", "nul", "[1,]", "{\"a\" 1}", "\u{feff}{}"] {
            assert!(Json::read(text).is_none(), "{text}");
        }
        assert!(Json::read(&"[".repeat(100_000)).is_none());
        assert!(Json::read(&format!("{}{}", "[".repeat(5_000), "]".repeat(5_000))).is_none());
    }

    #[test]
    fn numbers_that_a_double_cannot_hold_are_found() {
        let json =
            r#"{"a":9007199254740992,"b":-9007199254740993,"c":[3458764513820540987,1.5,12],"d":"9007199254740993"}"#;
        assert_eq!(Json::read(json).unwrap().beyond_doubles(), ["-9007199254740993", "3458764513820540987"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn compact_json_is_its_own_minified_form(value in any::<Vec<Option<(String, i64, bool)>>>()) {
            let compact = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(written(&compact, JsonForm::Minified), compact.clone());
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(written(&compact, JsonForm::Pretty), pretty.clone());
            prop_assert_eq!(written(&pretty, JsonForm::Minified), compact);
        }

        #[test]
        fn every_form_says_the_same(value in any::<Vec<(String, i32, String)>>()) {
            let json = serde_json::to_string(&value).unwrap();
            for form in JsonForm::ALL {
                let read: Vec<(String, i32, String)> = serde_json::from_str(&written(&json, *form)).unwrap();
                prop_assert_eq!(&read, &value, "{}", form);
            }
        }
    }
}
