use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Any JSON, with these names among the keys.
pub(in crate::domain) fn any_json(names: Vec<String>) -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), numbers, ".*".prop_map(Value::from)];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        let key = prop_oneof![".*", proptest::sample::select(names.clone())];
        let object = proptest::collection::vec((key, inner.clone()), 0..8);
        prop_oneof![
            proptest::collection::vec(inner, 0..8).prop_map(Value::from),
            object.prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Any JSON object, with these names among the keys.
pub(in crate::domain) fn any_object(names: Vec<String>) -> impl Strategy<Value = Value> {
    any_json(names).prop_map(|json| if json.is_object() { json } else { json!({"own": json}) })
}

fn refused(text: &str) -> String {
    JsonObject::parse(text).unwrap_err().to_string()
}

#[test]
fn what_can_stay_stays_and_the_rest_has_one_spelling() {
    let text = r#" { "a" : 1.10 , "\u0062\"" : "\u00e9\n\/" , "c":[ 1E5 , {"x" : -0} ] ,"d":2e7,"e": null } "#;
    let object = JsonObject::parse(text).unwrap();
    assert_eq!(object.as_str(), r#"{"a":1.10,"b\"":"é\n/","c":[1e+5,{"x":-0}],"d":2e+7,"e":null}"#);
    assert_eq!(JsonObject::parse(object.as_str()).unwrap(), object);
    let names: Vec<_> = object.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", r#"b\""#, "c", "d", "e"]);
    assert_eq!(object.get("a"), Some(JsonRef::Number("1.10")));
    assert_eq!(object.get("f"), None);
    let mut finder = object.finder();
    let mut found = |name| finder.get(name).map(JsonRef::json);
    assert_eq!(
        [found("d"), found("a"), found("x"), found("e"), found("e")].map(|found| found.is_some()),
        [true, true, false, true, true]
    );
    assert_eq!((found("d"), found("e"), found("a")), (Some("2e+7"), Some("null"), Some("1.10")));
    assert_eq!(JsonObject::parse("{ }").unwrap().as_str(), "{}");
}

#[test]
fn strings_say_what_they_mean() {
    let object = JsonObject::parse(r#"{"plain":"é","escaped":"a\"\\b","empty":"","number":1}"#).unwrap();
    let says = |name| object.get(name).and_then(JsonRef::as_str);
    assert_eq!(says("plain"), Some(Cow::Borrowed("é")));
    assert_eq!(says("escaped").as_deref(), Some(r#"a"\b"#));
    assert_eq!(says("empty").as_deref(), Some(""));
    assert_eq!(says("number"), None);
}

#[test]
fn what_no_reader_could_read_is_refused() {
    assert!(refused(r#"{"userId":1,"a":2,"user\u0049d":3}"#).starts_with("duplicate field `userId`"));
    let deep = r#"{"a":[{"b":1},{"c":{"d":1,"d":2}}]}"#;
    assert!(refused(deep).starts_with("duplicate field `a.1.c.d`"), "{}", refused(deep));
    for text in [r#"{"a":"\ud800"}"#, r#"{"a":[{"b":"\ud800"}]}"#, r#"{"\ud800":1}"#] {
        assert!(refused(text).contains("hex escape"), "half a surrogate pair: {}", refused(text));
    }
    assert!(refused("[1]").starts_with("invalid type: sequence, expected an object"));
    for text in ["", "{", r#"{"a":1,}"#, r#"{"a":01}"#, r#"{"a":.5}"#, "{\"a\":\"\n\"}", r#"{"a":1} x"#] {
        assert!(JsonObject::parse(text).is_err(), "{text}");
    }
}

#[test]
fn it_is_read_from_within_other_json_and_written_there() {
    let text = r#"{"of":{"n":12345678901234567890.10,"s":"x"}}"#;
    let read: std::collections::BTreeMap<String, JsonObject> = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let value = json!({"a": [1, 2]});
    assert_eq!(serde_json::to_value(serde_json::from_value::<JsonObject>(value.clone()).unwrap()).unwrap(), value);
}

#[test]
fn verbatim_it_keeps_every_character() {
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    let text = format!(
        r#" {{ "a" : 1E5 , "user\u0049d":"\u00e9\ud83d\ude00","half":"\ud800", "a":[ 1.0,{{}} ],"\ud800":-0.0e-0, "deep":{deep} }} "#
    );
    let object = JsonObject::verbatim(&text).unwrap();
    assert_eq!((object.as_str(), object.len()), (text.as_str(), 6));
    let names: Vec<_> = object.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", r"user\u0049d", "half", "a", r"\ud800", "deep"]);
    assert_eq!(object.get("userId"), Some(JsonRef::String(r#""\u00e9\ud83d\ude00""#)));
    assert_eq!((object.get("a"), object.get("none")), (Some(JsonRef::Number("1E5")), None));
    assert_eq!(object.of_places(&[3, 0]).unwrap().as_str(), r#"{"a":[ 1.0,{} ],"a":1E5}"#);
    assert_eq!(object.of_places(&[6]), None);
    for text in ["", "[1]", "{", r#"{"a":1} x"#, r#"{"a":01}"#, "{1:2}"] {
        assert!(JsonObject::verbatim(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn verbatim_and_parsed_it_has_the_same_fields(value in any_object(vec!["id".to_owned(), "data".to_owned()])) {
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(JsonObject::verbatim(&value.to_string()).unwrap(), JsonObject::parse(&pretty).unwrap());
        let body = format!(r#"{{"data":{pretty}}}"#);
        let data = crate::domain::payload::EventData::of_body(body.as_bytes()).unwrap();
        prop_assert_eq!(data.object().as_str(), pretty);
    }

    #[test]
    fn any_text_is_verbatim_or_refused(text in r#"[{}\[\]":,\\ua0-9eE.+ -]{0,40}"#) {
        let Ok(object) = JsonObject::verbatim(&text) else { return Ok(()) };
        prop_assert_eq!(object.as_str(), text);
        prop_assert!(object.iter().all(|(name, value)| !name.is_empty() || !value.json().is_empty()));
    }

    #[test]
    fn it_is_the_text_of_the_tree(value in any_object(vec!["id".to_owned(), "data".to_owned()])) {
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let object = JsonObject::parse(&pretty).unwrap();
        prop_assert_eq!(object.as_str(), value.to_string());
        prop_assert_eq!(JsonObject::from(value.as_object().unwrap().clone()), object);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"[{}\[\]":,\\ua0-9eE.+ -]{0,40}"#) {
        let tree = serde_json::from_str::<Map<String, Value>>(&text);
        match JsonObject::parse(&text) {
            Ok(object) => prop_assert_eq!(object.as_str(), Value::Object(tree.unwrap()).to_string()),
            Err(error) => prop_assert!(tree.is_err() || error.to_string().contains("duplicate"), "{}", error),
        }
    }
}
