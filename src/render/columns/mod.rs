//! The columns of each type, written once.
