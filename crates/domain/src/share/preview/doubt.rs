//! What of a bundle is suspicious, and what is chosen together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::scene::{Scene, When};
use super::{Group, Lot, Preview, Reason, Row};
use crate::credential::{CredentialVersion, VersionState};
use crate::ids::EntryId;
use crate::merge::{Body, Replica, Write};
use crate::permission::PermissionClass;
use crate::register::{EntryKind, Register};
use crate::share::authority::Standing;
use crate::share::class::{self, Span};
use crate::value::RegisterValue;

pub(super) fn judge(scene: &Scene<'_>, mut rows: Vec<Row>) -> Preview {
    for row in &mut rows {
        let doubts = doubts(scene, row);
        row.reasons.extend(doubts);
    }
    let lots = Lots::of(scene, &rows);
    let mut suspicious: BTreeMap<Lot, BTreeSet<Reason>> = BTreeMap::new();
    for row in &mut rows {
        row.lot = lots.lot(scene, row);
        if row.otherwise == Group::OutOfScope {
            row.reasons.clear();
        } else if !row.reasons.is_empty() {
            let reasons = suspicious.entry(row.lot).or_default();
            reasons.extend(row.reasons.iter().copied());
        }
    }
    for row in &mut rows {
        let off = row.otherwise != Group::OutOfScope && suspicious.contains_key(&row.lot);
        if off && row.reasons.is_empty() && !row.writes.is_empty() {
            row.reasons.insert(Reason::TogetherWith);
        }
        if off && !row.reasons.is_empty() {
            row.group = Group::Suspicious;
        }
    }
    Preview { rows, suspicious }
}

/// The reasons that look at what is here.
fn doubts(scene: &Scene<'_>, row: &Row) -> BTreeSet<Reason> {
    let mut doubts = BTreeSet::new();
    if row.writes.is_empty() || row.otherwise == Group::OutOfScope {
        return doubts;
    }
    let sender = scene.sender;
    if sender.standing == Standing::Unpinned {
        doubts.insert(Reason::SenderUnpinned);
    }
    let at = scene.authority(row.entry, row.key);
    let allowed = |write: &Arc<Write>| sender.role.is_some_and(|role| role.may_say(write, at));
    if !row.writes.iter().all(allowed) {
        doubts.insert(Reason::NoAuthority);
    }
    // Who purges a write that is here is not told; that is a matter of authority alone.
    let is_new = |id| scene.before.write(row.entry, row.register, id).is_none();
    let mut new = row.writes.iter().filter(|write| is_new(write.id));
    if !sender.may_relay() && new.any(|write| write.author != sender.member) {
        doubts.insert(Reason::Relayed);
    }
    if destroys(scene, row) {
        doubts.insert(Reason::Destroys);
    }
    // What was replaced here already comes into use nowhere.
    if row.otherwise != Group::OursNewer && changes_dangerous_secret(scene, row) {
        doubts.insert(Reason::CredentialChanged);
    }
    if lowers_class(scene, row) {
        doubts.insert(Reason::ClassLowered);
    }
    if row.register == Register::Allowlist && unrestricts(scene, row.entry) {
        doubts.insert(Reason::AllowlistEmptied);
    }
    doubts
}

/// Whether something is purged that is alive here. What is revoked or deleted is past its use.
fn destroys(scene: &Scene<'_>, row: &Row) -> bool {
    if !purges(row) {
        return false;
    }
    let before = scene.before;
    let past_use = before.is_deleted(row.key.unwrap_or(row.entry))
        || CredentialVersion::materialise(before, row.entry)
            .is_some_and(|version| version.state == VersionState::Revoked);
    let alive = before.alive_ids(row.entry, row.register);
    let mut purged = row.writes.iter().filter(|write| write.body == Body::Purged);
    !past_use && purged.any(|write| alive.contains(&write.id))
}

