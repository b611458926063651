//! Certificates: reads them from files, inspects and verifies them, and describes what is wrong with one. The TLS
//! library's own messages must not reach people.

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
