//! Giving keys out as one file.
//!
//! The intent is in the audit log, on the disk, before the first secret is opened: how many keys
//! leave, and which. What may be used by nobody (revoked, archived, compromised) leaves in an
//! archive only, where its state stands beside it. Whatever is left out is told with the reason.
//!
//! A file that is encrypted takes a second to make, so the keys are drafted here and written without
//! the vault.
//!
//! Deliberately not here: the formats, and writing the file.

use std::collections::BTreeSet;

use strongroom_domain::merge::{Replica, Write};
use strongroom_domain::{
    CredentialVersion, EntryId, KeyLabel, KeyRecord, Names, Register, Tag, VersionState,
};
use strongroom_exchanges::catalogue::PagePurpose;
pub use strongroom_formats::export::ExportFormat;
use strongroom_formats::export::{
    self, Details, ExportEntry, ExportError, ExportVersion, Lock, Origin,
};
use strongroom_formats::kdbx::KdbxWriteError;
use strongroom_secret::{SecretBytes, SecretText};

use crate::audit::{AuditEvent, Client, Decision, Detail, EventKind};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::ports::Ports;
use crate::records::{Altered, KeyError, Purpose, ReadError, TakeError, Wanted, choose, may_leave};
use crate::rotate::page;
use crate::stepup::{Need, StepUp};

/// Which keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportWhich {
    /// These; that one of them may not leave is an error.
    Keys(Vec<EntryId>),
    /// All that have this tag.
    Tag(Tag),
    All,
}

/// What would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPlan {
    pub keys: usize,
    pub left_out: Vec<LeftOutKey>,
}

/// A key that does not leave, and why, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutKey {
    pub key: EntryId,
    pub label: KeyLabel,
    pub why: String,
}

/// Keys whose intent to leave is recorded, with their secrets in memory that is wiped.
#[derive(Debug)]
pub struct DraftedExport {
    format: ExportFormat,
    origin: Origin,
    entries: Vec<ExportEntry>,
    left_out: Vec<LeftOutKey>,
    ports: Ports,
}

/// The file.
#[derive(Debug)]
pub struct Exported {
    pub bytes: SecretBytes,
    pub keys: usize,
    pub left_out: Vec<LeftOutKey>,
}

/// Why nothing left.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Take(#[from] TakeError),
    #[error("no key fits, or none of them may leave in this format")]
    Nothing,
    #[error("{keys} keys would leave now, and another number was agreed to; export again")]
    Changed { keys: usize },
    #[error(transparent)]
    Format(ExportError),
    #[error(transparent)]
    NotMade(KdbxWriteError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ExportError> for NotExported {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NotMade(error) => Self::NotMade(error),
            refused => Self::Format(refused),
        }
    }
}

impl From<ReadError> for NotExported {
    fn from(error: ReadError) -> Self {
        Self::Take(error.into())
    }
}

impl From<KeyError> for NotExported {
    fn from(error: KeyError) -> Self {
        Self::Take(error.into())
    }
}

impl From<Altered> for NotExported {
    fn from(error: Altered) -> Self {
        Self::Take(error.into())
    }
}

/// A key that leaves, with the sealed writes of its secrets.
struct Chosen {
    record: KeyRecord,
    current: Option<Write>,
    others: Vec<(VersionState, strongroom_domain::UtcMs, Write)>,
}

impl OpenVault {
    /// What an export would give out; opens no secret.
    ///
    /// # Errors
    /// A key that was named may not leave, or the vault cannot be read.
    pub fn plan_export(
        &mut self,
        which: &ExportWhich,
        format: ExportFormat,
    ) -> Result<ExportPlan, NotExported> {
        self.make_ready()?;
        let (chosen, left_out) = self.choose_to_export(which, format)?;
        check_number(format, chosen.len())?;
        Ok(ExportPlan {
            keys: chosen.len(),
            left_out,
        })
    }

