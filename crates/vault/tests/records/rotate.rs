//! Staged rotation and revocation over a real vault: every step survives an unlock, both secrets
//! are there until the old one is dead, and what is being revoked is given out no more.

use strongroom_domain::{
    Allowlist, ConsumerName, EntryId, KeyState, Line, Observation, PermissionSet, RotateRefused,
    RotationAct, RotationStage, Tri, UtcMs, Verb, VersionState,
};
use strongroom_vault::{
    KeyChange, Leave, NotSigned, OpenVault, PurgeWhat, Purpose, RevokeError, RevokeStep,
    RotateError, SeenKey, TakeError, ToldOfStaged, Wanted, WriteKeyError,
};

use crate::desk::Desk;
use crate::{CLI, add, field, last_events, step_up, take, values};

fn names(texts: &[&str]) -> Vec<ConsumerName> {
    let parse = |text: &&str| ConsumerName::parse(text).expect("a name");
    texts.iter().map(parse).collect()
}

fn key_with_bots(vault: &mut OpenVault) -> EntryId {
    let id = add(vault, "grid", "old");
    let change = vec![KeyChange::Consumers(names(&["bot", "tax"]))];
    vault.edit_key(id, change, CLI).expect("is changed");
    id
}

fn secret_of(desk: &Desk, vault: &mut OpenVault, key: EntryId) -> String {
    let taken = take(desk, vault, key, Purpose::Run).expect("leaves");
    let all = values(&taken);
    let secret = all.into_iter().find(|(name, _)| name == "secret");
    secret.expect("a secret").1
}

