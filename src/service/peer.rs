//! The other end of a connection, which the server tells the API.

use std::net::IpAddr;

/// The address at the other end of a request's connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);
