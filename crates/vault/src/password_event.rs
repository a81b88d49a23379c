//! That the password of an exchange account was changed: some exchanges end keys for it.
//!
//! Deliberately not here: the password of the vault.

use strongroom_domain::{
    AccountLabel, EntryId, EntryKind, ExchangeId, ExpiryCause, KeyLabel, RegisterValue, UtcMs,
};

use crate::audit::{AuditEvent, Client, EventKind};
use crate::ends;
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError, WriteKeyError};

/// A key of the account, and when it ends for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAfterPassword {
    pub key: EntryId,
    pub label: KeyLabel,
    /// `None` where the exchange is not known to end it.
    pub ends: Option<UtcMs>,
}

impl OpenVault {
    /// Records that the password of an account was changed, and when that ends which of its keys.
    /// An earlier change makes room for this one.
    ///
    /// # Errors
    /// No key is recorded under this account; nothing was changed.
    pub fn password_changed(
        &mut self,
        exchange: &ExchangeId,
        account: &AccountLabel,
        at: UtcMs,
        by: Client,
    ) -> Result<Vec<KeyAfterPassword>, WriteKeyError> {
        self.make_ready()?;
        let wanted = account.as_str().to_lowercase();
        let list = self.records.list.as_ref();
        let list = list.ok_or(ReadError::NotYetVerified)?;
        let found: Vec<KeyAfterPassword> = list
            .rows()
            .iter()
            .filter(|row| row.state.has_due_dates() && row.exchange == *exchange)
            .filter(|row| {
                let label = row.account_label.as_ref();
                label.is_some_and(|label| label.as_str().to_lowercase() == wanted)
            })
            .map(|row| KeyAfterPassword {
                key: row.id,
                label: row.label.clone(),
                ends: ends::end_by_password_change(row, at),
            })
            .collect();
        let Some(first) = found.first() else {
            return Err(KeyError::NotFound.into());
        };
        let event = AuditEvent::from(EventKind::EntryEdited).about(first.key);
        let mut draft = Draft::new(self)?;
        for one in &found {
            let Some(at) = one.ends else { continue };
            draft.forget();
            draft.load(one.key)?;
            let record = draft.record(one.key).ok_or(KeyError::NotFound)?;
            let other = |cause: &ExpiryCause| !matches!(cause, ExpiryCause::PasswordChange { .. });
            let mut causes: Vec<ExpiryCause> =
                record.expiry.iter().copied().filter(other).collect();
            causes.push(ExpiryCause::PasswordChange { at });
            causes.sort_unstable();
            draft.set(EntryKind::Key, one.key, &RegisterValue::Expiry(causes))?;
            draft.changed(one.key);
        }
        if !draft.is_empty() {
            let ready = draft.finish();
            self.write_draft(event, by, ready)?;
        }
        Ok(found)
    }
}
