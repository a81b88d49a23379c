//! Lets vaults exchange shares for as many lives as wanted: `cargo run --release -p
//! strongroom-domain --example share_devices -- --seeds 10000`. A life that loses a value ends it,
//! with its seed. With `--counted` writes are named by device and counter instead of at random, and
//! one of the first lives does.

#[path = "../tests/devices/mod.rs"]
mod devices;

use std::io::{self, Write as _};
use std::process::ExitCode;

use devices::{Failure, Ids, Report, live};

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, otherwise: u64| {
        let at = arguments.iter().position(|one| one == name);
        match at.map(|at| arguments.get(at + 1).map(|text| text.parse())) {
            None => Some(otherwise),
            Some(Some(Ok(number))) => Some(number),
            Some(_) => None,
        }
    };
    let ids = match arguments.iter().any(|one| one == "--counted") {
        true => Ids::Counted,
        false => Ids::Random,
    };
    let (Some(seeds), Some(first)) = (number("--seeds", 10_000), number("--first", 0)) else {
        writeln!(
            out,
            "usage: share_devices [--seeds COUNT] [--first SEED] [--counted]"
        )?;
        return Ok(ExitCode::from(2));
    };
    let mut sum = Report::default();
    for seed in first..first.saturating_add(seeds) {
        match live(seed, ids) {
            Ok(report) => sum += report,
            Err(Failure(what)) => {
                writeln!(out, "{what}")?;
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    writeln!(out, "{seeds} lives, and nothing was lost: {sum:#?}")?;
    Ok(ExitCode::SUCCESS)
}
