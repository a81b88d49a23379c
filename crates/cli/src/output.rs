//! What is printed, and where: results on standard output, everything else on standard error.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;
use strongroom_wire::{ErrorCode, Fault};

use crate::app::Global;
use crate::failure::Failure;
use crate::sanitise::sanitise;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

/// A long list is written piece by piece: a buffer that grows would be copied over and over.
const BUFFER: usize = 64 * 1024;

/// A colour with a meaning. Colour is never the only sign: a word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// What a table's head or an aside is said in.
    Quiet,
    Strong,
    /// Due soon.
    Amber,
    /// Critical.
    Red,
    /// Done.
    Green,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Quiet => "2",
            Self::Strong => "1",
            Self::Amber => "33",
            Self::Red => "31",
            Self::Green => "32",
        }
    }
}

/// How this run prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    colour: bool,
    colour_errors: bool,
    columns: Option<usize>,
}

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        let wanted = |terminal: bool| match global.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                terminal && !dumb && !set("NO_COLOR")
            }
        };
        Self {
            json: global.json,
            quiet: global.quiet,
            colour: !global.json && wanted(io::stdout().is_terminal()),
            colour_errors: !global.json && wanted(io::stderr().is_terminal()),
            columns: rustix::termios::tcgetwinsize(rustix::stdio::stdout())
                .ok()
                .map(|size| usize::from(size.ws_col))
                .filter(|columns| *columns > 0),
        }
    }

    /// For a refusal that comes before the arguments are understood.
    pub(crate) fn json_only() -> Self {
        Self {
            json: true,
            quiet: false,
            colour: false,
            colour_errors: false,
            columns: None,
        }
    }

    /// The same in words, without colour.
    pub(crate) fn words_only() -> Self {
        Self {
            json: false,
            ..Self::json_only()
        }
    }

    /// Width of the terminal that results are printed on, if they are.
    pub(crate) fn columns(self) -> Option<usize> {
        self.columns
    }

    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        paint(self.colour, tone, text)
    }

    /// A result in words. The text is printed as it is: names in it are sanitised by whoever
    /// puts them in.
    pub(crate) fn say(self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        written(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
    }

    /// A result as JSON: one line, so that several can follow each other.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut stdout = BufWriter::with_capacity(BUFFER, io::stdout().lock());
        if let Err(problem) = serde_json::to_writer(&mut stdout, value) {
            return match problem.io_error_kind() {
                Some(kind) => written(Err(kind.into())),
                None => Err(Failure::new(
                    ErrorCode::Internal,
                    "the result cannot be put in JSON",
                )),
            };
        }
        written(stdout.write_all(b"\n").and_then(|()| stdout.flush()))
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
    }

    /// `value` as JSON where JSON was asked for, else what `words` makes of it.
    pub(crate) fn result<T: Serialize>(
        self,
        value: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        if self.json {
            self.json(value)
        } else {
            let text = words(value);
            if text.is_empty() {
                return Ok(());
            }
            self.say(text.trim_end_matches('\n'))
        }
    }

    /// The same for a result that only says that it was done: nothing to say with `--quiet`.
    pub(crate) fn done<T: Serialize>(
        self,
        value: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        if self.quiet && !self.json {
            return Ok(());
        }
        self.result(value, words)
    }

    /// An aside on standard error; left out with `--quiet`.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            let line = paint(self.colour_errors, Tone::Quiet, text);
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Something the person should act on; on standard error, `--quiet` or not.
    pub(crate) fn warn(self, text: &str) {
        let word = paint(self.colour_errors, Tone::Amber, "note:");
        let _ = writeln!(io::stderr(), "{word} {text}");
    }

    pub(crate) fn failure(self, failure: &Failure) {
        #[derive(Serialize)]
        struct Refusal<'a> {
            error: &'a Fault,
        }
        let fault = failure.fault();
        if self.json {
            let line = serde_json::to_string(&Refusal { error: fault }).unwrap_or_default();
            let _ = writeln!(io::stderr(), "{line}");
            return;
        }
        if is_closed_pipe(fault) {
            return;
        }
        let word = paint(self.colour_errors, Tone::Red, "strongroom:");
        let mut text = sanitise(&fault.message);
        if let Some(wait) = fault.retry_after_ms {
            text.push_str(&format!(
                " (the next try is taken in {})",
                crate::words::span(i64::try_from(wait).unwrap_or(i64::MAX))
            ));
        }
        let _ = writeln!(io::stderr(), "{word} {text}");
    }
}

const CLOSED: &str = "whoever reads the output has gone";

/// A reader that has seen enough (`| head`) is no mishap to talk about.
fn is_closed_pipe(fault: &Fault) -> bool {
    fault.code == ErrorCode::Invalid && fault.message == CLOSED
}

fn written(outcome: io::Result<()>) -> Result<(), Failure> {
    outcome.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::invalid(CLOSED),
        _ => Failure::file("the output cannot be written", &error),
    })
}

fn paint(colour: bool, tone: Tone, text: &str) -> String {
    if colour {
        format!("\x1b[{}m{text}\x1b[0m", tone.code())
    } else {
        text.to_owned()
    }
}
