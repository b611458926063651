//! What is documented is what the program does.

mod ci_examples;
mod readme;
