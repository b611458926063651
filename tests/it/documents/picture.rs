//! Draws a terminal's screen as an SVG with text, in one file for dark and light.
//!
//! Existing crates place whole lines and leave their width to the font, so columns drift with another font. Here each
//! word has its column and its width. The file contains the colours of both schemes and its own background, so it is
//! readable even if the page's scheme differs from the reader's system.

use std::{fmt::Write, num::NonZeroU16};

use vt100::{Cell, Color, Parser, Screen};

/// The width of a cell in pixels.
const CELL: f32 = 8.4;
/// The height of a line in pixels.
const LINE: u16 = 20;
/// The margin around the grid in pixels.
const MARGIN: u16 = 16;

/// The style has no variables, which viewers other than browsers do not know; those show the light scheme.
const STYLE: &str = "\
rect { fill: #fff; stroke: #d1d9e0; }
text { fill: #1f2328; font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, \"Liberation Mono\", \"DejaVu Sans Mono\", monospace; font-variant-ligatures: none; white-space: pre; }
.dim { fill: #59636e; } .red { fill: #cf222e; } .green { fill: #1a7f37; } .yellow { fill: #9a6700; } .bold { font-weight: 700; }
@media (prefers-color-scheme: dark) {
  rect { fill: #0d1117; stroke: #3d444d; } text { fill: #e6edf3; }
  .dim { fill: #9198a1; } .red { fill: #ff7b72; } .green { fill: #3fb950; } .yellow { fill: #d29922; }
}
";

/// The picture of a command and its output on a terminal of this width. `about` describes it for people who do not see
/// it.
pub fn of(command: &str, written: &str, columns: u16, about: &str) -> String {
    let shown = format!("\u{1b}[2m$\u{1b}[0m {command}\r\n{written}");
    let size = |number: u16| NonZeroU16::new(number).unwrap();
    let mut parser = Parser::new(size(200), size(columns), 0);
    parser.process(shown.as_bytes());
    let screen = parser.screen();
    let rows = screen.contents().trim_end().lines().count() as u16;
    let (width, height) = ((f32::from(columns) * CELL).ceil() as u16 + 2 * MARGIN, rows * LINE + 2 * MARGIN - 4);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"about\">\n\
         <title id=\"about\">{}</title>\n<style>\n{STYLE}</style>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        escape(about),
        width - 1,
        height - 1
    );
    for row in 0..rows {
        for run in runs(screen, row) {
            let (x, y) = (f32::from(MARGIN) + f32::from(run.column) * CELL, row * LINE + MARGIN + 12);
            let class = if run.class.is_empty() { String::new() } else { format!(" class=\"{}\"", run.class) };
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\"{class}>{}</text>",
                f32::from(run.columns) * CELL,
                escape(&run.text)
            );
        }
    }
    svg + "</svg>\n"
}

/// Adjacent characters of one style with their width in columns.
#[derive(Debug, PartialEq)]
struct Run {
    column: u16,
    columns: u16,
    class: String,
    text: String,
}

/// The runs of a row: one or more words separated by one blank. A symbol, or a letter that is two columns wide, comes
/// from another font and is a run of its own; equal ones form one run.
fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut blanks = 0;
    for column in 0..screen.size().1.get() {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        if cell.contents().trim().is_empty() {
            blanks += 1;
            continue;
        }
        let (class, columns) = (class(cell), if cell.is_wide() { 2 } else { 1 });
        let text = cell.contents();
        match runs.last_mut() {
            Some(run) if run.class == class && goes_on(&run.text, text, blanks) => {
                run.text += &" ".repeat(usize::from(blanks));
                run.text += text;
                run.columns += blanks + columns;
            }
            _ => runs.push(Run { column, columns, class, text: text.to_owned() }),
        }
        blanks = 0;
    }
    runs
}

fn goes_on(before: &str, next: &str, blanks: u16) -> bool {
    let is_letter = |text: &str| text.chars().all(|c| c.is_ascii() || (c.is_alphabetic() && (c as u32) < 0x250));
    match is_letter(before) {
        true => is_letter(next) && blanks <= 1,
        false => blanks == 0 && before.ends_with(next),
    }
}

fn class(cell: &Cell) -> String {
    let color = match cell.fgcolor() {
        Color::Idx(1) => "red",
        Color::Idx(2) => "green",
        Color::Idx(3) => "yellow",
        Color::Default if cell.dim() => "dim",
        Color::Default => "",
        other => panic!("{other:?} is no colour of ours"),
    };
    let weight = if cell.bold() { "bold" } else { "" };
    [color, weight].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn each_word_has_its_column() {
    let mut parser = Parser::new(NonZeroU16::new(1).unwrap(), NonZeroU16::new(40).unwrap(), 0);
    parser.process("\u{1b}[31;1m✗\u{1b}[0m a bé  東京 ━━".as_bytes());
    let shown: Vec<_> =
        runs(parser.screen(), 0).into_iter().map(|it| (it.column, it.columns, it.class, it.text)).collect();
    let plain = |column, columns, text: &str| (column, columns, String::new(), text.to_owned());
    assert_eq!(
        shown,
        [
            (0, 1, "red bold".to_owned(), "✗".to_owned()),
            plain(2, 4, "a bé"),
            plain(8, 2, "東"),
            plain(10, 2, "京"),
            plain(13, 2, "━━")
        ]
    );
}

#[test]
fn a_picture_is_text_for_both_schemes() {
    let svg = of("tm-hooks list", "\u{1b}[2mNAME\u{1b}[0m <b>\r\n", 20, "A list & more");
    assert!(
        svg.contains("prefers-color-scheme: dark") && svg.contains("<title id=\"about\">A list &amp; more</title>")
    );
    assert!(
        svg.contains(">tm-hooks list</text>")
            && svg.contains("class=\"dim\">NAME</text>")
            && svg.contains(">&lt;b&gt;<")
    );
    assert!(!svg.contains("<path") && !svg.contains("href"));
}
