//! Step-up: fresh, once, and of this session.

use strongroom_vault::{Need, Presence, StepUpError, StepUpRequired};

use crate::desk::{Desk, PASSWORD, text};

#[test]
fn the_code_that_unlocked_is_no_step_up_and_no_code_steps_up_twice() {
    let desk = Desk::new();
    let (vault, locked) = desk.create();
    drop(vault);
    let code = desk.fresh_code();
    let mut vault = desk.unlock_with(&locked, PASSWORD, &code).expect("unlocks");
    let refused = vault.step_up(Presence::Totp(&code), None);
    assert_eq!(refused.err(), Some(StepUpError::Replayed));
    let fresh = desk.fresh_code();
    vault
        .step_up(Presence::Totp(&fresh), None)
        .expect("a fresh code");
    let refused = vault.step_up(Presence::Totp(&fresh), None);
    assert_eq!(refused.err(), Some(StepUpError::Replayed));
    // Nor does it unlock any more: the step is on the disk.
    drop(vault);
    assert!(desk.unlock_with(&locked, PASSWORD, &fresh).is_err());
}

#[test]
fn the_password_is_proven_where_it_is_needed() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let code_only = vault
        .step_up(Presence::Totp(&desk.fresh_code()), None)
        .expect("a fresh code");
    assert_eq!(vault.require(&code_only, Need::Code), Ok(()));
    let refused = vault.require(&code_only, Need::CodeAndPassword);
    assert_eq!(refused, Err(StepUpRequired { password: true }));

    let wrong = text("not the password at all");
    let code = desk.fresh_code();
    let refused = vault.step_up(Presence::Totp(&code), Some(&wrong));
    assert_eq!(refused.err(), Some(StepUpError::Wrong));
    // The code was not used up by a wrong password.
    let full = vault
        .step_up(Presence::Totp(&code), Some(&text(PASSWORD)))
        .expect("both");
    assert_eq!(vault.require(&full, Need::CodeAndPassword), Ok(()));
    let kept = full.without_password();
    assert!(vault.require(&kept, Need::CodeAndPassword).is_err());
    assert_eq!(vault.require(&kept, Need::Code), Ok(()));
}

#[test]
fn a_step_up_of_another_session_is_refused() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let earlier = desk.step_up(&mut vault).expect("both");
    drop(vault);
    let vault = desk.unlock(&locked);
    assert!(vault.require(&earlier, Need::Code).is_err());
}

#[test]
fn guessing_codes_is_slowed_down_while_unlocked_too() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    for _ in 0..3 {
        let wrong = vault.step_up(Presence::Totp(&text("000000")), None);
        assert_eq!(wrong.err(), Some(StepUpError::Wrong));
    }
    let refused = vault.step_up(Presence::Totp(&desk.code()), None);
    assert_eq!(
        refused.err(),
        Some(StepUpError::Throttled { wait_ms: 1000 })
    );
    vault
        .step_up(Presence::Totp(&desk.fresh_code()), None)
        .expect("after the wait");
}

#[test]
fn its_age_is_told_by_the_clock_that_nobody_sets() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let step_up = desk.step_up(&mut vault).expect("both");
    desk.clock.pass(90_000);
    desk.clock.set_back(80_000);
    assert_eq!(step_up.age_ms(&*desk.clock), 90_000);
    desk.clock.reboot();
    assert_eq!(step_up.age_ms(&*desk.clock), u64::MAX);
}

#[test]
fn a_clock_that_went_back_is_said_at_a_step_up() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    desk.step_up(&mut vault).expect("both");
    desk.clock.set_back(600_000);
    let refused = vault.step_up(Presence::Totp(&desk.code()), None);
    assert_eq!(refused.err(), Some(StepUpError::ClockMovedBack));
}

#[test]
fn a_code_alone_forgives_no_password() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let wrong = text("not the password at all");
    for _ in 0..3 {
        let refused = vault.step_up(Presence::Totp(&desk.fresh_code()), Some(&wrong));
        assert_eq!(refused.err(), Some(StepUpError::Wrong));
        vault
            .step_up(Presence::Totp(&desk.code()), None)
            .expect("a fresh code");
    }
    let throttled = Some(StepUpError::Throttled { wait_ms: 1000 });
    let refused = vault.step_up(Presence::Totp(&desk.code()), Some(&wrong));
    assert_eq!(refused.err(), throttled);
    desk.clock.pass(1000);
    desk.step_up(&mut vault).expect("both");
    // The password was shown, so its count begins anew; the tries are told at the next unlock.
    let refused = vault.step_up(Presence::Totp(&desk.fresh_code()), Some(&wrong));
    assert_eq!(refused.err(), Some(StepUpError::Wrong));
    drop(vault);
    assert_eq!(desk.unlock(&locked).failed_tries(), 4);
}

#[test]
fn a_recovery_code_makes_no_used_code_good_again() {
    let desk = Desk::new();
    let (mut vault, _locked, kit) = desk.create_in(strongroom_vault::PlaceChoice::Keyring);
    let (_, codes) = crate::desk::read_kit(&kit.path);
    let ahead = desk.code_at(strongroom_vault::ports::Clock::utc_ms(&*desk.clock) + 30_000);
    vault
        .step_up(Presence::Totp(&ahead), None)
        .expect("one step ahead");
    vault
        .step_up(Presence::Recovery(&codes[0]), None)
        .expect("a recovery code");
    let refused = vault.step_up(Presence::Totp(&ahead), None);
    assert_eq!(refused.err(), Some(StepUpError::Replayed));
}
