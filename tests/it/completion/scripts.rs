//! Tests that the scripts in the repository are those that the program prints.

use std::path::Path;

use crate::common::Home;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "tm-hooks.bash"),
    ("elvish", "tm-hooks.elv"),
    ("fish", "tm-hooks.fish"),
    ("powershell", "_tm-hooks.ps1"),
    ("zsh", "_tm-hooks"),
];

#[test]
fn the_folder_holds_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let home = Home::new();
    for (shell, file) in SCRIPTS {
        let committed = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(
            home.ok(["completions", shell]) == committed,
            "completions/{file} is not what `completions {shell}` prints"
        );
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), SCRIPTS.len());
}
