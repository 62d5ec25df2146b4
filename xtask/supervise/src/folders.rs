//! Changes in folders: the system says when one may have happened.

use std::io;
use std::path::Path;
use std::time::Duration;

/// Wakes up when something in a folder changes, where the system tells of it.
#[derive(Debug)]
pub struct FolderWatch {
    #[cfg(target_os = "linux")]
    inotify: std::os::fd::OwnedFd,
}

#[cfg(target_os = "linux")]
impl FolderWatch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// What the operating system says; `Unsupported` outside Linux.
    pub fn new() -> io::Result<FolderWatch> {
        use rustix::fs::inotify::{CreateFlags, init};

        let inotify = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        Ok(FolderWatch { inotify })
    }

    /// Watches `folder`, too, but not what is below its own folders. Does
    /// nothing where it is watched already.
    ///
    /// # Errors
    /// What the operating system says, for instance that there is no such folder.
    pub fn add(&mut self, folder: &Path) -> io::Result<()> {
        use rustix::fs::inotify::{WatchFlags, add_watch};

        let changes = WatchFlags::CLOSE_WRITE
            | WatchFlags::MODIFY
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVE
            | WatchFlags::ATTRIB;
        add_watch(&self.inotify, folder, changes)?;
        Ok(())
    }

    /// Waits for a change, `patience` at most; says whether there was one.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn wait(&mut self, patience: Duration) -> io::Result<bool> {
        let came = crate::sys::is_readable_within(&self.inotify, patience)?;
        if came {
            self.drain()?;
        }
        Ok(came)
    }

    /// What changed does not matter: whoever asks looks for himself.
    fn drain(&self) -> io::Result<()> {
        let mut events = [0; 4096];
        loop {
            match rustix::io::read(&self.inotify, &mut events) {
                Ok(1..) => {}
                Ok(0) | Err(rustix::io::Errno::AGAIN) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl FolderWatch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// `Unsupported`: whoever wants to know has to look again and again.
    pub fn new() -> io::Result<FolderWatch> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Watches `folder`.
    ///
    /// # Errors
    /// `Unsupported`.
    pub fn add(&mut self, _folder: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Waits for a change.
    ///
    /// # Errors
    /// `Unsupported`.
    pub fn wait(&mut self, _patience: Duration) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_change_wakes_and_calm_does_not() {
        let folder = std::env::temp_dir().join(format!("supervise-folders-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut watch = FolderWatch::new().expect("a watch");
        watch.add(&folder).expect("watched");
        assert!(!watch.wait(Duration::from_millis(10)).expect("a look"));
        std::fs::write(folder.join("a"), "b").expect("a file");
        assert!(watch.wait(Duration::from_secs(60)).expect("a look"));
        assert!(!watch.wait(Duration::from_millis(10)).expect("a look"));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
