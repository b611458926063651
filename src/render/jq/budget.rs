//! Limits the time and memory of a filter, and stops one that exceeds them.
//!
//! The library runs a filter as nested iterators, which cannot be stopped from outside. But all that a filter holds are
//! values and contexts of this module: these count themselves ([`CountedBytes`]), and each step of the filter checks the
//! limits ([`step`]). An exceeded limit is reported once, and the thread then sleeps until the process ends: it must not
//! continue, and its values may be nested too deeply to be freed.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use cpu_time::ThreadTime;

/// The stack size of a filter's thread. The machine only provides the used part.
pub(super) const STACK: usize = 128 * 1024 * 1024;
/// The part of the stack for a filter's calls. The rest is for walking deeply nested values.
const LEVELS: usize = STACK / 2;
/// The number of steps between two looks at the clock.
const STEPS: u32 = 1_000;

/// The limits of one run of a filter.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// The CPU time: waiting for a reader or for other processes does not count.
    pub(super) time: Duration,
    /// The memory of its values and contexts at one time, in bytes.
    pub(super) memory: usize,
    /// The size of its output, in bytes.
    pub(super) output: usize,
}

impl Limits {
    /// Returns the limits for an input of so many bytes: enough for several passes over it.
    pub(super) fn of(input: usize) -> Self {
        const MEGABYTE: usize = 1_000_000;
        let megabytes = input / MEGABYTE;
        Limits {
            time: Duration::from_secs(5 + megabytes as u64),
            memory: (256 + 40 * megabytes) * MEGABYTE,
            output: (32 + 10 * megabytes) * MEGABYTE,
        }
    }
}

/// The limit that a filter has exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spent {
    /// It exceeded [`Limits::time`].
    Time,
    /// It exceeded [`Limits::memory`].
    Memory,
    /// It exceeded [`Limits::output`].
    Output,
    /// It exceeded the stack.
    Levels,
    /// It exceeded the nesting of values.
    Nesting,
}

/// The callback for an exceeded limit.
type Teller = Box<dyn Fn(Spent)>;

struct Budget {
    held: Cell<usize>,
    memory: Cell<usize>,
    steps: Cell<u32>,
    time: Cell<Duration>,
    began: Cell<Option<ThreadTime>>,
    lowest: Cell<usize>,
}

thread_local! {
    static BUDGET: Budget = const {
        Budget {
            held: Cell::new(0),
            memory: Cell::new(usize::MAX),
            steps: Cell::new(0),
            time: Cell::new(Duration::MAX),
            began: Cell::new(None),
            lowest: Cell::new(0),
        }
    };
    static TELLER: RefCell<Option<Teller>> = const { RefCell::new(None) };
}

/// Sets the limits of this thread; `tell` is called when one is exceeded.
pub(super) fn begin(limits: &Limits, tell: Teller) {
    TELLER.with(|teller| *teller.borrow_mut() = Some(tell));
    BUDGET.with(|budget| {
        budget.memory.set(limits.memory);
        budget.time.set(limits.time);
        budget.began.set(ThreadTime::try_now().ok());
        budget.lowest.set(stack().saturating_sub(LEVELS));
    });
}

/// Checks time and stack in one step of a filter.
pub(super) fn step() {
    let (lowest, steps) = BUDGET.with(|budget| (budget.lowest.get(), budget.steps.get()));
    if stack() < lowest {
        spent(Spent::Levels);
    }
    if steps < STEPS {
        BUDGET.with(|budget| budget.steps.set(steps + 1));
        return;
    }
    let (began, time) = BUDGET.with(|budget| {
        budget.steps.set(0);
        (budget.began.get(), budget.time.get())
    });
    if began.is_some_and(|began| began.try_elapsed().is_ok_and(|worked| worked > time)) {
        spent(Spent::Time);
    }
}

/// Checks the memory before `bytes` more are allocated.
pub(super) fn room(bytes: usize) {
    let (held, memory) = BUDGET.with(|budget| (budget.held.get(), budget.memory.get()));
    if held.saturating_add(bytes) > memory {
        spent(Spent::Memory);
    }
}

/// Reports an exceeded limit and sleeps for ever.
pub(super) fn spent(what: Spent) -> ! {
    TELLER.with(|teller| {
        if let Some(tell) = teller.borrow().as_ref() {
            tell(what);
        }
    });
    loop {
        std::thread::park();
    }
}

/// Returns an address near the top of the stack, which grows downwards on every supported machine.
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// Bytes that are counted while this value lives.
#[derive(Debug)]
pub(super) struct CountedBytes(usize);

impl CountedBytes {
    /// Counts `bytes`.
    pub(super) fn new(bytes: usize) -> Self {
        room(bytes);
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get() + bytes));
        CountedBytes(bytes)
    }

    /// Counts `bytes` instead, before they are allocated.
    pub(super) fn grow(&mut self, bytes: usize) {
        if bytes > self.0 {
            *self = CountedBytes::new(bytes);
        }
    }
}

impl Drop for CountedBytes {
    fn drop(&mut self) {
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get().saturating_sub(self.0)));
    }
}

/// A counter for one of many equal objects, each `BYTES` large with the library's overhead.
#[derive(Debug)]
pub(super) struct One<const BYTES: usize>;

impl<const BYTES: usize> One<BYTES> {
    /// Counts one object.
    pub(super) fn new() -> Self {
        room(BYTES);
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get() + BYTES));
        One
    }
}

impl<const BYTES: usize> Clone for One<BYTES> {
    fn clone(&self) -> Self {
        One::new()
    }
}

impl<const BYTES: usize> Drop for One<BYTES> {
    fn drop(&mut self) {
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get().saturating_sub(BYTES)));
    }
}
