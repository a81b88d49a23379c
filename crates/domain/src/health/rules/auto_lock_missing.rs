//! A lock that was asked for and cannot come.

use crate::health::picture::LockSource;
use crate::health::{On, Picture, RemedyAct, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "auto-lock-missing",
    severity: Severity::Medium,
    title: "is not locked with the screen or before sleep",
    why: "The lock was asked for and nothing on this machine tells when: the vault stays open \
          until its own clock locks it.",
    find,
};

fn find(picture: &Picture<'_>, on: &mut On<'_, '_>) {
    let missing = |source| source == LockSource::Missing;
    let reason = match (
        missing(picture.vault.lock_on_suspend),
        missing(picture.vault.lock_on_screen_lock),
    ) {
        (false, false) => return,
        (true, true) => "Nothing tells when the machine sleeps or the screen locks.",
        (true, false) => "Nothing tells when the machine sleeps.",
        (false, true) => "Nothing tells when the screen locks.",
    };
    on.vault(
        reason,
        RemedyAct::AutoLock,
        "`strongroom agent self-test` says what is missing; until then a shorter \
         auto-lock-minutes helps.",
    );
}