    /// The keys with their secrets, to be written by [`DraftedExport::write`]. `agreed` is the
    /// number of keys that the person was told.
    ///
    /// # Errors
    /// [`NotExported`]; no secret was opened then, but for a damaged vault.
    pub fn draft_export(
        &mut self,
        which: &ExportWhich,
        format: ExportFormat,
        agreed: usize,
        step_up: &StepUp,
        by: Client,
    ) -> Result<DraftedExport, NotExported> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        let chosen = self.choose_to_export(which, format);
        if let (Err(NotExported::Take(_)), ExportWhich::Keys(keys)) = (&chosen, which) {
            // That somebody tried belongs in the log; if it cannot be written, nothing left.
            let event = exported(keys.len()).decided(Decision::Denied);
            let _ = self.audit(event.by(by));
        }
        let (chosen, left_out) = chosen?;
        check_number(format, chosen.len())?;
        if chosen.len() != agreed {
            return Err(NotExported::Changed { keys: chosen.len() });
        }
        let ids: Vec<EntryId> = chosen.iter().map(|chosen| chosen.record.id).collect();
        self.audit_each(exported(ids.len()).by(by), &ids)?;
        let entries = chosen
            .into_iter()
            .map(|chosen| self.open_to_export(chosen))
            .collect::<Result<Vec<_>, _>>()?;
        let origin = Origin {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            at: self.now(),
        };
        Ok(DraftedExport {
            format,
            origin,
            entries,
            left_out,
            ports: self.ports.clone(),
        })
    }

    /// Notes that nothing came of a file after its intent was recorded.
    ///
    /// # Errors
    /// The log cannot be written.
    pub fn export_failed(&mut self, keys: usize, by: Client) -> Result<(), CommitError> {
        self.audit(exported(keys).by(by).decided(Decision::Failed))
    }

    /// In the order of their labels.
    fn choose_to_export(
        &mut self,
        which: &ExportWhich,
        format: ExportFormat,
    ) -> Result<(Vec<Chosen>, Vec<LeftOutKey>), NotExported> {
        let named: Option<BTreeSet<EntryId>> = match which {
            ExportWhich::Keys(keys) => Some(keys.iter().copied().collect()),
            ExportWhich::Tag(_) | ExportWhich::All => None,
        };
        let wanted = |row: &&strongroom_domain::KeySummary| match (which, &named) {
            (_, Some(named)) => named.contains(&row.id),
            (ExportWhich::Tag(tag), None) => row.tags.contains(tag),
            (_, None) => true,
        };
        let rows = self.keys()?.rows().iter().filter(wanted);
        let mut ids: Vec<(KeyLabel, EntryId)> =
            rows.map(|row| (row.label.clone(), row.id)).collect();
        ids.sort();
        let all_there = named.as_ref().is_none_or(|named| named.len() == ids.len());
        if !all_there {
            return Err(KeyError::NotFound.into());
        }
        let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
        for (label, key) in ids {
            let (replica, record) = self.read_key(key)?;
            match choose_of(&replica, record, format) {
                Ok(one) => chosen.push(one),
                Err(refused) if named.is_some() => return Err(refused.into()),
                Err(refused) => left_out.push(LeftOutKey {
                    key,
                    label,
                    why: refused.to_string(),
                }),
            }
        }
        if chosen.is_empty() {
            return Err(NotExported::Nothing);
        }
        Ok((chosen, left_out))
    }

    fn open_to_export(&self, chosen: Chosen) -> Result<ExportEntry, NotExported> {
        let Chosen {
            record,
            current,
            others,
        } = chosen;
        let exchanges = crate::records::exchanges_of(&record);
        let open = |write: &Write| self.open_material(record.id, write, &exchanges);
        let fields = match &current {
            Some(write) => open(write)?.into_fields(),
            None => Vec::new(),
        };
        let other_versions = others
            .iter()
            .map(|(state, made, write)| {
                Ok(ExportVersion {
                    state: *state,
                    made: *made,
                    fields: open(write)?.into_fields(),
                })
            })
            .collect::<Result<Vec<_>, Altered>>()?;
        let row = self
            .records
            .list
            .as_ref()
            .and_then(|list| list.get(record.id));
        let names = self.records.names.as_ref();
        let account = record.account.and_then(|id| names?.account(id));
        let consumers = record.consumers.iter();
        Ok(ExportEntry {
            id: record.id,
            expires: row.and_then(|row| row.expiry).map(|due| due.at),
            url: page(&record, PagePurpose::Manage).map(|page| page.url.to_owned()),
            account: account.map(|account| account.label.clone()),
            details: Details {
                consumers: consumers
                    .filter_map(|one| names?.consumer(one.consumer))
                    .collect(),
                key_type: record.key_type,
                purpose: record.purpose,
                owner: record.owner,
                declared: record.declared,
                allowlist: record.allowlist,
                expiry: record.expiry,
                rotation: record.rotation,
                created: Some(record.created),
                tags: record.tags,
                notes: record.notes,
            },
            label: record.label,
            exchange: record.exchange,
            environment: record.environment,
            state: record.state,
            compromised: record.compromised,
            fields,
            other_versions,
        })
    }
}

