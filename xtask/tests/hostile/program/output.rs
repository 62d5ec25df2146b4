//! What is wrong with their output, before they have announced anything.

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::sleep;

/// What a terminal obeys, in all the ways that there are to say it.
pub(crate) const CONTROLS: &str = "\x1b[2J\x1b[1;1H\x1b[31;5m\x1b[?1049h\x1b]0;taken over\x07\
    \x1b]8;;http://127.0.0.1/\x1b\\here\x1b]8;;\x1b\\\x1b]52;c;cm0gLXJmCg==\x07\x07\x08\x7f\r\
    \u{9b}2J\u{9d}0;taken over\u{9c}\u{202e}desrever\u{202c}\u{2066}\u{2069}\u{200b}\u{feff}";

pub(crate) fn behave(name: &str, addr: &str) -> io::Result<()> {
    match name {
        "never-announces" => sleep(),
        "spins" => loop {
            std::hint::spin_loop();
        },
        "floods-stdout" => flood(&mut io::stdout(), b"and on, and on\n"),
        "floods-one-line" => flood(&mut io::stdout(), b"and on, and on"),
        "floods-stderr" => flood(&mut io::stderr(), b"and on, and on\n"),
        "prints-binary" => {
            let bytes: Vec<u8> = (0..=255).rev().cycle().take(10_000).collect();
            print_and_sleep(&bytes)
        }
        "announces-in-controls" => {
            let line = format!("listening on {addr}{CONTROLS}\n");
            eprint!("log: {CONTROLS}\n{CONTROLS}");
            print_and_sleep(line.as_bytes())
        }
        "announces-slowly" => {
            let listener = TcpListener::bind(addr)?;
            for byte in format!("listening on {}\n", listener.local_addr()?).bytes() {
                io::stdout().write_all(&[byte])?;
                io::stdout().flush()?;
                std::thread::sleep(Duration::from_millis(400));
            }
            sleep()
        }
        "closes-its-output" => {
            let mut itself = Command::new(std::env::current_exe()?);
            itself.args(["never-announces", addr]);
            Err(itself.stdout(Stdio::null()).stderr(Stdio::null()).exec())
        }
        "fails-in-controls" => {
            eprint!("Error: listening on {addr}{CONTROLS}\n\nCaused by: {CONTROLS}");
            std::process::exit(1)
        }
        "takes-the-terminal" => {
            let terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty");
            if let Ok(mut terminal) = terminal {
                terminal.write_all(format!("HERE I AM{CONTROLS}").as_bytes())?;
            }
            sleep()
        }
        _ => Ok(()),
    }
}

fn flood(output: &mut dyn io::Write, words: &[u8]) -> io::Result<()> {
    let words = words.repeat(1000);
    loop {
        output.write_all(&words)?;
    }
}

fn print_and_sleep(bytes: &[u8]) -> ! {
    let written = io::stdout().write_all(bytes);
    drop(written.and_then(|()| io::stdout().flush()));
    sleep()
}
