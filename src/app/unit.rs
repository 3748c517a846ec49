//! One sales unit: a world of its own, with its state behind one lock, its
//! clock and its agenda.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};

use super::{
    QuickMap,
    agenda::{Agenda, Command, Due},
    clock::Clock,
    customers::Customers,
    deliveries::Deliveries,
    entropy::Entropy,
    facts::{DatedFact, Fact},
    history::{self, Follower, History, Since},
    journal::{self, Journal},
    limits::{Counters, RateLimits},
    orders::{OrderKey, PaymentType, store::Orders},
    payments::Memory,
    profiles::Profiles,
    shipping::{CallbackCasing, ShippingCall},
    tokens::Tokens,
    users::Users,
    webhooks::WebhookSeed,
};
use crate::domain::{
    Market, Msn, Payment, Permissions, PhoneNumber, Profile, Reference, Registration, Strictness,
    fault::Faults,
};

/// What a sales unit is born with: its number, its keys, what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesUnitSeed {
    /// The merchant serial number.
    pub msn: Msn,
    /// What customers know it as.
    pub name: Arc<str>,
    /// Where it sells.
    pub market: Market,
    /// `client_id` of its access tokens.
    pub client_id: Arc<str>,
    /// `client_secret` of its access tokens.
    pub client_secret: Arc<str>,
    /// `Ocp-Apim-Subscription-Key` of its calls.
    pub subscription_key: Arc<str>,
    /// What the platform has approved it for.
    pub permissions: Permissions,
    /// How its calls are read.
    pub strictness: Strictness,
    /// Which environment it is in.
    pub profile: Profile,
    /// Which webhooks it starts with, and what signs them.
    pub webhooks: WebhookSeed,
}

/// A sales unit.
#[derive(Debug)]
pub struct SalesUnit {
    seed: SalesUnitSeed,
    clock: Clock,
    entropy: Entropy,
    /// Chance, where a tester leaves something to it: apart from ids, which stay the same with faults.
    dice: Entropy,
    state: Mutex<State>,
    pub(super) tokens: Tokens,
    pub(super) counters: Counters,
    pub(super) journal: Journal,
    pub(super) agenda_changed: Notify,
    commands: mpsc::UnboundedSender<Command>,
    inbox: Mutex<Option<mpsc::UnboundedReceiver<Command>>>,
    history: Arc<History>,
    /// That of all sales units together.
    history_of_all: Arc<History>,
    resets: AtomicU64,
    /// Whether its state holds a fault that can strike: what every call looks at.
    has_faults: AtomicBool,
    closed: AtomicBool,
}

/// All that a sales unit remembers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// Oldest first.
    pub(super) payments: Vec<Payment>,
    /// Where in `payments` each stands.
    #[serde(skip)]
    pub(super) places: QuickMap<Reference, usize>,
    pub(super) memory: Memory,
    pub(super) customers: Customers,
    pub(super) users: Users,
    /// Which payment a link's token stands for.
    pub(super) links: QuickMap<Arc<str>, Reference>,
    pub(super) registrations: Vec<Registration>,
    pub(super) deliveries: Deliveries,
    pub(super) orders: Orders,
    pub(super) faults: Faults,
    /// The customers who have paid in the app, which is what identifies them.
    pub(super) identified: HashSet<PhoneNumber>,
    pub(super) agenda: Agenda,
    pub(super) profiles: Profiles,
    /// What merchants are to be asked, once the lock is released.
    #[serde(skip)]
    pub(super) questions: Vec<ShippingCall>,
    pub(super) callback_casing: CallbackCasing,
    /// What happened since an advance began; `None` while none is under way.
    #[serde(skip)]
    report: Option<Vec<DatedFact>>,
}

/// The longest report of an advance; later facts happen, but are not reported.
const REPORT_MAX: usize = 100_000;

/// A change in the making. Holds the unit's lock.
pub(super) struct Change<'a> {
    pub(super) unit: &'a SalesUnit,
    pub(super) state: &'a mut State,
    /// Read under the lock, so that the order of the log is the order of time.
    pub(super) now: Timestamp,
    facts: Vec<Fact>,
    earlier_wake: bool,
}

