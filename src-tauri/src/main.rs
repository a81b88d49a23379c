//! The desktop window of Strongroom: a face of the agent, which alone opens a vault.
//!
//! Here are windows, their permissions, and one-line forwards of the contract's commands to the
//! client. Deliberately not here: any rule about keys, any file of a vault, any network.

mod arguments;
mod arrival;
mod browser;
mod commands;
mod environment;
mod export;
mod files;
mod kept;
mod link;
mod login;
mod look;
mod own;
mod papers;
mod single;
mod size;
mod small;
mod team;
mod watch;
mod windows;

use std::alloc::System;
use std::process::ExitCode;
use std::sync::Arc;

use arguments::Arguments;
use arrival::Waiting;
use link::Link;
use single::{Claim, Instance};
use strongroom_secret::ZeroAlloc;

/// What is freed in this process may have been a typed password: it is wiped.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    if let Err(problem) = environment::close_back_doors() {
        return complain(&problem);
    }
    strongroom_secret::harden_process();
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            say(arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(problem) => return complain(&problem),
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => complain(&problem),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "Tauri's macro ends the program where it is run inside a bundle of another kind"
)]
fn run(arguments: Arguments) -> Result<(), String> {
    let Claim::First(instance) = Instance::claim(&arguments.vault, &arguments.arrival)? else {
        // The window that is there already was brought to the front.
        return Ok(());
    };
    let web_data = instance.web_data();
    let link = Arc::new(Link::new(arguments.vault));
    let first_look = watch::ask_first(&link).map_err(|problem| problem.to_string())?;
    let waiting = Waiting::default();
    waiting.put(arguments.arrival);
    tauri::Builder::default()
        .manage(Arc::clone(&link))
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let nudge = watch::start(app.handle().clone(), link, first_look, web_data, waiting)?;
            instance.listen(app.handle().clone(), nudge);
            Ok(())
        })
        .run(tauri::generate_context!())
        .map_err(|problem| format!("the window could not be opened: {problem}"))
}

fn complain(problem: &str) -> ExitCode {
    say(&format!("strongroom-desktop: {problem}"));
    ExitCode::FAILURE
}

#[expect(
    clippy::print_stderr,
    reason = "before there is a window, words go to the terminal"
)]
fn say(text: &str) {
    eprintln!("{text}");
}
