//! What a filter may take of the machine, and what becomes of one that takes more.
//!
//! The library runs a filter as iterators inside one another, and nothing in them can be stopped from outside. But all
//! that a filter holds are values and contexts of ours: these count themselves ([`Held`]), and each step of the filter
//! asks whether anything is spent ([`step`]). What is spent is told once, and the thread stands still from then on until
//! the process ends: it must not go on, and what it holds may be nested too deeply to be let go of.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use cpu_time::ThreadTime;

/// The stack of the thread that a filter runs on. Only what is used is taken from the machine.
pub(super) const STACK: usize = 128 * 1024 * 1024;
/// How much of it a filter's levels may use. What is below is for going through values that are nested deeply.
const LEVELS: usize = STACK / 2;
/// After how many steps the clock is looked at.
const STEPS: u32 = 1_000;

/// What one run of a filter may take.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    /// Time at work: waiting for a reader does not count, nor for others on a busy machine.
    pub(super) time: Duration,
    /// What its values and contexts may hold at one time, in bytes.
    pub(super) memory: usize,
    /// How much it may write, in bytes.
    pub(super) output: usize,
}

impl Limits {
    /// For an input of so many bytes: enough for any filter that goes through it a few times.
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

/// What a filter has used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spent {
    /// [`Limits::time`].
    Time,
    /// [`Limits::memory`].
    Memory,
    /// [`Limits::output`].
    Output,
    /// The stack.
    Levels,
    /// How deeply values may be nested.
    Nesting,
}

/// Told what is spent.
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

/// From here on this thread has `limits`; `tell` hears what is spent.
pub(super) fn begin(limits: &Limits, tell: Teller) {
    TELLER.with(|teller| *teller.borrow_mut() = Some(tell));
    BUDGET.with(|budget| {
        budget.memory.set(limits.memory);
        budget.time.set(limits.time);
        budget.began.set(ThreadTime::try_now().ok());
        budget.lowest.set(stack().saturating_sub(LEVELS));
    });
}

/// One step of a filter: asks for time and for the stack.
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

/// Asks whether there is room for `bytes` more, before they are taken.
pub(super) fn room(bytes: usize) {
    let (held, memory) = BUDGET.with(|budget| (budget.held.get(), budget.memory.get()));
    if held.saturating_add(bytes) > memory {
        spent(Spent::Memory);
    }
}

/// Tells what is spent, and stands still.
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

/// About where the stack is. It grows downwards on every machine this is built for.
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// Bytes that are counted as long as this lives.
#[derive(Debug)]
pub(super) struct Held(usize);

impl Held {
    /// Counts `bytes`.
    pub(super) fn new(bytes: usize) -> Self {
        room(bytes);
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get() + bytes));
        Held(bytes)
    }

    /// Counts `bytes` from now on instead, before they are taken.
    pub(super) fn grow(&mut self, bytes: usize) {
        if bytes > self.0 {
            *self = Held::new(bytes);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = BUDGET.try_with(|budget| budget.held.set(budget.held.get().saturating_sub(self.0)));
    }
}

/// One of many things of the same kind, each `BYTES` large with all that the library puts around it.
#[derive(Debug)]
pub(super) struct One<const BYTES: usize>;

impl<const BYTES: usize> One<BYTES> {
    /// Counts it.
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
