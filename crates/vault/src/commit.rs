//! The one way to write.
//!
//! A commit carries its audit entry, the work, and the state record that says what the database
//! hashes to afterwards, in one transaction: none of the three is ever on the disk without the
//! others. What a secret leaves for is recorded by [`OpenVault::audit`] first; if that cannot be
//! written, nothing leaves.
//!
//! Deliberately not here: what the work is.

use strongroom_domain::EntryId;
use strongroom_store::{StoreError, Tx};

use crate::audit::{AuditEntry, AuditEvent, Detail};
use crate::error::CommitError;
use crate::open::{OpenVault, Trust};
use crate::state::StateRecord;

const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

impl OpenVault {
    /// Runs `work` and commits it with its audit entry and the new state.
    ///
    /// # Errors
    /// Those of `work`, and [`CommitError`]; nothing was changed then. A full disk is said and not
    /// worked around: the reserve is kept for what must be recorded ([`OpenVault::audit`]).
    pub(crate) fn commit<T, E: From<CommitError>>(
        &mut self,
        event: AuditEvent,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.check_writable()?;
        self.commit_at(event, self.ledger.record().epoch + 1, work)
    }

    /// Records an event and nothing else: the intent before a secret leaves, an unlock, a lock. On
    /// a full disk the reserve is given up for it.
    pub fn audit(&mut self, event: AuditEvent) -> Result<(), CommitError> {
        self.check_writable()?;
        match self.commit(event, |_| Ok(())) {
            Err(CommitError::DiskFull) if self.home.give_up_reserve() => {
                self.commit(event, |_| Ok(()))
            }
            outcome => outcome,
        }
    }

    /// The same, and with it, in the same commit, one such event about each of these entries.
    pub(crate) fn audit_each(
        &mut self,
        event: AuditEvent,
        about: &[EntryId],
    ) -> Result<(), CommitError> {
        let each = about.iter().map(|entry| AuditEvent {
            detail: Detail::None,
            ..event.about(*entry)
        });
        let each: Vec<AuditEvent> = each.collect();
        match self.commit_each(event, &each, |_| Ok(())) {
            Err(CommitError::DiskFull) if self.home.give_up_reserve() => {
                self.commit_each(event, &each, |_| Ok(()))
            }
            outcome => outcome,
        }
    }

    /// Commits work with an audit entry of its own and further ones.
    pub(crate) fn commit_each(
        &mut self,
        event: AuditEvent,
        each: &[AuditEvent],
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), CommitError>,
    ) -> Result<(), CommitError> {
        let now = self.ports.now();
        let (policy_rev, device_id) = (self.auth.policy.rev, self.device_id);
        self.commit(event, |tx| {
            for one in each {
                let (seq, _) = tx.audit_head();
                let leaf = AuditEntry::new(seq, now, device_id, one, policy_rev, APP_VERSION);
                tx.append_audit(&leaf.encode()).map_err(CommitError::from)?;
            }
            work(tx)
        })
    }

    /// A commit whose epoch the caller decides: after a rollback was acknowledged, it must be above
    /// everything this device has seen.
    pub(crate) fn commit_at<T, E: From<CommitError>>(
        &mut self,
        event: AuditEvent,
        epoch: u64,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let now = self.ports.now();
        let (policy_rev, device_id) = (self.auth.policy.rev, self.device_id);
        let (db_instance_id, hdr_rev) = (self.auth.db_instance_id, self.header.rev());
        let k_state = self.keys.derive_state_key();

        let mut tx = self.store.begin().map_err(CommitError::from)?;
        let (seq, _) = tx.audit_head();
        let entry = AuditEntry::new(seq, now, device_id, &event, policy_rev, APP_VERSION);
        tx.append_audit(&entry.encode())
            .map_err(CommitError::from)?;
        let done = work(&mut tx)?;
        let (audit_size, audit_root) = tx.audit_head();
        let record = StateRecord {
            db_instance_id,
            epoch,
            items_root: tx.items_root(),
            list_root: tx.list_root(),
            audit_size,
            audit_root,
            hdr_rev,
        };
        tx.put_state(&record.seal(&k_state))
            .map_err(CommitError::from)?;
        tx.commit()
            .map_err(|error: StoreError| CommitError::from(error))?;
        self.ledger.committed(record, now);
        self.anchor_if_many();
        Ok(done)
    }

    fn check_writable(&self) -> Result<(), CommitError> {
        match self.trust {
            Trust::Verified => Ok(()),
            Trust::ListOnly => Err(CommitError::NotYetVerified),
            Trust::RolledBack => Err(CommitError::RolledBack),
            Trust::Broken => Err(CommitError::Broken),
            Trust::ReadOnly => Err(CommitError::ReadOnly),
        }
    }
}
