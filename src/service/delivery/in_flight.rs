//! The deliveries that this process has claimed: the requests in flight, and those claimed ahead so that a fast
//! receiver never waits for a commit.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::pace::{AnswerRate, MOST_IN_FLIGHT, Pace};
use crate::{
    domain::ids::{AttemptId, WebhookId},
    service::store::{Claim, ClaimId},
};

/// The most requests in flight in the tests.
#[cfg(test)]
pub const MOST: usize = 512;
/// The number of these that webhooks in trouble share.
#[cfg(test)]
pub const MOST_IN_TROUBLE: usize = MOST / 2;
/// The most deliveries of all webhooks that are claimed ahead.
const MOST_AHEAD: usize = 512;
/// A webhook with a request in flight for this long counts as one in trouble until the answer has arrived.
const SLOW: Duration = Duration::from_secs(1);
/// A delivery that was claimed ahead and has waited this long is given back, because its receiver has become slow.
const LONGEST_AHEAD: Duration = Duration::from_secs(2);

/// The requests in flight and the claims that wait for a place.
pub struct InFlight {
    state: Mutex<State>,
    wanting: Notify,
    recorded: Notify,
}

struct State {
    /// The most requests in flight.
    most: usize,
    loads: HashMap<WebhookId, WebhookLoad>,
    /// How fast the answers of all receivers come.
    answers: AnswerRate,
    /// The number of requests in flight.
    in_flight: usize,
    /// The number of claims that wait for a place.
    ready: usize,
    /// The webhooks whose next claim may begin as soon as there is a place, in the order of their turns. Some may have
    /// nothing left that waits.
    queue: VecDeque<WebhookId>,
    /// The number of places reserved for claims that are being made.
    reserved: usize,
    /// Attempts that have begun and are not stored yet, even if the request has ended.
    unrecorded: HashMap<ClaimId, AttemptId>,
    /// Whether the last claim left deliveries behind because there were too few places.
    more: bool,
    /// Whether it left deliveries behind because there were too few places for webhooks in trouble.
    more_in_trouble: bool,
    /// Whether no more requests begin.
    closed: bool,
}

/// What one webhook takes of the capacity: its requests in flight, and what it has waiting or reserved.
#[derive(Default)]
struct WebhookLoad {
    /// The start of each request in flight.
    began: Vec<Instant>,
    ready: VecDeque<(Claim, Instant)>,
    reserved: usize,
    in_trouble: bool,
    /// Whether the last claim left deliveries of this webhook behind because it had too little capacity.
    more: bool,
    pace: Pace,
}

/// A claim whose request is now in flight.
pub struct StartedClaim {
    /// The claim.
    pub claim: Claim,
    /// The start of its request.
    pub began: Instant,
}

/// How many deliveries may be claimed.
pub struct Capacity {
    /// The most in all.
    pub most: usize,
    /// The most of webhooks in trouble.
    pub most_in_trouble: usize,
    /// The most of each of these webhooks.
    pub capacities: Vec<(WebhookId, usize)>,
}

impl WebhookLoad {
    fn is_slow(&self, now: Instant) -> bool {
        self.began.iter().any(|began| now.duration_since(*began) >= SLOW)
    }

    fn is_troubled(&self, now: Instant) -> bool {
        self.in_trouble || self.is_slow(now)
    }

    /// How many more deliveries may be claimed for the webhook.
    fn capacity(&self, now: Instant) -> usize {
        let ahead = if self.is_troubled(now) { 0 } else { self.pace.ahead(now) };
        (self.pace.most_in_flight(now) + ahead).saturating_sub(self.began.len() + self.ready.len() + self.reserved)
    }

    fn has_place(&self, now: Instant) -> bool {
        self.began.len() < self.pace.most_in_flight(now)
    }
}

impl State {
    fn load_of(&mut self, webhook: WebhookId) -> &mut WebhookLoad {
        self.loads.entry(webhook).or_default()
    }

    fn has_place(&self) -> bool {
        self.in_flight < self.most
    }

    /// How many deliveries are claimed ahead: as many as all receivers together answer soon. Of many webhooks, each of
    /// which is answered now and then, none alone would be claimed ahead for.
    fn ahead(&self, now: Instant) -> usize {
        self.answers.soon(now).min(MOST_AHEAD)
    }

    /// How many more deliveries may be claimed.
    fn capacity(&self, now: Instant) -> usize {
        let places = if self.closed { 0 } else { self.most + self.ahead(now) };
        places.saturating_sub(self.in_flight + self.ready + self.reserved)
    }

    fn begin(&mut self, claim: Claim, now: Instant) -> StartedClaim {
        self.load_of(claim.webhook_id).began.push(now);
        self.in_flight += 1;
        self.unrecorded.insert(claim.claim, claim.attempt_id);
        StartedClaim { claim, began: now }
    }

