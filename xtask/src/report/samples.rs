//! Verdicts of every kind, for the tests of what is made of them.

use std::time::Duration;

use wire::{Conversation, Difference, Event, What};

use super::{Judged, Look, Teller};
use crate::build::Failure;
use crate::clock::Moment;
use crate::course::Lesson;
use crate::pitfalls::Pitfall;
use crate::verdict::{Build, CheckVerdict, Evidence, LessonVerdict, Place, Status};

/// What a program can print that hurts careless readers.
pub(crate) const HOSTILE: &str = "\0\u{1b}[2J]]></failure><script>alert(\"1\" & '2')</script>\r\n\t\u{fffe}\u{ffff}\u{7f}😀\u{202e}";

pub(crate) fn check(name: &str, status: Status) -> CheckVerdict {
    let took = match status {
        Status::NotRun | Status::OutOfTime { .. } => Duration::ZERO,
        _ => Duration::from_millis(310),
    };
    CheckVerdict {
        status,
        took,
        ..CheckVerdict::not_run(name, "Does what it promises.")
    }
}

/// A failed check with all that can be known of one.
pub(crate) fn failed(name: &str) -> CheckVerdict {
    let evidence = Evidence {
        cause: "mangled".to_string(),
        pitfall: Some(Pitfall {
            id: "mangles-bytes".to_string(),
            page: "book/src/pitfalls/reading.md".to_string(),
            title: "Your server takes bytes for text.".to_string(),
            text: "Not every byte is part of a letter.".to_string(),
        }),
        expected: "the bytes in upper case".to_string(),
        got: "other bytes".to_string(),
        seed: 4182,
        stdout: "listening on 127.0.0.1:40001\n".to_string(),
        stderr: "thread 'main' panicked at tcp-server/src/main.rs:31:5:\nwhat now\n".to_string(),
        difference: Difference::of(b"HELLO \xff", b"HELLO \xef\xbf\xbd"),
        place: Some(Place {
            file: "exercises/tcp-server/src/main.rs".into(),
            line: 31,
        }),
    };
    CheckVerdict {
        conversation: Some(conversation()),
        notes: vec!["its threads were not counted".to_string()],
        ..check(name, Status::Failed(Box::new(evidence)))
    }
}

/// A failed check whose program does its worst.
pub(crate) fn hostile(name: &str) -> CheckVerdict {
    let hostile = || HOSTILE.to_string();
    let evidence = Evidence {
        cause: "crashed".to_string(),
        expected: hostile(),
        got: hostile(),
        stdout: hostile(),
        stderr: hostile(),
        ..Evidence::default()
    };
    CheckVerdict {
        conversation: Some(Conversation {
            program: "server".to_string(),
            events: vec![event(1, "server", "", What::Printed(hostile()))],
            left_out: 0,
            example: false,
        }),
        ..check(name, Status::Failed(Box::new(evidence)))
    }
}

/// Every kind of event.
pub(crate) fn conversation() -> Conversation {
    let (client, server) = ("client 1", "server");
    let whats = [
        (server, "", What::Started("127.0.0.1:0".into())),
        (server, "", What::Printed("listening on [server]".into())),
        (client, server, What::Connected),
        (client, server, What::data(b"hello \xff")),
        (server, client, What::data(&[b'y'; 40])),
        (server, client, What::datagram(&[b'x'; 900])),
        (server, client, What::fault("lost", &[b'x'; 900])),
        (client, server, What::End),
        (server, client, What::Silence(Duration::from_millis(1_500))),
        (server, client, What::Reset),
        (server, "client 2", What::Refused),
        ("harness", server, What::Stopped),
        ("harness", server, What::Continued),
        (server, "", What::Exited("your program ended".into())),
    ];
    let times = (0..).step_by(5);
    let events = times.zip(whats);
    Conversation {
        program: server.to_string(),
        events: events
            .map(|(at, (from, to, what))| event(at, from, to, what))
            .collect(),
        left_out: 3,
        example: false,
    }
}

fn event(ms: u64, from: &str, to: &str, what: What) -> Event {
    Event {
        at: Duration::from_millis(ms),
        from: from.to_string(),
        to: to.to_string(),
        what,
    }
}

/// A lesson with a check of every kind.
pub(crate) fn mixed() -> LessonVerdict {
    let skipped = "raw sockets need a privilege".to_string();
    let broken = "it was killed".to_string();
    judged(
        Build::Done,
        vec![
            check("announces_its_address", Status::Passed),
            failed("passes_other_bytes_through"),
            check("survives_resets", Status::Skipped { why: skipped }),
            check("answers_at_once", Status::Broken { why: broken }),
            check("refuses_a_taken_address", Status::NotRun),
        ],
    )
}

/// A program that was handed in and passes.
pub(crate) fn handed_in() -> LessonVerdict {
    let checks = vec![check("announces_its_address", Status::Passed)];
    judged(Build::NotBuilt, checks)
}

pub(crate) fn does_not_build() -> LessonVerdict {
    judged(Build::Failed(Failure::DoesNotCompile), Vec::new())
}

/// A program that does not build, for a grader who counts all its checks.
pub(crate) fn does_not_build_but_counts() -> LessonVerdict {
    let checks = ["announces_its_address", "answers_at_once"];
    LessonVerdict {
        checks: checks.map(|name| check(name, Status::NotRun)).into(),
        ..does_not_build()
    }
}

/// Somebody has edited the checks, which did not help.
pub(crate) fn edited() -> LessonVerdict {
    LessonVerdict {
        edited: vec!["exercises/tcp-server/tests/checks.rs".to_string()],
        ..judged(Build::Done, vec![failed("greets")])
    }
}

fn too_late() -> Status {
    Status::OutOfTime {
        why: "the budget of 30 s was used up".to_string(),
    }
}

/// One check of two could be judged in time.
pub(crate) fn out_of_time() -> LessonVerdict {
    let checks = vec![
        check("announces_its_address", Status::Passed),
        check("answers_at_once", too_late()),
    ];
    judged(Build::Done, checks)
}

/// Not even Cargo was done in time.
pub(crate) fn unfinished() -> LessonVerdict {
    let build = Build::Unfinished {
        why: "the budget of 30 s was used up".to_string(),
    };
    judged(build, vec![check("announces_its_address", too_late())])
}

pub(crate) fn judged(build: Build, checks: Vec<CheckVerdict>) -> LessonVerdict {
    LessonVerdict {
        lesson: "tcp-server".to_string(),
        build,
        checks,
        took: Duration::from_millis(912),
        recalled: None,
        edited: Vec::new(),
    }
}

/// The lesson that all samples are about.
pub(crate) fn lesson() -> Lesson {
    Lesson {
        name: "tcp-server".to_string(),
        title: "A server that shouts".to_string(),
        part: String::new(),
    }
}

/// `verdicts`, each with its teller.
pub(crate) fn told<'v>(lesson: &'v Lesson, verdicts: &'v [LessonVerdict]) -> Vec<Judged<'v>> {
    let teller = || Teller {
        look: Look::plain(80).with_drawings(),
        lesson,
        next: None,
        program: None,
        now: Moment::from_seconds(600),
    };
    let judged = verdicts.iter().map(|verdict| Judged {
        verdict,
        teller: teller(),
    });
    judged.collect()
}
