//! A shouting server on Tokio with a buffer that has a capacity and no length.
//!
//! Caught by: answers_in_upper_case
//! Because: `read` fills what exists of a buffer, which is nothing, and returns `Ok(0)`: the server
//! takes each client for gone.
//! Pitfall: reads-into-an-empty-buffer

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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

async fn shout(mut stream: TcpStream) -> io::Result<u64> {
    let mut buffer: Vec<u8> = Vec::with_capacity(BUFFER);
    let mut answered = 0;
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(answered);
        }
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();
        stream.write_all(piece).await?;
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
