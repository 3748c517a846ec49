//! The comparison: rounds of slices, and what they come to.

use std::time::Duration;

use serde_json::Value;

use crate::{
    Outcome,
    connection::Connection,
    load::{Load, Numbers, Slice},
    machine::Machine,
    requests::{Keys, Request},
    server::Servers,
    statistics::{Latency, Spread},
};

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) slice: Duration,
    /// How often a comparison is made again because the machine was not quiet.
    pub(crate) repeats: usize,
    pub(crate) starts: usize,
    /// Payments that are stored and read: so many that none is read near 120 times a minute.
    pub(crate) payments: u64,
}

/// Which route is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// `POST /epayment/v1/payments`.
    Create,
    /// `GET /epayment/v1/payments/{reference}`.
    Get,
}

/// One call on so many connections, compared with the bare route.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) call: Call,
    pub(crate) connections: u64,
    pub(crate) rounds: Vec<Round>,
    /// How often it was made, this time included.
    pub(crate) tries: usize,
}

/// The mock, the bare route, and the mock again.
#[derive(Debug)]
pub(crate) struct Round {
    mock: Slice,
    bare: Slice,
    again: Slice,
}

/// All comparisons, and what was compared.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) comparisons: Vec<Comparison>,
    /// Bytes of a body of the mock's and the bare route's, for a create and a get.
    pub(crate) body_sizes: [usize; 2],
    /// Bytes of a request, for a create and a get.
    pub(crate) request_sizes: [usize; 2],
}

/// How far the mock may be from itself before a comparison is made again, or rejected.
pub(crate) const NOISE_MAX: f64 = 0.03;

impl Effort {
    pub(crate) const fn full() -> Self {
        let slice = Duration::from_millis(100);
        Self { rounds: 20, slice, repeats: 2, starts: 21, payments: 20_000 }
    }

    pub(crate) const fn quick() -> Self {
        let slice = Duration::from_millis(20);
        Self { rounds: 2, slice, repeats: 0, starts: 3, payments: 2_000 }
    }
}

impl Measured {
    pub(crate) async fn all(effort: Effort, machine: &Machine) -> Outcome<Self> {
        let servers = Servers::start(machine.cores.map(|(server, _)| server))?;
        let keys = Keys::fetch(servers.mock).await?;
        let (body_sizes, request_sizes) = equalize(&servers, &keys).await?;
        let mut comparisons = Vec::new();
        for call in [Call::Create, Call::Get] {
            for connections in [1, 32] {
                comparisons.push(compare(&servers, &keys, effort, call, connections).await?);
            }
        }
        Ok(Self { comparisons, body_sizes, request_sizes })
    }
}

/// Has the bare route answer at the length of the mock, and sees that it does.
async fn equalize(servers: &Servers, keys: &Keys) -> Outcome<([usize; 2], [usize; 2])> {
    let mut mock = Connection::open(servers.mock).await?;
    let mut bare = Connection::open(servers.bare).await?;
    let mut shapes = Vec::new();
    let (mut create, mut get) = (keys.create(servers.mock), keys.get(servers.mock));
    for request in [&mut create, &mut get] {
        let answer = mock.call(request.about(0)).await?;
        // Not empty, not an error in disguise.
        serde_json::from_slice::<Value>(answer.body)?;
        shapes.push((answer.headers, answer.body.len()));
    }
    let sizes = [shapes[0].1, shapes[1].1];
    let path = format!("/answer-sizes/{}/{}", sizes[0], sizes[1]);
    let set = format!("PUT {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n", servers.bare);
    bare.call(set.as_bytes()).await?;
    for (request, shape) in [&mut create, &mut get].into_iter().zip(shapes) {
        let answer = bare.call(request.about(0)).await?;
        let other = (answer.headers, answer.body.len());
        if other != shape {
            return Err(format!("answers differ in headers and bytes: {shape:?}, {other:?}").into());
        }
    }
    mock.call(keys.reset(servers.mock).as_bytes()).await?;
    Ok((sizes, [create.about(0).len(), get.about(0).len()]))
}

async fn compare(
    servers: &Servers,
    keys: &Keys,
    effort: Effort,
    call: Call,
    connections: u64,
) -> Outcome<Comparison> {
    let mut tries = 0;
    loop {
        tries += 1;
        let rounds = rounds(servers, keys, effort, call, connections).await?;
        let comparison = Comparison { call, connections, rounds, tries };
        if !comparison.is_noisy() || effort.repeats < tries {
            return Ok(comparison);
        }
    }
}

