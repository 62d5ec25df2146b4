//! The doctor, with each trouble that can be had without breaking the machine.

mod patient;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use rstest::rstest;

use self::patient::{Patient, examine, expect};
#[cfg(target_os = "linux")]
use self::patient::{bare_path, works};

#[test]
fn a_good_machine_is_told_so_and_nothing_stays() {
    let patient = Patient::new("healthy");
    let before = names(&patient.course.path(""));
    let ran = examine(patient.call()).ended_with(0);
    for question in ["linker", "writing", "TCP", "UDP", "build lock"] {
        let fine = format!("fine: {question}: ");
        assert!(ran.stdout.contains(&fine), "{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("wrong"), "{}", ran.stdout);
    assert_eq!(names(&patient.course.path("")), before);
    assert_eq!(names(&patient.target.join("on-the-wire")), [""; 0]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != "Cargo.lock").collect();
    names.sort();
    names
}

/// After `script`, the doctor ends with `code`, and says `line` and `cure`.
#[cfg(unix)]
fn expect_after(script: &str, name: &str, code: i32, line: &str, cure: &str) {
    let patient = Patient::new(name);
    let ran = examine(patient.call_after(&[], script)).ended_with(code);
    expect(&ran, line, cure);
}

/// It looks where the runner puts its files.
#[cfg(unix)]
#[test]
fn an_empty_temporary_folder_is_none() {
    let patient = Patient::new("no-tmpdir-here");
    let ran = examine(patient.call_after(&[], "export TMPDIR="));
    let is_looked_at = ran.stdout.contains("disk: ") && !ran.stdout.contains("cannot be looked at");
    assert!(is_looked_at, "{}", ran.stdout);
}

#[cfg(unix)]
#[rstest]
#[case::few("few-descriptors", "ulimit -Sn 200", "doubtful: descriptors: 200", 0)]
#[case::none_to_be_had("no-descriptors", "ulimit -n 200", "wrong: descriptors: 200", 3)]
fn descriptors_may_be_scarce(
    #[case] name: &str,
    #[case] limit: &str,
    #[case] line: &str,
    #[case] code: i32,
) {
    expect_after(limit, name, code, line, "4096");
}

#[cfg(target_os = "linux")]
#[rstest]
#[case::few(
    "little-space",
    "ulimit -Sv 6000000",
    "doubtful: address space: 5.7 GiB",
    0
)]
#[case::none_to_be_had("no-space", "ulimit -v 1000000", "wrong: address space: 1.0 GiB", 3)]
fn address_space_may_be_scarce(
    #[case] name: &str,
    #[case] limit: &str,
    #[case] line: &str,
    #[case] code: i32,
) {
    expect_after(limit, name, code, line, "unlimited");
}

#[cfg(target_os = "linux")]
#[rstest]
#[case::missing("no-linker", &[], "wrong: linker: rustc finds no linker: `cc`", "gcc")]
#[case::broken("broken-linker", &[("cc", "echo no >&2; exit 1")], "wrong: linker: a tiny program does not build", "cc --version")]
fn a_linker_may_be_missing(
    #[case] name: &str,
    #[case] tools: &[(&str, &str)],
    #[case] line: &str,
    #[case] cure: &str,
) {
    let patient = Patient::new(name);
    let mut command = patient.call();
    command.env("PATH", bare_path(&patient.course.path("tools"), tools));
    let ran = examine(command).ended_with(3);
    expect(&ran, line, cure);
    expect(&ran, "doubtful: git: not there", "https://git-scm.com");
}

#[cfg(target_os = "linux")]
#[test]
fn a_toolchain_may_be_old() {
    let patient = Patient::new("old-toolchain");
    let manifest = fs::read_to_string(patient.course.path("Cargo.toml")).expect("a manifest");
    let manifest = format!("{manifest}\n[workspace.package]\nrust-version = \"1.89\"\n");
    patient.course.write("Cargo.toml", &manifest);
    let says = "echo release: 1.70.0; echo host: x86_64-unknown-linux-gnu";
    bare_path(&patient.course.path("tools"), &[("old-rustc", says)]);
    let mut command = patient.call();
    command.env("RUSTC", patient.course.path("tools/old-rustc"));
    let ran = examine(command).ended_with(3);
    expect(
        &ran,
        "wrong: rustc: 1.70.0; the course needs 1.89",
        "rustup",
    );
    expect(&ran, "doubtful: cargo: ", "keep one of them");
    expect(&ran, "doubtful: environment: RUSTC", "unset RUSTC");
}

