//! The server as a browser meets it: the real program, a small book, real sockets.

mod book;
mod news;
mod requests;
mod world;
