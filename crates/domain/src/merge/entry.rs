//! The writes of one entry, and what is alive in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Write;
use crate::ids::{EntryId, WriteId};
use crate::register::Register;
use crate::value::RegisterValue;

/// The writes that a replica has of one entry, by register and id: looked up once, for those who ask
/// for many registers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntryWrites<'r>(pub(super) &'r [Arc<Write>]);

impl<'r> EntryWrites<'r> {
    /// Of writes that are all of one entry, by register and id.
    pub(crate) fn of_one(writes: &'r [Arc<Write>]) -> Self {
        Self(writes)
    }

    pub(crate) fn all(self) -> &'r [Arc<Write>] {
        self.0
    }

    /// The writes of one register, by id.
    pub(crate) fn of(self, register: Register) -> &'r [Arc<Write>] {
        let from = self.0.partition_point(|write| write.register < register);
        let rest = &self.0[from..];
        let until = match rest {
            // Most have one.
            [only, next, ..] if only.register == register && next.register != register => 1,
            _ => rest.partition_point(|write| write.register == register),
        };
        &rest[..until]
    }

    /// One write, where it stands.
    pub(crate) fn write(self, register: Register, id: WriteId) -> Option<&'r Arc<Write>> {
        self.0.get(place_of(self.0, register, id).ok()?)
    }

    pub(crate) fn alive(self, register: Register) -> Vec<&'r Write> {
        alive_of(self.of(register))
    }

    /// Every alive value of a register.
    pub(crate) fn values(
        self,
        register: Register,
    ) -> impl DoubleEndedIterator<Item = RegisterValue> {
        self.alive(register)
            .into_iter()
            .filter_map(RegisterValue::of)
    }

    /// The value a screen shows of a register: of several alive ones the latest by its clock. `None`
    /// if it was never written, or what is alive is purged or sealed or from a newer version.
    pub(crate) fn shown(self, register: Register) -> Option<RegisterValue> {
        self.values(register).next_back()
    }

    /// Every key that a version of a secret names or named.
    pub(crate) fn keys_named(self) -> impl Iterator<Item = EntryId> {
        let writes = self.of(Register::Key).iter();
        writes.filter_map(|write| match RegisterValue::of(write) {
            Some(RegisterValue::Key(key)) => Some(key),
            _ => None,
        })
    }

    /// The registers that were ever written, with their writes by id.
    pub(crate) fn registers(self) -> impl Iterator<Item = (Register, &'r [Arc<Write>])> {
        let of_one = |one: &Arc<Write>, other: &Arc<Write>| one.register == other.register;
        let groups = self.0.chunk_by(of_one);
        groups.map(|writes| (writes[0].register, writes))
    }
}

/// Where a write of an entry stands, or would.
pub(super) fn place_of(
    writes: &[Arc<Write>],
    register: Register,
    id: WriteId,
) -> Result<usize, usize> {
    let wanted = (register, id);
    match writes.last() {
        // Most come in this order.
        Some(last) if (last.register, last.id) < wanted => Err(writes.len()),
        _ => writes.binary_search_by_key(&wanted, |write| (write.register, write.id)),
    }
}

/// Of the writes of one register those that no other replaces, in the order of their clocks.
pub(crate) fn alive_of(writes: &[Arc<Write>]) -> Vec<&Write> {
    let mut alive: Vec<&Write> = writes.iter().map(Arc::as_ref).collect();
    if writes.len() < 2 {
        return alive;
    }
    let replaced: BTreeSet<WriteId> = writes
        .iter()
        .flat_map(|write| write.supersedes.iter().filter(|id| **id != write.id))
        .copied()
        .collect();
    // Writes that replace each other in a ring can only be forged; none of them may make the
    // register's values vanish.
    if !writes.iter().all(|write| replaced.contains(&write.id)) {
        alive.retain(|write| !replaced.contains(&write.id));
    }
    alive.sort_by_key(|write| (write.hlc, write.id));
    alive
}
