//! `tm-hooks sign` prints the headers that sign a body.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    domain::attempt::Header,
    error::CliError,
    render::{self, Cell, Column, Format, Importance, Record},
    signing::{
        Request, SharedSecret, TIMEMOTO_SIGNATURE,
        scheme::SchemeChoice,
        sender::{Signatory, Unsignable},
    },
};

use super::{Context, arguments::signing_scheme, input};

/// Sign a body: print the headers that a sender would send with it
///
/// They are printed as curl takes them from a file, one a line; --curl prints options instead. A scheme is timemoto,
/// standard, both, or a text such as `hmac-sha256 key=secret message=raw encoding=hex`; `tm-hooks help schemes` has its
/// words. Without --scheme a body is signed as the service does it, in both ways. A time that the scheme signs is now.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks sign --secret-file payroll.secret --body body.json
  tm-hooks sign --secret-file payroll.secret --body body.json | curl -H @- --data-binary @body.json http://localhost:8080/hooks
  tm-hooks sign --secret-file payroll.secret --body body.json --curl | xargs curl --data-binary @body.json http://localhost:8080/hooks
  tm-hooks sign --secret-file github.secret --body - --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256='")]
pub struct Args {
    /// A file with the secret, in any form: tmkey_…, whsec_…, plain, hex or Base64; - for standard input
    #[arg(long, value_name = "FILE|-")]
    secret_file: PathBuf,
    /// The body, byte by byte
    #[arg(long, value_name = "FILE|-")]
    body: PathBuf,
    /// How it is signed: timemoto, standard, both, or a scheme's text
    #[arg(long, value_name = "SCHEME", value_parser = signing_scheme)]
    scheme: Option<SchemeChoice>,
    /// A header that the scheme signs, such as 'webhook-id: 7', or @file with one a line
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The URL that the request goes to, where the scheme signs it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Print options for curl
    #[arg(long)]
    curl: bool,
}

/// What is known of the first of our two signatures.
const AS_ASSUMED: &str =
    "Timemoto-Signature is the one that receivers assume; TimeMoto has not published how it signs.";

/// A header of a signed request.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Signed {
    name: String,
    value: String,
}

impl Record for Signed {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::Key;
        vec![
            Column::new("name", "NAME", Key, |header: &Signed, _| Cell::plain(&header.name)),
            Column::new("value", "VALUE", Key, |header: &Signed, _| Cell::plain(&header.value)),
        ]
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Signed>(&context.view)?;
    let secret = input::shared_secret(&args.secret_file, context)?;
    let headers = input::any_headers(&args.header, context)?;
    let body = input::bytes(&args.body, "--body", context)?.to_vec();
    let mut request = Request { url: args.url.clone(), headers, body };
    let added = sign(args.scheme.as_ref(), &secret, &mut request, context)?;
    if context.view.format != Format::Table {
        let signed = added.into_iter().map(|Header { name, value }| Signed { name, value }).collect::<Vec<_>>();
        return render::list(&context.term, &context.view, &signed);
    }
    for Header { name, value } in &added {
        let line = format!("{name}: {value}");
        context.term.line(&if args.curl { format!("-H '{}'", line.replace('\'', r"'\''")) } else { line });
    }
    context.term.flush();
    if added.iter().any(|header| header.name == TIMEMOTO_SIGNATURE) {
        context.term.terminal_note(AS_ASSUMED);
    }
    Ok(())
}

fn sign(
    choice: Option<&SchemeChoice>,
    secret: &SharedSecret,
    request: &mut Request,
    context: &Context,
) -> Result<Vec<Header>, CliError> {
    let choice = choice.unwrap_or_else(|| {
        let has_id = request.field("id").or_else(|| request.header("webhook-id").map(str::to_owned)).is_some();
        if has_id { &SchemeChoice::Both } else { &SchemeChoice::Timemoto }
    });
    let id = request.field("id");
    let mut added: Vec<Header> = Vec::new();
    for scheme in secret.schemes(choice) {
        let secrets = std::slice::from_ref(secret);
        let signatory = Signatory { scheme: &scheme, secrets, id: id.as_deref(), now: context.now() };
        added.extend(signatory.add_headers(request).map_err(unsignable)?);
    }
    Ok(added)
}

fn unsignable(error: Unsignable) -> CliError {
    let hint = match error {
        Unsignable::NoKey(_) => "look at what is in --secret-file, and at the key of --scheme",
        Unsignable::Missing(_) => {
            "give what the scheme signs: --header 'Name: value', --url URL, or a body that has it"
        }
    };
    CliError::usage(format!("it cannot be signed: {error}")).hint(hint)
}
