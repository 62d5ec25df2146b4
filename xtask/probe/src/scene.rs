//! The scene of one check: its clock and seed, who takes part, what happened.

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use std::time::Duration;

use supervise::Usage;
use wire::{Difference, What};

use crate::cause::Cause;
use crate::crowd::Crowd;
use crate::judged::Judged;
use crate::random;
use crate::report;
use crate::timeline::Timeline;
use crate::wait::rest;

/// Shared by everything that takes part in one check.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) seed: u64,
    timeline: Mutex<Timeline>,
    cast: Mutex<Cast>,
    remarks: Mutex<Remarks>,
    /// Where the last bytes that were compared differ from those that were due.
    difference: Mutex<Option<Difference>>,
    suspects: Mutex<Vec<Suspect>>,
    /// The program's mistake, where the check has found it out by itself.
    habit: Mutex<Option<&'static str>>,
    telltales: Mutex<Vec<(Vec<u8>, &'static str)>>,
    crowd: Crowd,
    /// The story is told: what happens now is none of it.
    told: AtomicBool,
}

/// What a cause means, in one place of one check.
#[derive(Debug, Clone, Copy)]
struct Suspect {
    cause: Cause,
    pitfall: &'static str,
    proof: Proof,
}

/// What of a program, looked at once it has failed, bears a suspicion out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Proof {
    /// Nothing more is needed.
    Cause,
    /// What it has printed on its stdout.
    Stdout(fn(&str) -> bool),
    /// What it uses; where that cannot be seen, it proves nothing.
    Usage(fn(Usage) -> bool),
}

impl Proof {
    fn holds(self, judged: Option<&Judged>) -> bool {
        match self {
            Proof::Cause => true,
            Proof::Stdout(bears_out) => {
                let stdout = judged.map(|judged| judged.stdout.all());
                bears_out(&String::from_utf8_lossy(&stdout.unwrap_or_default()))
            }
            Proof::Usage(bears_out) => judged.and_then(Judged::usage).is_some_and(bears_out),
        }
    }
}

/// Who is who.
#[derive(Debug, Default)]
struct Cast {
    /// What the program plays: `server` or `client`.
    program: Option<&'static str>,
    roles: HashMap<SocketAddr, String>,
    /// Where a link stands in for the program: what crosses there, the link
    /// tells itself.
    ends_of_links: HashSet<SocketAddr>,
    clients: usize,
    /// The program that is judged, once it is started.
    judged: Option<Arc<Judged>>,
    /// Where the program is a client: the server's end of its last connection.
    server_side: Weak<TcpStream>,
}

#[derive(Debug, Default)]
struct Remarks {
    /// Why the check could not judge at all.
    skipped: Option<String>,
    /// What could not be observed on this platform.
    notes: Vec<String>,
    failed: bool,
}

impl Scene {
    pub(crate) fn new() -> Arc<Scene> {
        report::keep_a_descriptor();
        Arc::new(Scene {
            seed: random::seed(),
            timeline: Mutex::new(Timeline::new()),
            cast: Mutex::default(),
            remarks: Mutex::default(),
            suspects: Mutex::default(),
            habit: Mutex::default(),
            difference: Mutex::default(),
            telltales: Mutex::default(),
            crowd: Crowd::default(),
            told: AtomicBool::new(false),
        })
    }

    /// A scene of which nothing is told.
    pub(crate) fn apart() -> Arc<Scene> {
        let scene = Scene::new();
        scene.fails_first();
        scene
    }

