//! Tests that the documentation is true: every command of the pages is run.

#[cfg(debug_assertions)]
mod api_examples;
mod api_page;
mod ci_examples;
mod commands;
#[cfg(debug_assertions)]
mod console;
mod pages;
#[cfg(debug_assertions)]
mod picture;
#[cfg(debug_assertions)]
mod pictures;
mod receivers;
mod shape;
