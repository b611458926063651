//! Writes a scheme as code: a function that verifies the raw body in constant time.

mod csharp;
mod go;
mod node;
mod php;
mod python;
mod rust;
mod words;

use crate::domain::scheme::Scheme;
use crate::domain::text::named;

named!(
    /// A language of the code.
    Language, "a language", {
        /// JavaScript for Node.js.
        Node = "node",
        /// Python 3.
        Python = "python",
        /// Go.
        Go = "go",
        /// PHP 8.
        Php = "php",
        /// C#, .NET 6 and later.
        Csharp = "csharp",
        /// Rust, with the crates `hmac` and `sha2`.
        Rust = "rust",
    }
);

impl Language {
    /// Returns its usual name.
    pub fn title(self) -> &'static str {
        match self {
            Language::Node => "Node.js",
            Language::Python => "Python",
            Language::Go => "Go",
            Language::Php => "PHP",
            Language::Csharp => "C#",
            Language::Rust => "Rust",
        }
    }
}

/// Returns the code that verifies by this scheme, or `None` if the language cannot serialize JSON as the sender does.
pub fn code(scheme: &Scheme, language: Language) -> Option<String> {
    match language {
        Language::Node => node::code(scheme),
        Language::Python => python::code(scheme),
        Language::Go => go::code(scheme),
        Language::Php => php::code(scheme),
        Language::Csharp => csharp::code(scheme),
        Language::Rust => rust::code(scheme),
    }
}
