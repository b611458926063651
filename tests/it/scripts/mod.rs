//! Tests what scripts rely on: exit codes, streams, and clear errors for bad input and bad networks.

mod bad_input;
mod bad_networks;
mod curl;
mod event_ids;
mod filters;
mod lost_output;
mod names;
mod nothing_swallowed;
mod other_services;
mod sending;
mod separated;
mod shown_once;
mod situations;
mod unknown_types;
mod wrong_words;