#[test]
fn every_step_survives_an_unlock_and_a_secret_is_in_use_throughout() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = key_with_bots(&mut vault);
    let reopen = |vault: OpenVault| {
        drop(vault);
        desk.clock.pass(60_000);
        desk.unlock(&locked)
    };
    let at = |vault: &mut OpenVault| vault.rotation(id).expect("reads").stage;
    assert_eq!(at(&mut vault), RotationStage::Idle);
    let early = vault.rotate_stage(id, vec![field("secret", "new")], CLI);
    assert!(matches!(
        early,
        Err(RotateError::Refused(RotateRefused::NotBegun))
    ));

    let view = vault.rotate(id, &RotationAct::Start, CLI).expect("begins");
    let page = view.manage.expect("binance has a page");
    assert!(page.url.starts_with("https://www.binance.com/"), "{page:?}");
    assert_eq!(last_events(&vault, 1), ["rotation-begun"]);
    vault = reopen(vault);
    assert_eq!(at(&mut vault), RotationStage::Begun);
    assert_eq!(secret_of(&desk, &mut vault, id), "old");

    let same = vec![field("apiKey", "k2"), field("secret", "old")];
    let same = vault.rotate_stage(id, same, CLI);
    assert!(matches!(
        same,
        Err(RotateError::Refused(RotateRefused::SameSecret))
    ));
    let fields = vec![field("apiKey", "k2"), field("secret", " new ")];
    let (_, warnings) = vault.rotate_stage(id, fields, CLI).expect("is staged");
    assert_eq!(warnings.len(), 1, "the spaces are told: {warnings:?}");
    vault = reopen(vault);
    assert_eq!(at(&mut vault), RotationStage::Staged);
    assert_eq!(secret_of(&desk, &mut vault, id), "old");
    // What is recorded of the key goes on meaning the old one.
    let other = vault.set_secret(id, vec![field("secret", "x")], CLI);
    assert!(matches!(other, Err(WriteKeyError::Rotating)));

    let rights = PermissionSet::new([Tri::No; 8])
        .with(Verb::Read, Tri::Yes)
        .with(Verb::Withdraw, Tri::Yes);
    let view = vault.rotate_check(id, Some(rights.clone()), false, None, CLI);
    let view = view.expect("is looked at");
    assert_eq!(
        (view.stage, view.grown),
        (RotationStage::Grown, vec![Verb::Withdraw])
    );
    vault = reopen(vault);
    let view = vault.rotate_check(id, Some(rights), true, None, CLI);
    assert_eq!(view.expect("is meant").stage, RotationStage::Switching);
    vault = reopen(vault);

    let bot = vault.rotation_consumers(&names(&["BOT"])).expect("known");
    let view = vault
        .rotate(id, &RotationAct::Switch(bot), CLI)
        .expect("one");
    assert_eq!(
        (view.switched, view.left),
        (names(&["bot"]), names(&["tax"]))
    );
    assert_eq!(secret_of(&desk, &mut vault, id), "old");
    // The new one can be handed over meanwhile, by its version.
    let wanted = Wanted {
        fields: Vec::new(),
        version: view.new,
    };
    let proof = step_up(&desk, &mut vault);
    let taken = vault.take_secret(id, &wanted, Purpose::Copy, &proof, CLI);
    let taken = values(&taken.expect("leaves"));
    assert!(taken.contains(&("secret".to_owned(), "new".to_owned())));
    vault = reopen(vault);
    let tax = vault.rotation_consumers(&names(&["tax"])).expect("known");
    vault
        .rotate(id, &RotationAct::Switch(tax), CLI)
        .expect("the other");
    vault = reopen(vault);
    assert_eq!(at(&mut vault), RotationStage::InUse);
    assert_eq!(secret_of(&desk, &mut vault, id), "new");
    // The old one still works; tidying up does not take it.
    let proof = step_up(&desk, &mut vault);
    let purged = vault.purge(id, PurgeWhat::OldVersions, &proof, CLI);
    assert_eq!(purged.expect("nothing to purge").secrets, 0);

    vault.rotate(id, &RotationAct::Revoke, CLI).expect("begun");
    assert_eq!(last_events(&vault, 1), ["revocation-begun"]);
    vault = reopen(vault);
    assert_eq!(at(&mut vault), RotationStage::Ending);
    let due = vault.key_row(id).expect("in the list").rotation;
    let due = due.expect("due until confirmed");
    assert_eq!(due.cause.words(), "its revocation is not confirmed");
    vault.rotate(id, &RotationAct::Confirm, CLI).expect("dead");
    vault = reopen(vault);
    assert_eq!(at(&mut vault), RotationStage::Idle);
    let record = vault.show_key(id).expect("shows").record;
    assert_eq!(record.state, KeyState::Active);
    let states: Vec<_> = record.versions.iter().map(|one| one.state).collect();
    assert_eq!(states, [VersionState::Revoked, VersionState::Active]);
    assert!(record.versions.iter().all(|one| one.material.is_some()));
    let proof = step_up(&desk, &mut vault);
    let purged = vault.purge(id, PurgeWhat::OldVersions, &proof, CLI);
    assert_eq!(purged.expect("the old one").secrets, 1);
    assert_eq!(secret_of(&desk, &mut vault, id), "new");
}

#[test]
fn a_rotation_that_is_given_up_keeps_both_secrets() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "grid", "old");
    desk.clock.pass(60_000);
    vault.rotate(id, &RotationAct::Start, CLI).expect("begins");
    let fields = vec![field("apiKey", "k2"), field("secret", "new")];
    vault.rotate_stage(id, fields, CLI).expect("is staged");
    vault
        .rotate(id, &RotationAct::Abort, CLI)
        .expect("given up");
    assert_eq!(last_events(&vault, 1), ["rotation-aborted"]);
    assert_eq!(secret_of(&desk, &mut vault, id), "old");
    let record = vault.show_key(id).expect("shows").record;
    let states: Vec<_> = record.versions.iter().map(|one| one.state).collect();
    assert_eq!(states, [VersionState::Active, VersionState::Revoked]);
    assert!(record.versions.iter().all(|one| one.material.is_some()));
    // And another one can be begun.
    vault.rotate(id, &RotationAct::Start, CLI).expect("begins");
}

