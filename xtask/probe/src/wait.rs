//! Deadlines: how long the harness waits, and how.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a program may take for a reaction before it counts as silent.
///
/// A good program needs a millisecond; this allows for a machine that is busy
/// with something else. Where data flows, each piece of progress starts it anew.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at something that no event announces, until it holds or `limit` is
/// over. Says whether it held.
pub(crate) fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if holds() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        rest(Duration::from_millis(10));
    }
}

/// Lets time pass where the passing of time itself is what is tested.
pub(crate) fn rest(duration: Duration) {
    std::thread::sleep(duration);
}

/// A duration as people read it: `0.31 s`, `5.0 s`, `2 ms`.
pub(crate) fn readable(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.1 {
        format!("{:.0} ms", seconds * 1000.0)
    } else if seconds < 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{seconds:.1} s")
    }
}

/// The leash was let go: this process is about to end.
static LET_GO: AtomicBool = AtomicBool::new(false);

/// What fails because everything is being killed is no failure of the program:
/// waits here for the end of this process.
pub(crate) fn stand_still_when_let_go() {
    while LET_GO.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Where whoever runs the check holds our stdin open as a leash: once it is let
/// go (they were interrupted, or killed), everything that the check started is
/// killed, and the check with it. Only then are orphans adopted, too: a process
/// that runs other tests may have children of its own.
pub(crate) fn hold_the_leash() {
    static HELD: std::sync::Once = std::sync::Once::new();
    if std::env::var_os("ON_THE_WIRE_LEASH").is_none() {
        return;
    }
    HELD.call_once(|| {
        if let Err(error) = supervise::become_subreaper()
            && error.kind() != std::io::ErrorKind::Unsupported
        {
            eprintln!("orphans cannot be adopted: {error}");
        }
        let watch = std::thread::Builder::new().name("leash".into()).spawn(|| {
            // Both an end and an error mean that nobody holds the other end.
            while matches!(std::io::stdin().read(&mut [0; 64]), Ok(1..)) {}
            LET_GO.store(true, Ordering::SeqCst);
            supervise::kill_everything();
            if let Some(folder) = std::env::var_os("ON_THE_WIRE_FOLDER") {
                // Whoever has let go may have no time left to tidy up.
                drop(std::fs::remove_dir_all(folder));
            }
            std::process::exit(3);
        });
        if let Err(error) = watch {
            eprintln!("the leash cannot be watched: {error}");
        }
    });
}