/// Whether a secret of a key that can withdraw, or could after the merge, changes or comes into
/// use. A key that is new here changes nothing.
fn changes_dangerous_secret(scene: &Scene<'_>, row: &Row) -> bool {
    if row.kind != EntryKind::Credential
        || !matches!(row.register, Register::Material | Register::VersionState)
    {
        return false;
    }
    let Some(key) = row.key.filter(|key| scene.is_known(*key)) else {
        return false;
    };
    let of_version = |when| {
        let replica = scene.at(when);
        CredentialVersion::materialise(replica, row.entry)
            .filter(|_| row.register == Register::Material && scene.is_known(row.entry))
            .map(|version| class::class_of_version(replica, key, &version))
    };
    let withdraws = Some(PermissionClass::Withdraw);
    [When::Before, When::After]
        .into_iter()
        .any(|when| Some(scene.class_of(when, key)) == withdraws || of_version(when) == withdraws)
}

/// Whether a key here would count as less dangerous, by this row alone or by the whole bundle: what
/// raises it may be left out.
fn lowers_class(scene: &Scene<'_>, row: &Row) -> bool {
    match row.register {
        Register::Declared | Register::Observed if scene.is_known(row.entry) => {
            let before = scene.class_of(When::Before, row.entry);
            let rights = [Register::Declared, Register::Observed];
            let mut alone = Replica::from_writes(
                rights
                    .into_iter()
                    .flat_map(|register| scene.before.history(row.entry, register))
                    .cloned(),
            );
            for write in &row.writes {
                alone.insert(write.clone());
            }
            let alone = class::class_of(&alone, row.entry, Span::Now);
            alone < before || scene.class_of(When::After, row.entry) < before
        }
        Register::Vetted => {
            let looked_at = |replica: &Replica| {
                let alive = replica.alive(row.entry, Register::Vetted);
                let classes = alive
                    .into_iter()
                    .map(|write| match RegisterValue::of(write) {
                        Some(RegisterValue::Vetted(Some(vetted))) => vetted.permissions.class(),
                        _ => PermissionClass::Withdraw,
                    });
                classes.max()
            };
            match (looked_at(scene.before), looked_at(&scene.after)) {
                (Some(before), Some(after)) => after < before,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a key that is held to an allowlist would be shown, or could be, as held to none.
fn unrestricts(scene: &Scene<'_>, key: EntryId) -> bool {
    let restricting = |replica: &Replica| {
        let alive = replica.alive(key, Register::Allowlist);
        let mut answers = alive
            .into_iter()
            .map(|write| match RegisterValue::of(write) {
                Some(RegisterValue::Allowlist(list)) => list.restricts(),
                _ => false,
            });
        (answers.clone().any(|one| one), answers.all(|one| one))
    };
    let ((held, _), (_, still)) = (restricting(scene.before), restricting(&scene.after));
    held && !still
}

/// What is chosen together.
struct Lots {
    /// Keys here of whose secrets something changes.
    rotated: BTreeSet<EntryId>,
    /// Keys here of which registers are purged: they are ended as a whole.
    ended: BTreeSet<EntryId>,
}

impl Lots {
    fn of(scene: &Scene<'_>, rows: &[Row]) -> Self {
        let changed = rows.iter().filter(|row| !row.writes.is_empty());
        let (mut rotated, mut ended) = (BTreeSet::new(), BTreeSet::new());
        for row in changed {
            let Some(key) = row.key.filter(|key| scene.is_known(*key)) else {
                continue;
            };
            if row.kind == EntryKind::Credential {
                rotated.insert(key);
            } else if purges(row) {
                ended.insert(key);
            }
        }
        Self { rotated, ended }
    }

    fn lot(&self, scene: &Scene<'_>, row: &Row) -> Lot {
        let root = row.key.unwrap_or(row.entry);
        if !scene.is_known(root) {
            return Lot::Entry(root);
        }
        let Some(key) = row.key else {
            return Lot::Register(row.entry, row.register);
        };
        let ends = purges(row) || (row.entry == key && row.register == Register::Deleted);
        if self.ended.contains(&key) && ends {
            return Lot::Entry(key);
        }
        let of_rotation = row.kind == EntryKind::Credential
            || matches!(
                row.register,
                Register::State
                    | Register::Created
                    | Register::Declared
                    | Register::Observed
                    | Register::Expiry
                    | Register::Compromised
            );
        if self.rotated.contains(&key) && of_rotation {
            return Lot::Secrets(key);
        }
        Lot::Register(row.entry, row.register)
    }
}

fn purges(row: &Row) -> bool {
    row.writes.iter().any(|write| write.body == Body::Purged)
}