impl SalesUnit {
    pub(super) fn new(
        seed: SalesUnitSeed,
        mock_seed: u64,
        rate_limits: RateLimits,
        history_of_all: Arc<History>,
    ) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        Self {
            entropy: Entropy::branch(mock_seed, seed.msn.as_str()),
            dice: Entropy::branch(mock_seed, &format!("{} dice", seed.msn)),
            seed,
            clock: Clock::real(),
            state: Mutex::default(),
            tokens: Tokens::default(),
            counters: Counters::new(rate_limits),
            journal: Journal::default(),
            agenda_changed: Notify::new(),
            commands,
            inbox: Mutex::new(Some(inbox)),
            history: History::new(history::OF_A_UNIT),
            history_of_all,
            resets: AtomicU64::new(0),
            has_faults: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// Its number.
    #[must_use]
    pub fn msn(&self) -> &Msn {
        &self.seed.msn
    }

    /// Its name, market, keys and permissions.
    #[must_use]
    pub fn seed(&self) -> &SalesUnitSeed {
        &self.seed
    }

    /// How its calls are read.
    #[must_use]
    pub fn strictness(&self) -> Strictness {
        self.seed.strictness
    }

    /// Which environment it is in.
    #[must_use]
    pub fn environment(&self) -> Profile {
        self.seed.profile
    }

    /// Its subscription key.
    #[must_use]
    pub fn subscription_key(&self) -> &str {
        &self.seed.subscription_key
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its own source of ids.
    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    /// What decides where a tester leaves something to chance.
    pub(super) fn dice(&self) -> &Entropy {
        &self.dice
    }

    /// Whether there is a fault that a call could meet.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    /// Everything that changes in it from now on.
    #[must_use]
    pub fn listen(&self) -> Follower {
        self.history.follow(Since::Now)
    }

    /// What has changed in it lately, and what will.
    #[must_use]
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// Notes that it is there, and makes the registrations that it starts with.
    pub(super) fn begin(&self) {
        self.change(|change| {
            change.note(Fact::Unit { what: "the sales unit was opened" });
            change.register_seeded();
        });
    }

    /// Empties it, and puts its clock back to real time. Keys and tokens stay.
    ///
    /// Webhooks on the wire are not sent to the end: ids begin again, so they might be taken for
    /// those of the new start.
    pub fn reset(&self) {
        self.clock.reset();
        self.counters.reset();
        self.journal.clear();
        self.change(|change| {
            change.begin_again(State::default());
            self.entropy.rewind();
            self.dice.rewind();
            change.note(Fact::Unit { what: "the sales unit was reset" });
            change.register_seeded();
        });
    }

    /// How often it has been reset.
    pub(super) fn generation(&self) -> u64 {
        self.resets.load(Ordering::SeqCst)
    }

    /// Whether it has been dropped from the mock.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Stops its clock where it stands.
    pub fn freeze_clock(&self) {
        self.clock.freeze();
        self.change(|change| change.note(Fact::Clock { what: "the clock was frozen" }));
    }

    /// Lets its clock run on from where it stands.
    pub fn resume_clock(&self) {
        self.clock.resume();
        self.change(|change| change.note(Fact::Clock { what: "the clock was resumed" }));
    }

    /// Every change passes here: it takes the lock, applies, and hands what
    /// changed to whoever listens, so that a listener's order is the log's.
    pub(super) fn change<T>(&self, apply: impl FnOnce(&mut Change<'_>) -> T) -> T {
        let mut state = self.lock();
        let now = self.clock.now();
        let mut change =
            Change { unit: self, state: &mut state, now, facts: Vec::new(), earlier_wake: false };
        let result = apply(&mut change);
        let Change { facts, earlier_wake, now, .. } = change;
        self.has_faults.store(!state.faults.is_empty(), Ordering::Release);
        if !facts.is_empty() {
            self.tell(&mut state, facts.into_iter().map(|fact| DatedFact { at: now, fact }));
        }
        drop(state);
        if earlier_wake {
            self.agenda_changed.notify_one();
        }
        result
    }

    /// Looks without changing anything.
    pub(super) fn look<T>(&self, read: impl FnOnce(&State, Timestamp) -> T) -> T {
        let state = self.lock();
        read(&state, self.clock.now())
    }

    /// Called under the lock, so nothing is put into words or waited for that nobody has asked for.
    fn tell(&self, state: &mut State, facts: impl Iterator<Item = DatedFact>) {
        let of_all = self.history_of_all.is_kept().then_some(&self.history_of_all);
        let facts = facts.inspect(|dated| {
            tracing::debug!(msn = %self.seed.msn, at = %dated.at, "{}", dated.fact);
            if let Some(report) = state.report.as_mut().filter(|it| it.len() < REPORT_MAX) {
                report.push(dated.clone());
            }
            journal::note(dated);
            if let Some(of_all) = of_all {
                of_all.extend(&self.seed.msn, [dated.clone()]);
            }
        });
        self.history.extend(&self.seed.msn, facts);
    }

    pub(super) fn begin_report(&self) {
        self.lock().report = Some(Vec::new());
    }

    pub(super) fn end_report(&self) -> Vec<DatedFact> {
        self.lock().report.take().unwrap_or_default()
    }

    pub(super) fn command(&self, command: Command) -> bool {
        self.commands.send(command).is_ok()
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.change(|change| {
            // Whoever waits for an answer is not kept waiting.
            change.state.questions.clear();
            change.note(Fact::Unit { what: "the sales unit was dropped" });
        });
        self.history.close();
        self.agenda_changed.notify_one();
    }

    pub(super) fn take_inbox(&self) -> Option<mpsc::UnboundedReceiver<Command>> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    // A panic in a use case cannot leave `State` half written: a move is
    // computed first and taken up last. So a poisoned lock is still sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change<'_> {
    /// Leaves all behind that was, what is on the wire too, and goes on with this.
    fn begin_again(&mut self, state: State) {
        *self.state = State { report: self.state.report.take(), ..state };
        self.unit.resets.fetch_add(1, Ordering::SeqCst);
        self.unit.history.begin_again();
        self.earlier_wake = true;
    }

    /// Goes on with a state that was kept, at what the clock now reads.
    pub(super) fn replace_state(&mut self, mut state: State) {
        let payments = state.payments.iter().zip(0..);
        state.places = payments.map(|(it, place)| (it.reference().clone(), place)).collect();
        self.begin_again(state);
        self.now = self.unit.clock.now();
        self.take_up_deliveries();
    }

    /// Notes what changed, for the listeners.
    pub(super) fn note(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Has a merchant asked for its shipping options.
    pub(super) fn ask_merchant(&mut self, call: ShippingCall) {
        // Dropped where nobody would put the question any more; whoever waits hears of that.
        if !self.unit.is_closed() {
            self.state.questions.push(call);
            self.earlier_wake = true;
        }
    }

    /// Puts something on the agenda, and wakes its driver if that is now the first.
    pub(super) fn plan(&mut self, at: Timestamp, due: Due) {
        self.earlier_wake |= self.state.agenda.insert(at, due);
    }
}

impl State {
    pub(super) fn payment(&self, reference: &Reference) -> Option<&Payment> {
        self.payments.get(*self.places.get(reference)?)
    }

    pub(super) fn payment_mut(&mut self, reference: &Reference) -> Option<&mut Payment> {
        self.payments.get_mut(*self.places.get(reference)?)
    }

    /// Whether there is a payment for this order. Charges of the Recurring API are not simulated.
    pub(super) fn has_payment_of(&self, key: &OrderKey) -> bool {
        let reference = key.id.as_str().parse::<Reference>();
        key.payment_type == PaymentType::Ecom
            && reference.is_ok_and(|reference| self.places.contains_key(&reference))
    }
}
