//! Before an act that cannot be undone: what will be gone, and the word that lets it happen.

use crate::ask::Terminal;
use crate::failure::Failure;

/// Asks for `verb` after saying `what_is_gone`; `--yes` in `already` answers it.
pub(crate) fn confirm(already: bool, what_is_gone: &str, verb: &str) -> Result<(), Failure> {
    if already {
        return Ok(());
    }
    let mut terminal = Terminal::required("give --yes if it is meant")?;
    terminal.say(&format!("{what_is_gone}\n"))?;
    let answer = terminal.question(&format!("Type \"{verb}\" to go on: "))?;
    if answer == verb {
        Ok(())
    } else {
        Err(Failure::refused("not confirmed; nothing was changed"))
    }
}

/// A question that is answered with yes or no; anything but yes is no.
pub(crate) fn agrees(terminal: &mut Terminal, question: &str) -> Result<bool, Failure> {
    let answer = terminal.question(&format!("{question} [y/N] "))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}
