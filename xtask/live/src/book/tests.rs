//! Faults that are planted into a small course, and the real book.

mod faults;
mod odd;
mod pages;
mod real;
mod small;
