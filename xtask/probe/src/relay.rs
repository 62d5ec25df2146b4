//! A link between the program and a server of the harness, on which datagrams
//! are lost, repeated, delayed, reordered and corrupted, as its rules say.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use wire::What;

use crate::cause::Cause;
use crate::datagrams::UdpPeer;
use crate::failure::fail;
use crate::peer::is_timeout;
use crate::program::Program;
use crate::rule::{Lane, Rule, Way};
use crate::scene::Scene;

/// A link to a server. To the program, its address is the server's; it ends
/// when this is dropped, and what is on the way then is lost.
#[derive(Debug)]
#[must_use = "the link ends when this is dropped"]
pub struct Link {
    addr: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Link {
    /// The address at which the program finds its server.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// A datagram that is to leave from `socket` at a certain time.
struct Errand {
    at: Instant,
    socket: Arc<UdpSocket>,
    to: SocketAddr,
    bytes: Vec<u8>,
}

/// What the threads of a link share.
#[derive(Clone)]
struct Shared {
    scene: Arc<Scene>,
    over: Arc<AtomicBool>,
    errands: Sender<Errand>,
    /// The program's end.
    front: Arc<UdpSocket>,
    to_client: Arc<Mutex<Lane>>,
}

impl Program {
    /// A link to `server` with these rules; the check's seed decides what is
    /// left to chance.
    ///
    /// # Panics
    /// When the harness cannot open a socket.
    #[track_caller]
    pub fn link_to(&self, server: &UdpPeer, rules: &[Rule]) -> Link {
        let scene = self.scene();
        match open(scene, server.addr(), rules) {
            Ok(link) => {
                scene.name_server(link.addr);
                link
            }
            Err(error) => fail(
                scene,
                Cause::Harness,
                "a link to the server",
                &error.to_string(),
            ),
        }
    }
}

fn open(scene: &Arc<Scene>, server: SocketAddr, rules: &[Rule]) -> io::Result<Link> {
    let front = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?);
    let addr = front.local_addr()?;
    let over = Arc::new(AtomicBool::new(false));
    let (errands, waiting) = mpsc::channel();
    let shared = Shared {
        scene: Arc::clone(scene),
        over: Arc::clone(&over),
        errands,
        front,
        to_client: Arc::new(Mutex::new(Lane::new(rules, Way::ToClient, scene.seed))),
    };
    let to_server = Lane::new(rules, Way::ToServer, scene.seed);
    thread::Builder::new().spawn(move || run_errands(&waiting))?;
    thread::Builder::new().spawn(move || carry_requests(&shared, server, to_server))?;
    Ok(Link { addr, over })
}

/// From the program to the server. Each address that the program asks from has
/// a socket of its own at the server's side, so that an answer finds back to
/// the question that it belongs to.
fn carry_requests(shared: &Shared, server: SocketAddr, mut lane: Lane) {
    let mut backs: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    each_datagram(&shared.front, &shared.over, |bytes, client| {
        let back = match backs.get(&client) {
            Some(back) => Arc::clone(back),
            // Without a socket it is lost; the harness has run out of them.
            None => match open_back(shared, client) {
                Ok(back) => Arc::clone(backs.entry(client).or_insert(back)),
                Err(error) => {
                    shared
                        .scene
                        .note(&format!("the link lost a datagram: {error}"));
                    return;
                }
            },
        };
        let names = (shared.scene.program_name(), "server");
        carry(shared, &mut lane, names, bytes, (&back, server));
    });
}

fn open_back(shared: &Shared, client: SocketAddr) -> io::Result<Arc<UdpSocket>> {
    let back = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?);
    shared.scene.name_end_of_link(back.local_addr()?);
    let (for_answers, shared) = (Arc::clone(&back), shared.clone());
    thread::Builder::new().spawn(move || {
        each_datagram(&for_answers, &shared.over, |bytes, _| {
            let lane = &mut shared
                .to_client
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let names = ("server", shared.scene.program_name());
            carry(&shared, lane, names, bytes, (&shared.front, client));
        });
    })?;
    Ok(back)
}

/// Carries one datagram, and tells what became of it.
fn carry(
    shared: &Shared,
    lane: &mut Lane,
    (from, to): (&str, &str),
    bytes: &[u8],
    (socket, addr): (&Arc<UdpSocket>, SocketAddr),
) {
    let now = Instant::now();
    let (parcels, mishaps) = lane.carry(bytes);
    if mishaps.is_empty() {
        shared.scene.record(from, to, What::datagram(bytes));
    }
    for (how, bytes) in mishaps {
        shared.scene.record(from, to, What::fault(&how, &bytes));
    }
    for parcel in parcels {
        // An error says that the link is over.
        let _ = shared.errands.send(Errand {
            at: now + parcel.delay,
            socket: Arc::clone(socket),
            to: addr,
            bytes: parcel.bytes,
        });
    }
}

/// Calls `handle` for each datagram, until the link is over.
fn each_datagram(socket: &UdpSocket, over: &AtomicBool, mut handle: impl FnMut(&[u8], SocketAddr)) {
    const LOOK: Duration = Duration::from_millis(50);
    let mut buffer = vec![0; 65_536];
    if socket.set_read_timeout(Some(LOOK)).is_err() {
        return;
    }
    while !over.load(Ordering::SeqCst) {
        match socket.recv_from(&mut buffer) {
            Ok((count, from)) => handle(&buffer[..count], from),
            Err(error) if is_timeout(&error) => {}
            // What was sent before has found nobody: no matter of this receive.
            Err(_) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Sends each datagram when its time has come, those of one time in the order
/// in which they were given.
fn run_errands(errands: &Receiver<Errand>) {
    let mut waiting: Vec<Errand> = Vec::new();
    loop {
        let next = waiting.iter().map(|errand| errand.at).min();
        let left = next.map(|at| at.saturating_duration_since(Instant::now()));
        match errands.recv_timeout(left.unwrap_or(Duration::from_secs(1))) {
            Ok(errand) => waiting.push(errand),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let now = Instant::now();
                let due = waiting.extract_if(.., |errand| errand.at <= now);
                let mut due: Vec<Errand> = due.collect();
                due.sort_by_key(|errand| errand.at);
                for errand in due {
                    // A receiver that has gone is no matter of the link's.
                    let _ = errand.socket.send_to(&errand.bytes, errand.to);
                }
            }
        }
    }
}
