//! The server: the book as it is now, beside the learner's own verdicts.
//!
//! The pages are built into a folder of our own and read into memory
//! ([`site`]); what is asked for is looked up there, so that no request ever
//! names a file. Two threads look for what is new: one for changed chapters
//! ([`rebuild`]), one for new verdicts ([`verdicts`]). Both tell the [`hub`],
//! and the hub tells the pages that are open.

mod browser;
mod connection;
mod events;
mod guard;
mod hub;
mod leash;
mod page;
mod places;
mod policy;
mod port;
mod presence;
mod rebuild;
mod requests;
mod site;
mod verdicts;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use crate::say;

use self::hub::Hub;
use self::rebuild::Builder;
use self::site::Shelf;

/// What was asked for.
pub(crate) struct Wish {
    /// The course's folder.
    pub(crate) root: PathBuf,
    /// Where to build.
    pub(crate) scratch: PathBuf,
    /// The port that it must be.
    pub(crate) port: Option<u16>,
    /// The page to name and to open: `tcp-server.html`.
    pub(crate) page: String,
    /// Whether to open a browser.
    pub(crate) open: bool,
}

/// Serves until somebody ends this process.
pub(crate) fn run(wish: &Wish) -> anyhow::Result<()> {
    // First of all: whoever cannot have the port need not wait for the book.
    let (listener, port) = port::listen(wish.port)?;
    let hub = Arc::new(Hub::default());
    let shelf = Arc::new(Shelf::default());
    let mut builder = Builder::new(wish, Arc::clone(&shelf), Arc::clone(&hub));
    leash::end_with_whoever_started_us(&wish.scratch);
    builder.build();
    let url = format!("http://127.0.0.1:{port}/");
    let presence = presence::announce(&wish.root, &url);
    say::line(format_args!("The book is at {url}{}", wish.page));
    say::line(format_args!(
        "It shows your verdicts as `cargo xtask check` and `watch` find them. Ctrl-C ends it."
    ));
    std::thread::spawn(move || builder.watch());
    let (root, told) = (wish.root.clone(), Arc::clone(&hub));
    std::thread::spawn(move || verdicts::watch(&root, &told));
    if wish.open {
        browser::open(&format!("{url}{}", wish.page));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the server")?;
    runtime.block_on(async {
        let router = requests::router(port, shelf, hub);
        let listener = tokio::net::TcpListener::from_std(listener)?;
        connection::accept_all(&listener, &router).await;
        drop(presence);
        Ok(())
    })
}
