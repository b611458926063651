//! Delivering: claims what is due, sends it signed, records how it ended.
//!
//! [`Engine`] claims; `flight` says how much, and `pace` how much for one receiver; `attempt` makes an attempt:
//! `request` signs, `sender` sends, `recorder` has it stored; what follows is a rule of the store.
//!
//! `sender` talks to receivers: over connections that `pool` keeps or `connector` makes (`connect_error`
//! says why there is none), as many
//! as `origin` has learnt that a receiver serves, with `resolver` for names,
//! `tls` for secrecy, `spelling` for header names as they are documented and `stream` to see that a request and its answer
//! belong together; `received` and `incoming` hold an answer until its head is complete, `answer` judges it (`lenient`
//! reads what the HTTP library refuses), `redact` masks what must not be kept, and
//! `limits` says how long and how much.

mod answer;
mod attempt;
mod charset;
mod connect_error;
mod connector;
mod engine;
mod flight;
mod incoming;
mod lenient;
mod limits;
mod origin;
mod pace;
mod pool;
mod received;
mod recorder;
mod redact;
mod request;
mod resolver;
mod sender;
mod spelling;
mod stream;
#[cfg(test)]
mod tests;
mod tls;

pub use engine::Engine;
