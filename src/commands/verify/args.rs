//! The arguments of `tm-hooks verify`, and its help.

use std::{path::PathBuf, time::Duration};

use crate::{
    commands::arguments::{duration, signing_scheme},
    signing::{DEFAULT_TOLERANCE, scheme::SchemeChoice},
};

/// Say whether a request is genuine, and why not
///
/// A request is given as it was recorded: as it went over the wire (request line, headers, a blank line, body), as JSON
/// with url, headers and body, one a line, as the id of an attempt, or by --body and --header. Verify the bytes as they
/// came: a body that was read as JSON and written again has another signature.
///
/// A scheme is timemoto, standard, both, or a text such as `hmac-sha256 key=secret message=raw encoding=hex`; `tm-hooks
/// help schemes` has its words. Without --scheme it is the one whose header the request has. TimeMoto has not published how it signs:
/// --detect tries every plausible way on genuine requests and prints the one that fits, with code that verifies by it.
///
/// It exits with 10 when a request is not genuine, or nothing is found.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks verify --secret-file payroll.secret --delivery request.http
  tm-hooks verify --secret-file payroll.secret --body body.json --header @headers.txt
  tm-hooks verify --delivery at_06f8k2v0c1q4jt3xw9b7n5m8ed -o json
  tm-hooks verify --secret-file github.secret --delivery - --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256='
  tm-hooks verify --secret-file payroll.secret --delivery requests.ndjson --detect")]
pub struct Args {
    /// A file with the secret, in any form: tmkey_…, whsec_…, plain, hex or Base64; - for standard input. Given again:
    /// secrets before it that are still good. Of an attempt it is asked of the service
    #[arg(long, value_name = "FILE|-")]
    pub(super) secret_file: Vec<PathBuf>,
    /// A recorded request, or several: a file, - for standard input, or the id of an attempt
    #[arg(long, value_name = "FILE|-|ATTEMPT", conflicts_with_all = ["body", "header"])]
    pub(super) delivery: Vec<String>,
    /// The body of a request, byte by byte
    #[arg(long, value_name = "FILE|-")]
    pub(super) body: Option<PathBuf>,
    /// A header of that request: 'Name: value', or @file with one a line
    #[arg(long, value_name = "NAME: VALUE", requires = "body")]
    pub(super) header: Vec<String>,
    /// The URL that the request was sent to, where the scheme signs it
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// How it is signed: timemoto, standard, both at once, or a scheme's text
    #[arg(long, value_name = "SCHEME", value_parser = signing_scheme, conflicts_with = "detect")]
    pub(super) scheme: Option<SchemeChoice>,
    /// Find the scheme: these requests are genuine
    #[arg(long)]
    pub(super) detect: bool,
    /// How far a request's time may be from now; default: 5m
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "ignore_time")]
    pub(super) tolerance: Option<Duration>,
    /// Take a request of any age
    #[arg(long)]
    pub(super) ignore_time: bool,
}

impl Args {
    /// Returns the largest difference between a request's time and now.
    pub(super) fn tolerance(&self) -> Option<Duration> {
        (!self.ignore_time).then(|| self.tolerance.unwrap_or(DEFAULT_TOLERANCE))
    }
}
