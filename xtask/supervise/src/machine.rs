//! What this machine has to offer: room, limits, and the kind of its disks.

use std::io;
use std::path::{Path, PathBuf};

/// A limit that holds for this process and all that it starts; `None` is no
/// limit at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The one that holds now.
    pub soft: Option<u64>,
    /// How far it can be raised without asking an administrator.
    pub hard: Option<u64>,
}

/// The folder for temporary files, of `TMPDIR` or of the system. An empty `TMPDIR`
/// is none, as for most programs.
#[must_use]
pub fn temporary_folder() -> PathBuf {
    match std::env::temp_dir() {
        empty if empty.as_os_str().is_empty() => PathBuf::from("/tmp"),
        folder => folder,
    }
}

/// How many bytes this user can still write to the disk that `path` is on.
///
/// # Errors
/// What the operating system says; `Unsupported` where there is no Unix.
pub fn free_space(path: &Path) -> io::Result<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(path)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// How many descriptors a program may have; `None` where there is no such limit.
#[must_use]
pub fn descriptor_limit() -> Option<Limit> {
    #[cfg(unix)]
    return Some(crate::sys::limit_of(rustix::process::Resource::Nofile));
    #[cfg(not(unix))]
    None
}

/// How many processes and threads this user may have; `None` where there is no
/// such limit.
#[must_use]
pub fn process_limit() -> Option<Limit> {
    #[cfg(unix)]
    return Some(crate::sys::limit_of(rustix::process::Resource::Nproc));
    #[cfg(not(unix))]
    None
}

/// How much address space a program may have, in bytes; `None` where there is no
/// such limit.
#[must_use]
pub fn address_space_limit() -> Option<Limit> {
    #[cfg(unix)]
    return Some(crate::sys::limit_of(rustix::process::Resource::As));
    #[cfg(not(unix))]
    None
}

/// Whether whoever started this process wants it to outlive the session (`nohup`),
/// where that can be seen: on Linux.
#[must_use]
pub fn ignores_hangups() -> bool {
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        let hangup = 1 << (rustix::process::Signal::HUP.as_raw() - 1);
        ignored.is_some_and(|mask| mask & hangup != 0)
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// The kind of the file system that `path` is on (`ext4`, `nfs4`, `9p`), where
/// that can be seen: on Linux and macOS.
#[must_use]
pub fn file_system(path: &Path) -> Option<String> {
    #[cfg(target_os = "linux")]
    return mounted_at(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, path);
    #[cfg(target_os = "macos")]
    {
        let disk = rustix::fs::statfs(path).ok()?;
        let letters = disk.f_fstypename.iter().take_while(|letter| **letter != 0);
        Some(letters.map(|letter| char::from(*letter as u8)).collect())
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        let _ = path;
        None
    }
}

/// Whether this is Linux inside Windows.
#[must_use]
pub fn is_wsl() -> bool {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease");
    release.is_ok_and(|release| release.to_ascii_lowercase().contains("microsoft"))
}

/// The kind of the mount that `path` is below: the deepest one and, of several
/// at the same place, the last.
#[cfg(target_os = "linux")]
fn mounted_at(mounts: &str, path: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let (mount, details) = line.split_once(" - ")?;
        let place = unescaped(mount.split(' ').nth(4)?);
        let kind = details.split(' ').next()?;
        let below = path.starts_with(&place);
        below.then(|| (Path::new(&place).components().count(), kind.to_string()))
    });
    Some(mounts.max_by_key(|(depth, _)| *depth)?.1)
}

/// The kernel writes a space as `\040`.
#[cfg(target_os = "linux")]
fn unescaped(text: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n")];
    let plain = escapes
        .into_iter()
        .fold(text.to_string(), |text, (code, letter)| {
            text.replace(code, letter)
        });
    plain.replace("\\134", "\\")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
60 27 0:50 / /mnt/c rw,noatime shared:1 - 9p C:\\134 rw,aname=drvfs
61 27 0:51 / /home/me/my\\040share rw - cifs //server/share rw
62 27 0:52 / /lab rw - ext4 /dev/sda1 rw
63 27 0:53 / /lab rw - nfs4 server:/lab rw
";

    #[test]
    fn the_deepest_mount_counts_and_the_last_at_a_place() {
        let kind = |path: &str| mounted_at(MOUNTS, Path::new(path));
        assert_eq!(kind("/home/me/course").as_deref(), Some("ext4"));
        assert_eq!(kind("/mnt/c/course").as_deref(), Some("9p"));
        assert_eq!(kind("/mnt/cd").as_deref(), Some("ext4"));
        assert_eq!(kind("/home/me/my share/course").as_deref(), Some("cifs"));
        assert_eq!(kind("/lab/course").as_deref(), Some("nfs4"));
    }

    #[test]
    fn this_machine_has_room_and_limits() {
        let room = free_space(Path::new("/")).expect("a disk");
        assert!(room > 0);
        let limit = descriptor_limit().expect("a limit");
        assert!(limit.soft.is_none_or(|soft| soft > 0));
        assert!(limit.hard.is_none() || limit.soft <= limit.hard);
        assert!(file_system(Path::new("/proc/self")).as_deref() == Some("proc"));
    }
}
