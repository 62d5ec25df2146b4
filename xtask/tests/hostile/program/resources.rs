//! What they take: memory, descriptors, threads, the disk.

use std::fs::File;
use std::io::{self, Write as _};

use crate::sleep;

const MIB: usize = 1024 * 1024;

/// No more MiB than this, should nobody stop them.
const MOST_MIB: usize = 6 * 1024;

pub(crate) fn behave(name: &str) -> io::Result<()> {
    match name {
        "allocates" => {
            let mut taken = Vec::new();
            for _ in 0..MOST_MIB {
                taken.push(vec![1_u8; MIB]);
            }
            sleep()
        }
        "opens-descriptors" => {
            let mut open = Vec::new();
            while let Ok(file) = File::open("/dev/null") {
                open.push(file);
            }
            sleep()
        }
        "starts-threads" => {
            let small = || std::thread::Builder::new().stack_size(64 * 1024);
            for _ in 0..8_000 {
                small().spawn(|| sleep())?;
            }
            sleep()
        }
        "fills-the-disk" => {
            let folders = [std::env::current_dir()?, std::env::temp_dir()];
            let mut files = Vec::new();
            for (number, folder) in folders.into_iter().enumerate() {
                files.push(File::create(folder.join(format!("rubbish-{number}")))?);
            }
            let block = vec![b'x'; MIB];
            for _ in 0..MOST_MIB / 2 {
                for file in &mut files {
                    file.write_all(&block)?;
                }
            }
            sleep()
        }
        "removes-its-folder" => {
            let folder = std::env::current_dir()?;
            std::fs::write(folder.join("in-the-way"), "")?;
            // Only what is its own: the rest may be somebody's work.
            if folder.starts_with(std::env::temp_dir()) {
                std::fs::remove_dir_all(&folder)?;
            }
            std::env::set_current_dir("/")?;
            sleep()
        }
        _ => Ok(()),
    }
}
