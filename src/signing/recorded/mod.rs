//! Parses recorded requests: one as HTTP/1.1 text, or several as JSON.

mod http;
mod line;
mod wrong;

use super::request::Request;
pub use wrong::NotRecorded;

/// Parses recorded requests: one as HTTP/1.1 text from its first line to its body, or JSON objects, such as the
/// attempts that `show -o json` prints.
///
/// # Errors
/// Fails if the bytes are neither.
pub fn read(bytes: &[u8]) -> Result<Vec<Request>, NotRecorded> {
    let first = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match first.first() {
        None => Err(NotRecorded::Empty),
        Some(b'{' | b'[') => line::read(first),
        Some(_) => http::read(first).map(|request| vec![request]).map_err(NotRecorded::Http),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(bytes: impl AsRef<[u8]>) -> Request {
        let mut requests = read(bytes.as_ref()).unwrap();
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }

    fn refused(bytes: impl AsRef<[u8]>) -> String {
        read(bytes.as_ref()).unwrap_err().to_string()
    }

    #[test]
    fn a_request_is_read_as_it_went_over_the_wire() {
        let request = one(
            "POST /hooks?a=1 HTTP/1.1\r\nHost: erp.example.com\r\nTimemoto-Signature:  00ff \r\nContent-Length: 4\r\n\r\n{}\r\n\n",
        );
        assert_eq!(request.url.as_deref(), Some("https://erp.example.com/hooks?a=1"));
        assert_eq!((request.header("timemoto-signature"), request.body.as_slice()), (Some("00ff"), &b"{}\r\n"[..]));
        let unix = one("\nPOST http://a.example/b HTTP/1.1\nX-A: 1\n folded\n\n{}");
        assert_eq!((unix.url.as_deref(), unix.header("x-a")), (Some("http://a.example/b"), Some("1 folded")));
        assert_eq!(unix.body, b"{}");
        let forwarded = one("PUT /x HTTP/1.0\r\nhost: a\r\nx-forwarded-proto: http\r\n\r\n");
        assert_eq!((forwarded.url.as_deref(), forwarded.body.len()), (Some("http://a/x"), 0));
        assert_eq!(one("POST /x HTTP/2\r\n\r\n").url, None, "without a host");
    }

    #[test]
    fn chunks_are_put_together() {
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(one(format!("{head}3\r\n{{\"a\r\n6;x=y\r\n\": 1}}\n\r\n0\r\n\r\n")).body, b"{\"a\": 1}\n");
        assert!(refused(format!("{head}zz\r\n{{}}")).contains("chunks"));
        assert!(refused(format!("{head}ff\r\n{{}}")).contains("chunks"));
    }

    #[test]
    fn a_body_that_is_cut_short_is_refused() {
        let cut = "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}";
        assert_eq!(refused(cut), "it is no HTTP request: its body is shorter than its Content-Length says");
    }

    #[test]
    fn a_recorded_line_has_headers_in_several_forms() {
        let headers = [
            r#"{"Timemoto-Signature":"00"}"#,
            r#"{"timemoto-signature":["00"]}"#,
            r#"[{"name":"Timemoto-Signature","value":"00"}]"#,
            r#"[["Timemoto-Signature","00"]]"#,
            r#"["Timemoto-Signature: 00"]"#,
        ];
        for headers in headers {
            let request = one(format!(r#"{{"url":"http://a/","headers":{headers},"body":"{{\"a\":1}}\n"}}"#));
            assert_eq!(request.header("Timemoto-Signature"), Some("00"), "{headers}");
            assert_eq!((request.url.as_deref(), request.body.as_slice()), (Some("http://a/"), &b"{\"a\":1}\n"[..]));
        }
    }

    #[test]
    fn an_attempt_and_bytes_in_base64_are_read() {
        let attempt = "{\n \"id\":\"at_1\",\"request\":{\"url\":\"http://a/\",\"headers\":[],\"body\":\"x\"}\n}";
        assert_eq!(one(attempt).body, b"x");
        assert_eq!(one(r#"{"headers":{},"bodyBase64":"AP8="}"#).body, [0, 255]);
        assert_eq!(one(r#"{"headers":{},"body":{"a":  1.0}}"#).body, br#"{"a":  1.0}"#, "as it is written");
        assert_eq!(one("[{\"headers\":{},\"body\":\"\"}]").body, b"");
        let two = read(b"{\"headers\":{},\"body\":\"1\"}\n\n{\"headers\":{},\"body\":\"2\"}\n").unwrap();
        assert_eq!([&two[0].body, &two[1].body], [b"1", b"2"]);
    }

    #[test]
    fn what_is_no_request_is_said() {
        assert_eq!(refused(" \n"), "it is empty");
        assert!(refused("hello").starts_with("it is no HTTP request"));
        assert!(refused("GET /x\r\n\r\n").starts_with("it is no HTTP request"));
        assert!(refused("POST / HTTP/1.1\r\nno colon\r\n\r\n").contains("without a colon"));
        assert!(refused("{\"headers\":{},\"body\":\"\"}\n{").starts_with("line 2: "));
        assert!(refused(r#"{"id":"tm_1","data":{}}"#).contains("has no body"));
        assert!(refused(r#"{"body":"{}"}"#).contains("has no headers"));
        assert!(refused(r#"{"headers":{},"body":null}"#).contains("body is no longer kept"));
        assert!(refused(r#"{"headers":7,"body":""}"#).contains("headers"));
        assert!(refused(r#"{"headers":{"X-Api-Key":"••••••••"},"bodyBase64":"?"}"#).contains("Base64"));
    }
}
