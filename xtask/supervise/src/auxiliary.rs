//! Linux: what the kernel has told this process at its start.
//!
//! `sysconf` knows the same, but `rustix` in which it is costs every student a
//! second more to build.

use std::fs;
use std::sync::OnceLock;

/// How many bytes a page of memory has.
pub(crate) fn page_size() -> u64 {
    const AT_PAGESZ: usize = 6;
    static SIZE: OnceLock<u64> = OnceLock::new();
    *SIZE.get_or_init(|| value(AT_PAGESZ).unwrap_or(4096))
}

/// How many ticks the clock has in which the kernel tells CPU time.
pub(crate) fn ticks_per_second() -> u64 {
    const AT_CLKTCK: usize = 17;
    static TICKS: OnceLock<u64> = OnceLock::new();
    *TICKS.get_or_init(|| value(AT_CLKTCK).unwrap_or(100))
}

/// The entry `key` of the auxiliary vector.
fn value(key: usize) -> Option<u64> {
    find(&fs::read("/proc/self/auxv").ok()?, key)
}

/// Each entry is a key and a value, of a word each.
fn find(vector: &[u8], key: usize) -> Option<u64> {
    const WORD: usize = size_of::<usize>();
    let word = |bytes: &[u8]| bytes.try_into().ok().map(usize::from_ne_bytes);
    let mut entries = vector.chunks_exact(2 * WORD);
    let entry = entries.find(|entry| word(&entry[..WORD]) == Some(key))?;
    Some(word(&entry[WORD..])? as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_key() {
        let words = [3, 64, 6, 16_384, 17, 100, 0, 0];
        let vector: Vec<u8> = words.into_iter().flat_map(usize::to_ne_bytes).collect();
        assert_eq!(find(&vector, 6), Some(16_384));
        assert_eq!(find(&vector, 17), Some(100));
        assert_eq!(find(&vector, 16), None);
        assert_eq!(find(&vector[..5], 3), None);
    }

    #[test]
    fn the_kernel_has_told() {
        assert!(value(6).is_some_and(u64::is_power_of_two));
        assert!(value(17).is_some_and(|ticks| ticks >= 24));
    }
}