#[test]
fn what_is_being_revoked_is_given_out_no_more_until_it_is_dead_or_taken_back() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let (a, b) = (add(&mut vault, "a", "s1"), add(&mut vault, "b", "s2"));
    let withdraw = PermissionSet::new([Tri::No; 8]).with(Verb::Withdraw, Tri::Yes);
    let change = vec![KeyChange::Declared(withdraw)];
    vault.edit_key(b, change, CLI).expect("is changed");
    let none = vault.revoke(&[a], RevokeStep::Confirm, CLI);
    assert!(matches!(none, Err(RevokeError::NotBegun)));
    let rows = vault.revoke(&[a, b], RevokeStep::Begin, CLI).expect("both");
    let labels: Vec<_> = rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["b", "a"], "what can withdraw comes first");
    assert!(
        rows.iter()
            .all(|row| row.page.is_some() && row.since.is_some())
    );
    assert_eq!(last_events(&vault, 2), ["revocation-begun"; 2]);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    for purpose in [Purpose::Copy, Purpose::Run, Purpose::Sign] {
        let refused = take(&desk, &mut vault, a, purpose).map(|_| ());
        assert_eq!(refused, Err(TakeError::BeingRevoked), "{purpose:?}");
    }
    assert!(
        take(&desk, &mut vault, a, Purpose::Reveal).is_ok(),
        "a person may look"
    );
    assert!(
        vault.check_plan(a).is_ok(),
        "asking is how one sees it dead"
    );
    assert_eq!(vault.revocations().expect("reads").len(), 2);
    // It is due from the first moment.
    let due = vault.key_row(a).expect("in the list").rotation;
    assert_eq!(
        due.expect("due").cause.words(),
        "its revocation is not confirmed"
    );

    vault.revoke(&[a], RevokeStep::Confirm, CLI).expect("dead");
    vault.revoke(&[b], RevokeStep::Cancel, CLI).expect("alive");
    assert!(vault.revocations().expect("reads").is_empty());
    assert_eq!(
        vault.key_row(a).expect("in the list").state,
        KeyState::Revoked
    );
    let refused = take(&desk, &mut vault, a, Purpose::Copy).map(|_| ());
    assert_eq!(refused, Err(TakeError::Revoked));
    assert!(take(&desk, &mut vault, b, Purpose::Copy).is_ok());
    let dead = vault.revoke(&[a], RevokeStep::Cancel, CLI);
    assert!(matches!(dead, Err(RevokeError::Dead)));
    // A key that is dead already does not hold the others up.
    let rows = vault.revoke(&[a, b], RevokeStep::Begin, CLI).expect("b");
    assert_eq!(rows.iter().filter(|row| row.since.is_some()).count(), 1);
}

/// What an exchange says of a key that may do this, and nothing else that it speaks of.
fn seen(may: &[Verb], not_told: &[Verb], native: &[&str]) -> SeenKey {
    let mut permissions = PermissionSet::new([Tri::No; 8]);
    for verb in may {
        permissions = permissions.with(*verb, Tri::Yes);
    }
    for verb in not_told {
        permissions = permissions.with(*verb, Tri::Unknown);
    }
    let native = native.iter().map(|word| Line::parse(word).expect("a line"));
    SeenKey {
        permissions: permissions.with_native(native),
        observation: Observation {
            at: UtcMs::EPOCH.plus_days(20_000),
            restricted: Tri::Yes,
            allowlist: Allowlist::Unknown,
            expires: None,
            created: None,
            last_used: None,
            label: None,
            stopped: None,
        },
    }
}

