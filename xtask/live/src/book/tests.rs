//! Faults that are planted into a small course, and the real book.
