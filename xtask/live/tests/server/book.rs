//! How the book is built, and built again.

use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::world::World;

#[test]
fn the_built_book_is_complete_without_the_server() {
    let world = World::new();
    let out = world.path("out");
    let mut command = world.command(&["build"]);
    let output = command.arg("--out").arg(&out).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = fs::read_to_string(out.join("one.html")).expect("a page");
    assert!(page.contains("The first words."), "{page}");
    assert!(!page.contains("live"), "{page}");
    assert!(!out.join("theme").exists() && !out.join("live").exists());
}

#[test]
fn a_book_with_a_fault_has_an_exit_code_of_its_own() {
    let world = World::new();
    fs::remove_file(world.path("book/src/SUMMARY.md")).expect("removed");
    let mut command = world.command(&["build"]);
    let output = command.arg("--out").arg(world.path("out")).output();
    assert_eq!(output.expect("it runs").status.code(), Some(1));
}

/// Many readers ask all the time: none of them gets half a book, or none.
#[test]
fn nobody_misses_a_page_while_the_book_is_built_again() {
    let world = World::new();
    let server = world.serve();
    let styles = {
        let page = server.get("/one.html").body;
        let (_, rest) = page.split_once("href=\"css/general").expect("styles");
        format!("/css/general{}", rest.split_once('"').expect("a name").0)
    };
    let is_over = AtomicBool::new(false);
    let asked = std::thread::scope(|scope| {
        let readers: Vec<_> = ["/one.html", "/two.html", "/", &styles]
            .into_iter()
            .map(|path| {
                let (server, is_over) = (&server, &is_over);
                scope.spawn(move || {
                    let mut asked = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        let answer = server.get(path);
                        assert_eq!(answer.status, 200, "{path}");
                        assert!(!answer.body.is_empty(), "{path}");
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        for round in ["second", "third"] {
            world.write("book/src/one.md", &format!("# One\n\nThe {round} words.\n"));
            server.wait_for("/one.html", &format!("The {round} words."));
        }
        is_over.store(true, Ordering::Relaxed);
        readers
            .into_iter()
            .map(|reader| reader.join().expect("no miss"))
            .sum::<u32>()
    });
    assert!(asked > 20, "{asked}");
    let left = fs::read_dir(world.path("scratch"))
        .expect("a folder")
        .count();
    assert_eq!(left, 0, "what was built is left behind");
}

/// Wherever it is: what a page shows is a part of the book.
#[test]
fn an_output_that_has_changed_is_shown() {
    let world = World::new();
    let output =
        |word: &str| world.write("tools/a.snap", &format!("---\nsource: a\n---\n{word}\n"));
    output("before");
    let page = "# One\n\nWords.\n\n```text\n{{#output tools/a.snap}}\n```\n";
    world.write("book/src/one.md", page);
    let server = world.serve();
    server.wait_for("/one.html", "before");
    output("afterwards");
    server.wait_for("/one.html", "afterwards");
}

#[test]
fn a_port_that_is_taken_gets_one_clear_line() {
    let world = World::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut command = world.command(&["serve", "--port", &port]);
    let output = command.arg("--scratch").arg(world.path("scratch")).output();
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains(&format!("port {port} is taken")), "{told}");
}

/// Also where it was killed: its stdin ends.
#[test]
fn it_ends_with_whoever_has_started_it() {
    let world = World::new();
    let mut server = world.serve();
    fs::create_dir_all(world.path("scratch/7")).expect("a folder");
    server.let_go();
    assert!(!world.path("scratch").exists());
}

#[test]
fn a_server_can_come_back_at_the_same_place() {
    let world = World::new();
    let server = world.serve();
    let port = server.port.to_string();
    assert_eq!(server.get("/one.html").status, 200);
    drop(server);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(world.serve_at(&port).get("/one.html").status, 200);
}

#[test]
fn where_nothing_was_built_yet_the_fault_is_the_page() {
    let world = World::new();
    let summary = fs::read_to_string(world.path("book/src/SUMMARY.md")).expect("a file");
    fs::remove_file(world.path("book/src/SUMMARY.md")).expect("removed");
    let server = world.serve();
    let page = server.get("/").body;
    assert!(
        page.contains("does not build") && page.contains("live.js"),
        "{page}"
    );
    // Whoever has opened a chapter waits there.
    let page = server.get("/one.html").body;
    assert!(
        page.contains("does not build") && page.contains("live.js"),
        "{page}"
    );
    world.write("book/src/SUMMARY.md", &summary);
    server.wait_for("/one.html", "The first words.");
}

/// `cargo xtask book | head -1` closes what it says.
#[test]
fn without_the_script_of_the_verdicts_there_is_no_book() {
    let world = World::new();
    let (file, away) = (world.path("book/theme/live.js"), world.path("live.js"));
    fs::rename(&file, &away).expect("moved");
    let server = world.serve();
    let page = server.get("/one.html").body;
    assert!(page.contains("reading book/theme/live.js"), "{page}");
    fs::rename(&away, &file).expect("moved back");
    server.wait_for("/one.html", "The first words.");
}

#[test]
fn it_goes_on_when_nobody_reads_what_it_says() {
    let world = World::new();
    let server = world.serve_unread();
    for round in ["second", "third", "fourth"] {
        world.write("book/src/one.md", &format!("# One\n\nThe {round} words.\n"));
        server.wait_for("/one.html", &format!("The {round} words."));
    }
}

/// A pipe would hold whoever opens it for ever.
#[cfg(unix)]
#[test]
fn what_is_no_file_does_not_stop_it() {
    let world = World::new();
    let live = world.path("target/on-the-wire/live");
    fs::create_dir_all(&live).expect("a folder");
    let precious = world.path("thesis.txt");
    fs::write(&precious, "dear").expect("a file");
    std::os::unix::fs::symlink(&precious, live.join("server.lock")).expect("a link");
    let pipe = std::process::Command::new("mkfifo")
        .arg(live.join("server.address"))
        .status();
    assert!(pipe.expect("mkfifo").success());
    assert_eq!(world.serve().get("/one.html").status, 200);
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "dear");
}
