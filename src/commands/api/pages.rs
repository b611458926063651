//! Fetches all pages of a list and prints them as one.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    api::{CallError, Client, MOST_PAGES, Trail},
    commands::{
        Context,
        paging::{self, MOST_PAGES_IN_MEMORY},
    },
    domain::page::Limit,
    error::CliError,
    render::{self, Format},
};

use super::{request, shown::show_as_it_came};

/// A page of any list. Other fields are ignored.
#[derive(Deserialize)]
struct RawPage {
    data: Vec<Value>,
    next: Option<String>,
}

/// Follows the cursors from `path` on and prints everything: page by page with `-o ndjson`, otherwise at the end.
pub(super) async fn show(client: &Client, path: &str, context: &Context) -> Result<(), CliError> {
    let streams = context.view.format == Format::Ndjson;
    let mut trail = Trail::of(if streams { MOST_PAGES } else { MOST_PAGES_IN_MEMORY });
    let mut all = Vec::new();
    let mut asked = largest(path);
    loop {
        let (data, next) = match one(client, &asked).await? {
            Ok(page) => page,
            // A list with a single page, such as that of versions, accepts no limit.
            Err(error) if asked != path && error.concerns("limit") => {
                asked = path.to_owned();
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let got = data.len();
        if streams {
            data.iter().try_for_each(|value| render::value(&context.term, &context.view, value))?;
        } else {
            all.extend(data);
        }
        let Some(cursor) = next.filter(|_| context.term.is_read()) else { break };
        trail.follow(limit_of(path), got, &cursor).map_err(|why| paging::never_ends(path, why))?;
        asked = with_cursor(path, &cursor);
    }
    if streams {
        return Ok(());
    }
    let whole = json!({ "data": all, "next": null });
    if context.view.terminal || context.view.jq.is_some() {
        return render::value(&context.term, &context.view, &whole);
    }
    show_as_it_came(whole.to_string().as_bytes(), context);
    Ok(())
}

/// Returns a page's entries and the cursor of the next one, or the service's refusal.
async fn one(client: &Client, path: &str) -> Result<Result<(Vec<Value>, Option<String>), CallError>, CliError> {
    let (answer, failure) = client.request(Method::GET, path, Bytes::new()).await?;
    if let Some(error) = failure {
        return Ok(Err(error));
    }
    let page: RawPage = serde_json::from_slice(answer.body()).map_err(|_| no_list(path))?;
    Ok(Ok((page.data, page.next)))
}

fn no_list(path: &str) -> CliError {
    CliError::usage(format!("{path} answers with no list of pages")).hint("leave out --paginate")
}

/// Requests the largest pages, unless the path has a limit.
fn largest(path: &str) -> String {
    if query_names(path).any(|name| name == "limit") {
        return path.to_owned();
    }
    let limit = request::field(&format!("limit={}", Limit::MOST));
    limit.map_or_else(|_| path.to_owned(), |limit| request::with_query(path, &[limit]))
}

/// Returns the number of entries that a page may have.
fn limit_of(path: &str) -> u64 {
    let query = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let limit = query.split('&').find_map(|pair| pair.strip_prefix("limit="));
    limit.and_then(|limit| limit.parse().ok()).unwrap_or(Limit::MOST.into())
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
        assert_eq!((limit_of("/v1/attempts?status=failed&limit=2"), limit_of("/v1/attempts?limited=2")), (2, 250));
        assert_eq!(with_cursor("/v1/attempts?limit=2&cursor=a", "b="), "/v1/attempts?limit=2&cursor=b%3D");
        assert_eq!(with_cursor("/v1/attempts?status=failed", "x"), "/v1/attempts?status=failed&cursor=x&limit=250");
    }
}
