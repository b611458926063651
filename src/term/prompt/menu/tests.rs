//! Tests menus by their keys and their pictures.

use super::*;
use crate::term::prompt::sheet::tests::Screen;

fn types() -> Vec<Choice> {
    let names = ["attendance.inserted", "attendance.deleted", "user.inserted", "user.deleted"];
    let choice = |name: &str| Choice { name: name.to_owned(), about: format!("{name}, in words"), ..Choice::default() };
    names.map(choice).to_vec()
}

fn field() -> Field {
    Field { label: "Events".to_owned(), width: 7, then: vec!["Version".to_owned()] }
}

/// Presses keys: `<`, `>` page up and down, `^`, `v` up and down, `{`, `}` to the start and the end, `!` Escape, `.`
/// Enter.
fn press(menu: &mut Menu<'_>, keys: &str) -> Pressed {
    let key = |character: char| match character {
        '^' => Key::Up,
        'v' => Key::Down,
        '<' => Key::PageUp,
        '>' => Key::PageDown,
        '{' => Key::Start,
        '}' => Key::End,
        '!' => Key::Escape,
        '.' => Key::Enter,
        '~' => Key::Backspace,
        other => Key::Text(other),
    };
    keys.chars().map(|character| menu.press(key(character), false)).last().unwrap()
}

fn picked(keys: &str) -> (Vec<usize>, Pressed) {
    let field = field();
    let mut menu = Menu::new(&field, HowMany::Some, types(), Signs::Utf8);
    let last = press(&mut menu, keys);
    (menu.picked(), last)
}

#[test]
fn several_are_picked_by_keys() {
    for (keys, places, last) in [
        (".", &[][..], Pressed::Changed),
        (" .", &[0], Pressed::Done),
        ("v v .", &[1, 2], Pressed::Done),
        ("  .", &[], Pressed::Changed),
        ("^ .", &[3], Pressed::Done),
        ("} {v .", &[1, 3], Pressed::Done),
        ("a.", &[0, 1, 2, 3], Pressed::Done),
        ("aa", &[], Pressed::Changed),
        (" a", &[0, 1, 2, 3], Pressed::Changed),
        ("!", &[], Pressed::Left),
        ("x", &[], Pressed::Nothing),
    ] {
        assert_eq!(picked(keys), (places.to_vec(), last), "{keys:?}");
    }
}

#[test]
fn a_search_finds_and_its_end_is_not_the_menu_s() {
    assert_eq!(picked("/user ."), (vec![2], Pressed::Changed));
    assert_eq!(picked("/del v .."), (vec![1, 3], Pressed::Done));
    assert_eq!(picked("/DEL! "), (vec![1], Pressed::Changed), "the cursor stays at what was found");
    assert_eq!(picked("/xyz .. ."), (vec![0], Pressed::Done));
    assert_eq!(picked("/u~~a"), (vec![0, 1, 2, 3], Pressed::Changed), "taking back the stroke ends it");
    assert_eq!(picked("/!!"), (vec![], Pressed::Left));
}

#[test]
fn one_is_picked_at_the_cursor_and_letters_search() {
    let field = Field::alone("Webhook");
    let mut choices = types();
    choices[2].picked = true;
    let answer = |keys: &str| {
        let mut menu = Menu::new(&field, HowMany::One, choices.clone(), Signs::Utf8);
        let last = press(&mut menu, keys);
        (menu.answer(), last)
    };
    assert_eq!(answer("."), ("user.inserted".to_owned(), Pressed::Done));
    assert_eq!(answer("/att."), ("attendance.inserted".to_owned(), Pressed::Done));
    assert_eq!(answer("user del."), ("user.deleted".to_owned(), Pressed::Done));
    assert_eq!(answer("nothing."), (String::new(), Pressed::Changed));
    assert_eq!(answer("us!"), ("user.inserted".to_owned(), Pressed::Left));
}

#[test]
fn what_is_pasted_presses_nothing() {
    let field = field();
    let mut menu = Menu::new(&field, HowMany::Some, types(), Signs::Utf8);
    for character in "a /x\n".chars() {
        assert_eq!(menu.press(Key::Text(character), true), Pressed::Nothing);
    }
    press(&mut menu, "/");
    for character in "user".chars() {
        menu.press(Key::Text(character), true);
    }
    assert_eq!((menu.found.clone(), menu.picked().len()), (vec![2, 3], 0));
}

