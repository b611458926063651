//! All pages of a list as one.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::{
    api::Client,
    commands::Context,
    domain::page::Limit,
    error::{CliError, Kind},
    render::{self, Format},
};

use super::{request, show_as_it_came};

/// Follows the cursors from `path` on and prints everything, page by page with `-o ndjson`, else at the end.
pub(super) async fn show(client: &Client, path: &str, context: &Context) -> Result<(), CliError> {
    let streams = context.view.format == Format::Ndjson;
    let mut all = Vec::new();
    let mut asked = largest(path);
    loop {
        let page = one(client, &asked).await?;
        let Value::Object(mut page) = page else { return Err(no_list(path)) };
        let Some(Value::Array(data)) = page.remove("data") else { return Err(no_list(path)) };
        if streams {
            data.iter().try_for_each(|value| render::value(&context.term, &context.view, value))?;
        } else {
            all.extend(data);
        }
        let Some(Value::String(cursor)) = page.remove("next") else { break };
        let next = with_cursor(path, &cursor);
        if next == asked {
            return Err(CliError::new(Kind::NotThisService, format!("{path} repeats its cursor: its pages never end")));
        }
        asked = next;
    }
    if streams {
        return Ok(());
    }
    let whole = json!({ "data": all, "next": null });
    if context.view.terminal || context.view.jq.is_some() {
        return render::value(&context.term, &context.view, &whole);
    }
    show_as_it_came(whole.to_string().as_bytes(), context)
}

async fn one(client: &Client, path: &str) -> Result<Value, CliError> {
    let (answer, failure) = client.request(Method::GET, path, Bytes::new()).await?;
    match failure {
        Some(error) => Err(error.into()),
        None => serde_json::from_slice(answer.body()).map_err(|_| no_list(path)),
    }
}

fn no_list(path: &str) -> CliError {
    CliError::usage(format!("{path} answers with no list of pages")).hint("leave out --paginate")
}

/// The path with the largest pages there are, unless it says how large they should be.
fn largest(path: &str) -> String {
    if query_names(path).any(|name| name == "limit") {
        return path.to_owned();
    }
    let limit = request::field(&format!("limit={}", Limit::MOST));
    limit.map_or_else(|_| path.to_owned(), |limit| request::with_query(path, &[limit]))
}

fn with_cursor(path: &str, cursor: &str) -> String {
    let (plain, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let kept = if kept.is_empty() { plain.to_owned() } else { format!("{plain}?{}", kept.join("&")) };
    let cursor = request::field(&format!("cursor={cursor}"));
    largest(&cursor.map_or_else(|_| kept.clone(), |cursor| request::with_query(&kept, &[cursor])))
}

fn query_names(path: &str) -> impl Iterator<Item = &str> {
    let query = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    query.split('&').filter_map(|pair| pair.split('=').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_replaces_the_one_before() {
        assert_eq!(largest("/v1/attempts"), "/v1/attempts?limit=250");
        assert_eq!(largest("/v1/attempts?limit=2"), "/v1/attempts?limit=2");
        assert_eq!(with_cursor("/v1/attempts?limit=2&cursor=a", "b="), "/v1/attempts?limit=2&cursor=b%3D");
        assert_eq!(with_cursor("/v1/attempts?status=failed", "x"), "/v1/attempts?status=failed&cursor=x&limit=250");
    }
}
