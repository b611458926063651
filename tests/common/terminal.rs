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
    let size = PtySize { rows: 50, cols: 100, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tm-hooks"));
    command.args(arguments);
    command.env_clear();
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
    Seen { code, screen: screen.join().unwrap() }
}
