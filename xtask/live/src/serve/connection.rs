//! Connections, and how long each may take: one that is slow, or that never
//! ends, must not stand in the way of the others.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep, timeout};

use super::places::{self, Places};

/// As many at a time: fewer than there are descriptors on any system.
const MOST: usize = 100;

/// How long the head of a request may take, from the end of the one before.
const HEAD: Duration = Duration::from_secs(5);

/// How long the other side may leave unread what we write.
const UNREAD: Duration = Duration::from_secs(20);

/// No connection lives longer; a page connects to its news again by itself.
const LIFE: Duration = Duration::from_secs(600);

/// The largest head of a request.
const LARGEST: usize = 16 * 1024;

/// Accepts connections for ever.
pub(crate) async fn accept_all(listener: &TcpListener, router: &Router) {
    let places = Places::new(MOST);
    let last = middleware::map_response_with_state(Arc::clone(&places), leave_when_full);
    let router = router.clone().layer(last);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Descriptors have run out, most likely: they come back.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Some(seat) = places.take().await else {
            return;
        };
        let attend = middleware::from_fn_with_state(Arc::clone(&seat), places::attend);
        let router = router.clone().layer(attend);
        tokio::spawn(async move {
            tokio::select! {
                // How a connection ends is its own business.
                _ = timeout(LIFE, serve(stream, router)) => {}
                () = seat.is_given_up() => {}
            }
        });
    }
}

/// Where all places are taken, each answer is the last of its connection: others
/// wait for the place. A browser connects again without a word.
async fn leave_when_full(State(places): State<Arc<Places>>, mut response: Response) -> Response {
    if places.are_taken() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

async fn serve(stream: TcpStream, router: Router) -> hyper::Result<()> {
    // News are short, and wait for nothing.
    drop(stream.set_nodelay(true));
    let stream = TokioIo::new(Patient::new(stream));
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST)
        // Who has said all there is to say may still want the answer: `nc -N`.
        // A page that is closed is noticed by the next sign of life to it.
        .half_close(true)
        .serve_connection(stream, service);
    connection.await
}

/// A stream whose other side has to read.
struct Patient {
    stream: TcpStream,
    /// When patience ends; there only while something is unread.
    end: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(stream: TcpStream) -> Patient {
        Patient { stream, end: None }
    }

    fn unless_too_late<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.end = None;
            return outcome;
        }
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(UNREAD)));
        ready!(end.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.unless_too_late(context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
