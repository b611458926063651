//! The columns of tokens.

use super::widths::{ANSWER, NAME};
use crate::{
    domain::token::{IssuedToken, Scope, Token},
    render::{Cell, Column, Importance, Record, Title, View, words},
    term::{Sign, Tone},
};

impl Record for Token {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low, Middle};
        vec![
            Column::new("id", "TOKEN", Key, |token, _| Cell::plain(token.id)),
            Column::new("name", "NAME", Key, |token, _| Cell::plain(&token.name)),
            Column::new("scopes", "SCOPES", High, |token, _| Cell::plain(listed(&token.scopes))),
            Column::new("createdAt", "MADE", Low, |token, view| Cell::plain(words::time(token.created_at, view))),
            Column::new("expiresAt", "EXPIRES", High, |token, view| match token.expires_at {
                Some(at) if at <= view.now => Cell::toned(words::time(at, view), Tone::Trouble),
                Some(at) => Cell::plain(words::time(at, view)),
                None => Cell::nothing(),
            }),
            Column::new("lastUsedAt", "LAST USED", Middle, |token, view| {
                words::time_or_nothing(token.last_used_at, view)
            }),
        ]
    }

    fn table() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low};
        vec![
            Column::new("name", "NAME", Key, |token: &Token, view| {
                let tone = if has_expired(token, view) { Tone::Subject } else { Tone::Plain };
                Cell::toned(&token.name, tone)
            })
            .flexible(NAME),
            Column::new("scopes", "SCOPES", Key, |token: &Token, _| Cell::plain(listed(&token.scopes)))
                .flexible(ANSWER),
            Column::new("expiresAt", "EXPIRES", Key, |token, view| match token.expires_at {
                Some(at) if at <= view.now => {
                    Cell::toned(format!("expired {}", words::brief_time(at, view).text), Tone::Trouble)
                }
                Some(at) => words::brief_time(at, view),
                None => Cell::nothing(),
            }),
            Column::number("lastUsedAt", "LAST USED", Low, |token, view| {
                token.last_used_at.map_or_else(Cell::nothing, |at| words::brief_time(at, view))
            }),
            Column::number("createdAt", "MADE", Low, |token, view| words::brief_time(token.created_at, view)),
            Column::new("id", "TOKEN", High, |token, _| Cell::plain(token.id)),
        ]
    }

    fn sign(&self, view: &View) -> Sign {
        if has_expired(self, view) { Sign::Failed } else { Sign::Nothing }
    }
}

fn has_expired(token: &Token, view: &View) -> bool {
    token.expires_at.is_some_and(|at| at <= view.now)
}

impl Record for IssuedToken {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Low};
        vec![
            Column::new("id", "TOKEN ID", Key, |token, _| Cell::plain(token.id)),
            Column::new("name", "NAME", Key, |token, _| Cell::plain(&token.name)),
            Column::new("scopes", "SCOPES", High, |token, _| Cell::plain(listed(&token.scopes))),
            Column::new("createdAt", "MADE", Low, |token, view| Cell::plain(words::time(token.created_at, view))),
            Column::new("expiresAt", "EXPIRES", High, |token, view| words::time_or_nothing(token.expires_at, view)),
            Column::new("token", "TOKEN", Key, |token, _| Cell::plain(token.token.expose())),
        ]
    }

    fn title(&self, _: &View) -> Option<Title> {
        let IssuedToken { name, id, .. } = self;
        let state = Cell::plain("made");
        Some(Title { subject: name.clone(), state, id: id.to_string(), says: &["id", "name", "createdAt"] })
    }

    fn sign(&self, _: &View) -> Sign {
        Sign::Done
    }
}

fn listed(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::render::columns::samples::every_field_has_a_column;

    #[test]
    fn columns_cover_the_fields() {
        let token = json!({
            "id": "tk_06f8k2v0c1q4jt3xw9b7n5m8ed", "name": "CI", "scopes": ["webhooks:read", "events:write"],
            "createdAt": "2026-11-23T17:40:00Z", "expiresAt": null, "lastUsedAt": "2026-11-23T17:41:00Z"
        });
        let token: Token = serde_json::from_value(token).unwrap();
        every_field_has_a_column(&token);
        assert_eq!(listed(&token.scopes), "webhooks:read,events:write");
        let text = format!("tmtoken_{}", "a".repeat(43)).parse().unwrap();
        every_field_has_a_column(&IssuedToken::new(token, text));
    }
}
