//! What is answered: files of the book, and the stream of news.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::events::{self, Streams};
use super::guard::guard;
use super::hub::Hub;
use super::site::Shelf;

/// The longest path that can be a file's.
const LONGEST: usize = 1024;

/// The server that is asked on `port`.
pub(crate) fn router(port: u16, shelf: Arc<Shelf>, hub: Arc<Hub>) -> Router {
    let news = Router::new()
        .route("/live/events", get(events::stream))
        .with_state(Arc::new(Streams::new(hub)));
    Router::new()
        .fallback(file)
        .with_state(shelf)
        .merge(news)
        .layer(middleware::from_fn_with_state(port, guard))
}

/// A file of the book. A body that comes with the request is not read.
async fn file(State(shelf): State<Arc<Shelf>>, uri: Uri) -> Response {
    let found = name(uri.path()).and_then(|name| shelf.find(&name));
    let (status, found) = match found {
        Some(found) => (StatusCode::OK, Some(found)),
        None => (StatusCode::NOT_FOUND, shelf.find("404.html")),
    };
    let Some((bytes, kind, policy)) = found else {
        return (status, "There is no such page.\n").into_response();
    };
    let mut response = (status, [(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Some(policy) = policy.and_then(|policy| policy.parse().ok()) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The name of the file that `path` asks for: `/` is `index.html`.
fn name(path: &str) -> Option<String> {
    let path = path
        .strip_prefix('/')
        .filter(|path| path.len() <= LONGEST)?;
    let name = decode(path)?;
    match name.is_empty() || name.ends_with('/') {
        true => Some(format!("{name}index.html")),
        false => Some(name),
    }
}

/// Takes `%20` for a space.
fn decode(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_name_in_the_map() {
        for (path, expected) in [
            ("/", Some("index.html")),
            ("/pitfalls/", Some("pitfalls/index.html")),
            ("/a%20b.html", Some("a b.html")),
            ("/%41.css", Some("A.css")),
            ("/%4", None),
            ("/%+1", None),
            ("/%ff", None),
            ("/%é", None),
            ("*", None),
        ] {
            assert_eq!(name(path).as_deref(), expected, "{path}");
        }
    }
}
