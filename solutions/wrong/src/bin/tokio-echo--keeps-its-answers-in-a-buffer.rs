//! A shouting server on Tokio that saves system calls.
//!
//! Caught by: answers_in_upper_case
//! Because: a `BufWriter` sends what it holds when it is full, or flushed, which nobody does;
//! Tokio's does not even send it when it is dropped.
//! Pitfall: forgets-to-flush

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufWriter};
use tokio::net::{TcpListener, TcpStream};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

const BUFFER: usize = 8 * 1024;

const BACK_OFF: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> Result<()> {
    let listener = listen(&address()).await?;
    let mut failing = false;
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                failing = false;
                say(format_args!("{client} connected"));
                tokio::spawn(attend(stream, client));
            }
            Err(error) => {
                if !failing {
                    log(format_args!("cannot accept clients: {error}"));
                }
                failing = true;
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

async fn listen(addr: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    let addr = listener
        .local_addr()
        .with_context(|| format!("cannot tell which address {addr} has become"))?;
    say(format_args!("listening on {addr}"));
    Ok(listener)
}

async fn attend(stream: TcpStream, client: SocketAddr) {
    match shout(stream).await {
        Ok(count) => say(format_args!("{client} disconnected after {count} bytes")),
        Err(error) => say(format_args!("{client} failed: {error}")),
    }
}

async fn shout(stream: TcpStream) -> io::Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let (mut questions, answers) = stream.into_split();
    let mut answers = BufWriter::new(answers);
    let mut answered = 0;
    loop {
        let count = questions.read(&mut buffer).await?;
        if count == 0 {
            return Ok(answered);
        }
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();
        answers.write_all(piece).await?;
        answered += count as u64;
    }
}

fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}

fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
