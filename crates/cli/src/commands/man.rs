//! `strongroom man`: the manual page, made of the same words as `--help`.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::app::{EXIT_CODES, command};
use crate::failure::Failure;
use crate::link::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let page = page().map_err(|error| Failure::file("the manual cannot be made", &error))?;
    context.output.bytes(&page)?;
    Ok(ExitCode::SUCCESS)
}

/// One page: the program, then each subcommand with its options, then exit codes and files.
fn page() -> io::Result<Vec<u8>> {
    let mut root = command().after_long_help("").display_name("strongroom");
    root.build();
    let man = clap_mangen::Man::new(root.clone())
        .title("strongroom")
        .section("1");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let synopsis = "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]";
    writeln!(page, ".SH SYNOPSIS\n\\fBstrongroom\\fR {synopsis}")?;
    man.render_description_section(&mut page)?;
    writeln!(page, ".SH OPTIONS\nEvery command takes these.")?;
    describe_arguments(root.get_arguments(), &mut page)?;
    writeln!(page, ".SH SUBCOMMANDS")?;
    for subcommand in root
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        describe(subcommand, "strongroom", &mut page)?;
    }
    writeln!(page, ".SH \"EXIT CODES\"\n.nf")?;
    for line in EXIT_CODES.lines().skip(1) {
        writeln!(page, "{}", escaped(line))?;
    }
    writeln!(page, ".fi")?;
    writeln!(page, ".SH FILES")?;
    for (path, what) in [
        (
            "$XDG_DATA_HOME/strongroom/",
            "the person's vaults, one folder each",
        ),
        (
            "$XDG_RUNTIME_DIR/strongroom/agent.sock",
            "the agent's socket",
        ),
        (
            "$XDG_STATE_HOME/strongroom/",
            "device secrets that were chosen to be files",
        ),
    ] {
        writeln!(page, ".TP\n{}\n{}", escaped(path), escaped(what))?;
    }
    writeln!(
        page,
        ".SH ENVIRONMENT\n.TP\nSTRONGROOM_VAULT\nfolder of the usual vault"
    )?;
    writeln!(page, ".TP\nNO_COLOR\nif set, nothing is coloured")?;
    Ok(page)
}

fn describe(command: &clap::Command, parent: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let name = format!("{parent} {}", command.get_name());
    writeln!(page, ".SS {}", escaped(&name))?;
    let about = command.get_long_about().or(command.get_about());
    if let Some(about) = about {
        writeln!(page, "{}.", escaped(&about.to_string()))?;
    }
    let own = command
        .get_arguments()
        .filter(|argument| !argument.is_global_set());
    describe_arguments(own, page)?;
    if let Some(after) = command.get_after_long_help() {
        writeln!(page, ".PP\n.nf")?;
        for line in wrapped(&after.to_string(), 76) {
            writeln!(page, "{}", escaped(&line))?;
        }
        writeln!(page, ".fi")?;
    }
    for subcommand in command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        describe(subcommand, &name, page)?;
    }
    Ok(())
}

fn describe_arguments<'a>(
    arguments: impl Iterator<Item = &'a clap::Arg>,
    page: &mut Vec<u8>,
) -> io::Result<()> {
    for argument in arguments {
        if argument.is_hide_set() || argument.get_id() == "help" {
            continue;
        }
        writeln!(page, ".TP\n{}", heading(argument))?;
        let help = argument.get_long_help().or(argument.get_help());
        writeln!(
            page,
            "{}",
            escaped(&help.map(ToString::to_string).unwrap_or_default())
        )?;
        let words: Vec<String> = argument
            .get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned())
            .collect();
        let takes_a_word = argument.get_action().takes_values() && !words.is_empty();
        if takes_a_word && argument.get_id() != "shell" {
            writeln!(page, ".br\nOne of: {}.", escaped(&words.join(", ")))?;
        }
    }
    Ok(())
}

fn heading(argument: &clap::Arg) -> String {
    let values: Vec<String> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| format!("\\fI{}\\fR", escaped(name)))
        .collect();
    let Some(long) = argument.get_long() else {
        let name = argument.get_value_names().and_then(|names| names.first());
        let fallback = argument.get_id().to_string().to_uppercase();
        return format!(
            "\\fI{}\\fR",
            escaped(name.map_or(fallback.as_str(), |name| name.as_str()))
        );
    };
    let short = argument
        .get_short()
        .map(|short| format!("\\fB\\-{short}\\fR, "));
    let mut text = format!(
        "{}\\fB{}\\fR",
        short.unwrap_or_default(),
        escaped(&format!("--{long}"))
    );
    if argument.get_action().takes_values() && !values.is_empty() {
        text.push(' ');
        text.push_str(&values.join(" "));
    }
    text
}

fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        if paragraph.len() <= columns || paragraph.starts_with(' ') {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Nothing in our words is taken for a request of roff, and nothing but ASCII is left.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    if text.starts_with(['.', '\'']) {
        escaped.push_str("\\&");
    }
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            c if c.is_ascii() => escaped.push(c),
            c => escaped.push_str(&format!("\\[u{:04X}]", u32::from(c))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_and_exit_code_is_in_the_manual() {
        let page = String::from_utf8(page().expect("made")).expect("text");
        for subcommand in command()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            let name = format!(".SS strongroom {}\n", escaped(subcommand.get_name()));
            assert!(page.contains(&name), "{name}");
        }
        for code in strongroom_wire::ErrorCode::ALL {
            assert!(page.contains(&format!("{:>4}  ", code.exit_code())));
        }
        assert!(!page.contains("run\\-child"));
        assert!(page.is_ascii());
    }
}
