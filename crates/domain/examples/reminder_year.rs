//! Prints what a simulated year of reminders sends, and when: `cargo run -p strongroom-domain
//! --example reminder_year [SEED]`.

#[path = "../tests/year/mod.rs"]
mod year;

use std::io::{self, BufWriter, Write};

use year::Event;

fn main() -> io::Result<()> {
    let seed = std::env::args()
        .nth(1)
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = Ok(());
    let mut print = |line: String| {
        if failed.is_ok() {
            failed = writeln!(out, "{line}");
        }
    };
    let report = year::live(seed, |event| match event {
        Event::Sent {
            local,
            zone,
            title,
            body,
            told,
        } => {
            print(format!("{local} {zone:<20} {told:>3}  {title}"));
            body.lines()
                .for_each(|line| print(format!("{:43}{line}", "")));
        }
        Event::Happened { local, what } => print(format!("{local} {:>24}· {what}", "")),
    });
    failed?;
    writeln!(
        out,
        "\n{} notifications told of {} due moments; {} wake-ups, {} of them with nothing to say; \
         {} checks between them found nothing missing.",
        report.notifications, report.told, report.wake_ups, report.idle_wake_ups, report.checks
    )?;
    let mut kinds: Vec<String> = report
        .by_kind
        .iter()
        .map(|(kind, told)| format!("{told} × {}", kind.name()))
        .collect();
    kinds.push(format!("{} of the rotations by an event", report.by_event));
    writeln!(out, "Told: {}.", kinds.join(", "))?;
    out.flush()
}
