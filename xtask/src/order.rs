//! Puts results that come in any order back into the order of their numbers.

use std::collections::BTreeMap;

/// Holds results back until all before them are known.
#[derive(Debug)]
pub(crate) struct InOrder<T> {
    next: usize,
    waiting: BTreeMap<usize, T>,
}

impl<T> InOrder<T> {
    pub(crate) fn new() -> InOrder<T> {
        InOrder {
            next: 0,
            waiting: BTreeMap::new(),
        }
    }

    /// Takes the result with the number `index`; returns those whose turn it is.
    pub(crate) fn take(&mut self, index: usize, result: T) -> Vec<T> {
        self.waiting.insert(index, result);
        let mut due = Vec::new();
        while let Some(result) = self.waiting.remove(&self.next) {
            self.next += 1;
            due.push(result);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_before_its_turn() {
        let mut order = InOrder::new();
        assert_eq!(order.take(2, 'c'), []);
        assert_eq!(order.take(0, 'a'), ['a']);
        assert_eq!(order.take(1, 'b'), ['b', 'c']);
    }
}
