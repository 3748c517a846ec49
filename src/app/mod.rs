//! The use cases, and all state. HTTP sees only [`Mock`] and [`SalesUnit`].
//!
//! Read `unit` first: everything that changes passes through it.

pub mod unit;

pub mod clock;

pub mod entropy;

pub mod facts;

pub mod history;

pub mod agenda;

pub mod payments;

pub mod links;

pub mod customers;

pub mod users;

pub mod inbox;

pub mod shopper;

pub mod profiles;

pub mod shipping;

pub mod details;

pub mod webhooks;

pub mod deliveries;

pub mod addresses;

pub mod durations;

pub mod moments;

pub mod orders;

pub mod tokens;

pub mod limits;

pub mod faults;

pub mod journal;

pub mod snapshot;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use tokio::sync::mpsc;

use crate::domain::{Market, Msn, Permissions, Profile, Strictness};

pub use limits::RateLimits;
pub use unit::{SalesUnit, SalesUnitSeed};
pub use webhooks::{RegistrationSeed, WebhookSeed};

use entropy::Entropy;
use history::History;
use journal::Journal;

/// A map for what every call looks up.
pub(crate) type QuickMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// A handle on the mock: the registry of sales units. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Mock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seed: u64,
    rate_limits: RateLimits,
    entropy: Entropy,
    sandbox: Vec<SalesUnitSeed>,
    registry: RwLock<Registry>,
    strays: Journal,
    newcomers: mpsc::UnboundedSender<Arc<SalesUnit>>,
    history: Arc<History>,
}

/// Every sales unit, by each of the names that a call may carry.
#[derive(Debug, Default)]
struct Registry {
    in_order: Vec<Arc<SalesUnit>>,
    by_subscription_key: QuickMap<Arc<str>, Arc<SalesUnit>>,
}

/// What a tester asks for when it creates a sales unit. The rest is drawn from the seed.
#[derive(Debug, Clone)]
pub struct NewSalesUnit {
    /// Where it sells.
    pub market: Market,
    /// What customers know it as; a plain one by default.
    pub name: Option<Arc<str>>,
    /// What it may do.
    pub permissions: Permissions,
    /// How its calls are read.
    pub strictness: Strictness,
    /// Which environment it is in.
    pub profile: Profile,
}

/// Sales units whose deliveries nobody drives yet.
///
/// The other end must take each of them and run [`agenda::drive`] with it.
pub type Newcomers = mpsc::UnboundedReceiver<Arc<SalesUnit>>;

impl Mock {
    /// A mock with these sales units. The same seed gives the same ids.
    #[must_use]
    pub fn new(
        seed: u64,
        sandbox: Vec<SalesUnitSeed>,
        rate_limits: RateLimits,
    ) -> (Self, Newcomers) {
        let (newcomers, arrivals) = mpsc::unbounded_channel();
        let mock = Self(Arc::new(Inner {
            seed,
            rate_limits,
            entropy: Entropy::seeded(seed),
            sandbox,
            registry: RwLock::default(),
            strays: Journal::default(),
            newcomers,
            history: History::on_demand(history::OF_ALL_UNITS),
        }));
        for unit in mock.0.sandbox.clone() {
            mock.open(unit);
        }
        (mock, arrivals)
    }

    /// The seed of every id.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// Every sales unit, those of the sandbox first.
    #[must_use]
    pub fn units(&self) -> Vec<Arc<SalesUnit>> {
        self.read().in_order.clone()
    }

    /// The sales unit of this number.
    #[must_use]
    pub fn unit(&self, msn: &str) -> Option<Arc<SalesUnit>> {
        self.read().in_order.iter().find(|unit| unit.msn().as_str() == msn).cloned()
    }

    /// The sales unit whose subscription key this is.
    #[must_use]
    pub fn unit_by_subscription_key(&self, key: &str) -> Option<Arc<SalesUnit>> {
        self.read().by_subscription_key.get(key).cloned()
    }

    /// What has changed in all sales units, from when somebody first asked.
    #[must_use]
    pub fn history(&self) -> &Arc<History> {
        &self.0.history
    }

    /// Ends every history, so that whoever follows one comes to its end. For a mock that stops.
    pub fn end_histories(&self) {
        for unit in self.units() {
            unit.history().close();
        }
        self.0.history.close();
    }

    /// Opens a sales unit with keys of its own.
    #[must_use]
    pub fn create_unit(&self, wanted: NewSalesUnit) -> Arc<SalesUnit> {
        let msn = self.free_msn();
        let entropy = &self.0.entropy;
        let name = wanted.name.unwrap_or_else(|| format!("Sales unit {msn}").into());
        self.open(SalesUnitSeed {
            msn,
            name,
            market: wanted.market,
            client_id: entropy.uuid(),
            client_secret: entropy::hex(&entropy.bytes::<20>()).into(),
            subscription_key: entropy::hex(&entropy.bytes::<16>()).into(),
            permissions: wanted.permissions,
            strictness: wanted.strictness,
            profile: wanted.profile,
            webhooks: WebhookSeed::default(),
        })
    }

    /// Drops a sales unit and everything it owns. Says whether there was one.
    #[must_use]
    pub fn drop_unit(&self, msn: &str) -> bool {
        let mut registry = self.write();
        let Some(place) = registry.in_order.iter().position(|it| it.msn().as_str() == msn) else {
            return false;
        };
        let unit = registry.in_order.remove(place);
        registry.by_subscription_key.remove(unit.subscription_key());
        unit.close();
        true
    }

    /// Back to the start: the sandbox's sales units emptied, all others dropped.
    pub fn reset(&self) {
        let is_of_sandbox =
            |unit: &SalesUnit| self.0.sandbox.iter().any(|seed| seed.msn == *unit.msn());
        for unit in self.units() {
            if is_of_sandbox(&unit) {
                unit.reset();
            } else {
                let _ = self.drop_unit(unit.msn().as_str());
            }
        }
        for seed in &self.0.sandbox {
            if self.unit(seed.msn.as_str()).is_none() {
                self.open(seed.clone());
            }
        }
        let place =
            |unit: &Arc<SalesUnit>| self.0.sandbox.iter().position(|seed| seed.msn == *unit.msn());
        self.write().in_order.sort_by_key(place);
        self.0.strays.clear();
        self.0.entropy.rewind();
    }

    fn open(&self, seed: SalesUnitSeed) -> Arc<SalesUnit> {
        let unit = self.unopened(seed);
        unit.begin();
        self.admit(&mut self.write(), &unit);
        unit
    }

    fn unopened(&self, seed: SalesUnitSeed) -> Arc<SalesUnit> {
        let history = self.0.history.clone();
        Arc::new(SalesUnit::new(seed, self.0.seed, self.0.rate_limits, history))
    }

    /// From here on calls find it.
    fn admit(&self, registry: &mut Registry, unit: &Arc<SalesUnit>) {
        registry.in_order.push(unit.clone());
        registry.by_subscription_key.insert(unit.subscription_key().into(), unit.clone());
        // Nobody listens only where a test wants no deliveries.
        let _ = self.0.newcomers.send(unit.clone());
    }

    fn free_msn(&self) -> Msn {
        loop {
            let candidate = self.0.entropy.number(100_000, 900_000).to_string();
            if self.unit(&candidate).is_none()
                && let Ok(msn) = candidate.parse()
            {
                return msn;
            }
        }
    }

    // Neither lock is held while anything can panic but an allocation.
    fn read(&self) -> RwLockReadGuard<'_, Registry> {
        self.0.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Registry> {
        self.0.registry.write().unwrap_or_else(PoisonError::into_inner)
    }
}
