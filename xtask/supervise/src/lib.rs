//! Starts programs that nobody vouches for, and leaves nothing of them running.
//!
//! A learner's program may hang, fork, ignore signals or eat descriptors. Each
//! program started here gets a process group of its own, limits, and an end:
//! when its [`Group`] is dropped, the program and all that came from it are
//! killed. All that differs between platforms is in the `sys` modules; what a
//! platform cannot do is an `Unsupported` error or a `None`, never a guess.

#[cfg(target_os = "linux")]
mod auxiliary;
mod burden;
mod folders;
mod group;
mod keyboard;
mod machine;
mod neighbour;
mod pipe;
#[cfg(target_os = "linux")]
mod proc;
#[cfg(target_os = "linux")]
mod sockets;
mod spent;
#[cfg_attr(unix, path = "sys_unix.rs")]
#[cfg_attr(not(unix), path = "sys_other.rs")]
mod sys;
mod usage;
#[cfg(target_os = "linux")]
mod waits;

pub use burden::{Burden, memory_of_the_machine, threads_of_the_machine};
pub use folders::FolderWatch;
pub use group::{Group, Limits, Signal, is_shortage, kill_everything};
pub use keyboard::{input_within, restore_keyboard, take_keyboard};
pub use machine::{
    Limit, address_space_limit, descriptor_limit, file_system, free_space, ignores_hangups, is_wsl,
    process_limit, temporary_folder,
};
pub use neighbour::{Neighbour, holder_of_lock, listener_at};
pub use pipe::{Interrupt, OutputPipe, write_stdin};
pub use spent::Spent;
pub use sys::{adopt_no_more, become_subreaper, limits_of_this_process, raise_descriptor_limit};
pub use usage::Usage;

/// How many connections the TCP server at `server` has accepted and not closed,
/// where that can be seen: IPv4 on Linux.
#[must_use]
pub fn connections_served(server: std::net::SocketAddr) -> Option<usize> {
    #[cfg(target_os = "linux")]
    return sockets::served(server);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = server;
        None
    }
}

/// Who holds a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This process, or one that has come from it.
    Ours,
    /// Another process of this machine.
    Others,
    /// Nobody any more: whoever made it has closed it.
    Nobody,
}

/// Who holds the client's end of the TCP connection from `client` to `server`,
/// where that can be seen: on Linux.
#[must_use]
pub fn holder_of(client: std::net::SocketAddr, server: std::net::SocketAddr) -> Option<Holder> {
    #[cfg(target_os = "linux")]
    return sockets::holder(std::process::id(), client, server);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (client, server);
        None
    }
}

/// Whether the TCP server at `server` has accepted the connection that `client`
/// made to it, where that can be seen: IPv4 on Linux.
#[must_use]
pub fn has_accepted(server: std::net::SocketAddr, client: std::net::SocketAddr) -> Option<bool> {
    #[cfg(target_os = "linux")]
    return sockets::accepted(server, client);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (server, client);
        None
    }
}
