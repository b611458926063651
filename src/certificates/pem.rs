//! Reads bundles of certificates in PEM (RFC 7468). A broken block is an error with its number, as a skipped
//! certificate would only be missed much later.

use std::path::Path;

use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::der::validity;
use crate::{
    domain::encoding,
    files::{self, Unreadable},
};

/// The largest bundle in bytes: twenty times a system's bundle of all authorities.
pub const LARGEST: u64 = 4 * 1024 * 1024;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The reason why a file yields no certificates.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The file is a certificate in DER.
    #[error("it is a certificate in DER, not in PEM")]
    Der,
    /// The file holds no certificate.
    #[error("it holds none in PEM{}", if *.has_key { ", but a private key" } else { "" })]
    Nothing {
        /// Whether it holds a private key.
        has_key: bool,
    },
    /// One certificate is broken.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// A broken certificate of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("certificate {number} of {of} (line {line}) is broken: {why}")]
pub struct Broken {
    /// Its number, from 1.
    pub number: usize,
    /// The number of certificates.
    pub of: usize,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Unusable {
    /// Suggests what to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Unusable::Der => "`openssl x509 -inform der -in FILE -out FILE.pem` writes it in PEM",
            Unusable::Unreadable(error) if error.hint().is_some() => error.hint().unwrap_or_default(),
            _ => "it is a file with certificates in PEM: -----BEGIN CERTIFICATE-----",
        }
    }
}

/// Reads a file with certificates.
///
/// # Errors
/// Fails if the file cannot be read, holds no certificate, or one is broken.
pub fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let bytes = files::read(path, LARGEST)?;
    if validity(&bytes).is_some() {
        return Err(Unusable::Der);
    }
    bundle(encoding::text(&bytes).map_err(Unreadable::from)?)
}

/// Returns the certificates of a text.
///
/// # Errors
/// Fails like [`read`].
pub fn bundle(text: &str) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let blocks = blocks(text);
    if blocks.is_empty() {
        return Err(Unusable::Nothing { has_key: text.contains("PRIVATE KEY-----") });
    }
    let of = blocks.len();
    let certificate = |(number, (line, block)): (usize, (usize, String))| {
        certificate(&block).map_err(|why| Broken { number: number + 1, of, line, why: why.to_owned() }.into())
    };
    blocks.into_iter().enumerate().map(certificate).collect()
}

fn certificate(block: &str) -> Result<CertificateDer<'static>, &'static str> {
    if !block.trim_end().ends_with(END) {
        return Err("its last line is missing");
    }
    let der = CertificateDer::from_pem_slice(block.as_bytes()).map_err(|_| "its Base64 cannot be read")?;
    if validity(&der).is_none() {
        return Err("what is in it is no certificate");
    }
    Ok(der)
}

/// Returns each certificate's text, even if it is incomplete, and the line on which it begins.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    // Old Macs and some mail programs end lines with a carriage return alone.
    for (number, line) in text.replace("\r\n", "\n").split(['\n', '\r']).map(str::trim).enumerate() {
        if line == BEGIN {
            blocks.push((number + 1, String::new()));
            open = true;
        } else if line.starts_with("-----BEGIN ") {
            open = false;
        }
        if let (true, Some((_, block))) = (open, blocks.last_mut()) {
            block.push_str(line);
            block.push('\n');
        }
        open &= line != END;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    fn pem() -> String {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(made.cert.der()))
    }

    fn refused(text: &str) -> String {
        bundle(text).unwrap_err().to_string()
    }

    #[test]
    fn all_certificates_are_read_whatever_stands_between() {
        let (one, two) = (pem(), pem());
        let key = "-----BEGIN PRIVATE KEY-----\nnot looked at\n-----END PRIVATE KEY-----\n";
        let text = format!("# mine\n{one}{key}Bag Attributes\n  {}\n", two.replace('\n', "  \r\n"));
        assert_eq!(bundle(&text).unwrap().len(), 2);
        assert_eq!(bundle(&one.replace('\n', "\r")).unwrap().len(), 1);
    }

    #[test]
    fn a_broken_one_is_named_by_its_number_and_line() {
        let good = pem();
        let nothing = format!("{BEGIN}\naGVsbG8=\n{END}\n");
        let text = format!("{good}\n{nothing}{good}");
        assert_eq!(refused(&text), "certificate 2 of 3 (line 5) is broken: what is in it is no certificate");
        let mut letters = good.clone();
        letters.replace_range(60..61, "!");
        assert_eq!(
            refused(&format!("{letters}{good}")),
            "certificate 1 of 2 (line 1) is broken: its Base64 cannot be read"
        );
        let cut = &good[..good.len() - 20];
        assert_eq!(refused(&format!("{good}{cut}")), "certificate 2 of 2 (line 4) is broken: its last line is missing");
        let endless = good.replace(END, "");
        assert_eq!(
            refused(&format!("{endless}{good}")),
            "certificate 1 of 2 (line 1) is broken: its last line is missing"
        );
    }

    #[test]
    fn what_holds_none_says_what_it_holds() {
        assert_eq!(refused(""), "it holds none in PEM");
        let key = "-----BEGIN EC PRIVATE KEY-----\naGVsbG8=\n-----END EC PRIVATE KEY-----\n";
        assert_eq!(refused(key), "it holds none in PEM, but a private key");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.der");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&path, made.cert.der()).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(error, Unusable::Der) && error.hint().contains("-inform der"), "{error}");
        std::fs::write(&path, format!("\u{feff}{}", pem())).unwrap();
        assert_eq!(read(&path).unwrap().len(), 1);
        let wide: Vec<u8> = pem().encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(&path, wide).unwrap();
        assert_eq!(read(&path).unwrap_err().to_string(), "line 1 is not UTF-8 but UTF-16");
    }
}
