//! An actor for the probe's own tests: `probe-actor ADDR FAULT` is an echo
//! server with the fault that its second argument names.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let addr = args.next().unwrap_or_else(|| "127.0.0.1:0".into());
    let fault = args.next().unwrap_or_default();
    match fault.as_str() {
        "never announces" => sleep_for_ever(),
        "spins before it announces" => spin(),
        "panics at once" => panic!("as asked"),
        "fails" => {
            eprintln!("Error: listening on {addr}\n\nCaused by:\n    no reason");
            std::process::exit(1);
        }
        "daemonises" => {
            // In a session of its own, and an orphan at once.
            let mut shell = std::process::Command::new("sh");
            let daemon = shell.args(["-c", "setsid sleep 600 > /dev/null 2>&1 & echo daemon $!"]);
            println!(
                "{}",
                String::from_utf8_lossy(&daemon.output()?.stdout).trim()
            );
        }
        "floods" => loop {
            println!("and on, and on");
        },
        _ => {}
    }
    let listener = TcpListener::bind(&addr)?;
    if fault == "stops listening" {
        let addr = listener.local_addr()?;
        drop(listener);
        println!("listening on {addr}");
        sleep_for_ever();
    }
    if fault == "announces port 0" {
        println!("listening on {addr}");
    } else if fault == "listens but buffers its output" {
        sleep_for_ever();
    } else {
        println!("listening on {}", listener.local_addr()?);
    }
    let mut kept = Vec::new();
    loop {
        let (stream, client) = listener.accept()?;
        println!("{client} connected");
        if fault == "keeps descriptors" {
            kept.push(stream.try_clone()?);
        }
        let fault = fault.clone();
        thread::spawn(move || serve(stream, &fault));
    }
}

fn serve(mut stream: TcpStream, fault: &str) -> io::Result<()> {
    if fault == "gives up after 3 s" {
        stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    }
    let mut buffer = [0; 64 * 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        match (count, fault) {
            (0, "spins at the end") => spin(),
            (0, "keeps threads") => sleep_for_ever(),
            (0, _) => return Ok(()),
            (_, "stays silent") => {}
            (_, "waits for a newline") => {
                let mut line = buffer[..count].to_vec();
                while !line.ends_with(b"\n") {
                    let more = stream.read(&mut buffer)?;
                    line.extend_from_slice(&buffer[..more]);
                }
                stream.write_all(&line)?;
            }
            (_, "waits for the end") => {
                let mut all = buffer[..count].to_vec();
                stream.read_to_end(&mut all)?;
                stream.write_all(&all)?;
            }
            (_, "dies") => std::process::exit(7),
            (_, "panics in a thread") => panic!("as asked"),
            (_, "closes early") => return stream.shutdown(Shutdown::Both),
            (_, "answers half") => stream.write_all(&buffer[..count / 2])?,
            (_, "answers twice") => stream.write_all(&buffer[..count].repeat(2))?,
            (_, "mangles") => {
                buffer[count / 2] ^= 1;
                stream.write_all(&buffer[..count])?;
            }
            _ => stream.write_all(&buffer[..count])?,
        }
    }
}

fn sleep_for_ever() -> ! {
    loop {
        thread::sleep(Duration::from_secs(3600));
    }
}

fn spin() -> ! {
    loop {
        std::hint::spin_loop();
    }
}
