//! Where the course's folder is: on a disk of this machine, or somewhere that
//! only looks like one.

use std::path::Path;
use std::time::Duration;

use supervise::FolderWatch;

use super::Place;
use crate::report::diagnosis::Finding;

/// How long the system may take to tell of a change.
const EVENT: Duration = Duration::from_secs(2);

pub(super) fn folder(place: &Place) -> anyhow::Result<Finding> {
    let root = std::fs::canonicalize(&place.root).unwrap_or_else(|_| place.root.clone());
    if let Some(service) = synchronised(&root) {
        return Ok(Finding::doubtful(
            format!("{service} synchronises it: each build is uploaded, and files are held open"),
            "move the course to a folder that is not synchronised",
        ));
    }
    let kind = supervise::file_system(&root);
    if let Some(trouble) = kind.as_deref().and_then(trouble) {
        let cure = match supervise::is_wsl() {
            true => "move the course to Linux's own disk: cp -r . ~/on-the-wire",
            false => "move the course to a disk of this machine, your home folder for instance",
        };
        return Ok(Finding::doubtful(trouble, cure));
    }
    // Cargo's longest names have some 120 letters, and Windows allows 260 in all.
    if cfg!(windows) && root.as_os_str().len() > 120 {
        return Ok(Finding::doubtful(
            "its path is so long that Windows may refuse what Cargo builds in it",
            "move the course to a short path, C:\\on-the-wire for instance",
        ));
    }
    Ok(match kind {
        Some(kind) => Finding::fine(format!("on a disk of this machine ({kind})")),
        None if cfg!(unix) => Finding::skipped("its disk cannot be seen"),
        None => Finding::fine("in no synchronised folder"),
    })
}

/// Whose folder it is in, where somebody copies its files to elsewhere.
fn synchronised(path: &Path) -> Option<&'static str> {
    const SERVICES: &[(&str, &str)] = &[
        ("onedrive", "OneDrive"),
        ("dropbox", "Dropbox"),
        ("mobile documents", "iCloud"),
        ("icloud", "iCloud"),
        ("cloudstorage", "a cloud service"),
        ("google drive", "Google Drive"),
        ("googledrive", "Google Drive"),
        ("my drive", "Google Drive"),
        ("nextcloud", "Nextcloud"),
        ("owncloud", "ownCloud"),
        ("pcloud", "pCloud"),
        ("box sync", "Box"),
    ];
    let mut folders = path.components().map(|folder| {
        let name = folder.as_os_str().to_string_lossy().to_lowercase();
        // `OneDrive - Some Company`, `Dropbox (Personal)`.
        let name = name.split(" - ").next().unwrap_or_default();
        name.split(" (").next().unwrap_or_default().to_string()
    });
    folders.find_map(|folder| {
        let found = SERVICES
            .iter()
            .find(|(name, _)| folder.trim_end_matches("drive") == name.trim_end_matches("drive"));
        Some(found?.1)
    })
}

/// What is to be expected of a file system of this kind.
fn trouble(kind: &str) -> Option<String> {
    let name = kind.strip_prefix("fuse.").unwrap_or(kind);
    let what = match name {
        "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "afpfs" | "webdav" | "davfs" | "sshfs"
        | "afs" | "ceph" | "glusterfs" | "rclone" => "a network disk",
        "9p" | "drvfs" | "v9fs" => "a disk of the system around this one",
        "vboxsf" | "vmhgfs" | "vmhgfs-fuse" | "prl_fs" | "virtiofs" => {
            "a folder that a virtual machine shares"
        }
        "vfat" | "msdos" | "exfat" => {
            return Some(format!(
                "on a stick or card ({kind}): it keeps time by two seconds, and a save may go unnoticed"
            ));
        }
        _ if kind.starts_with("fuse.") => "a disk that a program only plays",
        _ => return None,
    };
    Some(format!(
        "on {what} ({kind}): builds are slow, and saves may go unnoticed"
    ))
}

/// Whether `watch` is told of a save.
pub(super) fn events(place: &Place) -> anyhow::Result<Finding> {
    let looks = "`watch` looks for itself instead, four times a second";
    let mut watch = match FolderWatch::new() {
        Ok(watch) => watch,
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
            return Ok(Finding::fine(format!("{looks}, as always on this system")));
        }
        Err(error) => return Ok(no_watch(&error, looks)),
    };
    if let Err(error) = watch.add(&place.root) {
        return Ok(no_watch(&error, looks));
    }
    let path = place
        .root
        .join(format!(".on-the-wire-doctor-{}.saved", std::process::id()));
    std::fs::write(&path, "a save")?;
    let came = watch.wait(EVENT);
    std::fs::remove_file(&path)?;
    Ok(match came {
        Ok(true) => Finding::fine("a save is noticed at once"),
        Ok(false) => Finding::doubtful(
            format!("the system does not tell of a save here; {looks}"),
            "on a disk of this machine a save would be noticed at once",
        ),
        Err(error) => no_watch(&error, looks),
    })
}

fn no_watch(error: &std::io::Error, looks: &str) -> Finding {
    Finding::doubtful(
        format!("no folder can be watched ({error}); {looks}"),
        "sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288",
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/home/me/on-the-wire", None)]
    #[case("/home/me/Dropbox/course", Some("Dropbox"))]
    #[case("/home/me/Dropbox (Personal)/course", Some("Dropbox"))]
    #[case("/mnt/c/Users/me/OneDrive - Some Company/course", Some("OneDrive"))]
    #[case(
        "/Users/me/Library/Mobile Documents/com~apple~CloudDocs/course",
        Some("iCloud")
    )]
    #[case(
        "/Users/me/Library/CloudStorage/Box-Box/course",
        Some("a cloud service")
    )]
    #[case("/home/me/dropbox-clone/course", None)]
    #[case("/home/me/drive/course", None)]
    fn a_synchronised_folder_has_a_name(#[case] path: &str, #[case] expected: Option<&str>) {
        assert_eq!(synchronised(Path::new(path)), expected);
    }

    #[rstest]
    #[case("ext4", "")]
    #[case("apfs", "")]
    #[case("overlay", "")]
    #[case("fuseblk", "")]
    #[case("nfs4", "a network disk")]
    #[case("fuse.sshfs", "a network disk")]
    #[case("9p", "the system around")]
    #[case("fuse.portal", "only plays")]
    #[case("vfat", "two seconds")]
    fn some_disks_are_trouble(#[case] kind: &str, #[case] expected: &str) {
        match trouble(kind) {
            None => assert_eq!(expected, ""),
            Some(says) => assert!(!expected.is_empty() && says.contains(expected), "{says}"),
        }
    }
}
