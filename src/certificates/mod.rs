//! Certificates: read from files, looked at, trusted, and what is wrong with one in words. Raw words of the TLS library
//! reach nobody.

mod der;
mod look;
mod pem;
mod store;
mod trust;
mod words;

pub use der::{Validity, validity};
pub use look::{Concern, HOW_TO_MAKE, SOON, concerns};
pub use pem::{Broken, LARGEST, Unusable, bundle, read};
pub use store::{BadStore, Store};
pub use trust::{Accepted, TrustError, client_config};
pub use words::{WANTS_CLIENT, certificate_in_words, is_of_an_authority, tls_in_words};
