//! How verdicts look.

use insta::assert_snapshot;
use rstest::rstest;

use super::*;
use crate::pitfalls::Pitfall;
use crate::texts::Parting;
use crate::verdict::Build;

fn lesson(name: &str, title: &str) -> Lesson {
    Lesson {
        name: name.to_string(),
        title: title.to_string(),
        part: String::new(),
    }
}

fn check(name: &str, status: Status) -> CheckVerdict {
    let failed = matches!(status, Status::Failed(_));
    CheckVerdict {
        status,
        conversation: failed.then(half_closed),
        ..CheckVerdict::not_run(
            name,
            "When a client ends its stream, closes the connection.",
        )
    }
}

/// A client ends its side, and nothing comes back.
fn half_closed() -> Conversation {
    let event = |ms, from: &str, to: &str, what| Event {
        at: Duration::from_millis(ms),
        from: from.to_string(),
        to: to.to_string(),
        what,
    };
    let (client, server) = ("client 1", "server");
    Conversation {
        program: server.to_string(),
        events: vec![
            event(0, client, server, What::Connected),
            event(1, client, server, What::data(b"so long\n")),
            event(2, client, server, What::End),
        ],
        left_out: 0,
        example: false,
    }
}

fn verdict(checks: Vec<CheckVerdict>) -> LessonVerdict {
    LessonVerdict {
        lesson: "tcp-server".to_string(),
        build: Build::Done,
        checks,
        took: Duration::from_millis(912),
        recalled: None,
        edited: Vec::new(),
    }
}

fn spinning() -> Evidence {
    Evidence {
        pitfall: Some(Pitfall {
            id: "spins-at-end-of-stream".to_string(),
            page: "book/src/pitfalls/reading.md".to_string(),
            title: "Your server spins at the end of the stream.".to_string(),
            text: "After a client has ended its side, `read` returns Ok(0) at once, every time."
                .to_string(),
        }),
        cause: "spinning".to_string(),
        expected: "the server's end of stream to client 1".to_string(),
        got: "nothing for 5.0 s, while your program uses 99 % of a core and answers nobody".to_string(),
        seed: 4182,
        stdout: "listening on 127.0.0.1:40001\n\u{1b}[2J127.0.0.1:50312 connected\n".to_string(),
        stderr: "\nthread 'main' panicked at tcp-server/src/main.rs:31:5:\nwhat now\nnote: run with `RUST_BACKTRACE=1` …\n"
            .to_string(),
        difference: None,
        place: None,
    }
}

#[rstest]
#[case::as_it_is("what now", true)]
#[case::something_else("what then", false)]
#[case::empty("", true)]
#[case::addresses(
    "to read what S { addr: 127.0.0.1:5, peer: [::1]:9, fd: 3 } brings",
    true
)]
#[case::another_end(
    "to read what S { addr: 127.0.0.1:5, peer: [::1]:9, fd: 4 } brings",
    false
)]
#[case::an_address_more("what now 127.0.0.1:5", false)]
#[case::first("127.0.0.1:5: what now", true)]
fn a_line_with_an_address_is_told_with_a_name(#[case] line: &str, #[case] is_told: bool) {
    let told = "saying `to read what S { addr: [client 1], peer: [server], fd: 3 } brings`\n\
                [client 2]: what now";
    assert_eq!(tells(told, line), is_told);
}

