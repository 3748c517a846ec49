//! What is printed: a report, and no judgement on whoever runs it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    binary::Binary,
    load::Slice,
    machine::Machine,
    rounds::{Call, Comparison, Effort, Measured, NOISE_MAX},
    webhooks::Webhooks,
};

/// All figures.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) effort: Effort,
    pub(crate) binary: Binary,
    pub(crate) measured: Measured,
    pub(crate) webhooks: Webhooks,
}

/// A figure beside what it should be.
struct Target {
    what: &'static str,
    bound: Bound,
    figure: f64,
    unit: &'static str,
    is_noisy: bool,
}

enum Bound {
    AtLeast(f64),
    Under(f64),
}

/// How many connections make a server busy. With one, the two sides wait for each other, and the
/// figure is the scheduler's.
const CONNECTIONS_FOR_TARGETS: u64 = 32;

/// How often a minute the real platform lets a payment be read.
const READS_A_MINUTE_MAX: u64 = 120;

impl Target {
    fn verdict(&self) -> &'static str {
        let is_met = match self.bound {
            Bound::AtLeast(bound) => bound <= self.figure,
            Bound::Under(bound) => self.figure < bound,
        };
        match (self.is_noisy, is_met) {
            (true, _) => "rejected: too noisy",
            (false, true) => "met",
            (false, false) => "missed",
        }
    }

    fn bound(&self) -> String {
        match self.bound {
            Bound::AtLeast(bound) => format!("at least {bound:.2}{}", self.unit),
            Bound::Under(bound) => format!("under {bound:.0}{}", self.unit),
        }
    }
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# vipps-mock {} over loopback HTTP\n\n", env!("CARGO_PKG_VERSION"));
        // Writing to a string cannot fail.
        let _ = self
            .write_targets(&mut text)
            .and_then(|()| self.write_rates(&mut text))
            .and_then(|()| self.write_latencies(&mut text))
            .and_then(|()| self.webhooks.write(&mut text))
            .and_then(|()| self.write_binary(&mut text))
            .and_then(|()| self.write_method(&mut text));
        text
    }

    fn targets(&self) -> Vec<Target> {
        let wanted = [
            (Call::Create, "create, calls a second beside the bare route", 0.60),
            (Call::Get, "get, calls a second beside the bare route", 0.75),
        ];
        let mut targets = Vec::new();
        for it in &self.measured.comparisons {
            let row = wanted.iter().find(|(call, _, _)| *call == it.call);
            if let (Some((_, what, bound)), CONNECTIONS_FOR_TARGETS) = (row, it.connections) {
                let (bound, figure) = (Bound::AtLeast(*bound), it.ratio().median);
                targets.push(Target { what, bound, figure, unit: "", is_noisy: it.is_noisy() });
            }
        }
        let what = "events a second beside a bare loop of the same client";
        let (bound, figure) = (Bound::AtLeast(0.60), self.webhooks.ratio().median);
        targets.push(Target { what, bound, figure, unit: "", is_noisy: false });
        let (alone, figure) = self.webhooks.lowest_p99_us();
        let what = "create p99 with a dead and a hanging receiver";
        let bound = Bound::Under((1.2 * alone).max(alone + 1_000.0));
        targets.push(Target { what, bound, figure, unit: " us", is_noisy: false });
        let mut of_binary = |what, bound, figure, unit| {
            let bound = Bound::Under(bound);
            targets.push(Target { what, bound, figure, unit, is_noisy: false });
        };
        of_binary("start to ready, median", 50.0, self.binary.start_ms.median, " ms");
        of_binary("idle memory, resident", 20.0, megabytes(self.binary.idle.resident), " MB");
        targets
    }

    fn write_targets(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "| what | target | figure | |\n| --- | --- | --- | --- |")?;
        for it in self.targets() {
            let (what, bound, verdict) = (it.what, it.bound(), it.verdict());
            writeln!(text, "| {what} | {bound} | {:.2}{} | {verdict} |", it.figure, it.unit)?;
        }
        Ok(())
    }

    fn write_rates(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "\n## Calls a second\n\n\
             Ratios are the mock's calls a second over the bare route's, round by round.\n\n\
             | call | connections | mock | bare | min | quartile | **median** | quartile | max | \
             mock to mock | tries |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for it in &self.measured.comparisons {
            let (ratio, rate) = (it.ratio(), Slice::calls_per_second);
            writeln!(
                text,
                "| {} | {} | {:.0} | {:.0} | {:.2} | {:.2} | **{:.2}** | {:.2} | {:.2} | {:.3}{} | {} |",
                it.call.name(),
                it.connections,
                it.mock(rate).median,
                it.bare(rate).median,
                ratio.min,
                ratio.lower_quartile,
                ratio.median,
                ratio.upper_quartile,
                ratio.max,
                it.mock_to_mock().median,
                if it.is_noisy() { " (rejected)" } else { "" },
                it.tries,
            )?;
        }
        Ok(())
    }

    fn write_latencies(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "\n## Time of a call\n\n\
             Latency as the generator sees it, CPU time of the server, both in microseconds; the \
             ratio is the bare route's CPU time over the mock's. Busy: how much of the time the \
             server was at work.\n\n\
             | call | connections | mock p50 | p99 | bare p50 | p99 | mock CPU | bare CPU | ratio | \
             mock busy | bare busy |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for it in &self.measured.comparisons {
            let (mock, bare) = (it.mock_latency(), it.bare_latency());
            let (cpu, busy) = (Slice::server_cpu_us_per_call, Slice::server_busy);
            writeln!(
                text,
                "| {} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} % | {:.0} % |",
                it.call.name(),
                it.connections,
                mock.p50_us,
                mock.p99_us,
                bare.p50_us,
                bare.p99_us,
                it.mock(cpu).median,
                it.bare(cpu).median,
                it.cpu_ratio().median,
                it.mock(busy).median * 100.0,
                it.bare(busy).median * 100.0,
            )?;
        }
        Ok(())
    }

    fn write_binary(&self, text: &mut String) -> std::fmt::Result {
        let it = &self.binary;
        writeln!(
            text,
            "\n## The program\n\n\
             | what | figure |\n\
             | --- | --- |\n\
             | start to ready, {} starts | median {:.1} ms (min {:.1}, max {:.1}) |\n\
             | idle memory | resident {:.1} MB, proportional {:.1} MB, private {:.1} MB |\n\
             | memory a stored payment, over {} of them | {:.0} bytes |\n\
             | size of the binary | {:.1} MB |",
            it.starts,
            it.start_ms.median,
            it.start_ms.min,
            it.start_ms.max,
            megabytes(it.idle.resident),
            megabytes(it.idle.proportional),
            megabytes(it.idle.private),
            it.payments,
            it.bytes_per_payment,
            megabytes(it.size),
        )
    }

    fn write_method(&self, text: &mut String) -> std::fmt::Result {
        let machine = &self.machine;
        let pinned = match machine.cores {
            Some((server, generator)) => {
                format!("server pinned to core {server}, generator to core {generator}")
            }
            None => "only one core to run on, nothing pinned".to_owned(),
        };
        let [create, get] = self.measured.body_sizes;
        let [create_request, get_request] = self.measured.request_sizes;
        writeln!(
            text,
            "\n## How it was measured\n\n\
             - {}, {} cores, load {:.2} before; {pinned}.\n\
             - {} rounds of three slices of {} ms: mock, bare, mock, every second round backwards. \
             Targets are judged at {CONNECTIONS_FOR_TARGETS} connections: with one, the two sides \
             wait for each other, and the figure is the scheduler's.\n\
             - Mock to mock is the ratio of its two slices of a round. A comparison in which its \
             median is off by more than {:.0} % is made again, and in the end rejected.\n\
             - The bare route is sent the same bytes ({create_request} and {get_request} with head), \
             has serde_json parse the same body into a struct with owned strings, and answers with \
             as many headers and bytes ({create} and {get} of body).\n\
             - Every create has a reference and a key of its own, all checks on, nothing registered; \
             each round begins with an empty sales unit. Every get is of one of {} payments: at most \
             {} reads of each in all (the platform allows {READS_A_MINUTE_MAX} a minute).\n\
             - Any answer but a 2xx one ends the run.",
            machine.processor,
            machine.cores_all,
            machine.load,
            self.effort.rounds,
            self.effort.slice.as_millis(),
            NOISE_MAX * 100.0,
            self.effort.payments,
            self.reads_per_payment(),
        )
    }

    /// Of all comparisons together, though each works on payments of its own.
    fn reads_per_payment(&self) -> u64 {
        let comparisons = self.measured.comparisons.iter().filter(|it| it.call == Call::Get);
        let reads: usize = comparisons.map(Comparison::mock_calls).sum();
        (reads as u64).div_ceil(self.effort.payments)
    }

    pub(crate) fn json(&self) -> Value {
        let (machine, binary) = (&self.machine, &self.binary);
        let targets = self.targets().into_iter().map(|it| {
            let (bound, figure, verdict) = (it.bound(), it.figure, it.verdict());
            json!({"what": it.what, "target": bound, "figure": figure, "verdict": verdict})
        });
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "machine": {
                "processor": machine.processor,
                "cores": machine.cores_all,
                "loadBefore": machine.load,
                "serverCore": machine.cores.map(|(server, _)| server),
                "generatorCore": machine.cores.map(|(_, generator)| generator),
            },
            "rounds": self.effort.rounds,
            "sliceMs": self.effort.slice.as_secs_f64() * 1e3,
            "targets": targets.collect::<Vec<_>>(),
            "comparisons": self.measured.comparisons.iter().map(comparison).collect::<Vec<_>>(),
            "webhooks": self.webhooks.json(),
            "binary": {
                "sizeBytes": binary.size,
                "starts": binary.starts,
                "startMs": binary.start_ms,
                "idleResidentBytes": binary.idle.resident,
                "idleProportionalBytes": binary.idle.proportional,
                "idlePrivateBytes": binary.idle.private,
                "payments": binary.payments,
                "bytesPerPayment": binary.bytes_per_payment,
            },
        })
    }
}

fn comparison(it: &Comparison) -> Value {
    let side = |rate, cpu, busy, latency| {
        json!({
            "callsPerSecond": rate,
            "serverCpuUsPerCall": cpu,
            "serverBusy": busy,
            "latency": latency,
        })
    };
    let (rate, cpu) = (Slice::calls_per_second, Slice::server_cpu_us_per_call);
    let busy = Slice::server_busy;
    json!({
        "call": it.call.name(),
        "connections": it.connections,
        "tries": it.tries,
        "ratio": it.ratio(),
        "cpuRatio": it.cpu_ratio(),
        "mockToMock": it.mock_to_mock(),
        "isRejected": it.is_noisy(),
        "mock": side(it.mock(rate), it.mock(cpu), it.mock(busy), it.mock_latency()),
        "bare": side(it.bare(rate), it.bare(cpu), it.bare(busy), it.bare_latency()),
    })
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2 to the 52nd")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