async fn rounds(
    servers: &Servers,
    keys: &Keys,
    effort: Effort,
    call: Call,
    connections: u64,
) -> Outcome<Vec<Round>> {
    let numbers = match call {
        Call::Create => Numbers::Fresh,
        Call::Get => Numbers::Below(effort.payments),
    };
    let reset = keys.reset(servers.mock);
    let mut control = Connection::open(servers.mock).await?;
    let process = servers.process();
    if call == Call::Get {
        let create = keys.create(servers.mock);
        let mut filling = Load::open(servers.mock, process, &create, 32, Numbers::Fresh).await?;
        filling.make(effort.payments).await?;
    }
    let request = |server| -> Request { call.request(keys, server) };
    let (mock, bare) = (request(servers.mock), request(servers.bare));
    let mut mock = Load::open(servers.mock, process, &mock, connections, numbers).await?;
    let mut bare = Load::open(servers.bare, process, &bare, connections, numbers).await?;
    mock.slice(effort.slice).await?;
    bare.slice(effort.slice).await?;

    let mut rounds = Vec::new();
    for number in 0..effort.rounds {
        if call == Call::Create {
            // Each round begins with nothing stored, so that all rounds do the same.
            control.call(reset.as_bytes()).await?;
        }
        let first = mock.slice(effort.slice).await?;
        let middle = bare.slice(effort.slice).await?;
        let last = mock.slice(effort.slice).await?;
        let (mock, again) = if number % 2 == 0 { (first, last) } else { (last, first) };
        rounds.push(Round { mock, bare: middle, again });
    }
    control.call(reset.as_bytes()).await?;
    Ok(rounds)
}

impl Call {
    fn request(self, keys: &Keys, server: std::net::SocketAddr) -> Request {
        match self {
            Self::Create => keys.create(server),
            Self::Get => keys.get(server),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
        }
    }
}

impl Round {
    fn mock_mean(&self, figure: impl Fn(&Slice) -> f64) -> f64 {
        f64::midpoint(figure(&self.mock), figure(&self.again))
    }
}

impl Comparison {
    /// Calls a second, as a share of the bare route's.
    pub(crate) fn ratio(&self) -> Spread {
        self.spread(|it| it.mock_mean(Slice::calls_per_second) / it.bare.calls_per_second())
    }

    /// The same by CPU time of the server: the bare route's, as a share of the mock's.
    pub(crate) fn cpu_ratio(&self) -> Spread {
        let cpu = Slice::server_cpu_us_per_call;
        self.spread(|it| cpu(&it.bare) / it.mock_mean(cpu))
    }

    /// The mock against itself: 1 on a quiet machine.
    pub(crate) fn mock_to_mock(&self) -> Spread {
        self.spread(|it| it.mock.calls_per_second() / it.again.calls_per_second())
    }

    pub(crate) fn is_noisy(&self) -> bool {
        NOISE_MAX < (self.mock_to_mock().median - 1.0).abs()
    }

    /// A figure of the mock's slices.
    pub(crate) fn mock(&self, figure: impl Fn(&Slice) -> f64) -> Spread {
        self.spread(|it| it.mock_mean(&figure))
    }

    /// A figure of the bare route's slices.
    pub(crate) fn bare(&self, figure: impl Fn(&Slice) -> f64) -> Spread {
        self.spread(|it| figure(&it.bare))
    }

    pub(crate) fn mock_latency(&self) -> Latency {
        Latency::of(self.rounds.iter().flat_map(|it| it.mock.calls.iter().chain(&it.again.calls)))
    }

    pub(crate) fn bare_latency(&self) -> Latency {
        Latency::of(self.rounds.iter().flat_map(|it| &it.bare.calls))
    }

    /// How many calls the mock answered.
    pub(crate) fn mock_calls(&self) -> usize {
        self.rounds.iter().map(|it| it.mock.calls.len() + it.again.calls.len()).sum()
    }

    fn spread(&self, figure: impl Fn(&Round) -> f64) -> Spread {
        Spread::of(self.rounds.iter().map(figure))
    }
}
