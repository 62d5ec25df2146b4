//! The signal that ends a session: who was started to outlive one ignores it, and
//! so do all that it starts.

/// Whether nothing can be seen of what `signal` (`HUP`, `-HUP`) does: these tests
/// run under `nohup`, or under somebody who does. Says so.
pub(crate) fn is_ignored(signal: &str) -> bool {
    let ignored = signal.trim_start_matches('-') == "HUP" && supervise::ignores_hangups();
    if ignored {
        eprintln!("skipped: who runs these tests ignores SIGHUP, and all that they start does");
    }
    ignored
}
