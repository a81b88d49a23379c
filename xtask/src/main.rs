//! `cargo xtask TASK`: chores too long for a Makefile line and too particular for a crate.
//!
//! Not here: building and testing (the Makefile and `scripts/`), and anything the product does.

use std::process::ExitCode;

mod arrows;
mod codegen;
mod dist;
mod icons;
mod tidy;
mod workspace;

/// One chore: its name, what it does, and the function that does it.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<(), String>,
}

const TASKS: &[Task] = &[
    Task {
        name: "tidy",
        about: "check the house rules a compiler cannot see",
        run: tidy::run,
    },
    Task {
        name: "arrows",
        about: "check who may depend on whom",
        run: arrows::run,
    },
    Task {
        name: "codegen",
        about: "write the front end's types from wire's list of commands",
        run: codegen::run,
    },
    Task {
        name: "icons",
        about: "draw every icon size from icons/strongroom.svg",
        run: icons::run,
    },
    Task {
        name: "dist",
        about: "build the release archive and its checksums",
        run: dist::run,
    },
];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let Some(task) = TASKS.iter().find(|task| task.name == wanted) else {
        let list: Vec<String> = TASKS
            .iter()
            .map(|task| format!("  {:8} {}", task.name, task.about))
            .collect();
        say(&format!("usage: cargo xtask TASK\n{}", list.join("\n")));
        return ExitCode::from(2);
    };
    match (task.run)() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("{}: {problem}", task.name));
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a chore talks to the person who typed it"
)]
fn say(text: &str) {
    eprintln!("{text}");
}
