//! Tests the service as a process: what it delivers, what it survives, how it ends.

mod ambiguous;
mod at_once;
#[cfg(debug_assertions)]
mod clock_jumps;
mod crash;
mod few_descriptors;
mod habits;
mod half_requests;
mod interrupted;
mod moved_away;
mod named;
mod reading;
mod real_payloads;
mod retry;
mod stopping;
mod storage;
mod struck_off;
mod vendor_page;
mod waits;
mod wire;
