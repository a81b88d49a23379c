//! Full verification after an unlock: is the database what its state record says, and is that the
//! newest this device has seen?
//!
//! The list was verified by its own root already. Until the rest has passed, no secret leaves and
//! nothing is written.
//!
//! Deliberately not here: reading and hashing (store), and telling a person.

use strongroom_store::{Progress, Recount, StoreError};

use crate::anchor::{self, AnchorRead, Standing};
use crate::audit::{AuditEvent, Detail, EventKind};
use crate::error::{CommitError, StepUpError, StepUpRequired};
use crate::open::{OpenVault, Trust};
use crate::ports::{ItemName, Lookup, Purpose};
use crate::put_back;
use crate::state::{StateError, VerifyProgress};
use crate::stepup::{Need, StepUp};
use crate::unlock::anchor_item;

/// An alarm could not be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error("there is no alarm to acknowledge")]
    NoAlarm,
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Header(#[from] StepUpError),
}

impl OpenVault {
    /// Reads and hashes about `rows` rows more. When done, [`OpenVault::trust`] says how far the
    /// vault is to be believed.
    ///
    /// # Errors
    /// Where the file could not be read; what was read wrongly ends in [`Trust::Broken`] instead.
    pub(crate) fn verify_slice(&mut self, rows: usize) -> Result<VerifyProgress, StateError> {
        if self.trust != Trust::ListOnly {
            return Ok(VerifyProgress::Done);
        }
        let recount = self.ledger.recount.get_or_insert_with(Recount::new);
        match recount.step(&self.store, rows) {
            Ok(Progress::More) => return Ok(VerifyProgress::More),
            Ok(Progress::Done) => {}
            Err(StoreError::Corrupt | StoreError::Contradiction) => {
                self.ledger.recount = None;
                self.trust = Trust::Broken;
                return Ok(VerifyProgress::Done);
            }
            Err(other) => return Err(other.into()),
        }
        let Some(recount) = self.ledger.recount.take() else {
            return Ok(VerifyProgress::Done);
        };
        let found = recount.finish();
        let record = self.ledger.record();
        let agrees = found.items_root() == record.items_root
            && found.list_root() == record.list_root
            && found.audit_size() == record.audit_size
            && found.audit_root() == record.audit_root;
        if !agrees {
            self.trust = Trust::Broken;
            return Ok(VerifyProgress::Done);
        }
        self.store.adopt(found);
        self.trust = if self.is_rolled_back()? {
            Trust::RolledBack
        } else if self.note.read_only {
            Trust::ReadOnly
        } else {
            Trust::Verified
        };
        self.record_unlock();
        Ok(VerifyProgress::Done)
    }

    /// The same question before everything is verified, so that the alarm can stand beside the first
    /// list. What it says is final only when the verification is done.
    pub fn seems_rolled_back(&self) -> bool {
        // Where it cannot be told, the verification will end in an error of its own.
        self.is_rolled_back().unwrap_or(true)
    }

    /// Whether this device, which has its secret, had lost what it knew of the newest state when
    /// the vault was unlocked: then an older copy of the vault cannot be told from the present one.
    pub fn anchor_missing(&self) -> bool {
        self.note.anchor_missing
    }

    /// Whether this device has seen a later state, or another one.
    fn is_rolled_back(&self) -> Result<bool, StateError> {
        if self.note.header_rolled_back || self.has_seen_newer_key() {
            return Ok(true);
        }
        let anchor = match &self.note.anchor {
            AnchorRead::None => return Ok(false),
            AnchorRead::Silent | AnchorRead::Broken => return Ok(true),
            AnchorRead::Value(anchor) => anchor,
        };
        let record = self.ledger.record();
        if record.epoch < anchor.epoch || record.audit_size < anchor.audit_size {
            return Ok(true);
        }
        // The log that was seen must be the beginning of this one.
        Ok(self.store.audit_root(anchor.audit_size)? != anchor.audit_root)
    }

