//! A request, and the bytes of it that a scheme signs.

use std::borrow::Cow;

use super::json::Json;
use crate::domain::scheme::{BodyField, Message, Piece};
use crate::domain::{
    attempt::Header,
    json::{JsonObject, JsonRef},
};

/// A request that is signed or claims to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The URL that it was sent to, if known.
    pub url: Option<String>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// Its body, byte by byte.
    pub body: Vec<u8>,
}

/// A part that a scheme signs and the request does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// A header.
    #[error("the request has no header {0}")]
    Header(String),
    /// A field of the body.
    #[error("the body has no field {0}")]
    Field(&'static str),
    /// A body that is JSON.
    #[error("the body is no JSON")]
    Json,
    /// The URL.
    #[error("the URL that the request was sent to is not known")]
    Url,
}

impl Request {
    /// Returns a header's value. Names are case-insensitive; the first of several counts.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.as_str())
    }

    /// Returns a field of the body: the characters of a string, or a number as it is written.
    pub fn field(&self, name: &str) -> Option<String> {
        let object = self.object()?;
        let value = object.get(name)?;
        let said = match value {
            JsonRef::Number(number) => Cow::Borrowed(number),
            _ => value.as_str()?,
        };
        Some(said.into_owned())
    }

    /// The bytes that a scheme signs.
    ///
    /// # Errors
    /// Fails if the request lacks a part.
    pub fn message(&self, message: &Message) -> Result<Vec<u8>, Missing> {
        let mut bytes = Vec::with_capacity(self.body.len() + 128);
        for piece in message.pieces() {
            bytes.extend_from_slice(&self.piece(piece)?);
        }
        Ok(bytes)
    }

    fn piece<'a>(&'a self, piece: &'a Piece) -> Result<Cow<'a, [u8]>, Missing> {
        Ok(match piece {
            Piece::Raw => Cow::Borrowed(&self.body),
            Piece::Text(text) => Cow::Borrowed(text.as_bytes()),
            Piece::Header(name) => self.header(name).ok_or_else(|| Missing::Header(name.clone()))?.as_bytes().into(),
            Piece::Url => self.url.as_deref().ok_or(Missing::Url)?.as_bytes().into(),
            Piece::Path => path(self.url.as_deref().ok_or(Missing::Url)?).as_bytes().into(),
            Piece::Json(form) => {
                let json = self.text().and_then(Json::read).ok_or(Missing::Json)?;
                json.write(*form).into_bytes().into()
            }
            Piece::Data => self.data()?.into_bytes().into(),
            Piece::Field(field) => {
                self.field(field.as_str()).ok_or(Missing::Field(BodyField::as_str(*field)))?.into_bytes().into()
            }
        })
    }

    /// Returns the body if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }

    fn object(&self) -> Option<JsonObject> {
        JsonObject::verbatim(self.text()?).ok()
    }

    /// The `data` of the body, as it is written there.
    fn data(&self) -> Result<String, Missing> {
        let object = self.object().ok_or(Missing::Json)?;
        object.get("data").map(|data| data.json().to_owned()).ok_or(Missing::Field("data"))
    }
}

/// Returns the path and the query of a URL.
fn path(url: &str) -> &str {
    let behind_scheme = url.find("://").map_or(0, |at| at + 3);
    let path = url[behind_scheme..].find('/').map_or("/", |at| &url[behind_scheme + at..]);
    path.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        Request {
            url: Some("https://erp.example.com/hooks?a=1".to_owned()),
            headers: vec![header("X-Timestamp", "1795455600"), header("x-timestamp", "2")],
            body: br#"{"id":"tm_1","event":"test","sequence":7,"dispatchedAt":1795455600,"data":{"a": 1}}"#.to_vec(),
        }
    }

    fn message(text: &str) -> Result<String, Missing> {
        request().message(&text.parse().unwrap()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_message_is_made_of_its_pieces() {
        assert_eq!(message("{id}.{sequence}:{event}\\n{dispatchedAt}").unwrap(), "tm_1.7:test\n1795455600");
        assert_eq!(message("{header:x-TIMESTAMP}.{data}").unwrap(), r#"1795455600.{"a": 1}"#);
        assert_eq!(
            message("{url} {path}".replace(' ', "\\x20").as_str()).unwrap(),
            "https://erp.example.com/hooks?a=1 /hooks?a=1"
        );
        assert_eq!(message("raw").unwrap().as_bytes(), request().body);
        assert!(message("json:minified").unwrap().ends_with(r#""data":{"a":1}}"#));
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = Request { body: b"\xff".to_vec(), ..Request::default() };
        let missing = |text: &str| without.message(&text.parse().unwrap()).unwrap_err().to_string();
        assert_eq!(missing("{header:X-Time}{raw}"), "the request has no header X-Time");
        assert_eq!(missing("json:js"), "the body is no JSON");
        assert_eq!(missing("{id}"), "the body has no field id");
        assert_eq!(missing("path"), "the URL that the request was sent to is not known");
        assert_eq!(
            Request { body: b"{}".to_vec(), ..without }.message(&"data".parse().unwrap()),
            Err(Missing::Field("data"))
        );
    }

    #[test]
    fn a_path_is_what_stands_behind_the_host() {
        for (url, at) in [("https://a.example", "/"), ("https://a.example/", "/"), ("http://a:1/b?c=/d#e", "/b?c=/d")] {
            assert_eq!(path(url), at);
        }
    }
}