fn shown(menu: &mut Menu<'_>, columns: u16, rows: u16) -> String {
    let mut screen = Screen::new(columns, rows);
    let drawn = menu.rows(screen.space());
    assert!(drawn.len() <= usize::from(rows), "{} rows on {rows}", drawn.len());
    screen.draw(&drawn);
    screen.text()
}

#[test]
fn it_stands_on_the_screen() {
    let field = field();
    let mut menu = Menu::new(&field, HowMany::Some, types(), Signs::Utf8);
    press(&mut menu, " v");
    let expected = [
        "? Events   space picks   a all   / searches   enter goes on   esc leaves",
        "    [x] attendance.inserted   attendance.inserted, in words",
        "  ❯ [ ] attendance.deleted    attendance.deleted, in words",
        "    [ ] user.inserted         user.inserted, in words",
        "    [ ] user.deleted          user.deleted, in words",
        "  then: Version                                                 1 picked, 2 of 4",
    ];
    assert_eq!(shown(&mut menu, 80, 24), expected.join("\n"));
    press(&mut menu, "  ");
    let expected = [
        "? Events   space picks   a all",
        "           / searches   enter goes on",
        "           esc leaves",
        "    [x] attendance.inserted   attendanc…",
        "  ❯ [ ] attendance.deleted    attendanc…",
        "    [ ] user.inserted         user.inse…",
        "    [ ] user.deleted          user.dele…",
        "  then: Version         1 picked, 2 of 4",
    ];
    assert_eq!(shown(&mut menu, 40, 24), expected.join("\n"));
}

#[test]
fn a_long_list_scrolls_and_a_small_screen_is_not_left() {
    let field = Field::alone("Webhook");
    let choice = |number: usize| Choice { name: format!("Webhook {number}"), ..Choice::default() };
    let mut menu = Menu::new(&field, HowMany::One, (1..=20).map(choice).collect(), Signs::Ascii);
    assert!(shown(&mut menu, 60, 8).contains("\n  > Webhook 1\n    Webhook 2\n"));
    press(&mut menu, "vvvvv");
    let seen = shown(&mut menu, 60, 8);
    assert!(
        seen.contains("    Webhook 2\n") && seen.contains("  > Webhook 6\n") && !seen.contains("Webhook 7"),
        "{seen}"
    );
    press(&mut menu, ">");
    assert!(shown(&mut menu, 60, 8).contains("  > Webhook 11\n"));
    press(&mut menu, "}");
    assert!(shown(&mut menu, 60, 8).contains("  > Webhook 20\n"));
    for rows in 2..10 {
        let seen = shown(&mut menu, 60, rows);
        assert!(rows < 4 || seen.contains("> Webhook 20"), "{rows}: {seen}");
    }
    press(&mut menu, "<<<<");
    assert!(shown(&mut menu, 60, 8).contains("  > Webhook 1\n"));
}

#[test]
fn names_are_cut_and_ids_are_not() {
    let field = Field::alone("Webhook");
    let choice = |name: &str, about: &str| Choice {
        name: name.to_owned(),
        id: "wh_gj9gp8qc2g".to_owned(),
        about: about.to_owned(),
        picked: false,
    };
    let choices = vec![
        choice("Zeiterfassung Schichtübergabe Werk Nord und Süd 2. Stock", "erp.example.com/in"),
        choice("東京オフィス勤怠連携と夜間シフトの引き継ぎ", "tokyo.example.com/in"),
        choice("👩‍💻 Team", "chat.example.com/\u{1b}[2Jin"),
    ];
    for columns in [40, 60, 80, 120] {
        let mut menu = Menu::new(&field, HowMany::One, choices.clone(), Signs::Utf8);
        let seen = shown(&mut menu, columns, 24);
        assert_eq!(seen.matches("   wh_gj9gp8qc2g").count(), 3, "{seen}");
        assert!(seen.matches('…').count() >= 2, "{seen}");
        assert!(seen.lines().all(|line| line.contains('👩') || width_of(line) <= usize::from(columns)), "{seen}");
        assert_eq!(seen.lines().count(), 5, "{seen}");
    }
}
