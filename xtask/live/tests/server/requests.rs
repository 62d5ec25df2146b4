//! Who is answered, with what, and who is not.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::world::{LONG, World};

#[test]
fn a_page_comes_with_its_kind_its_policy_and_our_script() {
    let world = World::new();
    let server = world.serve();
    let page = server.get("/one.html");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("The first words."), "{}", page.body);
    let script = "<script src=\"/live/live.js\"></script>";
    assert!(page.body.contains(script), "{}", page.body);
    for header in [
        "content-type: text/html; charset=utf-8",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "content-security-policy: default-src 'self'; script-src 'self' 'sha256-",
    ] {
        assert!(page.head.contains(header), "{header}: {}", page.head);
    }
    assert!(!page.head.contains("access-control"), "{}", page.head);
    assert!(!page.head.contains("script-src 'self' 'unsafe"));
    let script = server.get("/live/live.js");
    assert!(script.head.contains("content-type: text/javascript"));
    assert_eq!(script.body, "// the script of the test\n");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn no_script_stands_in_a_page_but_those_of_its_policy() {
    let world = World::new();
    let server = world.serve();
    for page in ["/one.html", "/print.html", "/404.html", "/toc.html"] {
        let page = server.get(page).body;
        let lower = page.to_ascii_lowercase();
        assert_eq!(
            lower.matches("<script").count(),
            page.matches("<script").count()
        );
        // An attribute like `onclick` has no hash that could allow it.
        let tags = lower.split('<').filter_map(|tag| tag.split('>').next());
        let tags = tags.filter(|tag| !tag.starts_with("!--"));
        let handlers: Vec<&str> = tags.filter(|tag| tag.contains(" on")).collect();
        assert_eq!(handlers, [""; 0]);
        assert!(!lower.contains("javascript:"));
    }
}

#[test]
fn another_name_is_not_answered() {
    let world = World::new();
    let server = world.serve();
    let port = server.port;
    for host in [
        format!("Host: localhost:{port}\r\n"),
        format!("Host: [::1]:{port}\r\n"),
    ] {
        assert_eq!(server.ask("GET / HTTP/1.1", &host).status, 200, "{host}");
    }
    for host in [
        format!("Host: evil.example:{port}\r\n"),
        "Host: evil.example\r\n".to_owned(),
        "Host: localhost\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
        String::new(),
    ] {
        for path in ["/", "/live/events"] {
            let answer = server.ask(&format!("GET {path} HTTP/1.1"), &host);
            assert_eq!(answer.status, 421, "{host}");
            assert!(!answer.body.contains("words"), "{}", answer.body);
        }
    }
    let first = format!("GET http://evil.example:{port}/ HTTP/1.1");
    assert_eq!(server.ask(&first, &server.host()).status, 421);
    // What another site's page loads is not for it; a link from there is fine.
    let foreign = format!("{}Sec-Fetch-Site: cross-site\r\n", server.host());
    assert_eq!(
        server.ask("GET /live/events HTTP/1.1", &foreign).status,
        403
    );
    let link = format!("{foreign}Sec-Fetch-Mode: navigate\r\n");
    assert_eq!(server.ask("GET / HTTP/1.1", &link).status, 200);
}

#[test]
fn only_get_and_head_are_answered() {
    let world = World::new();
    let server = world.serve();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"] {
        let answer = server.ask(&format!("{method} /one.html HTTP/1.1"), &server.host());
        assert!((400..500).contains(&answer.status), "{method}: {answer:?}");
    }
    let head = server.ask("HEAD /one.html HTTP/1.1", &server.host());
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

