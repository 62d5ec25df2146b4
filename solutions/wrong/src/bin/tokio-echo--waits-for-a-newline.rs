//! A shouting server on Tokio that reads line by line.
//!
//! Caught by: answers_at_once
//! Because: it answers when a newline comes: a client that waits for the answer first waits for
//! ever.
//! Pitfall: answers-only-after-a-newline
//! May also fail: answers_every_byte_in_order, serves_clients_side_by_side (the last bytes are no
//! line)

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

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
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    let mut answered = 0;
    loop {
        line.clear();
        let count = reader.read_until(b'\n', &mut line).await?;
        if count == 0 {
            return Ok(answered);
        }
        line.make_ascii_uppercase();
        writer.write_all(&line).await?;
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
