//! What they do with processes: their own, their children's, and others'.

use std::io;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{self, Pid, Signal};

use crate::sleep;

/// No more processes than this, should nobody stop them.
const MOST: usize = 3_000;

pub(crate) fn behave(name: &str, addr: &str) -> io::Result<()> {
    match name {
        "ignores-signals" => {
            for signal in [1, 2, 3, 10, 12, 13, 14, 15] {
                let ignored = std::sync::Arc::default();
                signal_hook::flag::register(signal, ignored)?;
            }
            sleep()
        }
        "forks" => {
            for _ in 0..MOST {
                again("in-its-own-session", addr)?;
            }
            sleep()
        }
        "in-its-own-session" => {
            process::setsid()?;
            sleep()
        }
        // Each generation starts the next ones: their number doubles, and none
        // of them has its parent for long.
        "forks-like-a-bomb" => bomb(name, addr),
        // Nor is any of them in anybody's group.
        "forks-sessions" => bomb(name, addr),
        "daemonises" => {
            again("daemon", addr)?;
            std::process::exit(0)
        }
        "daemon" => {
            process::setsid()?;
            again("daemon-proper", addr)?;
            std::process::exit(0)
        }
        "daemon-proper" => {
            let listener = TcpListener::bind(addr)?;
            println!("listening on {}", listener.local_addr()?);
            sleep()
        }
        "leaves-its-output-open" => {
            again("in-its-own-session", addr)?;
            std::process::exit(0)
        }
        _ => signal(name),
    }
}

/// What they do with signals.
fn signal(name: &str) -> io::Result<()> {
    let (itself, parent) = (process::getpid(), process::getppid());
    match name {
        "kills-itself" => process::kill_process(itself, Signal::KILL)?,
        "uses-memory-of-others" => loop {
            // Rust's own handler takes the first.
            process::kill_process(itself, Signal::SEGV)?;
        },
        "aborts" => std::process::abort(),
        "stops-itself" => process::kill_process(itself, Signal::STOP)?,
        "kills-its-group" => process::kill_current_process_group(Signal::KILL)?,
        "kills-its-parent" => kill(parent, Signal::KILL)?,
        "terminates-its-parent" => kill(parent, Signal::TERM)?,
        "stops-its-parent" => loop {
            kill(parent, Signal::STOP)?;
            std::thread::sleep(Duration::from_millis(100));
        },
        _ => return Ok(()),
    }
    sleep()
}

fn kill(whom: Option<Pid>, signal: Signal) -> io::Result<()> {
    match whom {
        // An orphan has the machine's first process for a parent.
        Some(whom) if !whom.is_init() => Ok(process::kill_process(whom, signal)?),
        _ => Ok(()),
    }
}

fn bomb(name: &str, addr: &str) -> io::Result<()> {
    const GENERATIONS: u32 = 11;
    let mut pause = Duration::from_millis(40);
    if name == "forks-sessions" {
        let _ = process::setsid();
        // These cannot be killed with one call: some are born while others die.
        pause *= 4;
    }
    let own = std::env::var("GENERATION").ok();
    let own = own.and_then(|number| number.parse().ok()).unwrap_or(0);
    // Every 40 ms there are twice as many, up to 2^11.
    for generation in own + 1..=GENERATIONS {
        std::thread::sleep(pause);
        Command::new(std::env::current_exe()?)
            .args([name, addr])
            .env("GENERATION", generation.to_string())
            .spawn()?;
    }
    // The others are orphans then.
    if 0 < own && own < GENERATIONS / 2 {
        std::process::exit(0);
    }
    sleep()
}

fn again(name: &str, addr: &str) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([name, addr]).stdin(Stdio::null()).spawn()
}