#[test]
fn a_staged_secret_is_asked_about_with_itself_and_only_while_it_is_staged() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = key_with_bots(&mut vault);
    let refused = vault.staged_check_plan(id).expect_err("nothing is staged");
    assert_eq!(refused, NotSigned::Take(TakeError::NothingStaged));
    vault.rotate(id, &RotationAct::Start, CLI).expect("begins");
    let refused = vault.staged_check_plan(id).expect_err("nothing is staged");
    assert_eq!(refused, NotSigned::Take(TakeError::NothingStaged));
    let fields = vec![field("apiKey", "key-of-new"), field("secret", "new")];
    vault.rotate_stage(id, fields, CLI).expect("is staged");

    let plan = vault.staged_check_plan(id).expect("a plan");
    let call = plan.calls[0].name;
    let proof = step_up(&desk, &mut vault);
    let key_of = |vault: &mut OpenVault, staged: bool| {
        desk.clock.pass(1);
        let signed = if staged {
            vault.sign_staged_probe(id, call, None, None, &proof, CLI)
        } else {
            vault.sign_probe(id, call, None, None, Leave::StepUp(&proof), CLI)
        };
        signed.map(|probe| probe.public.key)
    };
    assert_eq!(key_of(&mut vault, true), Ok(Some("key-of-new".to_owned())));
    assert_eq!(last_events(&vault, 1), ["checked"]);
    assert_eq!(key_of(&mut vault, false), Ok(Some("key-of-old".to_owned())));
    // The mark is about the secret in use: its successor can be looked at, and it cannot.
    let marked = vec![KeyChange::Compromised(Some(UtcMs::EPOCH.plus_days(20_000)))];
    vault.edit_key(id, marked, CLI).expect("is marked");
    assert_eq!(key_of(&mut vault, true), Ok(Some("key-of-new".to_owned())));
    let refused = key_of(&mut vault, false);
    assert_eq!(refused, Err(NotSigned::Take(TakeError::Compromised)));
    // Nor is it asked about by a schedule that was wished for another secret, or once it is in use.
    vault
        .rotate_check(id, None, false, None, CLI)
        .expect("is checked");
    vault
        .rotate(id, &RotationAct::SwitchAll, CLI)
        .expect("is in use");
    let refused = key_of(&mut vault, true);
    assert_eq!(refused, Err(NotSigned::Take(TakeError::NothingStaged)));
}

#[test]
fn what_an_exchange_says_of_a_staged_secret_is_compared_with_the_old_one() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = key_with_bots(&mut vault);
    // The old one was seen to transfer, which nobody had recorded.
    let old = seen(&[Verb::Read, Verb::Spot, Verb::Transfer], &[], &[]);
    vault.record_answer(id, &old, CLI).expect("is recorded");
    vault.rotate(id, &RotationAct::Start, CLI).expect("begins");
    let fields = vec![field("apiKey", "k2"), field("secret", "new")];
    vault.rotate_stage(id, fields, CLI).expect("is staged");
    let observed = vault.show_key(id).expect("shows").record.observed;

    let mut check = |answer: &SeenKey, told: &ToldOfStaged| {
        let view = vault
            .rotate_check_seen(id, answer, told, CLI)
            .expect("is recorded");
        (view.stage, view.grown)
    };
    use RotationStage::{Grown, Switching};
    let nothing = ToldOfStaged::default();
    let same = [Verb::Read, Verb::Spot, Verb::Transfer];
    assert_eq!(check(&seen(&same, &[], &[]), &nothing), (Switching, vec![]));
    let less = seen(&[Verb::Read], &[], &[]);
    assert_eq!(check(&less, &nothing), (Switching, vec![]));
    let more = seen(&[Verb::Read, Verb::Withdraw], &[], &[]);
    let grown = (Grown, vec![Verb::Withdraw]);
    assert_eq!(check(&more, &nothing), grown);
    // What the person says does not take away what the exchange says.
    let denied = ToldOfStaged {
        rights: Some(PermissionSet::new([Tri::No; 8])),
        ..ToldOfStaged::default()
    };
    assert_eq!(check(&more, &denied), grown);
    let meant = ToldOfStaged {
        growth_meant: true,
        ..ToldOfStaged::default()
    };
    assert_eq!(check(&more, &meant), (Switching, vec![Verb::Withdraw]));
    // Of what the exchange does not speak of, what is said counts: the old rights, or others.
    let silent = seen(&[Verb::Read], &[Verb::Withdraw], &[]);
    assert_eq!(check(&silent, &nothing), (Switching, vec![]));
    let withdraws = ToldOfStaged {
        rights: Some(PermissionSet::new([Tri::No; 8]).with(Verb::Withdraw, Tri::Yes)),
        ..ToldOfStaged::default()
    };
    assert_eq!(check(&silent, &withdraws), grown);
    // A right that nobody knows may be any: then silence excludes nothing.
    let odd = seen(&[Verb::Read], &[Verb::Withdraw], &["enableSomethingNew"]);
    assert_eq!(check(&odd, &nothing), grown);
    // The key itself was not observed anew, and the secret in use is the old one.
    assert_eq!(vault.show_key(id).expect("shows").record.observed, observed);
    assert_eq!(secret_of(&desk, &mut vault, id), "old");
}
