//! Says where the server is: `cargo xtask watch` names the page by it.
//!
//! A lock on `server.lock` says that the server lives, however it may end; the
//! address is in a file beside it, because a locked file cannot be read
//! everywhere.

use std::fs::{self, File};
use std::path::Path;

/// Held as long as the server lives.
pub(crate) struct Presence(#[expect(dead_code, reason = "it is the lock that counts")] File);

/// Tells that there is a server at `url`. Where another one has told so before,
/// or nothing can be written, nothing is told.
pub(crate) fn announce(root: &Path, url: &str) -> Option<Presence> {
    let folder = super::verdicts::folder(root);
    fs::create_dir_all(&folder).ok()?;
    let (lock, address) = (folder.join("server.lock"), folder.join("server.address"));
    for path in [&lock, &address] {
        // A pipe would never be opened, and a link leads to somebody else's file.
        if fs::symlink_metadata(path).is_ok_and(|known| !known.is_file()) {
            fs::remove_file(path).ok()?;
        }
    }
    let lock = File::create(lock).ok()?;
    lock.try_lock().ok()?;
    fs::write(address, url).ok()?;
    Some(Presence(lock))
}
