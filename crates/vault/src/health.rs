//! Health: gathering what the rules of the domain look at, and keeping what was accepted.
//!
//! What is read of a key beside its row is kept until the key changes, so that asking again costs
//! nothing. Deliberately not here: any rule, and asking the machine whether it can tell of sleep.

use std::collections::{BTreeMap, BTreeSet};

use strongroom_domain::health::{
    Acceptance, AcceptanceRecord, AcceptanceRefused, Facts, FindingId, Health, Holder, KeyFacts,
    LockSource, Picture, Subject, VaultFacts,
};
use strongroom_domain::merge::Replica;
use strongroom_domain::{
    Deleted, EntryId, EntryKind, ExchangeId, FieldName, KeySummary, Line, RegisterValue, UtcMs,
    VersionState, last_drift,
};
use strongroom_exchanges::catalogue;

use crate::audit::{AuditEvent, Client, EventKind};
use crate::ends;
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, ReadError};

/// Whether this machine tells when it sleeps and when its screen locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockSources {
    pub suspend: bool,
    pub screen_lock: bool,
}

/// A finding was not accepted, or its acceptance not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Refused(#[from] AcceptanceRefused),
    #[error("this finding is not there; only what was found can be accepted")]
    NotFound,
    #[error("this finding was not accepted")]
    NotAccepted,
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<ReadError> for AcceptError {
    fn from(error: ReadError) -> Self {
        Self::Key(error.into())
    }
}

impl OpenVault {
    /// Looks at everything there is to look at.
    ///
    /// # Errors
    /// Nothing can be read.
    pub fn health(&mut self, locks: LockSources) -> Result<Health, ReadError> {
        self.make_ready()?;
        let mut twins = self.twins()?;
        let list = self.records.list.as_ref();
        let list = list.ok_or(ReadError::NotYetVerified)?;
        let mut read = Vec::new();
        for row in list.rows() {
            if !self.records.facts.contains_key(&row.id) {
                read.push((row.id, self.facts_of(row)?));
            }
        }
        self.records.facts.extend(read);
        for (id, facts) in &mut self.records.facts {
            facts.twins = twins.remove(id).into_iter().flatten().collect();
        }
        let list = self.records.list.iter();
        let rows = list.flat_map(|list| list.rows());
        let mut keys: Vec<KeyFacts<'_>> = rows
            .filter_map(|row| {
                let facts = self.records.facts.get(&row.id)?;
                Some(KeyFacts { row, facts })
            })
            .collect();
        keys.sort_by_key(|key| key.row.id);
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        let acceptances: Vec<AcceptanceRecord> = names.acceptances().cloned().collect();
        let vault = self.vault_facts(locks);
        Ok(Health::assess(&Picture {
            now: self.now(),
            keys: &keys,
            consumers: names.consumers(),
            vendors: names.vendors(),
            acceptances: &acceptances,
            vault: &vault,
        }))
    }

    /// Whom a finding is about, by what a person calls it: a key, a consumer, a vendor or an
    /// exchange; the vault itself without a name.
    ///
    /// # Errors
    /// Nobody is called so, or several are.
    pub fn find_subject(&mut self, name: Option<&str>) -> Result<Subject, KeyError> {
        let Some(name) = name else {
            return Ok(Subject::Vault);
        };
        self.make_ready()?;
        match self.find_key(name) {
            Err(KeyError::NotFound) => {}
            found => return found.map(Subject::Entry),
        }
        let names = self.records.names.as_ref();
        let names = names.ok_or(ReadError::NotYetVerified)?;
        if let Ok(wanted) = strongroom_domain::ConsumerName::parse(name) {
            let found = names.find_consumer(&wanted);
            if let Some(id) = found.or_else(|| names.find_vendor(&wanted)) {
                return Ok(Subject::Entry(id));
            }
        }
        match ExchangeId::parse(name) {
            Ok(exchange) if exchange.info().is_some() => Ok(Subject::Exchange(exchange)),
            _ => Err(KeyError::NotFound),
        }
    }

