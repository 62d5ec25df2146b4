//! The stream of news for open pages: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::hub::Hub;

/// One for each browser is enough: its tabs pass the news on to each other.
const MOST: usize = 32;

/// How long a page waits before it connects again.
const AGAIN: Duration = Duration::from_millis(500);

/// A comment at least as often shows that the other side still reads.
const ALIVE: Duration = Duration::from_secs(5);

/// The streams, and how many more there may be.
pub(crate) struct Streams {
    hub: Arc<Hub>,
    places: Arc<Semaphore>,
}

impl Streams {
    pub(crate) fn new(hub: Arc<Hub>) -> Streams {
        Streams {
            hub,
            places: Arc::new(Semaphore::new(MOST)),
        }
    }
}

/// One stream: `snapshot` with all that is known, then a `change` for each change.
pub(crate) async fn stream(State(streams): State<Arc<Streams>>) -> Response {
    let Ok(place) = Arc::clone(&streams.places).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let reader = Reader {
        hub: Arc::clone(&streams.hub),
        changes: None,
        _place: place,
    };
    let events = stream::unfold(reader, |mut reader| async {
        let event = reader.next().await?;
        Some((Ok::<_, Infallible>(event.retry(AGAIN)), reader))
    });
    let alive = KeepAlive::new().interval(ALIVE);
    Sse::new(events).keep_alive(alive).into_response()
}

/// One who reads.
struct Reader {
    hub: Arc<Hub>,
    changes: Option<Receiver<String>>,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        if let Some(changes) = &mut self.changes {
            match changes.recv().await {
                Ok(change) => return Some(Event::default().event("change").data(change)),
                Err(RecvError::Closed) => return None,
                // Too slow for each change: it gets the sum of them.
                Err(RecvError::Lagged(_)) => {}
            }
        }
        let (state, changes) = self.hub.listen();
        self.changes = Some(changes);
        Some(Event::default().event("snapshot").data(state))
    }
}
