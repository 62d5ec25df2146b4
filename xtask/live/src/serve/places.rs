//! Places for connections. Where all are taken and one more comes, whoever has
//! waited the longest without asking for anything makes room: connections that
//! say nothing keep nobody out.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The places, and who waits in them.
pub(super) struct Places {
    free: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

/// Those who have nothing to do, by when that began.
#[derive(Default)]
struct Idle {
    seats: BTreeMap<u64, Arc<Notify>>,
    /// How often somebody began to have nothing to do.
    count: u64,
    /// The next who has nothing to do is to go.
    is_wanted: bool,
}

impl Places {
    pub(super) fn new(most: usize) -> Arc<Places> {
        Arc::new(Places {
            free: Arc::new(Semaphore::new(most)),
            idle: Mutex::default(),
        })
    }

    pub(super) fn are_taken(&self) -> bool {
        self.free.available_permits() == 0
    }

    /// The next place that is free; one is made free where that can be.
    pub(super) async fn take(self: &Arc<Places>) -> Option<Arc<Seat>> {
        if self.are_taken() {
            let mut idle = self.idle();
            match idle.seats.pop_first() {
                Some((_, leave)) => leave.notify_one(),
                None => idle.is_wanted = true,
            }
        }
        let free = Arc::clone(&self.free).acquire_owned().await.ok()?;
        self.idle().is_wanted = false;
        let seat = Seat {
            places: Arc::clone(self),
            since: Mutex::default(),
            leave: Arc::default(),
            _free: free,
        };
        seat.rest();
        Some(Arc::new(seat))
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        lock(&self.idle)
    }
}

/// The place of one connection.
pub(super) struct Seat {
    places: Arc<Places>,
    /// Its key among the idle; out of date while it is busy.
    since: Mutex<u64>,
    leave: Arc<Notify>,
    _free: OwnedSemaphorePermit,
}

impl Seat {
    /// Returns when somebody else is to have the place.
    pub(super) async fn is_given_up(&self) {
        self.leave.notified().await;
    }

    fn rest(&self) {
        let mut idle = self.places.idle();
        if idle.is_wanted {
            idle.is_wanted = false;
            self.leave.notify_one();
            return;
        }
        idle.count += 1;
        let since = idle.count;
        idle.seats.insert(since, Arc::clone(&self.leave));
        *lock(&self.since) = since;
    }

    fn rest_no_more(&self) {
        let mut idle = self.places.idle();
        idle.seats.remove(&*lock(&self.since));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.rest_no_more();
    }
}

/// As long as this is there, its connection keeps its place.
struct Busy(Arc<Seat>);

impl Busy {
    fn new(seat: Arc<Seat>) -> Busy {
        seat.rest_no_more();
        Busy(seat)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.rest();
    }
}

/// Has a connection keep its place from a request to the end of its answer.
pub(super) async fn attend(
    State(seat): State<Arc<Seat>>,
    request: Request,
    next: Next,
) -> Response {
    let busy = Busy::new(seat);
    let answer = next.run(request).await;
    answer.map(|body| Body::new(Attended { body, _busy: busy }))
}

/// A body that is on its way.
struct Attended {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A panic of another thread leaves nothing half-done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn seat(places: &Arc<Places>) -> Arc<Seat> {
        places.take().await.expect("a place")
    }

    async fn is_given_up(seat: &Seat) -> bool {
        let moment = Duration::from_millis(20);
        timeout(moment, seat.is_given_up()).await.is_ok()
    }

    #[tokio::test]
    async fn whoever_is_idle_longest_makes_room() {
        let places = Places::new(3);
        let busy = Busy::new(seat(&places).await);
        let (first, second) = (seat(&places).await, seat(&places).await);
        // Who has asked for something begins anew.
        drop(Busy::new(Arc::clone(&first)));
        let newcomer = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.take().await.is_some() }
        });
        assert!(is_given_up(&second).await);
        assert!(!is_given_up(&first).await && !is_given_up(&busy.0).await);
        drop(second);
        assert!(newcomer.await.expect("it ends"));
    }

    #[tokio::test]
    async fn where_all_are_busy_the_first_who_is_not_makes_room() {
        let places = Places::new(1);
        let busy = Busy::new(seat(&places).await);
        let only = Arc::clone(&busy.0);
        let newcomer = tokio::spawn({
            let places = Arc::clone(&places);
            async move { places.take().await.is_some() }
        });
        assert!(!is_given_up(&only).await);
        drop(busy);
        assert!(is_given_up(&only).await);
        drop(only);
        assert!(newcomer.await.expect("it ends"));
    }
}
