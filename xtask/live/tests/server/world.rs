//! A small course in a folder of its own, the server at work in it, and a client
//! that says exactly what a test wants.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything takes; a test that waits so long has failed.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A course with a book of two chapters.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> World {
        let world = World {
            folder: tempfile::tempdir().expect("a folder"),
        };
        world.write("book/book.toml", "[book]\ntitle = \"Small\"\n");
        world.write(
            "book/src/SUMMARY.md",
            "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
        );
        world.write("book/src/one.md", "# One\n\nThe first words.\n");
        world.write("book/src/two.md", "# Two\n\nOther words.\n");
        world.write("crates/README", "");
        world.write("book/theme/live.js", "// the script of the test\n");
        world.write("book/theme/live.css", "");
        world
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        // In one step, as editors and the runner do it.
        let new = path.with_extension("new");
        fs::write(&new, text).expect("a file");
        fs::rename(&new, &path).expect("a file");
    }

    /// The program, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_live"));
        command
            .args(arguments)
            .arg("--root")
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    /// A server on a free port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_at("0")
    }

    /// A server on this port.
    pub(crate) fn serve_at(&self, port: &str) -> Server {
        let (server, mut lines) = self.start(port);
        // It goes on to print.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        server
    }

    /// A server whose first line is read, and nothing more: the pipe is closed.
    pub(crate) fn serve_unread(&self) -> Server {
        self.start("0").0
    }

    fn start(&self, port: &str) -> (Server, BufReader<ChildStdout>) {
        let mut command = self.command(&["serve", "--port", port]);
        command.arg("--scratch").arg(self.path("scratch"));
        let mut program = command.spawn().expect("the server starts");
        let stdout = program.stdout.take().expect("stdout");
        let mut line = String::new();
        let mut lines = BufReader::new(stdout);
        lines.read_line(&mut line).expect("a line");
        let (_, port) = line.trim().rsplit_once("127.0.0.1:").expect(&line);
        let port = port.trim_end_matches('/').parse().expect(&line);
        let leash = program.stdin.take();
        let server = Server {
            port,
            leash,
            program,
        };
        (server, lines)
    }
}

/// A server that ends with this.
pub(crate) struct Server {
    pub(crate) port: u16,
    leash: Option<ChildStdin>,
    program: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

impl Server {
    /// Lets go of the leash, and waits for the end.
    pub(crate) fn let_go(&mut self) {
        drop(self.leash.take());
        let begin = Instant::now();
        while self.program.try_wait().expect("a status").is_none() {
            assert!(begin.elapsed() < LONG, "it goes on without its leash");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(LONG)).expect("a timeout");
        stream
    }

    /// Sends `head` and reads until the server closes.
    pub(crate) fn say(&self, head: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for `path` as a browser does.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1"), &self.host())
    }

    pub(crate) fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    /// Asks with this first line and these further ones.
    pub(crate) fn ask(&self, first: &str, headers: &str) -> Answer {
        let answer = self.say(&format!("{first}\r\n{headers}Connection: close\r\n\r\n"));
        let (head, body) = answer.split_once("\r\n\r\n").expect(&answer);
        Answer {
            status: head[9..12].parse().expect(head),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    /// Asks again and again until the page has `words`.
    pub(crate) fn wait_for(&self, path: &str, words: &str) {
        let begin = Instant::now();
        while !self.get(path).body.contains(words) {
            assert!(begin.elapsed() < LONG, "{path} never has {words}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The headers in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}
