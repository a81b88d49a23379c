//! Pages that fit a frame.
//!
//! Not here: what is in them.

use serde::Serialize;
use strongroom_wire::MAX_FRAME;

/// What the rest of a reply may take beside its rows.
const REST: usize = 4 * 1024;

/// How many bytes of rows a page may still hold.
#[derive(Debug)]
pub(crate) struct Room {
    left: usize,
}

impl Room {
    /// All that a frame has.
    pub(crate) fn of_frame() -> Self {
        Self {
            left: MAX_FRAME - REST,
        }
    }

    /// A share of it, where a reply has several lists.
    pub(crate) fn half_of_frame() -> Self {
        Self {
            left: (MAX_FRAME - REST) / 2,
        }
    }

    /// Takes rows from the front as long as they fit.
    pub(crate) fn take<T: Serialize>(&mut self, rows: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut taken = Vec::new();
        for row in rows {
            let Some(left) = self.left.checked_sub(length(&row) + 1) else {
                break;
            };
            self.left = left;
            taken.push(row);
        }
        taken
    }
}

/// Bytes of a row as JSON, counted without writing them anywhere.
fn length(row: &impl Serialize) -> usize {
    let mut counted = Counted(0);
    match serde_json::to_writer(&mut counted, row) {
        Ok(()) => counted.0,
        Err(_) => usize::MAX,
    }
}

struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_before_the_frame_does() {
        let rows = std::iter::repeat_n("x".repeat(1000), 100);
        let mut room = Room::of_frame();
        let taken = room.take(rows.clone());
        assert_eq!(taken.len(), (MAX_FRAME - REST) / 1003);
        assert!(serde_json::to_vec(&taken).expect("json").len() <= MAX_FRAME - REST);
        assert!(room.take(rows).is_empty());
    }
}
