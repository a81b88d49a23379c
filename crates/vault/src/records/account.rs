//! Exchange accounts as a list. They are made by the keys that name them.

use strongroom_domain::AccountRecord;

use super::select::ReadError;
use crate::open::OpenVault;

/// An account with how many keys belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub account: AccountRecord,
    pub keys: usize,
}

impl OpenVault {
    /// Every account, by exchange and label.
    pub fn accounts(&mut self) -> Result<Vec<AccountRow>, ReadError> {
        self.make_ready()?;
        let (Some(names), Some(list)) = (&self.records.names, &self.records.list) else {
            return Err(ReadError::NotYetVerified);
        };
        let mut rows: Vec<AccountRow> = names
            .accounts()
            .map(|account| AccountRow {
                account: account.clone(),
                keys: list
                    .rows()
                    .iter()
                    .filter(|row| row.account == Some(account.id))
                    .count(),
            })
            .collect();
        rows.sort_by(|a, b| {
            let name = |row: &AccountRow| (row.account.exchange.clone(), row.account.label.clone());
            name(a).cmp(&name(b))
        });
        Ok(rows)
    }
}