    /// Whether this device has been under a later vault key: then a rotation was undone. Its anchor
    /// is written only after the header that names that key. Where the keyring does not answer, it
    /// may have been.
    fn has_seen_newer_key(&self) -> bool {
        self.later_anchors()
            .is_none_or(|found| found.iter().any(|(_, is)| *is == Standing::InUse))
    }

    /// The anchors of the vault keys that followed this one here. `None` where the keyring does not
    /// answer. A key whose anchor could not be written has its secret there, and does not end them.
    fn later_anchors(&self) -> Option<Vec<(ItemName, Standing)>> {
        let own = anchor_item(self.header.fixed());
        let mut found = Vec::new();
        for key_gen in own.key_gen.saturating_add(1)..u32::MAX {
            let item = ItemName { key_gen, ..own };
            match anchor::standing(&self.place, &self.ports, &item) {
                Standing::Silent => return None,
                Standing::Missing => {
                    let secret = ItemName {
                        purpose: Purpose::DeviceSecret,
                        ..item
                    };
                    match anchor::asked(&self.place, &self.ports, &secret) {
                        Lookup::Missing => break,
                        Lookup::Value(_) | Lookup::Ambiguous => {}
                        Lookup::Locked | Lookup::Unavailable => return None,
                    }
                }
                is => found.push((item, is)),
            }
        }
        Some(found)
    }

    /// After the alarm was acknowledged, the vault goes on under this key. Where the keyring does not
    /// take that, the alarm comes again.
    fn give_up_newer_keys(&self) {
        for (item, is) in self.later_anchors().unwrap_or_default() {
            if is == Standing::InUse {
                let _ = anchor::give_up(&self.place, &self.ports, &item);
            }
        }
    }

    /// The unlock goes into the log before anything leaves. Where it cannot be written, the vault
    /// can be looked at and no more.
    fn record_unlock(&mut self) {
        if self.trust != Trust::Verified {
            return;
        }
        let tries = Detail::Count(u64::from(self.note.failed_tries));
        if self
            .audit(AuditEvent::from(EventKind::Unlocked).detail(tries))
            .is_err()
        {
            self.trust = Trust::ReadOnly;
            return;
        }
        if self.note.anchor_missing {
            // That it was gone is in the log before it is there again.
            let _ = self.audit(AuditEvent::from(EventKind::AnchorMissing).of_program());
        }
        // It stays due: the agent and the lock try again.
        let _ = self.flush_anchor();
        put_back::remove_half_copied(self.home.folder());
    }

    /// Accepts an older state than this device has seen, in full knowledge. From now on this state
    /// is what later ones are measured by.
    pub fn acknowledge_rollback(&mut self, step_up: &StepUp) -> Result<(), AcknowledgeError> {
        self.require(step_up, Need::Code)?;
        if self.trust != Trust::RolledBack {
            return Err(AcknowledgeError::NoAlarm);
        }
        let (seen_epoch, seen_root, seen_rev) = match &self.note.anchor {
            AnchorRead::Value(anchor) => (anchor.epoch, anchor.audit_root, anchor.hdr_rev),
            AnchorRead::None | AnchorRead::Silent | AnchorRead::Broken => (0, [0; 32], 0),
        };
        let record = self.ledger.record();
        let record_rev = record.hdr_rev;
        let epoch = record.epoch.max(seen_epoch) + 1;
        let roots = Detail::Roots {
            left: seen_root,
            taken_up: record.audit_root,
        };
        let event = AuditEvent::from(EventKind::AlarmAcknowledged).detail(roots);
        self.commit_at(event, epoch, |_| Ok::<_, CommitError>(()))?;
        self.raise_header(seen_rev.max(record_rev))?;
        self.trust = Trust::Verified;
        self.note.anchor = AnchorRead::None;
        self.note.header_rolled_back = false;
        self.give_up_newer_keys();
        self.record_unlock();
        Ok(())
    }
}
