//! The command line `strongroom`: a face of the agent, and its host.
//!
//! One file a subcommand in `commands/`; everything they share stands beside it. Deliberately not
//! here: opening a vault, deciding anything, keeping anything. What a command means is the
//! agent's to say; this program asks, prompts and prints.

mod app;
mod ask;
mod clock;
mod commands;
mod confirm;
mod credentials;
mod descriptors;
mod enrol;
mod failure;
mod file_out;
mod git;
mod link;
mod mask;
mod new_file;
mod output;
mod playbook;
mod replace;
mod sanitise;
mod strip;
mod supervise;
mod table;
mod values;
mod vault_folder;
mod when;
mod words;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: strongroom_secret::ZeroAlloc<std::alloc::System> =
    strongroom_secret::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    strongroom_secret::harden_process();
    app::run()
}