#[test]
fn a_toolchain_may_be_overridden() {
    let patient = Patient::new("overridden");
    let home = patient.course.path("rustup");
    let settings = format!(
        "[overrides]\n'{}' = 'nightly-2020-01-01'\n",
        patient.course.path("").display()
    );
    patient.course.write("rustup/settings.toml", &settings);
    let mut command = patient.call();
    command.env("RUSTUP_HOME", home);
    let ran = examine(command);
    expect(
        &ran,
        "doubtful: override: rustup uses nightly-2020-01-01",
        "rustup override unset",
    );
}

#[test]
fn a_lock_may_be_held() {
    let patient = Patient::new("locked");
    let lock = File::create(patient.target.join("debug/.cargo-lock")).expect("a file");
    lock.lock().expect("locked");
    let ran = examine(patient.call()).ended_with(0);
    let us = format!(", process {}", std::process::id());
    expect(&ran, "doubtful: build lock: ", "let it finish");
    if cfg!(target_os = "linux") {
        assert!(ran.stdout.contains(&us), "{}", ran.stdout);
    }
}

/// Nobody waits for it: three questions would.
#[test]
fn the_crates_may_be_somebody_elses_for_long() {
    let patient = Patient::new("crates-held");
    let home = tempfile::tempdir().expect("a folder");
    let lock = File::create(home.path().join(".package-cache")).expect("a file");
    lock.lock().expect("locked");
    let mut command = patient.call();
    command.env("CARGO_HOME", home.path());
    let begin = std::time::Instant::now();
    let ran = examine(command).ended_with(0);
    expect(&ran, "doubtful: crate lock: ", "let it finish");
    expect(&ran, "doubtful: linker: cannot be tried", "then ask again");
    expect(&ran, "doubtful: crates: cannot be tried", "then ask again");
    assert!(begin.elapsed() < Duration::from_secs(30), "it waited");
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_holds_a_lock_may_be_suspended() {
    let patient = Patient::new("suspended");
    let lock = patient.target.join("debug/.cargo-lock");
    File::create(&lock).expect("a file");
    if !works(&["flock", "/dev/null"]) {
        return;
    }
    let mut holder = Command::new("flock")
        .arg("--close")
        .arg(&lock)
        .args(["sh", "-c", "kill -STOP $PPID"])
        .spawn()
        .expect("it works");
    let state = format!("/proc/{}/stat", holder.id());
    while !fs::read_to_string(&state).is_ok_and(|stat| stat.contains(") T ")) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let ran = examine(patient.call());
    holder.kill().expect("it can be killed");
    holder.wait().expect("it is ours");
    expect(&ran, "wrong: build lock: flock, process", "kill -KILL");
    ran.ended_with(3);
}

#[test]
fn a_port_may_be_taken() {
    let patient = Patient::new("taken");
    // Where somebody else has it, that is as good.
    let _taken = std::net::TcpListener::bind("127.0.0.1:7878");
    let ran = examine(patient.call()).ended_with(0);
    expect(&ran, "doubtful: ports: the TCP port 7878 is taken", "end ");
}

#[test]
fn the_environment_may_have_surprises() {
    let patient = Patient::new("surprising");
    let mut command = patient.call();
    command
        .env("RUSTFLAGS", "-C debuginfo=0")
        .env("all_proxy", "http://me:secret@proxy:3128");
    let ran = examine(command).ended_with(0);
    expect(&ran, "doubtful: environment: RUSTFLAGS", "unset RUSTFLAGS");
    expect(&ran, "doubtful: proxy: all_proxy is set", "NO_PROXY");
    assert!(!ran.stdout.contains("secret"), "{}", ran.stdout);
}

#[test]
fn a_clock_may_have_been_ahead() {
    let patient = Patient::new("ahead");
    let soon = SystemTime::now() + Duration::from_secs(3 * 3600 + 60);
    let source = patient.course.path("exercises/ahead/src/main.rs");
    let file = File::options().append(true).open(source).expect("a file");
    file.set_modified(soon).expect("a time");
    let ran = examine(patient.call()).ended_with(0);
    expect(
        &ran,
        "doubtful: clock: exercises/ahead/src/main.rs was saved 3 h",
        "touch",
    );
    let built = patient.target.join("debug/deps");
    let file = File::create(&built).expect("a file");
    file.set_modified(soon).expect("a time");
    let ran = examine(patient.call()).ended_with(3);
    expect(
        &ran,
        "wrong: clock: target/debug/deps was built 3 h",
        "cargo clean",
    );
}

#[test]
fn git_may_have_been_killed() {
    let patient = Patient::new("git-was-killed");
    patient.course.write(".git/index.lock", "");
    let lock = patient.course.path(".git/index.lock");
    let file = File::options().append(true).open(lock).expect("a file");
    let before = SystemTime::now() - Duration::from_secs(60);
    file.set_modified(before).expect("a time");
    let ran = examine(patient.call());
    expect(&ran, "doubtful: git lock: ", "rm '");
}

#[test]
fn a_folder_may_be_synchronised() {
    let patient = Patient::new("synchronised");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let dropbox = elsewhere.path().join("Dropbox");
    fs::rename(patient.course.path(""), &dropbox).expect("moved");
    let mut command = patient.call();
    command.current_dir(&dropbox);
    let ran = examine(command).ended_with(0);
    expect(
        &ran,
        "doubtful: folder: Dropbox synchronises it",
        "move the course",
    );
}

/// Whether Cargo's settings in a folder above name another source of crates.
fn crates_come_from_a_folder() -> bool {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = here
        .ancestors()
        .map(|folder| folder.join(".cargo/config.toml"));
    let mut texts = settings.filter_map(|path| std::fs::read_to_string(path).ok());
    texts.any(|text| text.contains("replace-with"))
}

#[test]
fn crates_may_be_missing() {
    let patient = Patient::new("no-crates");
    expect(
        &examine(patient.call()),
        "doubtful: crates: Cargo.lock does not fit",
        "git checkout Cargo.lock",
    );
    // Has Cargo drop from the lock files what this small course does not need.
    for folder in ["", "exercises"] {
        let cargo = std::env::var("CARGO").expect("tests are started by Cargo");
        let pruned = Command::new(cargo)
            // Of this platform alone: a build downloads no crates of others.
            .args(["tree", "--offline", "--quiet"])
            .current_dir(patient.course.path(folder))
            .output();
        assert!(pruned.expect("Cargo starts").status.success());
    }
    let ran = examine(patient.call()).ended_with(0);
    let all = "fine: crates: all are here";
    assert!(ran.stdout.contains(all), "{}", ran.stdout);
    if crates_come_from_a_folder() {
        println!("not tried: the crates are in a folder beside the course, as `offline` puts them");
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let mut command = patient.call();
    command.env("CARGO_HOME", home.path());
    let ran = examine(command).ended_with(0);
    expect(
        &ran,
        "doubtful: crates: some are not here yet",
        "cargo fetch",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn loopback_may_be_down() {
    let wrapper = ["unshare", "-rn"];
    if !works(&wrapper) {
        return;
    }
    let patient = Patient::new("no-loopback");
    let ran = examine(patient.call_after(&wrapper, "true")).ended_with(3);
    expect(
        &ran,
        "wrong: TCP: nothing goes over 127.0.0.1",
        "ip link set lo up",
    );
    expect(
        &ran,
        "wrong: UDP: nothing goes over 127.0.0.1",
        "ip link set lo up",
    );
    expect(&ran, "doubtful: IPv6: ", "");
}

#[cfg(target_os = "linux")]
#[rstest]
#[case::full("full", "size=10m", "wrong: disk: ", "make room")]
#[case::no_programs(
    "noexec",
    "size=2g,noexec",
    "wrong: linker: programs cannot be run",
    "noexec"
)]
#[case::read_only("read-only", "ro", "wrong: writing: ", "read-only")]
fn a_disk_may_be_unfit(
    #[case] name: &str,
    #[case] options: &str,
    #[case] line: &str,
    #[case] cure: &str,
) {
    let wrapper = ["unshare", "-rm"];
    if !works(&wrapper) {
        return;
    }
    let patient = Patient::new(name);
    let target = patient.target.display();
    let mount = format!("mount -t tmpfs -o {options} tmpfs '{target}'");
    let ran = examine(patient.call_after(&wrapper, &mount)).ended_with(3);
    expect(&ran, line, cure);
}

/// The administrator may write anywhere: for him there is nothing to see.
#[cfg(unix)]
#[test]
fn a_folder_may_be_somebody_elses() {
    use std::os::unix::fs::PermissionsExt as _;

    let patient = Patient::new("not-ours");
    let exercises = patient.course.path("exercises");
    fs::set_permissions(&exercises, fs::Permissions::from_mode(0o555)).expect("permissions");
    let may_write = File::create(exercises.join("trial")).is_ok();
    let ran = examine(patient.call());
    fs::set_permissions(&exercises, fs::Permissions::from_mode(0o755)).expect("permissions");
    if may_write {
        eprintln!("skipped: an administrator may write anywhere");
        return;
    }
    expect(&ran, "wrong: writing: ", "chown");
    ran.ended_with(3);
}
