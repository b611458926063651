//! The enumerated words of a scheme's text.

use std::fmt;

use crate::domain::text::named;

named!(
    /// A hash function.
    Hash, "a hash function", {
        /// SHA-256.
        Sha256 = "sha256",
        /// SHA-1.
        Sha1 = "sha1",
        /// SHA-512.
        Sha512 = "sha512",
        /// MD5.
        Md5 = "md5",
    }
);

impl Hash {
    /// How many bytes its digest has.
    pub fn length(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha1 => 20,
            Hash::Sha512 => 64,
            Hash::Md5 => 16,
        }
    }

    /// Returns its usual name.
    pub fn title(self) -> &'static str {
        match self {
            Hash::Sha256 => "SHA-256",
            Hash::Sha1 => "SHA-1",
            Hash::Sha512 => "SHA-512",
            Hash::Md5 => "MD5",
        }
    }
}

named!(
    /// How the key is derived from the secret.
    KeyForm, "a form of the key", {
        /// The whole secret's bytes.
        Secret = "secret",
        /// The secret without `tmkey_` or `whsec_`.
        Bare = "bare",
        /// The bytes that the secret encodes in hex, without such a prefix.
        Hex = "hex",
        /// The bytes that the secret encodes in Base64, without such a prefix.
        Base64 = "base64",
        /// The whole secret in UTF-16, little endian, as .NET's `Encoding.Unicode` gives it.
        Utf16le = "utf16le",
        /// The SHA-256 digest of the whole secret.
        Sha256 = "sha256",
        /// The whole secret in upper case.
        Upper = "upper",
        /// The whole secret in lower case.
        Lower = "lower",
    }
);

named!(
    /// The position of the key in a digest that is not an HMAC.
    Place, "a place of the key", {
        /// Before the message.
        Before = "before",
        /// After the message.
        After = "after",
        /// Before and after the message.
        Both = "both",
    }
);

named!(
    /// How a digest is written.
    Encoding, "an encoding", {
        /// Lower-case hex.
        Hex = "hex",
        /// Upper-case hex.
        HexUpper = "hex-upper",
        /// Base64.
        Base64 = "base64",
        /// Base64 without `=` at its end.
        Base64Nopad = "base64-nopad",
        /// Base64 for URLs.
        Base64url = "base64url",
        /// Base64 for URLs, without `=` at its end.
        Base64urlNopad = "base64url-nopad",
    }
);

named!(
    /// How JSON is re-serialized.
    JsonForm, "a way to write JSON", {
        /// Without whitespace; all else is unchanged.
        Minified = "minified",
        /// With line breaks and two spaces per level; all else is unchanged.
        Pretty = "pretty",
        /// Without whitespace and with the names of each object sorted; all else is unchanged.
        Sorted = "sorted",
        /// As JavaScript's `JSON.stringify(JSON.parse(body))`: numbers go through a double.
        Js = "js",
        /// As Python's `json.dumps(json.loads(body))`.
        Python = "python",
        /// As .NET's `JsonSerializer.Serialize(JsonDocument.Parse(body))`.
        Dotnet = "dotnet",
        /// As PHP's `json_encode(json_decode($body, true))`.
        Php = "php",
    }
);

/// What is computed: a hash, and whether it is an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with this hash.
    Hmac(Hash),
    /// The digest of message and key, concatenated.
    Plain(Hash, Place),
}

impl Algorithm {
    /// The hash.
    pub fn hash(self) -> Hash {
        match self {
            Algorithm::Hmac(hash) | Algorithm::Plain(hash, _) => hash,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Algorithm::Hmac(hash) => write!(f, "hmac-{hash}"),
            Algorithm::Plain(hash, _) => write!(f, "{hash}"),
        }
    }
}
