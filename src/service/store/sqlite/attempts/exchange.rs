//! Packs an attempt's request and answer into one column.

use crate::{
    domain::attempt::{Header, ReceivedResponse},
    service::store::{
        Exchange, Result,
        packing::{Dictionary, pack, unpack},
        sqlite::connection::rows,
    },
};

/// Packs an exchange for a row.
pub fn packed(exchange: &Exchange) -> Result<Vec<u8>> {
    let Exchange { url, request_headers, response } = exchange;
    Ok(pack(rows::to_json(&(url, request_headers, response))?.as_bytes(), Dictionary::Exchanges))
}

/// Unpacks the exchange of a row.
pub fn unpacked(row: &[u8]) -> Result<Exchange> {
    let json = String::from_utf8_lossy(&unpack(row)?).into_owned();
    let (url, request_headers, response): (String, Vec<Header>, Option<ReceivedResponse>) = rows::from_json(&json)?;
    Ok(Exchange { url, request_headers, response })
}