/// All that is told of a lesson, one piece after the other.
fn tell(teller: &Teller<'_>, verdict: &LessonVerdict) -> String {
    let mut checks = String::new();
    for check in &verdict.checks {
        checks += &match check.is_plain_pass() {
            true => teller.passed(std::slice::from_ref(&check.name)),
            false => teller.check(check, true),
        };
    }
    let text = [teller.heading(), checks, teller.footer(verdict, None)].concat();
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_failure_is_explained() {
    let lesson = lesson("tcp-server", "A server that shouts");
    let teller = Teller {
        look: Look::human(80),
        lesson: &lesson,
        next: None,
        program: None,
        now: Moment::from_seconds(600),
    };
    let verdict = verdict(vec![
        check("announces_its_address", Status::Passed),
        check(
            "closes_when_the_client_does",
            Status::Failed(Box::new(spinning())),
        ),
        check("survives_resets", Status::NotRun),
        check("refuses_a_taken_address", Status::NotRun),
    ]);
    assert_snapshot!(tell(&teller, &verdict), @r#"
    tcp-server · A server that shouts                           exercises/tcp-server

      ✓ announces_its_address
      ✗ closes_when_the_client_does
        When a client ends its stream, closes the connection.

        expected  the server's end of stream to client 1
        got       nothing for 5.0 s, while your program uses 99 % of a core and
                  answers nobody
        stdout    listening on 127.0.0.1:40001
                  \x1b[2J127.0.0.1:50312 connected
        stderr    thread 'main' panicked at tcp-server/src/main.rs:31:5:
                  what now

                 client 1                                                your server
          0.000 s   │── connects ────────────────────────────────────────────►│
          0.001 s   │── "so long\n" 8 bytes ─────────────────────────────────►│
          0.002 s   │── end of stream ───────────────────────────────────────►│
                    ✗ expected: the server's end of stream to client 1        │

        cause     spinning
        pitfall   Your server spins at the end of the stream.
                  After a client has ended its side, `read` returns Ok(0) at once,
                  every time.
        book      book/src/pitfalls/reading.md, spins-at-end-of-stream

      · 2 more checks wait for this one

    1 of 4 checks pass (0.9 s).
    Next   open exercises/tcp-server/src/main.rs
    Task   exercises/tcp-server/README.md
    Stuck? cargo xtask hint tcp-server
    Again  cargo xtask check tcp-server --seed 4182   (the same bytes)
    "#);
}

#[test]
fn a_handed_in_program_is_told_of_in_words() {
    let lesson = lesson("tcp-server", "A server that shouts");
    let next = self::lesson("tcp-client", "A netcat");
    let program = Some("./shout.py".to_string());
    let teller = Teller {
        look: Look::plain(80),
        lesson: &lesson,
        next: Some(&next),
        program,
        now: Moment::from_seconds(600),
    };
    let verdict = verdict(vec![
        check(
            "announces_its_address",
            Status::Failed(Box::new(Evidence {
                place: Some(place()),
                ..spinning()
            })),
        ),
        check(
            "survives_resets",
            Status::Broken {
                why: "it was killed".to_string(),
            },
        ),
    ]);
    assert_snapshot!(tell(&teller, &verdict), @r#"
    tcp-server: A server that shouts                                      ./shout.py

      failed announces_its_address
        When a client ends its stream, closes the connection.

        expected  the server's end of stream to client 1
        got       nothing for 5.0 s, while your program uses 99 % of a core and
                  answers nobody
        stdout    listening on 127.0.0.1:40001
                  \x1b[2J127.0.0.1:50312 connected
        stderr    what now

        happened  0.000 s: client 1 connects to your server.
                  0.001 s: client 1 sends 8 bytes to your server: "so long\n".
                  0.002 s: client 1 ends its side of the stream to your server.

        cause     spinning
        pitfall   Your server spins at the end of the stream.
                  After a client has ended its side, `read` returns Ok(0) at once,
                  every time.
        book      book/src/pitfalls/reading.md, spins-at-end-of-stream
      broken survives_resets
        the check itself broke: it was killed

    0 of 2 checks pass (0.9 s).
    Task   exercises/tcp-server/README.md
    Stuck? exercises/tcp-server/hints.md, announces_its_address
    Again  cargo xtask check tcp-server --seed 4182 --program ./shout.py
           (the same bytes)
    A check that breaks is no verdict on your program: judge it again. Where it
    breaks again, `cargo xtask doctor` looks for the reason.
    "#);
}

/// Under the heading is one empty line, also where no check stands below it.
#[test]
fn what_there_was_no_time_for_is_said() {
    let lesson = lesson("tcp-server", "A server that shouts");
    let teller = Teller {
        look: Look::human(80),
        lesson: &lesson,
        next: None,
        program: None,
        now: Moment::from_seconds(600),
    };
    let why = || Status::OutOfTime {
        why: "the budget of 3 s was used up".to_string(),
    };
    let verdict = verdict(vec![check("announces_its_address", why())]);
    assert_snapshot!(tell(&teller, &verdict), @r#"
    tcp-server · A server that shouts                           exercises/tcp-server

      · 1 check was not judged: the budget of 3 s was used up

    0 of 1 check pass (0.9 s).
    "#);
}

#[test]
fn what_could_not_be_observed_is_said() {
    let lesson = lesson("tcp-server", "A server that shouts");
    let next = self::lesson("tcp-client", "A netcat");
    let teller = Teller {
        look: Look::human(80),
        lesson: &lesson,
        next: Some(&next),
        program: None,
        now: Moment::from_seconds(600),
    };
    let verdict = verdict(vec![
        check("announces_its_address", Status::Passed),
        check(
            "survives_resets",
            Status::Skipped {
                why: "raw sockets need a privilege".to_string(),
            },
        ),
    ]);
    assert_snapshot!(tell(&teller, &verdict), @r#"
    tcp-server · A server that shouts                           exercises/tcp-server

      ✓ announces_its_address
      – survives_resets
        not observed here: raw sockets need a privilege

    tcp-server is finished: 1 check passed in 0.9 s, 1 could not be observed here.
    Next: tcp-client · A netcat: cargo xtask check tcp-client
    "#);
}

#[test]
fn who_has_just_finished_is_told_what_it_was_worth() {
    let lesson = lesson("tcp-server", "A server that shouts");
    let next = self::lesson("tcp-client", "A netcat");
    let teller = Teller {
        look: Look::human(80),
        lesson: &lesson,
        next: Some(&next),
        program: None,
        now: Moment::from_seconds(600),
    };
    let verdict = verdict(vec![check("announces_its_address", Status::Passed)]);
    let lore = Lore {
        parting: Parting {
            to_remember: Some(
                "A connection is two streams of bytes, and each has an end of its own: \
                 `Ok(0)`, which never comes to mean anything else."
                    .to_string(),
            ),
            to_try: Some("Three things to try".to_string()),
        },
        chapter: "book/src/tcp-server.md".to_string(),
        avoided: vec![
            "spins at the end of the stream".to_string(),
            "panics when a client vanishes".to_string(),
        ],
        minutes_of_next: Some(40),
        where_next: Some("book/src/where-next.md".to_string()),
    };
    let text = teller.footer(&verdict, Some(&lore));
    assert_snapshot!(anstream::adapter::strip_str(&text).to_string(), @r"
    tcp-server is finished: 1 check passed in 0.9 s.

    To remember
      A connection is two streams of bytes, and each has an end of its own: `Ok(0)`,
      which never comes to mean anything else.

    Mistakes that others have shipped, and your program does not make
      · spins at the end of the stream
      · panics when a client vanishes

    Three things to try: book/src/tcp-server.md
    Compare with ours: cargo xtask diff tcp-server
    Next: tcp-client · A netcat (40 min): cargo xtask check tcp-client
    ");
    let nothing = teller.footer(&verdict, Some(&Lore::default()));
    assert_snapshot!(anstream::adapter::strip_str(&nothing).to_string(), @r"
    tcp-server is finished: 1 check passed in 0.9 s.

    Compare with ours: cargo xtask diff tcp-server
    Next: tcp-client · A netcat: cargo xtask check tcp-client
    ");
    let last = Teller {
        next: None,
        ..teller
    };
    let parting = last.footer(&verdict, Some(&lore));
    let end = "That was the last lesson of the course.\nWhere to go next: book/src/where-next.md\n";
    assert!(parting.ends_with(end), "{parting}");
}

/// No row is wider than the terminal, which would cut it in the middle of a word.
#[rstest]
#[case(40)]
#[case(60)]
fn rows_are_as_narrow_as_the_terminal(#[case] width: usize) {
    let lesson = lesson("tcp-server", "A server that shouts");
    let next = self::lesson("tcp-client", "A netcat");
    let teller = Teller {
        look: Look::human(width),
        lesson: &lesson,
        next: Some(&next),
        program: None,
        now: Moment::from_seconds(600),
    };
    let failed = |place| {
        let evidence = Evidence {
            place,
            ..spinning()
        };
        Status::Failed(Box::new(evidence))
    };
    let broken = Status::Broken {
        why: "it was killed".to_string(),
    };
    let lore = Lore {
        chapter: "book/src/tcp-server.md".to_string(),
        avoided: vec!["mangles bytes on the way through text".to_string()],
        minutes_of_next: Some(40),
        ..Lore::default()
    };
    let unfinished = |place| verdict(vec![check("a", failed(place)), check("b", broken.clone())]);
    let finished = verdict(vec![check("a", Status::Passed)]);
    let texts = [
        tell(&teller, &unfinished(None)),
        tell(&teller, &unfinished(Some(place()))),
        teller.footer(&finished, Some(&lore)),
    ];
    for line in texts.concat().lines() {
        let line = anstream::adapter::strip_str(line).to_string();
        assert!(wire::columns(&line) <= width, "{line}");
    }
}

fn place() -> Place {
    Place {
        file: "exercises/tcp-server/src/main.rs".into(),
        line: 31,
    }
}
