//! Purging: what is gone is gone, the fact of it stays.

use strongroom_domain::{Register, VersionState};
use strongroom_vault::{KeyError, PurgeError, PurgeWhat, Purged, Purpose, TakeError, Wanted};

use crate::desk::Desk;
use crate::{CLI, add, field, last_events, new_key, step_up, take};

#[test]
fn an_old_secret_can_be_purged_and_the_one_in_use_stays() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "old");
    let old = vault.show_key(id).expect("shows").record.versions[0].id;
    desk.clock.pass(1000);
    vault
        .set_secret(id, vec![field("secret", "new")], CLI)
        .expect("is recorded");
    let proof = step_up(&desk, &mut vault);
    let purged = vault.purge(id, PurgeWhat::OldVersions, &proof, CLI);
    assert_eq!(purged, Ok(Purged { secrets: 1 }));
    assert_eq!(last_events(&vault, 1), ["secret-purged"]);
    assert_eq!(
        vault.purge(id, PurgeWhat::OldVersions, &proof, CLI),
        Ok(Purged { secrets: 0 }),
        "purging again changes nothing"
    );
    drop(vault);

    let mut vault = desk.unlock(&locked);
    let versions = vault.show_key(id).expect("shows").record.versions;
    let states: Vec<_> = versions.iter().map(|one| (one.state, one.purged)).collect();
    assert_eq!(
        states,
        [(VersionState::Revoked, true), (VersionState::Active, false)]
    );
    let proof = step_up(&desk, &mut vault);
    let wanted = Wanted {
        version: Some(old),
        ..Wanted::default()
    };
    let gone = vault.take_secret(id, &wanted, Purpose::Reveal, &proof, CLI);
    assert_eq!(gone.err(), Some(TakeError::Purged));
    take(&desk, &mut vault, id, Purpose::Copy).expect("the one in use stays");
    // A purged secret is not a duplicate of anything.
    let warnings = vault
        .add_key(new_key("again", "old"), CLI)
        .expect("is recorded")
        .warnings;
    assert_eq!(warnings, []);
}

#[test]
fn a_purged_key_leaves_tombstones_without_a_value() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let other = add(&mut vault, "other", "t");
    let proof = step_up(&desk, &mut vault);
    let purged = vault.purge(id, PurgeWhat::Key, &proof, CLI);
    assert_eq!(purged, Ok(Purged { secrets: 1 }));
    assert_eq!(last_events(&vault, 1), ["entry-deleted"]);
    assert_eq!(vault.find_key("Binance"), Err(KeyError::NotFound));
    assert!(
        vault.restore_key(id, CLI).is_err(),
        "nothing is left to restore"
    );
    drop(vault);
    let mut vault = desk.unlock(&locked);
    assert_eq!(vault.keys().expect("the list").len(), 1);
    vault.show_key(other).expect("the others stay");
    assert_eq!(vault.show_key(id), Err(KeyError::NotFound));
}

#[test]
fn purging_needs_a_step_up_and_an_existing_version() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let earlier = step_up(&desk, &mut vault);
    let unknown = PurgeWhat::Version(id);
    assert_eq!(
        vault.purge(id, unknown, &earlier, CLI),
        Err(PurgeError::NoSuchVersion)
    );
    drop(vault);
    let mut vault = desk.unlock(&locked);
    let refused = vault.purge(id, PurgeWhat::Key, &earlier, CLI);
    assert!(matches!(refused, Err(PurgeError::StepUp(_))));
}

#[test]
fn history_tells_that_something_was_purged() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "Binance", "s");
    let version = vault.show_key(id).expect("shows").record.versions[0].id;
    let proof = step_up(&desk, &mut vault);
    vault
        .purge(id, PurgeWhat::Version(version), &proof, CLI)
        .expect("is purged");
    let lines = vault.key_history(id).expect("reads");
    let of_secret: Vec<_> = lines
        .iter()
        .filter(|line| line.register == Register::Material)
        .map(|line| line.words.as_str())
        .collect();
    assert_eq!(of_secret, ["[purged]"]);
    assert!(!vault.key_row(id).expect("in the list").has_secret);
}