    pub(crate) fn timeline(&self) -> MutexGuard<'_, Timeline> {
        lock(&self.timeline)
    }

    pub(crate) fn record(&self, from: &str, to: &str, what: What) {
        if !self.told.load(Ordering::Relaxed) {
            self.timeline().push(from, to, what);
        }
    }

    /// From here on the harness tries things out, which nobody needs to read.
    pub(crate) fn end_the_story(&self) {
        // What the program has printed by now may still be on its way.
        rest(Duration::from_millis(50));
        self.told.store(true, Ordering::Relaxed);
    }

    /// The program's own name in the timeline.
    pub(crate) fn program_name(&self) -> &'static str {
        lock(&self.cast).program.unwrap_or("program")
    }

    pub(crate) fn program_plays(&self, role: &'static str) {
        lock(&self.cast).program.get_or_insert(role);
    }

    pub(crate) fn judged(&self) -> Option<Arc<Judged>> {
        lock(&self.cast).judged.clone()
    }

    pub(crate) fn now_judging(&self, judged: &Arc<Judged>) {
        let mut cast = lock(&self.cast);
        cast.judged = Some(Arc::clone(judged));
        if cast.program == Some("client 1") {
            // Started once more, it is the first client again.
            let Cast {
                roles,
                ends_of_links,
                clients,
                ..
            } = &mut *cast;
            roles.retain(|addr, role| role != "client 1" || ends_of_links.contains(addr));
            *clients = 0;
        }
    }

    /// The server's end of the program's connection, as long as it is open.
    pub(crate) fn server_side(&self) -> Option<Arc<TcpStream>> {
        lock(&self.cast).server_side.upgrade()
    }

    pub(crate) fn now_connected(&self, server_side: &Arc<TcpStream>) {
        lock(&self.cast).server_side = Arc::downgrade(server_side);
    }

    pub(crate) fn name_server(&self, addr: SocketAddr) {
        lock(&self.cast).roles.insert(addr, "server".into());
    }

    /// The next client's name; `addr` is known by it from now on.
    pub(crate) fn name_client(&self, addr: SocketAddr) -> String {
        let mut cast = lock(&self.cast);
        cast.clients += 1;
        let name = format!("client {}", cast.clients);
        cast.roles.insert(addr, name.clone());
        name
    }

    /// The name of who is at `addr`: a newcomer counts as the next client.
    pub(crate) fn name_of(&self, addr: SocketAddr) -> String {
        let known = lock(&self.cast).roles.get(&addr).cloned();
        known.unwrap_or_else(|| self.name_client(addr))
    }

    /// `addr` stands for the program, at the server's end of a link.
    pub(crate) fn name_end_of_link(&self, addr: SocketAddr) {
        let name = self.program_name().to_owned();
        let mut cast = lock(&self.cast);
        cast.roles.insert(addr, name);
        cast.ends_of_links.insert(addr);
    }

    pub(crate) fn is_end_of_link(&self, addr: SocketAddr) -> bool {
        lock(&self.cast).ends_of_links.contains(&addr)
    }

    /// The name of who sends from `addr`: there are no newcomers but the program
    /// itself, and where it is a client, its first port is its name.
    pub(crate) fn name_of_sender(&self, addr: SocketAddr) -> String {
        let is_known = self.program_name() == "server" || lock(&self.cast).clients > 0;
        if is_known {
            let mut cast = lock(&self.cast);
            let name = cast.roles.entry(addr);
            return name.or_insert_with(|| "another port".into()).clone();
        }
        self.name_of(addr)
    }

    /// `text` with every known address replaced by its role in brackets.
    pub(crate) fn with_roles(&self, text: &str) -> String {
        let cast = lock(&self.cast);
        let mut known: Vec<(String, &String)> = cast
            .roles
            .iter()
            .map(|(addr, role)| (addr.to_string(), role))
            .collect();
        // The longest first: 127.0.0.1:5000 must not be found in 127.0.0.1:50001.
        known.sort_by_key(|(addr, _)| std::cmp::Reverse(addr.len()));
        known.iter().fold(text.to_owned(), |text, (addr, role)| {
            replace_address(&text, addr, role)
        })
    }

    /// From now on these causes mean these pitfalls; what was said before is
    /// forgotten.
    pub(crate) fn set_suspects(&self, suspects: &[(Cause, &'static str)]) {
        lock(&self.suspects).clear();
        self.add_suspects(Proof::Cause, suspects);
    }

    /// These causes mean these pitfalls where `proof` bears it out.
    pub(crate) fn add_suspects(&self, proof: Proof, more: &[(Cause, &'static str)]) {
        let more = more.iter().map(|&(cause, pitfall)| Suspect {
            cause,
            pitfall,
            proof,
        });
        lock(&self.suspects).extend(more);
    }

    /// Whatever fails from now on is the sign of this pitfall.
    pub(crate) fn set_habit(&self, habit: Option<&'static str>) {
        *lock(&self.habit) = habit;
    }

    pub(crate) fn habit(&self) -> Option<&'static str> {
        *lock(&self.habit)
    }

    /// The first that fits.
    pub(crate) fn suspect(&self, cause: Cause, judged: Option<&Judged>) -> Option<&'static str> {
        let suspects = lock(&self.suspects);
        let mut fitting = suspects.iter().filter(|suspect| suspect.cause == cause);
        let found = fitting.find(|suspect| suspect.proof.holds(judged));
        found.map(|suspect| suspect.pitfall)
    }

    /// From now on these datagrams, where another is due, mean these pitfalls;
    /// what was said before is forgotten.
    pub(crate) fn set_telltales(&self, telltales: &[(&[u8], &'static str)]) {
        let owned = telltales.iter().map(|(bytes, id)| (bytes.to_vec(), *id));
        *lock(&self.telltales) = owned.collect();
    }

    pub(crate) fn telltale(&self, bytes: &[u8]) -> Option<&'static str> {
        let telltales = lock(&self.telltales);
        let found = telltales.iter().find(|(telltale, _)| telltale == bytes);
        found.map(|(_, pitfall)| *pitfall)
    }

    pub(crate) fn set_difference(&self, difference: Option<Difference>) {
        *lock(&self.difference) = difference;
    }

    pub(crate) fn difference(&self) -> Option<Difference> {
        lock(&self.difference).clone()
    }

    pub(crate) fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    pub(crate) fn note(&self, note: &str) {
        let mut remarks = lock(&self.remarks);
        if !remarks.notes.iter().any(|known| known == note) {
            remarks.notes.push(note.to_owned());
        }
    }

    pub(crate) fn skip(&self, why: &str) {
        lock(&self.remarks)
            .skipped
            .get_or_insert_with(|| why.to_owned());
    }

    /// True for the first failure of this check: the one that counts.
    pub(crate) fn fails_first(&self) -> bool {
        !std::mem::replace(&mut lock(&self.remarks).failed, true)
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        lock(&self.remarks).notes.clone()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let remarks = lock(&self.remarks);
        if !remarks.failed {
            let (skipped, notes) = (remarks.skipped.clone(), remarks.notes.clone());
            drop(remarks);
            report::write_remarks(self, skipped.as_deref(), &notes);
        }
    }
}

/// Replaces `addr` where it is not a part of a longer address.
fn replace_address(text: &str, addr: &str, role: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(addr) {
        let (before, found) = rest.split_at(at);
        let after = &found[addr.len()..];
        replaced.push_str(before);
        let longer = after.starts_with(|c: char| c.is_ascii_digit())
            || before.ends_with(|c: char| c.is_ascii_digit());
        if longer {
            replaced.push_str(addr);
        } else {
            replaced.push_str(&format!("[{role}]"));
        }
        rest = after;
    }
    replaced + rest
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A check that panicked has left its evidence whole: nothing here is
    // changed in more than one step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
