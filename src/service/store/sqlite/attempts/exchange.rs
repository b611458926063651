//! What was sent and what came back, packed into one column of the attempt.

use crate::{
    domain::attempt::{Header, ReceivedResponse},
    service::store::{
        Exchange, Result,
        packing::{Dictionary, pack, unpack},
        sqlite::connection::rows,
    },
};

/// An exchange as a row has it.
pub fn packed(exchange: &Exchange) -> Result<Vec<u8>> {
    let Exchange { url, request_headers, response } = exchange;
    Ok(pack(rows::to_json(&(url, request_headers, response))?.as_bytes(), Dictionary::Exchanges))
}

/// The exchange of a row.
pub fn unpacked(row: &[u8]) -> Result<Exchange> {
    let json = String::from_utf8_lossy(&unpack(row)?).into_owned();
    let (url, request_headers, response): (String, Vec<Header>, Option<ReceivedResponse>) = rows::from_json(&json)?;
    Ok(Exchange { url, request_headers, response })
}
