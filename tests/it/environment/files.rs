//! Tests that a path that is not a file, never ends, or is far too large gives a clear error within bounded time and
//! memory; a pipe that ends is read like a file.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::common::{Home, Run, Said};

/// The longest time that a refusal may take on a busy machine.
const BOUND: Duration = Duration::from_secs(25);
/// The memory that a program may use, in KiB, as `ulimit -v` counts it.
const MEMORY: u32 = 2 * 1024 * 1024;

/// A command that reads a file: its arguments, in which PATH stands for the file, and its variables.
struct Reader {
    what: &'static str,
    arguments: &'static [&'static str],
    variable: Option<&'static str>,
}

const fn by_flag(what: &'static str, arguments: &'static [&'static str]) -> Reader {
    Reader { what, arguments, variable: None }
}

const fn by_variable(variable: &'static str, arguments: &'static [&'static str]) -> Reader {
    Reader { what: variable, arguments, variable: Some(variable) }
}

const ELSEWHERE: &[&str] = &["list", "--service", "https://hooks.invalid", "--retries", "0"];

const READERS: &[Reader] = &[
    by_flag("--data", &["send", "attendance.inserted", "--data", "@PATH"]),
    by_flag("--input", &["api", "POST", "/v1/events", "--input", "PATH"]),
    by_flag("--header", &["add", "https://a.example", "--events", "*", "--name", "A", "--header", "@PATH"]),
    by_flag("--secret-file", &["add", "https://a.example", "--events", "*", "--name", "A", "--secret-file", "PATH"]),
    by_flag("--token-file", &["login", "https://hooks.invalid", "--token-file", "PATH"]),
    by_flag("--ca-cert", &["list", "--service", "https://hooks.invalid", "--ca-cert", "PATH"]),
    by_flag("--admin-token-file", &["serve", "--listen", "0", "--admin-token-file", "PATH"]),
    by_flag("--secret-key-file", &["serve", "--listen", "0", "--secret-key-file", "PATH"]),
    by_flag("--tls-cert", &["serve", "--listen", "0", "--tls-cert", "PATH", "--tls-key", "PATH"]),
    by_variable("TM_HOOKS_TOKEN_FILE", ELSEWHERE),
    by_variable("SSL_CERT_FILE", ELSEWHERE),
    by_variable("TM_HOOKS_SECRET_KEY_FILE", &["list"]),
    by_flag("config.toml", &["list"]),
    by_flag("config.toml", &["config", "set", "output", "json"]),
];

/// Runs a reader on the file at `path`, with bounded memory.
fn read(home: &Home, reader: &Reader, path: &str) -> Said {
    let program = home.program();
    let mut bounded = Command::new("sh");
    bounded.env_clear().envs(home.environment()).current_dir(home.path()).stdin(Stdio::null());
    bounded.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")]).arg(program.get_program());
    bounded.args(reader.arguments.iter().map(|argument| argument.replace("PATH", path)));
    if let Some(variable) = reader.variable {
        bounded.env(variable, path);
    }
    if reader.what == "config.toml" {
        let folder = home.path().join("config");
        fs::create_dir_all(&folder).unwrap();
        let _ = fs::remove_file(folder.join("config.toml"));
        std::os::unix::fs::symlink(path, folder.join("config.toml")).unwrap();
        bounded.env("TM_HOOKS_CONFIG_DIR", folder);
    }
    bounded.said()
}

fn refuses(path: &str, name: &str, words: &str) {
    std::thread::scope(|scope| {
        for reader in READERS {
            scope.spawn(move || {
                let (home, begun) = (Home::new(), Instant::now());
                let said = read(&home, reader, path);
                let what = reader.what;
                assert!(begun.elapsed() < BOUND, "{what} took {:?}", begun.elapsed());
                assert!((1..=9).contains(&said.code), "{what} ended with {}:\n{}", said.code, said.err);
                assert_eq!(said.out, "", "{what}");
                let file = if what == "config.toml" { what } else { name };
                assert!(said.err.contains(file) && said.err.contains(words), "{what}: {}", said.err);
            });
        }
    });
}

#[test]
fn a_folder() {
    let home = Home::new();
    let path = home.path().join("the-folder");
    fs::create_dir(&path).unwrap();
    refuses(path.to_str().unwrap(), "the-folder", "it is a folder");
}

#[test]
fn a_pipe_that_nobody_writes_to() {
    let home = Home::new();
    let path = home.path().join("the-pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    refuses(path.to_str().unwrap(), "the-pipe", "a pipe that nobody writes to");
}

#[test]
fn a_device_that_never_ends() {
    refuses("/dev/zero", "/dev/zero", "it is larger than");
}

#[test]
fn a_hundred_megabytes() {
    let home = Home::new();
    let path = home.path().join("the-file");
    fs::File::create(&path).unwrap().set_len(100 * 1024 * 1024).unwrap();
    refuses(path.to_str().unwrap(), "the-file", "it is larger than");
}

#[test]
fn what_a_shell_puts_in_a_file_s_place_is_read() {
    let home = Home::new();
    let program = home.program();
    let mut bash = Command::new("bash");
    bash.env_clear().envs(home.environment()).env("PATH", "/usr/bin:/bin").current_dir(home.path());
    let script = "\"$0\" send attendance.inserted --data @<(sleep 0.2; echo '{\"comment\":\"piped\"}') -o id \
                  && \"$0\" send user.deleted --data @/dev/stdin -o id < <(echo '{}')";
    let said = bash.args(["-c", script]).arg(program.get_program()).said();
    assert_eq!(said.ok().lines().count(), 2);
}

#[test]
fn a_configuration_that_is_empty_or_deep_is_no_trouble() {
    let home = Home::new();
    let folder = home.path().join(".config/tm-hooks");
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.join("config.toml")).unwrap();
    home.run(["list"]).exits(0);
    fs::remove_file(folder.join("config.toml")).unwrap();
    for hostile in [
        "[".repeat(500_000),
        "a.".repeat(500_000),
        format!("output = {}", "[".repeat(500_000)),
        "[[a]]\n".repeat(100_000),
    ] {
        fs::write(folder.join("config.toml"), &hostile).unwrap();
        let begun = Instant::now();
        home.run(["list"]).exits(2).tells("config.toml");
        assert!(begun.elapsed() < BOUND, "{:?} for {}…", begun.elapsed(), &hostile[..20]);
    }
}
