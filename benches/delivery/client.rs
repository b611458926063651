//! A client of the service's API for everything but load: one open connection, one request at a time.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use anyhow::{Context, Result, ensure};

use crate::{service::TOKEN, wire};

/// A connection to a service.
pub struct Client {
    stream: TcpStream,
    address: SocketAddr,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to a service.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("connecting to the service")?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, address, buffer: Vec::new() })
    }

    /// Sends a `GET` and returns status and body.
    pub fn get(&mut self, path: &str) -> Result<(u16, String)> {
        self.json("GET", path, "")
    }

    /// Sends a `POST` of JSON and returns status and body.
    pub fn post(&mut self, path: &str, body: &str) -> Result<(u16, String)> {
        self.json("POST", path, body)
    }

    fn json(&mut self, method: &str, path: &str, body: &str) -> Result<(u16, String)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let (status, body) = self.exchange(request.as_bytes())?;
        Ok((status, String::from_utf8(body)?))
    }

    /// Writes a request and returns the answer's status and body.
    pub fn exchange(&mut self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        self.stream.write_all(request)?;
        self.buffer.clear();
        let mut piece = [0; 64 * 1024];
        loop {
            let read = self.stream.read(&mut piece)?;
            ensure!(read > 0, "the service closed the connection");
            self.buffer.extend_from_slice(&piece[..read]);
            if let Some(answer) = wire::answer(&self.buffer)? {
                return Ok((answer.status, self.buffer[answer.head..answer.length].to_vec()));
            }
        }
    }
}
