//! A shouting server on Tokio as a first tutorial would have it.
//!
//! Caught by: recovers_from_running_out_of_descriptors
//! Because: `accept` fails when no descriptor is left, and `unwrap` ends the program with all its
//! conversations.
//! Pitfall: dies-when-accept-fails
//! May also fail: keeps_serving_without_stdout (`println!` panics), refuses_what_it_cannot_use (so
//! does `unwrap` after `bind`)

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::main]
#[expect(clippy::unwrap_used, reason = "this is what such programs do")]
async fn main() {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let listener = TcpListener::bind(&addr).await.unwrap();
    println!("listening on {}", listener.local_addr().unwrap());

    loop {
        let (mut stream, client) = listener.accept().await.unwrap();
        println!("{client} connected");
        tokio::spawn(async move {
            let mut buffer = [0; 1024];
            let mut total = 0;
            loop {
                let count = match stream.read(&mut buffer).await {
                    Ok(0) => {
                        println!("{client} disconnected after {total} bytes");
                        return;
                    }
                    Ok(count) => count,
                    Err(error) => {
                        println!("{client} failed: {error}");
                        return;
                    }
                };
                buffer[..count].make_ascii_uppercase();
                if let Err(error) = stream.write_all(&buffer[..count]).await {
                    println!("{client} failed: {error}");
                    return;
                }
                total += count;
            }
        });
    }
}
