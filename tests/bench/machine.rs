//! What the machine is, and what it says about a process.

use std::{fs, thread, time::Duration};

use crate::Outcome;

/// Where the figures were taken.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores_all: usize,
    /// How many were busy in the minute before.
    pub(crate) load: f64,
    /// The server's core and the generator's, if there are two.
    pub(crate) cores: Option<(usize, usize)>,
}

/// What a process has in memory, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Resident, shared pages included.
    pub(crate) resident: u64,
    /// Resident, each shared page divided among those who share it.
    pub(crate) proportional: u64,
    /// Resident, and nobody else's.
    pub(crate) private: u64,
}

impl Machine {
    pub(crate) fn describe() -> Outcome<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let processor = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or("unknown processor", |(_, name)| name);
        let load = fs::read_to_string("/proc/loadavg")?;
        let load = load.split(' ').next().unwrap_or_default().parse()?;
        Ok(Self {
            processor: processor.to_owned(),
            cores_all: thread::available_parallelism()?.get(),
            load,
            cores: two_cores()?,
        })
    }
}

/// CPU time of all threads of a process, up to their last pause.
pub(crate) fn cpu_time(process: u32) -> Outcome<Duration> {
    let mut total = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let times = fs::read_to_string(task?.path().join("schedstat"))?;
        total += times.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(total))
}

pub(crate) fn memory(process: u32) -> Outcome<Memory> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_suffix(" kB"));
        let kilobytes = line.ok_or_else(|| format!("no {name} in smaps_rollup"))?.trim();
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(kilobytes.parse::<u64>()? * 1024)
    };
    Ok(Memory {
        resident: of("Rss:")?,
        proportional: of("Pss:")?,
        private: of("Private_Clean:")? + of("Private_Dirty:")?,
    })
}

/// The first two cores this process may use, if there are two.
#[cfg(target_os = "linux")]
fn two_cores() -> Outcome<Option<(usize, usize)>> {
    use rustix::thread::{CpuSet, sched_getaffinity};
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    Ok(cores.next().zip(cores.next()))
}

/// Keeps this thread, and what it starts from now on, on one core.
#[cfg(target_os = "linux")]
pub(crate) fn pin_to(core: usize) -> Outcome<()> {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut only = CpuSet::new();
    only.set(core);
    Ok(sched_setaffinity(None, &only)?)
}

#[cfg(not(target_os = "linux"))]
fn two_cores() -> Outcome<Option<(usize, usize)>> {
    Err("the benchmark reads /proc, and so needs Linux".into())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn pin_to(_: usize) -> Outcome<()> {
    Err("the benchmark pins threads to cores, and so needs Linux".into())
}
