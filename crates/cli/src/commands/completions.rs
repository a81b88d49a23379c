//! `strongroom completions`: for a shell's completion of our arguments.

use std::process::ExitCode;

use clap_complete::Shell;

use crate::failure::Failure;
use crate::link::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut crate::app::command(),
        "strongroom",
        &mut script,
    );
    context.output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