    /// Begins the webhook's next request, if one waits and there is a place for it.
    fn begin_next(&mut self, webhook: WebhookId, now: Instant) -> Option<StartedClaim> {
        let free = self.has_place() && !self.closed;
        let load = self.loads.get_mut(&webhook).filter(|load| free && load.has_place(now))?;
        let (claim, _) = load.ready.pop_front()?;
        self.ready -= 1;
        Some(self.begin(claim, now))
    }

    /// Begins the next request of the webhook whose turn it is, if there is a place for it.
    fn begin_queued(&mut self, now: Instant) -> Option<StartedClaim> {
        while self.has_place() && !self.closed {
            let webhook = self.queue.pop_front()?;
            if let Some(started) = self.begin_next(webhook, now) {
                return Some(started);
            }
        }
        None
    }

    /// Whether a claim would find deliveries that were left behind and now have a place. For fast receivers this is true
    /// only once half of what was claimed ahead is sent, not at every answer.
    fn wants_more(&self, webhook: WebhookId, now: Instant) -> bool {
        let wants = |load: &WebhookLoad| {
            let its_own = load.more && load.capacity(now) > load.pace.ahead(now) / 2;
            its_own || (self.more_in_trouble && load.is_troubled(now))
        };
        let left_behind = self.more && self.capacity(now) > self.ahead(now) / 2;
        left_behind || self.loads.get(&webhook).is_some_and(wants)
    }
}

