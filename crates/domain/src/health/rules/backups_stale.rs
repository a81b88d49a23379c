//! No backup that is young enough.

use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "backups-stale",
    severity: Severity::High,
    title: "has no backup younger than a week",
    why: "A disk that dies takes every key with it that no backup holds.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    if picture.vault.backups_stale {
        on.vault(
            "The last good backup is more than a week old, or there is none.",
            RemedyAct::Backup,
            "Back it up now, best to a folder off this disk.",
        );
    }
}
