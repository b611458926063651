//! What is documented is what the program does: every command of the pages is run.

mod ci_examples;
mod commands;
#[cfg(debug_assertions)]
mod console;
mod pages;
mod receivers;
mod shape;
