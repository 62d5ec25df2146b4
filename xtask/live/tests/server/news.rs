//! The stream of news: all that is known, then each change.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{LONG, Server, World};

struct Stream(BufReader<TcpStream>);

impl Stream {
    fn of(server: &Server) -> Stream {
        let mut stream = server.connect();
        let head = format!("GET /live/events HTTP/1.1\r\n{}\r\n", server.host());
        stream.write_all(head.as_bytes()).expect("sent");
        let mut stream = Stream(BufReader::new(stream));
        let first = stream.line();
        assert!(first.contains("200 OK"), "{first}");
        stream
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        assert!(!line.is_empty(), "the stream has ended");
        line
    }

    /// The next event: its name and its data.
    fn next(&mut self) -> (String, Value) {
        let (mut name, begin) = (String::new(), Instant::now());
        loop {
            // Comments come all the time.
            assert!(begin.elapsed() < LONG, "there is no event");
            let line = self.line();
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.trim().to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (name, serde_json::from_str(data).expect("JSON"));
            }
        }
    }

    /// The next change in which `is_meant` finds something.
    fn wait_for<T>(&mut self, is_meant: impl Fn(&Value) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            assert!(begin.elapsed() < LONG);
            if let Some(found) = is_meant(&self.next().1) {
                return found;
            }
        }
    }
}

const FILE: &str = "target/on-the-wire/live/tcp-server.json";

fn verdict(passed: bool, got: &str) -> String {
    let check = json!({
        "name": "closes", "says": "Closes.", "status": if passed { "passed" } else { "failed" },
        "cause": "spinning", "expected": "the end", "got": got,
    });
    let lesson =
        json!({ "lesson": "tcp-server", "passed": passed, "build": "ok", "checks": [check] });
    let place = "book/src/pitfalls.md, spins";
    let pitfall = json!({ "id": "spins", "title": "It spins.", "text": "…", "place": place });
    json!({ "format": 1, "lessons": [lesson], "pitfall": pitfall }).to_string()
}

#[test]
fn first_all_that_is_known_then_each_change_within_a_second() {
    let world = World::new();
    world.write(FILE, &verdict(false, "nothing"));
    world.write("progress.txt", "udp-server\n  finished 2026-11-26\n");
    let server = world.serve();
    // The server looks for verdicts as soon as it has begun.
    std::thread::sleep(Duration::from_millis(300));
    let mut stream = Stream::of(&server);
    let (name, state) = stream.next();
    assert_eq!(name, "snapshot");
    assert_eq!(state["finished"], json!(["udp-server"]));
    assert_eq!(state["fault"], Value::Null);
    let failure = &state["lessons"]["tcp-server"]["failure"];
    assert_eq!(failure["got"], "nothing");
    assert_eq!(failure["pitfall"]["page"], "pitfalls.html#spins");

    let begin = Instant::now();
    world.write(FILE, &verdict(true, ""));
    let (name, change) = stream.next();
    let took = begin.elapsed();
    assert_eq!(name, "change");
    assert_eq!(change["lessons"]["tcp-server"]["passed"], true);
    assert!(took < Duration::from_secs(1), "{took:?}");

    world.write("progress.txt", "tcp-server\n  finished 2026-11-26\n");
    let (_, change) = stream.next();
    assert_eq!(change, json!({ "finished": ["tcp-server"] }));
}

/// One event stays one event, whatever is in it.
#[test]
fn what_a_program_printed_stays_one_text() {
    let world = World::new();
    let server = world.serve();
    let mut stream = Stream::of(&server);
    stream.next();
    let hostile = "\r\n\r\ndata: {}\n\nevent: snapshot\n</script><script>\0\u{1b}[2J\u{202e}";
    let got = format!("{hostile}{}", "x".repeat(1 << 20));
    world.write(FILE, &verdict(false, &got));
    let (name, change) = stream.next();
    assert_eq!(name, "change");
    let got = change["lessons"]["tcp-server"]["failure"]["got"].as_str();
    let got = got.expect("a text");
    assert!(
        got.contains("</script><script>\\x00\\x1b[2J\\u{202e}xxx"),
        "{}",
        &got[..200]
    );
    assert!(got.len() < 10_000 && !got.contains(['\r', '\0', '\u{1b}', '\u{202e}']));
}

/// Neither a half-written file nor one of another kind stops the news.
#[test]
fn what_is_no_verdict_is_passed_over() {
    let world = World::new();
    let server = world.serve();
    let mut stream = Stream::of(&server);
    stream.next();
    world.write("target/on-the-wire/live/broken.json", "{\"lessons\":[{");
    world.write("target/on-the-wire/live/../evil.json", &verdict(true, ""));
    world.write("target/on-the-wire/live/<b>.json", &verdict(true, ""));
    #[cfg(unix)]
    {
        let folder = world.path("target/on-the-wire/live");
        std::os::unix::fs::symlink("/dev/zero", folder.join("zero.json")).expect("a link");
        let made = std::process::Command::new("mkfifo")
            .arg(folder.join("pipe.json"))
            .status();
        assert!(made.expect("mkfifo").success());
    }
    world.write(FILE, &verdict(true, ""));
    let lessons = stream.wait_for(|change| change["lessons"].as_object().cloned());
    assert_eq!(lessons.keys().collect::<Vec<_>>(), ["tcp-server"]);
}

/// A stream that is served has no end to wait for.
fn status_of_one_more(server: &Server) -> String {
    let mut stream = server.connect();
    let head = format!("GET /live/events HTTP/1.1\r\n{}\r\n", server.host());
    stream.write_all(head.as_bytes()).expect("sent");
    let mut status = [0; 12];
    stream.read_exact(&mut status).expect("an answer");
    String::from_utf8_lossy(&status[9..]).into_owned()
}

#[test]
fn there_are_places_for_some_and_a_place_comes_free() {
    let world = World::new();
    let server = world.serve();
    let streams: Vec<Stream> = (0..32).map(|_| Stream::of(&server)).collect();
    assert_eq!(status_of_one_more(&server), "503");
    assert_eq!(server.get("/one.html").status, 200);
    drop(streams);
    let begin = Instant::now();
    while status_of_one_more(&server) != "200" {
        assert!(begin.elapsed() < LONG, "no place comes free");
        std::thread::sleep(Duration::from_millis(50));
        // Somebody who has gone is noticed when there is something to tell.
        world.write(FILE, &verdict(true, &format!("{:?}", begin.elapsed())));
    }
}

#[test]
fn a_page_is_told_of_a_new_book_and_of_one_that_does_not_build() {
    let world = World::new();
    let server = world.serve();
    let mut stream = Stream::of(&server);
    let (_, state) = stream.next();
    let first = state["build"].as_str().expect("a build").to_owned();
    let summary = world.path("book/src/SUMMARY.md");
    let text = std::fs::read_to_string(&summary).expect("a file");
    world.write(
        "book/src/SUMMARY.md",
        "# Summary\n\n- [One](one.md\n- (\n[[",
    );
    let fault = stream.wait_for(|change| change["fault"].as_str().map(str::to_owned));
    assert!(!fault.is_empty());
    assert!(server.get("/one.html").body.contains("The first words."));
    world.write("book/src/SUMMARY.md", &text);
    stream.wait_for(|change| change.get("fault").filter(|it| it.is_null()).cloned());
    world.write("book/src/one.md", "# One\n\nThe second words.\n");
    let second = stream.wait_for(|change| change["build"].as_str().map(str::to_owned));
    assert_ne!(first, second);
    let page = server.get("/one.html").body;
    assert!(page.contains("The second words.") && page.contains(&second));
}
