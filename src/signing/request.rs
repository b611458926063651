//! A request, and the bytes of it that a scheme signs.

use std::{borrow::Cow, cell::OnceCell};

use super::json::Json;
use crate::domain::scheme::{BodyField, Message, Piece, Scheme};
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

    /// The signatures in a scheme's header, each with its prefix. Several are separated by blanks, as in Standard Webhooks,
    /// unless the prefix has a blank itself; a header that is repeated counts as often as it is there.
    pub fn signatures(&self, scheme: &Scheme) -> impl Iterator<Item = &str> {
        let is_whole = scheme.prefix.contains(' ');
        let named = |name: &str| name.eq_ignore_ascii_case(&scheme.header);
        let values = self.headers.iter().filter(move |header| named(&header.name)).map(|header| header.value.trim());
        values.filter(|value| !value.is_empty()).flat_map(move |value| {
            let words = (!is_whole).then(|| value.split_ascii_whitespace());
            is_whole.then_some(value).into_iter().chain(words.into_iter().flatten())
        })
    }

    /// Returns a field of the body: the characters of a string, or a number as it is written.
    pub fn field(&self, name: &str) -> Option<String> {
        Reading::of(self).field(name)
    }

    /// The bytes that a scheme signs.
    ///
    /// # Errors
    /// Fails if the request lacks a part.
    pub fn message(&self, message: &Message) -> Result<Vec<u8>, Missing> {
        Ok(Reading::of(self).pieces(message)?.concat())
    }

    /// Returns the body if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

/// A request whose body is parsed once, however many messages are made of it, and not at all for its raw bytes.
pub struct Reading<'a> {
    request: &'a Request,
    json: OnceCell<Option<Json<'a>>>,
    object: OnceCell<Option<JsonObject>>,
}

impl<'a> Reading<'a> {
    /// Of this request.
    pub fn of(request: &'a Request) -> Self {
        Reading { request, json: OnceCell::new(), object: OnceCell::new() }
    }

    /// The request.
    pub fn request(&self) -> &'a Request {
        self.request
    }

    /// The bytes that a scheme signs, in pieces: the raw body is not copied.
    ///
    /// # Errors
    /// Fails if the request lacks a part.
    pub fn pieces<'m>(&'m self, message: &'m Message) -> Result<Vec<Cow<'m, [u8]>>, Missing> {
        message.pieces().iter().map(|piece| self.piece(piece)).collect()
    }

    /// The bytes of one piece.
    ///
    /// # Errors
    /// Fails if the request does not have it.
    pub fn piece<'m>(&'m self, piece: &'m Piece) -> Result<Cow<'m, [u8]>, Missing> {
        let Request { url, headers: _, body } = self.request;
        let header = |name: &String| self.request.header(name).ok_or_else(|| Missing::Header(name.clone()));
        Ok(match piece {
            Piece::Raw => Cow::Borrowed(body),
            Piece::Text(text) => Cow::Borrowed(text.as_bytes()),
            Piece::Header(name) => header(name)?.as_bytes().into(),
            Piece::Url => url.as_deref().ok_or(Missing::Url)?.as_bytes().into(),
            Piece::Path => path(url.as_deref().ok_or(Missing::Url)?).as_bytes().into(),
            Piece::Json(form) => self.json().ok_or(Missing::Json)?.write(*form).into_bytes().into(),
            Piece::Data => self.data()?.as_bytes().into(),
            Piece::Field(field) => {
                self.field(field.as_str()).ok_or(Missing::Field(BodyField::as_str(*field)))?.into_bytes().into()
            }
        })
    }

    fn field(&self, name: &str) -> Option<String> {
        let said = match self.object()?.get(name)? {
            JsonRef::Number(number) => Cow::Borrowed(number),
            value => value.as_str()?,
        };
        Some(said.into_owned())
    }

    /// The `data` of the body, as it is written there.
    fn data(&self) -> Result<&str, Missing> {
        let object = self.object().ok_or(Missing::Json)?;
        object.get("data").map(JsonRef::json).ok_or(Missing::Field("data"))
    }

    fn json(&self) -> Option<&Json<'a>> {
        self.json.get_or_init(|| self.request.text().and_then(Json::read)).as_ref()
    }

    fn object(&self) -> Option<&JsonObject> {
        self.object.get_or_init(|| JsonObject::verbatim(self.request.text()?).ok()).as_ref()
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
