//! Tests input from outside: files, variables, proxies, certificates, the machine's zone. Each is understood, or
//! refused by its name.

mod certificates;
mod files;
mod listening;
mod proxies;
mod text;
mod variables;
