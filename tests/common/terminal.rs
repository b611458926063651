//! The program on a terminal of its own.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::Home;

/// What a person saw, and how it ended.
#[derive(Debug)]
pub struct Seen {
    pub code: i32,
    pub screen: String,
}

impl Seen {
    /// Whether anything was coloured.
    pub fn has_color(&self) -> bool {
        self.screen.match_indices("\u{1b}[").any(|(at, _)| {
            let rest = &self.screen[at + 2..];
            let code: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ';').collect();
            rest[code.len()..].starts_with('m')
                && code.split(';').any(|part| matches!(part.len(), 2) && part.starts_with(['3', '9']))
        })
    }
}

/// Runs the program on a terminal 100 columns wide; `keys` are typed at once.
pub fn on_terminal(home: &Home, arguments: &[&str], environment: &[(&str, &str)], keys: &str) -> Seen {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tm-hooks"));
    command.args(arguments);
    command.env_clear();
    run(command, home, environment, keys, 100)
}

/// Runs a line as a person types it, without colour, and gives what is left on the screen when it has ended.
pub fn shell(home: &Home, line: &str, width: u16) -> String {
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_tm-hooks")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", line]);
    command.env_clear();
    let seen = run(command, home, &[("NO_COLOR", "1"), ("PATH", &path)], "", width);
    // A spinner writes over its own line: what counts is what was written last.
    let last = |line: &str| line.rsplit(['\r', '\u{1b}']).next().map(|text| text.trim_start_matches("[2K").to_owned());
    seen.screen.replace("\r\n", "\n").lines().filter_map(last).collect::<Vec<_>>().join("\n")
}

fn run(mut command: CommandBuilder, home: &Home, environment: &[(&str, &str)], keys: &str, width: u16) -> Seen {
    let size = PtySize { rows: 50, cols: width, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let reveals = command.get_argv().iter().any(|argument| argument.to_string_lossy().contains("--reveal"));
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.cwd(home.path());
    for (name, value) in environment {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    writer.write_all(keys.as_bytes()).unwrap();
    let screen = std::thread::spawn(move || {
        let mut screen = Vec::new();
        // A terminal whose program has ended answers with an error on Linux; what was read until then counts.
        let _ = reader.read_to_end(&mut screen);
        String::from_utf8_lossy(&screen).into_owned()
    });
    let code = child.wait().unwrap().exit_code() as i32;
    drop(writer);
    drop(pair.master);
    let screen = screen.join().unwrap();
    if !reveals {
        super::trace::said(&screen);
    }
    Seen { code, screen }
}

/// Runs the program on a terminal, and types `keys` once `shown` stands there.
pub fn typed_when(home: &Home, arguments: &[&str], shown: &str, keys: &str) -> Seen {
    let size = PtySize { rows: 50, cols: 100, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tm-hooks"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.cwd(home.path());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let (mut screen, mut part, mut typed) = (String::new(), [0; 4096], false);
    while let Ok(count) = reader.read(&mut part) {
        screen.push_str(&String::from_utf8_lossy(&part[..count]));
        if !typed && screen.contains(shown) {
            writer.write_all(keys.as_bytes()).unwrap();
            typed = true;
        }
        if count == 0 {
            break;
        }
    }
    Seen { code: child.wait().unwrap().exit_code() as i32, screen }
}
