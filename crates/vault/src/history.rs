//! What became of a key, write by write. Purged values show as such; secrets never show.

use strongroom_domain::{DeviceId, EntryId, EntryKind, MemberId, Register, UtcMs};

use crate::open::OpenVault;
use crate::records::{KeyError, words_of};

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub at: UtcMs,
    pub register: Register,
    /// In words; `[secret]` or `[purged]` for material.
    pub words: String,
    pub device: DeviceId,
    pub author: MemberId,
    /// No later write has replaced it.
    pub current: bool,
}

impl OpenVault {
    /// The writes of a key and of the versions of its secret, newest first.
    pub fn key_history(&mut self, key: EntryId) -> Result<Vec<HistoryLine>, KeyError> {
        self.make_ready()?;
        let (replica, _) = self.read_key(key)?;
        let names = self.records.names.as_ref();
        let label = |id: EntryId| names.and_then(|names| names.label(id));
        let mut lines = Vec::new();
        for (entry, kind) in replica.entries() {
            for register in replica.registers(entry) {
                // That a version belongs to this key, and which fields it has, follows anyway.
                let follows = matches!(register, Register::Key | Register::Fields);
                if kind == EntryKind::Credential && follows {
                    continue;
                }
                let alive = replica.alive_ids(entry, register);
                lines.extend(replica.history(entry, register).into_iter().map(|write| {
                    let line = HistoryLine {
                        at: UtcMs::from_clock(write.hlc.wall_ms),
                        register,
                        words: words_of(write, &label),
                        device: write.device,
                        author: write.author,
                        current: alive.contains(&write.id),
                    };
                    ((write.hlc, write.id), line)
                }));
            }
        }
        lines.sort_by(|(a, _), (b, _)| b.cmp(a));
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }
}
