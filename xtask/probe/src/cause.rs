//! The causes of failure: a closed set, each with the name that a report uses.

macro_rules! causes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// Why an expectation was not met.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$doc])+ $variant,)+
        }

        impl Cause {
            /// Every cause there is.
            pub const ALL: &[Cause] = &[$(Cause::$variant),+];

            /// The name as it stands in reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Cause::$variant => $name,)+
                }
            }
        }
    };
}

causes! {
    /// The program could not be started at all.
    NotStarted = "could not be started",
    /// Nothing accepts connections at the announced address.
    Refused = "refused",
    /// No `listening on …` came.
    NeverAnnounced = "never announced",
    /// The announced address is not the one that was asked for.
    WrongAddress = "announced a wrong address",
    /// Nothing came where an answer was due.
    Silent = "silent",
    /// The answer came, but too late.
    Late = "late",
    /// The end of the stream came before everything that was due.
    ClosedEarly = "closed early",
    /// The connection was reset.
    Reset = "reset",
    /// A part of what was due came, then nothing more.
    Partial = "partial",
    /// More came than was due.
    Extra = "extra",
    /// As much came as was due, but other bytes.
    Mangled = "mangled",
    /// The program does not read what is sent to it.
    NotReading = "not reading",
    /// An answer came once more.
    Duplicate = "duplicate answer",
    /// The answer went to another client than the one that asked.
    WrongClient = "answered the wrong client",
    /// An answer came from another address than the one that was asked.
    WrongPeer = "answered from a wrong address",
    /// The connection stays open where its end was due.
    StillOpen = "still open",
    /// The program still runs where its end was due.
    StillRunning = "still running",
    /// The program ended with a panic.
    Panicked = "crashed",
    /// The program ended by itself.
    Exited = "exited",
    /// A signal killed the program.
    Killed = "killed by a signal",
    /// The program uses the CPU with nothing to do.
    Spinning = "spinning",
    /// Threads are left behind.
    LeakingThreads = "leaking threads",
    /// File descriptors are left behind.
    LeakingDescriptors = "leaking descriptors",
    /// Memory grows where it should not.
    GrowingMemory = "growing memory",
    /// Processes are started without end.
    TooManyProcesses = "too many processes",
    /// The program writes to the disk without end.
    FillingDisk = "filling the disk",
    /// The program prints without end.
    Flooding = "flooding its output",
    /// The output differs from what was promised.
    WrongOutput = "wrong output",
    /// The exit code differs from what was promised.
    WrongExitCode = "wrong exit code",
    /// The error message lacks something that was promised.
    WrongError = "wrong error message",
    /// The program never connected, or never sent, where it should have.
    NeverCame = "never came",
    /// The harness itself could not do its work.
    Harness = "harness error",
}
