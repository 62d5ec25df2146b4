//! Faults that are planted into a small course, and the real book.

mod beside;
mod documents;
mod faults;
mod odd;
mod pages;
mod real;
mod small;