impl InFlight {
    /// Allows `most` requests at once; webhooks in trouble share half of them.
    pub fn at_most(most: usize) -> Self {
        let state = State {
            most,
            loads: HashMap::new(),
            answers: AnswerRate::default(),
            in_flight: 0,
            ready: 0,
            queue: VecDeque::new(),
            reserved: 0,
            unrecorded: HashMap::new(),
            more: false,
            more_in_trouble: false,
            closed: false,
        };
        InFlight { state: Mutex::new(state), wanting: Notify::new(), recorded: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The counts are consistent between any two statements, so a panic elsewhere cannot have broken them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The capacity for the next claim.
    pub fn capacity(&self, now: Instant) -> Capacity {
        let mut state = self.state();
        state.loads.retain(|_, load| {
            !load.began.is_empty() || !load.ready.is_empty() || load.reserved > 0 || !load.pace.is_forgotten(now)
        });
        let held = |load: &WebhookLoad| load.began.len() + load.ready.len() + load.reserved;
        let troubled: usize = state.loads.values().filter(|load| load.is_troubled(now)).map(held).sum();
        let most_in_trouble = state.most.div_ceil(2).saturating_sub(troubled);
        let capacity_of = |load: &WebhookLoad| match load.capacity(now) {
            capacity if load.is_troubled(now) => capacity.min(most_in_trouble),
            capacity => capacity,
        };
        let capacities = state.loads.iter().map(|(webhook, load)| (*webhook, capacity_of(load))).collect();
        let most = state.capacity(now);
        Capacity { most, most_in_trouble: most_in_trouble.min(most), capacities }
    }

    /// Reserves a place for a delivery to a healthy webhook; `false` if there is none.
    pub fn reserve(&self, webhook: WebhookId, now: Instant) -> bool {
        let mut state = self.state();
        if state.capacity(now) == 0 {
            return false;
        }
        let load = state.load_of(webhook);
        if load.is_troubled(now) || load.capacity(now) == 0 {
            load.more = true;
            return false;
        }
        load.reserved += 1;
        state.reserved += 1;
        true
    }

    /// Gives a reserved place back.
    pub fn give_back(&self, webhook: WebhookId) {
        let mut state = self.state();
        state.reserved -= 1;
        state.load_of(webhook).reserved -= 1;
    }

    /// Records what a claim for this capacity returned, to know whether deliveries were left behind.
    pub fn claimed(&self, capacity: &Capacity, claims: &[Claim]) {
        let mut state = self.state();
        state.more = claims.len() >= capacity.most;
        state.more_in_trouble = claims.iter().filter(|claim| claim.in_trouble).count() >= capacity.most_in_trouble;
        let mut counts: HashMap<WebhookId, usize> = HashMap::new();
        for claim in claims {
            *counts.entry(claim.webhook_id).or_default() += 1;
        }
        for (webhook, capacity) in &capacity.capacities {
            let claimed = counts.remove(webhook).unwrap_or_default();
            state.load_of(*webhook).more = claimed >= *capacity;
        }
        for (webhook, claimed) in counts {
            state.load_of(webhook).more = claimed >= MOST_IN_FLIGHT;
        }
    }

    /// Accepts a claim: its request begins now or when there is a place for it.
    pub fn admit(&self, claim: Claim, now: Instant) -> Option<StartedClaim> {
        let mut state = self.state();
        let free = state.has_place() && !state.closed;
        let webhook = claim.webhook_id;
        let load = state.load_of(webhook);
        load.in_trouble = claim.in_trouble;
        if free && load.has_place(now) && load.ready.is_empty() {
            return Some(state.begin(claim, now));
        }
        // The others begin when an answer of their own webhook is in.
        let has_turn = load.began.len() + load.ready.len() < load.pace.most_in_flight(now);
        load.ready.push_back((claim, now));
        state.ready += 1;
        state.queue.extend(has_turn.then_some(webhook));
        None
    }

    /// Begins a claim's request regardless of the limits, because a caller waits for this one.
    pub fn begin(&self, claim: Claim, now: Instant) -> StartedClaim {
        self.state().begin(claim, now)
    }

    /// Frees the place of a request whose answer has arrived. Returns the next request for it, if one waits.
    pub fn answered(&self, webhook: WebhookId, began: Instant, overloaded: bool, now: Instant) -> Option<StartedClaim> {
        let mut state = self.state();
        state.in_flight -= 1;
        let load = state.load_of(webhook);
        if let Some(at) = load.began.iter().position(|at| *at == began) {
            load.began.swap_remove(at);
        }
        load.pace.answered(now, overloaded);
        let waits = !load.ready.is_empty();
        state.answers.count(now);
        state.queue.extend(waits.then_some(webhook));
        let next = state.begin_queued(now);
        let wanting = state.wants_more(webhook, now);
        drop(state);
        if wanting {
            self.wanting.notify_one();
        }
        next
    }

    /// Begins the waiting requests that have a place without an answer of their own webhook.
    pub fn begin_ready(&self, now: Instant) -> Vec<StartedClaim> {
        let mut state = self.state();
        if state.ready == 0 {
            return Vec::new();
        }
        let waiting: Vec<_> =
            state.loads.iter().filter(|(_, load)| !load.ready.is_empty()).map(|(webhook, _)| *webhook).collect();
        let mut begun = Vec::new();
        for webhook in waiting {
            while let Some(started) = state.begin_next(webhook, now) {
                begun.push(started);
            }
        }
        begun
    }

    /// Removes claims that have waited too long for a place, or all that wait for this webhook.
    pub fn stale(&self, webhook: Option<WebhookId>, now: Instant) -> Vec<Claim> {
        let mut state = self.state();
        let mut stale = Vec::new();
        for (id, load) in &mut state.loads {
            let late = |since: Instant| now.duration_since(since) >= LONGEST_AHEAD;
            if webhook == Some(*id) || load.ready.front().is_some_and(|(_, since)| late(*since)) {
                stale.extend(load.ready.drain(..).map(|(claim, _)| claim));
                load.more = true;
            }
        }
        let State { ready, queue, loads, .. } = &mut *state;
        *ready -= stale.len();
        queue.retain(|id| loads.get(id).is_some_and(|load| !load.ready.is_empty()));
        stale
    }

    /// Records that the results of these attempts are stored.
    pub fn recorded(&self, claims: impl IntoIterator<Item = ClaimId>) {
        let mut state = self.state();
        for claim in claims {
            state.unrecorded.remove(&claim);
        }
        drop(state);
        self.recorded.notify_waiters();
        self.recorded.notify_one();
    }

    /// Drops the waiting claims, which are lost. Returns the attempts that have begun and are not stored.
    pub fn lost(&self) -> Vec<(ClaimId, AttemptId)> {
        let mut state = self.state();
        state.ready = 0;
        state.queue.clear();
        for load in state.loads.values_mut().filter(|load| !load.ready.is_empty()) {
            load.ready.clear();
            load.more = true;
        }
        state.unrecorded.iter().map(|(claim, attempt)| (*claim, *attempt)).collect()
    }

    /// Begins no more requests and drops waiting claims, which are freed when the instance ends.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.ready = 0;
        state.queue.clear();
        for load in state.loads.values_mut() {
            load.ready.clear();
        }
    }

    /// Whether all begun attempts are stored and nothing waits for a place.
    pub fn is_idle(&self) -> bool {
        let state = self.state();
        state.unrecorded.is_empty() && state.ready == 0 && state.reserved == 0
    }

    /// Waits until there is a place for what the last claim left behind.
    pub async fn wanting(&self) {
        self.wanting.notified().await;
    }

    /// Waits until an attempt may have been stored.
    pub async fn changed(&self) {
        tokio::select! {
            () = self.recorded.notified() => {}
            () = self.wanting.notified() => {}
        }
    }

    /// Waits until all begun attempts are stored.
    pub async fn idle(&self) {
        loop {
            let recorded = self.recorded.notified();
            tokio::pin!(recorded);
            recorded.as_mut().enable();
            if self.state().unrecorded.is_empty() {
                return;
            }
            recorded.await;
        }
    }
}

#[cfg(test)]
mod tests;
