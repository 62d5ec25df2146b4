//! Programs that do harm, one for each behaviour: the name under which this is
//! started says which (a link called `never-announces` never announces). What
//! it is told afterwards is the address to listen on.
//!
//! Each of them ends by itself after a minute: where the harness fails to end
//! it, a test fails, and the machine survives.

#[cfg(target_os = "linux")]
mod output;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod resources;
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    std::thread::spawn(|| {
        std::thread::sleep(std::time::Duration::from_secs(60));
        std::process::exit(60);
    });
    let mut arguments = std::env::args();
    let started_as = arguments.next().unwrap_or_default();
    let mut name = started_as.rsplit('/').next().unwrap_or_default().to_owned();
    if name == "hostile" {
        name = arguments.next().unwrap_or_default();
    }
    let addr = arguments.next().unwrap_or_else(|| "127.0.0.1:0".into());
    output::behave(&name, &addr)?;
    processes::behave(&name, &addr)?;
    resources::behave(&name)?;
    server::behave(&name, &addr)
}

#[cfg(not(target_os = "linux"))]
fn main() {}

/// Does nothing, for ever.
#[cfg(target_os = "linux")]
fn sleep() -> ! {
    loop {
        std::thread::park();
    }
}
