//! Text that somebody else wrote, made safe to print on a terminal: as papers make it safe.

pub(crate) use strongroom_papers::{sanitise, sanitise_lines};
