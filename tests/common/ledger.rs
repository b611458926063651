//! A service as a process, with a receiver that records what it gets.

use super::{
    Home, Run, Said,
    api::Api,
    receiver::Receiver,
    service::{Served, sqlite},
};

/// A service with its own database, its client, and a receiver.
pub struct Delivering {
    pub home: Home,
    pub served: Served,
    pub receiver: Receiver,
}

impl Delivering {
    /// Starts a service that may deliver to this receiver.
    pub fn to(receiver: Receiver) -> Self {
        let home = Home::new();
        let served = Served::on_database(&home, &sqlite(home.path().join("served/hooks.db")));
        Delivering { home, served, receiver }
    }

    /// Runs the program as the service's client.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.served.client(&self.home).args(arguments).said()
    }

    /// Runs the program as the service's client and expects exit code 0; returns its standard output.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        self.run(arguments).ok()
    }

    /// Runs the program as the service's client with `-o json`.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        self.run(&[arguments, &["-o", "json"]].concat()).json()
    }

    /// The service's API.
    pub fn api(&self) -> Api {
        Api::of(&self.served)
    }
}