    /// Records the decision to live with a finding that is there.
    ///
    /// # Errors
    /// [`AcceptError`]; nothing was changed.
    pub fn accept_finding(
        &mut self,
        rule: &str,
        subject: Subject,
        reason: Line,
        until: UtcMs,
        locks: LockSources,
        by: Client,
    ) -> Result<(), AcceptError> {
        let acceptance = Acceptance::decide(reason, until, self.now())?;
        let finding = FindingId::new(rule, subject)?;
        let health = self.health(locks)?;
        let there = health
            .findings
            .iter()
            .any(|one| one.rule.id == finding.rule.as_str() && one.subject == finding.subject);
        if !there {
            return Err(AcceptError::NotFound);
        }
        let known = self.acceptances_of(&finding);
        let mut draft = Draft::new(self)?;
        // Changing a decision changes its entry, so that two devices that do so are in conflict
        // and not in two minds.
        let id = match known.first() {
            Some(id) => *id,
            None => self.make_entry_id()?,
        };
        draft.load_entry(id)?;
        for value in [
            RegisterValue::Finding(finding.clone()),
            RegisterValue::Accepted(acceptance.clone()),
        ] {
            draft.set(EntryKind::Acceptance, id, &value)?;
        }
        draft.accepted(AcceptanceRecord {
            id,
            finding,
            acceptance,
        });
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::FindingAccepted).about(id);
        Ok(self.write_draft(event, by, ready)?)
    }

    /// Takes a decision back: the finding is open again.
    ///
    /// # Errors
    /// [`AcceptError`]; nothing was changed.
    pub fn withdraw_acceptance(
        &mut self,
        rule: &str,
        subject: Subject,
        by: Client,
    ) -> Result<(), AcceptError> {
        self.make_ready()?;
        let finding = FindingId::new(rule, subject)?;
        let known = self.acceptances_of(&finding);
        let Some(first) = known.first().copied() else {
            return Err(AcceptError::NotAccepted);
        };
        let mut draft = Draft::new(self)?;
        for id in known {
            draft.load_entry(id)?;
            let seen = draft.replica.seen_by_deletion(id);
            let deletion = RegisterValue::Deleted(Deleted::Yes { seen });
            draft.set(EntryKind::Acceptance, id, &deletion)?;
            draft.withdrawn(id);
        }
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::AcceptanceWithdrawn).about(first);
        Ok(self.write_draft(event, by, ready)?)
    }

    fn acceptances_of(&self, finding: &FindingId) -> Vec<EntryId> {
        let names = self.records.names.iter();
        let all = names.flat_map(|names| names.acceptances());
        all.filter(|one| one.finding == *finding)
            .map(|one| one.id)
            .collect()
    }

    fn vault_facts(&self, locks: LockSources) -> VaultFacts {
        let settings = self.settings();
        let source = |wanted: bool, there: bool| match (wanted, there) {
            (false, _) => LockSource::NotWanted,
            (true, true) => LockSource::Works,
            (true, false) => LockSource::Missing,
        };
        let today = jiff::tz::Offset::UTC
            .to_datetime(self.now().timestamp())
            .date();
        VaultFacts {
            // What cannot be read is no good backup.
            backups_stale: self.backup_health().map_or(true, |health| health.stale),
            kit_tested: self
                .kit_tested_ms()
                .filter(|_| self.has_kit())
                .map(UtcMs::from_clock),
            lock_on_suspend: source(settings.lock_on_suspend, locks.suspend),
            lock_on_screen_lock: source(settings.lock_on_screen_lock, locks.screen_lock),
            old_facts: catalogue::all()
                .iter()
                .filter(|facts| facts.are_older_than_a_year(today))
                .filter_map(|facts| ExchangeId::parse(&facts.id).ok())
                .collect(),
            unused_days: VaultFacts::UNUSED_DAYS,
        }
    }

    /// What of a key does not stand in its row; most keys have nothing that must be read for it.
    fn facts_of(&self, row: &KeySummary) -> Result<Facts, ReadError> {
        let mut facts = Facts {
            unsure_end: ends::unsure_end(row),
            ..Facts::default()
        };
        if row.consumers.is_empty() && row.observed.is_none() {
            return Ok(facts);
        }
        let writes = self.store.writes_of(row.id)?;
        let replica = Replica::from_writes(writes.into_iter().map(|stored| stored.write));
        if row.observed.is_some() {
            facts.drift = last_drift(&replica, row.id, row.last_rotated);
        }
        if let Some(record) = strongroom_domain::KeyRecord::materialise(&replica, row.id) {
            facts.holders = record
                .consumers
                .iter()
                .map(|one| Holder {
                    consumer: one.consumer,
                    since: one.since,
                })
                .collect();
        }
        Ok(facts)
    }

    /// Keys whose secrets share a field that names or makes a key. Versions that are dead at the
    /// exchange do not count, and nothing is opened for it: fingerprints are compared.
    fn twins(&self) -> Result<BTreeMap<EntryId, BTreeSet<EntryId>>, ReadError> {
        let telling: Vec<u8> = [
            FieldName::API_KEY,
            FieldName::SECRET,
            FieldName::PRIVATE_KEY,
        ]
        .iter()
        .filter_map(|name| u8::try_from(name.place()).ok())
        .collect();
        let mut twins: BTreeMap<EntryId, BTreeSet<EntryId>> = BTreeMap::new();
        for group in self.store.shared_prints(&telling)? {
            let mut keys = BTreeSet::new();
            for version in group {
                let Some(key) = self.store.parent(EntryKind::Credential, version)? else {
                    continue;
                };
                let record = match self.read_key(key) {
                    Ok((_, record)) => record,
                    // A deleted key is no record.
                    Err(KeyError::Read(error)) => return Err(error),
                    Err(_) => continue,
                };
                let alive = record
                    .versions
                    .iter()
                    .any(|one| one.id == version && one.state != VersionState::Revoked);
                if alive && record.state.may_be_used() {
                    keys.insert(key);
                }
            }
            for key in &keys {
                let others = keys.iter().copied().filter(|other| other != key);
                twins.entry(*key).or_default().extend(others);
            }
        }
        twins.retain(|_, others| !others.is_empty());
        Ok(twins)
    }
}
