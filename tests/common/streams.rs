//! Standard streams as scripts may pass them: without a reader, full, or closed.

use std::{
    fs::OpenOptions,
    io::pipe,
    process::{Command, Stdio},
};

use super::Home;

/// A pipe whose reader has gone before anything is written.
pub fn unread() -> Stdio {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    writer.into()
}

/// A full disk.
pub fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// The program started by a shell with these redirections: `>&-`, `2>&-`.
pub fn redirected(home: &Home, redirections: &str, arguments: &[&str]) -> Command {
    shell(home, &format!("exec \"$0\" \"$@\" {redirections}"), arguments)
}

/// A shell script in which `"$0" "$@"` is the program with its arguments.
pub fn shell(home: &Home, script: &str, arguments: &[&str]) -> Command {
    let program = home.program();
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(home.path()).stdin(Stdio::null());
    shell.args(["-c", script]).arg(program.get_program()).args(arguments);
    shell
}
