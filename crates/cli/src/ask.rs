//! Questions on the terminal: always on `/dev/tty`, so that pipes do not matter, and without echo
//! where the answer is a secret.
//!
//! Not here: reading descriptors, and what is asked when.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::low_level::{emulate_default_handler, pipe, unregister};
use strongroom_secret::{SecretBytes, SecretText};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// A line in canonical mode is never longer.
const LONGEST_LINE: usize = 4096;
const LONGEST_BLOCK: usize = 48 * 1024;

/// The person's terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    file: File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

impl Terminal {
    /// `None` where nobody can be asked.
    pub(crate) fn open() -> Option<Self> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .ok()
            .map(|file| Self { file })
    }

    /// Refuses in a sentence that names what to give instead.
    pub(crate) fn required(instead: &str) -> Result<Self, Failure> {
        Self::open()
            .ok_or_else(|| Failure::invalid(format!("there is no terminal to ask on: {instead}")))
    }

    pub(crate) fn say(&mut self, text: &str) -> Result<(), Failure> {
        self.file
            .write_all(text.as_bytes())
            .map_err(|error| Failure::file("the terminal cannot be written", &error))
    }

    /// An answer in the clear, without the blanks around it.
    pub(crate) fn question(&mut self, prompt: &str) -> Result<String, Failure> {
        let line = self.line(prompt, Echo::On)?;
        // EXPOSE: what was typed with echo is no secret.
        Ok(line.expose().trim().to_owned())
    }

    /// An answer that is not shown.
    pub(crate) fn secret(&mut self, prompt: &str) -> Result<SecretText, Failure> {
        self.line(prompt, Echo::Off)
    }

    /// A secret that may be a PEM block: its lines are taken until the one that ends it.
    pub(crate) fn secret_block(&mut self, prompt: &str) -> Result<SecretText, Failure> {
        let mut block = self.secret(prompt)?.into_bytes();
        // EXPOSE: only looked at for the mark that more lines follow.
        while block.expose().starts_with(b"-----BEGIN") && !ends_block(block.expose()) {
            let line = self.secret("")?.into_bytes();
            // EXPOSE: joined with the lines before it, in memory that is wiped.
            let mut joined = Vec::with_capacity(block.len() + line.len() + 1);
            joined.extend_from_slice(block.expose());
            joined.push(b'\n');
            joined.extend_from_slice(line.expose());
            if joined.len() > LONGEST_BLOCK {
                return Err(Failure::invalid("the PEM block has no END line"));
            }
            block = SecretBytes::new(joined);
        }
        block
            .into_text()
            .ok_or_else(|| Failure::invalid("what was typed is not UTF-8 text"))
    }

    fn line(&mut self, prompt: &str, echo: Echo) -> Result<SecretText, Failure> {
        self.read_line(prompt, echo)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => Failure::invalid("nothing was typed"),
                _ => Failure::file("the terminal cannot be read", &error),
            })
    }

    fn read_line(&self, prompt: &str, echo: Echo) -> io::Result<SecretText> {
        let mut signals = Signals::watch()?;
        let mut quiet = match echo {
            Echo::Off => Some(Quiet::on(&self.file)?),
            Echo::On => None,
        };
        (&self.file).write_all(prompt.as_bytes())?;
        let mut bytes = Zeroizing::new([0; LONGEST_LINE]);
        loop {
            let mut waited_for = vec![PollFd::new(&self.file, PollFlags::IN)];
            let told = signals.0.iter().map(|(_, _, told)| told);
            waited_for.extend(told.map(|told| PollFd::new(told, PollFlags::IN)));
            match poll(&mut waited_for, None) {
                Err(rustix::io::Errno::INTR) => {}
                other => {
                    other?;
                }
            }
            let typed = !waited_for[0].revents().is_empty();
            drop(waited_for);
            if let Some(signal) = signals.arrived() {
                // The terminal is as it was before the signal does what it does.
                drop(quiet.take());
                (&self.file).write_all(b"\n")?;
                emulate_default_handler(signal)?;
                if echo == Echo::Off {
                    quiet = Some(Quiet::on(&self.file)?);
                }
                (&self.file).write_all(prompt.as_bytes())?;
                continue;
            }
            if typed {
                let length = (&self.file).read(bytes.as_mut_slice())?;
                if length == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let mut line = SecretBytes::new(bytes[..length].to_vec())
                    .into_text()
                    .ok_or(io::ErrorKind::InvalidData)?;
                line.trim_line_end();
                return Ok(line);
            }
        }
    }
}

fn ends_block(block: &[u8]) -> bool {
    let last = block
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    last.trim_ascii_start().starts_with(b"-----END")
}

/// Echo is off while this lives.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    fn on(terminal: &'a File) -> io::Result<Quiet<'a>> {
        let before = tcgetattr(terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        quiet
            .local_modes
            .insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        // Nothing that was typed ahead, visibly, is taken for the secret.
        tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(Quiet { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

/// The signals that would end or stop the program while echo is off, each with the end of a pipe
/// that tells of it.
struct Signals(Vec<(i32, SigId, UnixStream)>);

impl Signals {
    fn watch() -> io::Result<Self> {
        let mut watched = Self(Vec::new());
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
            let (told, tell) = UnixStream::pair()?;
            told.set_nonblocking(true)?;
            watched
                .0
                .push((signal, pipe::register(signal, tell)?, told));
        }
        Ok(watched)
    }

    /// Which one came; its mark is taken away.
    fn arrived(&mut self) -> Option<i32> {
        let mut bytes = [0; 64];
        self.0
            .iter()
            .find(|(_, _, told)| {
                let mut told: &UnixStream = told;
                matches!(told.read(&mut bytes), Ok(1..))
            })
            .map(|(signal, _, _)| *signal)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for (_, id, _) in &self.0 {
            unregister(*id);
        }
    }
}
