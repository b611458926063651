//! Delivers events: claims what is due, sends it signed, and records how it ended.
//!
//! [`Engine`] claims; `in_flight` limits how much, and `pace` how much for one receiver. `attempt` makes an attempt:
//! `request` signs, `sender` sends, and `recorder` stores the result. What follows from a result is a rule of the
//! store.
//!
//! `sender` talks to receivers over connections that `pool` keeps or `connector` makes (`connect_error` has the reasons
//! for failures), as many as a receiver serves according to `origin`. `resolver` looks up names, `tls` secures, `spelling`
//! writes header names as documented, and `stream` ensures that a request and its answer belong together. `received` and
//! `incoming` hold an answer until its head is complete, `answer` judges it (`lenient` reads what the HTTP library
//! refuses), `redact` masks secrets, and `limits` has the limits. SQL and the API's endpoints do not belong here.

mod answer;
mod attempt;
mod charset;
mod connect_error;
mod connector;
mod engine;
mod in_flight;
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
