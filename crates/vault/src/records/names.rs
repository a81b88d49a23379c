//! The names of accounts and consumers, held in memory: every row of the list needs them.

use std::collections::BTreeMap;

use strongroom_domain::health::AcceptanceRecord;
use strongroom_domain::merge::Replica;
use strongroom_domain::{
    AccountLabel, AccountRecord, ConsumerName, ConsumerRecord, EntryId, EntryKind, Environment,
    Events, ExchangeId, IncidentRecord, Names, VendorRecord,
};
use strongroom_store::Store;

use super::select::ReadError;

#[derive(Debug, Clone, Default)]
pub(crate) struct NameBook {
    accounts: BTreeMap<EntryId, AccountRecord>,
    consumers: BTreeMap<EntryId, ConsumerRecord>,
    vendors: BTreeMap<EntryId, VendorRecord>,
    incidents: BTreeMap<EntryId, IncidentRecord>,
    /// `None`: withdrawn since.
    acceptances: BTreeMap<EntryId, Option<AcceptanceRecord>>,
}

impl NameBook {
    pub(crate) fn read(store: &Store) -> Result<Self, ReadError> {
        let mut book = Self::default();
        let replica = |entry| -> Result<Replica, ReadError> {
            let writes = store.writes_of(entry)?;
            Ok(Replica::from_writes(
                writes.into_iter().map(|stored| stored.write),
            ))
        };
        for id in store.entries(EntryKind::Account)? {
            if let Some(account) = AccountRecord::materialise(&replica(id)?, id) {
                book.accounts.insert(id, account);
            }
        }
        for id in store.entries(EntryKind::Consumer)? {
            if let Some(consumer) = ConsumerRecord::materialise(&replica(id)?, id) {
                book.consumers.insert(id, consumer);
            }
        }
        for id in store.entries(EntryKind::Vendor)? {
            if let Some(vendor) = VendorRecord::materialise(&replica(id)?, id) {
                book.vendors.insert(id, vendor);
            }
        }
        for id in store.entries(EntryKind::Incident)? {
            if let Some(incident) = IncidentRecord::materialise(&replica(id)?, id) {
                book.incidents.insert(id, incident);
            }
        }
        for id in store.entries(EntryKind::Acceptance)? {
            if let Some(acceptance) = AcceptanceRecord::materialise(&replica(id)?, id) {
                book.acceptances.insert(id, Some(acceptance));
            }
        }
        Ok(book)
    }

    pub(crate) fn add_vendor(&mut self, vendor: VendorRecord) {
        self.vendors.insert(vendor.id, vendor);
    }

    pub(crate) fn add_incident(&mut self, incident: IncidentRecord) {
        self.incidents.insert(incident.id, incident);
    }

    /// What happened to keys, by everything that is recorded here.
    pub(crate) fn events(&self) -> Events {
        Events::of(self.incidents.values(), &self.consumers, &self.vendors)
    }

    pub(crate) fn put_acceptance(&mut self, id: EntryId, record: Option<AcceptanceRecord>) {
        self.acceptances.insert(id, record);
    }

    pub(crate) fn consumers(&self) -> &BTreeMap<EntryId, ConsumerRecord> {
        &self.consumers
    }

    pub(crate) fn vendors(&self) -> &BTreeMap<EntryId, VendorRecord> {
        &self.vendors
    }

    pub(crate) fn acceptances(&self) -> impl Iterator<Item = &AcceptanceRecord> {
        self.acceptances.values().flatten()
    }

    pub(crate) fn find_vendor(&self, name: &ConsumerName) -> Option<EntryId> {
        let wanted = name.as_str().to_lowercase();
        let same = |one: &&VendorRecord| one.name.as_str().to_lowercase() == wanted;
        self.vendors.values().find(same).map(|one| one.id)
    }

    pub(crate) fn add_account(&mut self, account: AccountRecord) {
        self.accounts.insert(account.id, account);
    }

    pub(crate) fn add_consumer(&mut self, consumer: ConsumerRecord) {
        self.consumers.insert(consumer.id, consumer);
    }

    pub(crate) fn take_over(&mut self, newer: Self) {
        self.accounts.extend(newer.accounts);
        self.consumers.extend(newer.consumers);
        self.vendors.extend(newer.vendors);
        self.incidents.extend(newer.incidents);
        self.acceptances.extend(newer.acceptances);
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountRecord> {
        self.accounts.values()
    }

    pub(crate) fn account(&self, id: EntryId) -> Option<&AccountRecord> {
        self.accounts.get(&id)
    }

    /// The account a person means: same exchange, same environment, same label in any case.
    pub(crate) fn find_account(
        &self,
        exchange: &ExchangeId,
        environment: Environment,
        label: &AccountLabel,
    ) -> Option<EntryId> {
        let wanted = label.as_str().to_lowercase();
        self.accounts()
            .find(|account| {
                account.exchange == *exchange
                    && account.environment == environment
                    && account.label.as_str().to_lowercase() == wanted
            })
            .map(|account| account.id)
    }

    pub(crate) fn find_consumer(&self, name: &ConsumerName) -> Option<EntryId> {
        let wanted = name.as_str().to_lowercase();
        let same = |one: &&ConsumerRecord| one.name.as_str().to_lowercase() == wanted;
        self.consumers.values().find(same).map(|one| one.id)
    }

    /// The label of any entry that has one here.
    pub(crate) fn label(&self, id: EntryId) -> Option<String> {
        let account = self
            .accounts
            .get(&id)
            .map(|account| account.label.to_string());
        let consumer = || self.consumers.get(&id).map(|one| one.name.to_string());
        let vendor = || self.vendors.get(&id).map(|one| one.name.to_string());
        account.or_else(consumer).or_else(vendor)
    }
}

impl Names for NameBook {
    fn account(&self, id: EntryId) -> Option<AccountLabel> {
        self.accounts.get(&id).map(|account| account.label.clone())
    }

    fn consumer(&self, id: EntryId) -> Option<ConsumerName> {
        self.consumers
            .get(&id)
            .map(|consumer| consumer.name.clone())
    }
}