impl DraftedExport {
    /// As many as the log says would leave.
    pub fn keys(&self) -> usize {
        self.entries.len()
    }

    /// The file, in memory that is wiped. Needs no vault; where it fails, the log is still to be
    /// told with [`OpenVault::export_failed`].
    ///
    /// # Errors
    /// The format holds none of the keys or not so many, or does not take the password.
    pub fn write(self, password: Option<&SecretText>) -> Result<Exported, NotExported> {
        let random = self.ports.random();
        let lock = password.map(|password| Lock {
            password,
            random: &random,
        });
        let written = export::write(self.format, &self.origin, &self.entries, lock)?;
        let unfit = written.left_out.iter().map(|(index, why)| LeftOutKey {
            key: self.entries[*index].id,
            label: self.entries[*index].label.clone(),
            why: why.to_string(),
        });
        let keys = self.entries.len() - written.left_out.len();
        if keys == 0 {
            return Err(NotExported::Nothing);
        }
        let mut left_out = self.left_out;
        left_out.extend(unfit);
        Ok(Exported {
            bytes: written.bytes,
            keys,
            left_out,
        })
    }
}

fn exported(keys: usize) -> AuditEvent {
    AuditEvent::from(EventKind::Exported).detail(Detail::Count(keys as u64))
}

/// Told before a code is spent.
fn check_number(format: ExportFormat, keys: usize) -> Result<(), ExportError> {
    if format == ExportFormat::Freqtrade && keys != 1 {
        return Err(ExportError::OneKey);
    }
    Ok(())
}

fn choose_of(
    replica: &Replica,
    record: KeyRecord,
    format: ExportFormat,
) -> Result<Chosen, TakeError> {
    if !format.is_archive() {
        may_leave(&record, Purpose::Export)?;
        let current = choose(replica, &record, &Wanted::default())?;
        return Ok(Chosen {
            record,
            current: Some(current),
            others: Vec::new(),
        });
    }
    let write_of = |version: &CredentialVersion| {
        let wanted = Wanted {
            fields: Vec::new(),
            version: Some(version.id),
        };
        choose(replica, &record, &wanted)
    };
    let (mut current, mut others) = (None, Vec::new());
    let in_use = record.current().map(|version| version.id);
    for version in &record.versions {
        let is_contested = record
            .conflicts
            .iter()
            .any(|one| one.entry == version.id && one.register == Register::Material);
        if is_contested {
            return Err(TakeError::Conflict);
        }
        // One that was purged, or never had a secret, has nothing to give.
        if version.material.is_none() {
            continue;
        }
        let write = write_of(version)?;
        if in_use == Some(version.id) {
            current = Some(write);
        } else {
            others.push((version.state, version.made, write));
        }
    }
    Ok(Chosen {
        record,
        current,
        others,
    })
}
