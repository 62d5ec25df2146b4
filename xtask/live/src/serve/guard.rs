//! Who may ask, and how: in front of everything else.
//!
//! A page of another site may have a name that leads to this machine (DNS
//! rebinding): the browser then lets it read what comes from here. Such a
//! request names the other site as its host, and gets nothing.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Lets through what was asked of this server by its own name, and puts on each
/// answer what holds for all of them.
pub(crate) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut response = match refusal(port, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    add_headers(response.headers_mut());
    response
}

fn refusal(port: u16, request: &Request) -> Option<Response> {
    if !is_asked_of_us(port, request) {
        let text = "This server answers to its own name alone: 127.0.0.1 or localhost.\n";
        return Some((StatusCode::MISDIRECTED_REQUEST, text).into_response());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        return Some((StatusCode::METHOD_NOT_ALLOWED, allowed).into_response());
    }
    // Other sites cannot read an answer, but they could take all the places.
    is_loaded_by_another_site(request.headers()).then(|| StatusCode::FORBIDDEN.into_response())
}

/// A link from another page may lead here; what another page loads by itself
/// may not. Browsers say which it is.
fn is_loaded_by_another_site(headers: &HeaderMap) -> bool {
    let says = |name: &str, values: &[&str]| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| values.contains(&value))
    };
    says("sec-fetch-site", &["cross-site", "same-site"]) && !says("sec-fetch-mode", &["navigate"])
}

/// Exactly one host is named, and it is this one.
fn is_asked_of_us(port: u16, request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    // `GET http://elsewhere/ HTTP/1.1` names a second one.
    let authority = request.uri().authority();
    is_ours(port, host.as_bytes())
        && authority.is_none_or(|it| is_ours(port, it.as_str().as_bytes()))
}

fn is_ours(port: u16, host: &[u8]) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        let whole = format!("{name}:{port}");
        let is_default = port == 80 && host.eq_ignore_ascii_case(name.as_bytes());
        is_default || host.eq_ignore_ascii_case(whole.as_bytes())
    })
}

fn add_headers(headers: &mut HeaderMap) {
    let all = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let only_ours = HeaderValue::from_static("same-origin");
    headers.insert("cross-origin-resource-policy", only_ours.clone());
    headers.insert("cross-origin-opener-policy", only_ours);
    // What is no page has no use for anything.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_names_have_our_port() {
        for host in [
            "127.0.0.1:3000",
            "localhost:3000",
            "LocalHost:3000",
            "[::1]:3000",
        ] {
            assert!(is_ours(3000, host.as_bytes()), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:3001",
            "localhost:3000.evil.example",
            "evil.example:3000",
            "127.0.0.1.evil.example:3000",
            "127.1:3000",
            "[::]:3000",
            "127.0.0.1:03000",
            "user@127.0.0.1:3000",
        ] {
            assert!(!is_ours(3000, host.as_bytes()), "{host}");
        }
        assert!(is_ours(80, b"localhost"));
    }
}
