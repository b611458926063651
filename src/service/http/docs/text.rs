//! The document's texts as HTML: escaped, with `code` for text between backticks, and types in a few words.

use serde_json::Value;

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub(super) fn entries(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

pub(super) fn code(value: &Value) -> String {
    format!("<code>{}</code>", text(value))
}

/// Marks text between backticks as `code`.
pub(super) fn inline(value: &Value) -> String {
    let parts = text(value);
    let parts = parts.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

/// Makes paragraphs of such text.
pub(super) fn prose(value: &Value) -> String {
    let paragraphs = value.as_str().unwrap_or_default().split("\n\n").filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>\n", inline(&Value::from(paragraph)))).collect()
}

/// A block of code that scrolls on its own, with the keyboard too.
pub(super) fn block(label: &str, code: &str) -> String {
    format!(
        "<pre tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><code>{}</code></pre>\n",
        escape(code.trim_end())
    )
}

/// A body for people to read: JSON is indented, text stays as it is.
pub(super) fn body(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

/// A table whose cells are already HTML; nothing if it has no rows.
pub(super) fn table<const N: usize>(caption: &str, rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: String = rows.map(|cells| format!("<tr><td>{}</td></tr>\n", cells.join("</td><td>"))).collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!("<table>\n<caption>{caption}</caption>\n{rows}</table>\n"),
    }
}

/// A schema in a few words, with a link where it has a name.
pub(super) fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(code).collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("array of {}", type_of(&schema["items"])),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        name => text(name),
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_escaped_and_code_is_marked() {
        assert_eq!(inline(&json!("<b> & `a<b` \"")), "&lt;b&gt; &amp; <code>a&lt;b</code> &quot;");
        assert_eq!(prose(&json!("one\n\ntwo")), "<p>one</p>\n<p>two</p>\n");
        assert!(block("Answer", "<x>\n").contains("<code>&lt;x&gt;</code></pre>"));
    }

    #[test]
    fn types_are_told_in_words() {
        let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/Header"}});
        assert_eq!(type_of(&schema), "array of <a href=\"#schema-Header\">Header</a>");
        assert_eq!(type_of(&json!({"type": ["string", "null"]})), "string or null");
    }

    #[test]
    fn a_table_without_rows_is_left_out() {
        assert_eq!(table::<1>("Fields", std::iter::empty()), "");
        assert!(table("Fields", [["a".to_owned(), "b".to_owned()]].into_iter()).contains("<td>a</td><td>b</td>"));
    }
}