/// As `nc -N` does at the end of its input.
#[test]
fn who_has_said_all_still_gets_an_answer() {
    let world = World::new();
    let server = world.serve();
    let mut stream = server.connect();
    let head = format!("GET /one.html HTTP/1.1\r\n{}\r\n", server.host());
    stream.write_all(head.as_bytes()).expect("sent");
    stream.shutdown(Shutdown::Write).expect("half-closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("The first words."), "{answer}");
}

/// There is a file to be found at the end of each of these paths.
#[test]
fn no_path_leaves_the_book() {
    let world = World::new();
    world.write("secret.txt", "the secret");
    world.write("book/secret.txt", "the secret");
    let server = world.serve();
    let absolute = world.path("secret.txt");
    let absolute = absolute.display();
    for path in [
        "/../secret.txt".to_owned(),
        "/../../../secret.txt".to_owned(),
        "/css/../../secret.txt".to_owned(),
        "/%2e%2e/secret.txt".to_owned(),
        "/%2e%2e%2fsecret.txt".to_owned(),
        "/..%5csecret.txt".to_owned(),
        "/..\\secret.txt".to_owned(),
        "/%252e%252e/secret.txt".to_owned(),
        "/one.html%00".to_owned(),
        "/%00../secret.txt".to_owned(),
        format!("/{absolute}"),
        format!("{absolute}"),
        "/one.html/".to_owned(),
        "//one.html".to_owned(),
        "/./one.html".to_owned(),
        "/C:/secret.txt".to_owned(),
        "/one.html::$DATA".to_owned(),
        format!("/{}", "a".repeat(5_000)),
    ] {
        let answer = server.get(&path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
        assert!(!answer.body.contains("the secret"), "{path}");
    }
}

/// It holds a place for some seconds, and no longer.
#[test]
fn a_slow_head_is_cut_off_and_nobody_waits_for_it() {
    let world = World::new();
    let server = world.serve();
    let begin = Instant::now();
    let mut slow = server.connect();
    slow.write_all(b"GET / HT").expect("sent");
    assert_eq!(server.get("/one.html").status, 200);
    let mut nothing = Vec::new();
    drop(slow.read_to_end(&mut nothing));
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}

/// More of them than there are places, and than the system lets stand in a queue:
/// whoever asks for something does not wait until their time is over.
#[test]
fn many_idle_connections_do_not_stop_it() {
    let world = World::new();
    let server = world.serve();
    let begin = Instant::now();
    let idle: Vec<_> = (0..500).map(|_| server.connect()).collect();
    for _ in 0..20 {
        assert_eq!(server.get("/one.html").status, 200);
    }
    // A place that nobody makes free is free after five seconds, for one in five.
    let limit = Duration::from_secs(10);
    assert!(begin.elapsed() < limit, "{:?}", begin.elapsed());
    drop(idle);
}

#[test]
fn an_endless_body_and_an_endless_head_end() {
    let world = World::new();
    let server = world.serve();
    let body = format!(
        "GET / HTTP/1.1\r\n{}Content-Length: 99999999999\r\n\r\n",
        server.host()
    );
    let head = format!("GET / HTTP/1.1\r\n{}", server.host());
    for (start, piece) in [
        (body, "x".repeat(1 << 16)),
        (head, "X-More: yes\r\n".repeat(1_000)),
    ] {
        let mut stream = server.connect();
        stream.write_all(start.as_bytes()).expect("sent");
        let begin = Instant::now();
        let end = loop {
            if let Err(error) = stream.write_all(piece.as_bytes()) {
                break error.kind();
            }
            assert!(begin.elapsed() < LONG, "it reads for ever");
        };
        assert!(
            matches!(end, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
            "{end}"
        );
    }
    assert_eq!(server.get("/one.html").status, 200);
}

/// As many as there are places, and each of them asks again and again.
#[test]
fn who_asks_without_an_end_makes_room_for_others() {
    let world = World::new();
    let server = world.serve();
    let ask = format!("GET /live/live.js HTTP/1.1\r\n{}\r\n", server.host());
    let mut askers: Vec<_> = (0..100).map(|_| server.connect()).collect();
    for asker in &mut askers {
        asker.set_nonblocking(true).expect("nonblocking");
    }
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for asker in &mut askers {
                    drop(asker.write_all(ask.as_bytes()));
                    drop(asker.read(&mut [0; 1 << 16]));
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        let begin = Instant::now();
        let mut stream = server.connect();
        stream.set_read_timeout(Some(LONG / 3)).expect("a timeout");
        let asked = stream.write_all(ask.as_bytes());
        let answered = stream.read(&mut [0; 12]);
        is_over.store(true, Ordering::Relaxed);
        asked.expect("sent");
        assert_eq!(answered.expect("an answer"), 12, "{:?}", begin.elapsed());
    });
}
