//! Asking an exchange about a key: what would be sent, what is signed for it, and what is kept.

use strongroom_domain::{
    Allowlist, CheckEnd, Days, Drift, EntryId, ExchangeId, IpRule, Observation, PermissionSet, Tri,
    UtcMs, Verb,
};
use strongroom_vault::{
    Actor, Leave, Meaning, NotScheduled, OpenVault, Outcome, Refused, RisingNumbers, SeenKey,
    ToldBeside, Verdict,
};

use crate::desk::Desk;
use crate::{CLI, field, last_events, new_key, step_up};

fn key_at(vault: &mut OpenVault, exchange: &str, fields: &[(&str, &str)]) -> EntryId {
    let mut new = new_key(exchange, "s");
    new.exchange = ExchangeId::parse(exchange).expect("an id");
    new.fields = fields
        .iter()
        .map(|(name, value)| field(name, value))
        .collect();
    vault.add_key(new, CLI).expect("is recorded").id
}

fn bybit(vault: &mut OpenVault) -> EntryId {
    let secret = "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789";
    key_at(
        vault,
        "bybit",
        &[("apiKey", "AbCdEfGhIjKlMnOpQr"), ("secret", secret)],
    )
}

#[test]
fn a_plan_says_what_would_be_sent_and_only_its_calls_are_signed() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = bybit(&mut vault);
    let plan = vault.check_plan(id).expect("a plan");
    assert_eq!((plan.exchange_name, plan.host), ("Bybit", "api.bybit.com"));
    let paths: Vec<_> = plan.calls.iter().map(|call| call.path).collect();
    assert_eq!(paths, ["/v5/user/query-api"]);
    let proof = step_up(&desk, &mut vault);
    let probe = vault.sign_probe(id, "key", None, None, Leave::StepUp(&proof), CLI);
    let probe = probe.expect("signed");
    assert_eq!(probe.request.signed.target(), "/v5/user/query-api");
    assert_eq!(probe.public.key.as_deref(), Some("AbCdEfGhIjKlMnOpQr"));
    assert_eq!(last_events(&vault, 1), ["checked"]);
    let size = vault.audit_size();
    let other = vault.sign_probe(id, "delete-api", None, None, Leave::StepUp(&proof), CLI);
    assert!(other.is_err());
    assert_eq!(vault.audit_size(), size, "what is no call is no intent");
}

#[test]
fn a_session_is_not_opened_to_learn_of_a_key_and_a_rising_number_is_warned_of() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let deribit = key_at(
        &mut vault,
        "deribit",
        &[("apiKey", "Aq1Bw2Ce"), ("secret", "x")],
    );
    let plan = vault.check_plan(deribit).expect("a plan");
    assert!(
        plan.calls
            .iter()
            .all(|call| !call.path.contains("public/auth"))
    );
    for (exchange, rises) in [
        ("kraken", true),
        ("bitfinex", true),
        ("gemini", true),
        ("okx", false),
    ] {
        let id = key_at(&mut vault, exchange, &[("apiKey", "a"), ("secret", "b")]);
        let plan = vault.check_plan(id).expect("a plan");
        let warned = plan
            .warnings
            .iter()
            .any(|said| said.contains("higher number"));
        assert_eq!(warned, rises, "{exchange}");
    }
}

#[test]
fn an_agents_address_follows_from_its_key() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    // From the tests of Hyperliquid's own library.
    let key = "0x0123456789012345678901234567890123456789012345678901234567890123";
    let account = "0x00000000000000000000000000000000000000aa";
    let fields = [("privateKey", key), ("walletAddress", account)];
    let id = key_at(&mut vault, "hyperliquid", &fields);
    let proof = step_up(&desk, &mut vault);
    let probe = vault.sign_probe(id, "role", None, None, Leave::StepUp(&proof), CLI);
    let probe = probe.expect("made");
    let address = "0x14791697260e4c9a71f18484c9f997b308e59325";
    assert_eq!(probe.public.agent.as_deref(), Some(address));
    let body = probe.request.signed.body().expect("a body").expose();
    assert!(
        body.contains(address) && !body.contains(&key[2..]),
        "{body}"
    );
}

fn seen(verbs: &[Verb], addresses: &[&str]) -> SeenKey {
    let none = PermissionSet::new([Tri::No; 8]);
    let rules = addresses
        .iter()
        .map(|one| IpRule::parse(one).expect("an address"));
    SeenKey {
        permissions: verbs
            .iter()
            .fold(none, |set, verb| set.with(*verb, Tri::Yes)),
        observation: Observation {
            at: UtcMs::EPOCH.plus_days(1),
            restricted: if addresses.is_empty() {
                Tri::No
            } else {
                Tri::Yes
            },
            allowlist: Allowlist::listed(rules).unwrap_or(Allowlist::Unrestricted),
            expires: None,
            created: None,
            last_used: Some(UtcMs::EPOCH.plus_days(20_000)),
            label: None,
            stopped: None,
        },
    }
}

#[test]
fn an_answer_is_kept_as_observed_and_the_next_one_is_compared_with_it() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = bybit(&mut vault);
    let first = seen(&[Verb::Read, Verb::Spot], &["203.0.113.7"]);
    let drift = vault.record_answer(id, &first, CLI).expect("recorded");
    assert_eq!(drift, []);
    assert_eq!(last_events(&vault, 1), ["observed"]);
    assert_eq!(vault.excess_of(id, &first.permissions), Ok(vec![]));
    drop(vault);

    let mut vault = desk.unlock(&locked);
    let record = vault.show_key(id).expect("shows").record;
    assert_eq!(record.observed.as_ref(), Some(&first.permissions));
    assert_eq!(record.observation.as_ref(), Some(&first.observation));
    assert_eq!(record.last_used_at_exchange, first.observation.last_used);
    let second = seen(&[Verb::Read, Verb::Spot, Verb::Withdraw], &[]);
    let drift = vault.record_answer(id, &second, CLI).expect("recorded");
    let expected = [Drift::Gained(Verb::Withdraw), Drift::AllowlistGone];
    assert_eq!(drift, expected);
    assert_eq!(vault.show_key(id).expect("shows").drift, expected);
    let excess = vault.excess_of(id, &second.permissions);
    assert_eq!(excess, Ok(vec![Verb::Withdraw]));
}

#[test]
fn a_refusal_is_explained_by_what_is_recorded() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = bybit(&mut vault);
    let refused = |meaning| Refused {
        meaning,
        also: Vec::new(),
        address: None,
    };
    let blocked = vault.explain(id, refused(Meaning::AddressNotAllowed), Some(0));
    let blocked = blocked.expect("explained");
    assert_eq!(blocked.verdict, Verdict::CannotBeAskedFromHere);
    assert!(
        blocked.sentence.contains("may be perfectly good"),
        "{blocked:?}"
    );
    let late = vault.explain(id, refused(Meaning::ClockOff), Some(61_000));
    assert!(late.expect("explained").sentence.contains("clock"));
    let beside = ToldBeside {
        address: "192.0.2.1".parse().ok(),
        ..ToldBeside::default()
    };
    let (name, told) = vault
        .diagnose_text(id, "retCode 10010", &beside, None)
        .expect("told");
    assert_eq!(name, "Bybit");
    assert!(told.sentence.contains("allowlist"), "{}", told.sentence);
}

#[test]
fn a_wish_lets_the_catalogues_questions_be_signed_without_a_code_and_nothing_else() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let id = bybit(&mut vault);
    let by_itself = |vault: &mut OpenVault| {
        let by = strongroom_vault::Client::Agent;
        vault.sign_probe(id, "key", None, None, Leave::Schedule, by)
    };
    let refused = by_itself(&mut vault).expect_err("nobody wished it");
    assert!(refused.to_string().contains("fresh code"), "{refused}");

    let proof = step_up(&desk, &mut vault);
    let week = Days::parse(7).expect("days");
    let none = RisingNumbers::NotSpokenOf;
    vault
        .schedule_checks(id, week, none, &proof, CLI)
        .expect("arranged");
    assert_eq!(last_events(&vault, 1), ["checks-scheduled"]);
    by_itself(&mut vault).expect("signed");
    assert_eq!(last_events(&vault, 1), ["checked"]);
    let last = vault.audit_entries(vault.audit_size() - 1, 1);
    assert_eq!(last.expect("the log reads")[0].actor, Actor::Program);
    drop(vault);

    // It outlasts a lock, and ends with the wish.
    let mut vault = desk.unlock(&locked);
    by_itself(&mut vault).expect("signed");
    vault.unschedule_checks(id, CLI).expect("ended");
    assert_eq!(last_events(&vault, 1), ["checks-unscheduled"]);
    assert!(by_itself(&mut vault).is_err());
    assert_eq!(vault.check_schedules(), Ok(vec![]));
}

#[test]
fn how_asking_went_is_kept_with_the_wish_and_begins_its_interval() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = bybit(&mut vault);
    let (quiet, day) = (RisingNumbers::NotSpokenOf, Days::parse(1).expect("days"));
    vault
        .note_unanswered(id, CheckEnd::NoAnswer, CLI)
        .expect("nothing is kept of what nobody wished");
    assert_eq!(vault.check_schedule(id), Ok(None));
    let proof = step_up(&desk, &mut vault);
    vault
        .schedule_checks(id, day, quiet, &proof, CLI)
        .expect("arranged");
    let kept = |vault: &OpenVault| vault.check_schedule(id).expect("read").expect("a wish");
    assert_eq!(kept(&vault).next(id), kept(&vault).since, "due at once");
    vault
        .note_unanswered(id, CheckEnd::CannotBeAskedFromHere, CLI)
        .expect("kept");
    let failed = kept(&vault);
    assert!(failed.next(id) >= failed.since.plus_days(1));
    let last = failed.last.expect("an attempt");
    assert_eq!(last.ended, CheckEnd::CannotBeAskedFromHere);
    let answer = seen(&[Verb::Read], &[]);
    vault.record_answer(id, &answer, CLI).expect("recorded");
    let last = kept(&vault).last.expect("an attempt");
    assert_eq!(last.ended, CheckEnd::Answered);
    // Another interval is no reason to ask anew.
    let week = Days::parse(7).expect("days");
    let proof = step_up(&desk, &mut vault);
    vault
        .schedule_checks(id, week, quiet, &proof, CLI)
        .expect("arranged");
    assert_eq!(kept(&vault).last, Some(last));
}

#[test]
fn where_numbers_rise_a_wish_is_taken_only_from_who_knows_it() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = key_at(&mut vault, "kraken", &[("apiKey", "a"), ("secret", "Yg==")]);
    let week = Days::parse(7).expect("days");
    let proof = step_up(&desk, &mut vault);
    let wish = |vault: &mut OpenVault, rising| vault.schedule_checks(id, week, rising, &proof, CLI);
    let refused = wish(&mut vault, RisingNumbers::NotSpokenOf).expect_err("refused");
    assert_eq!(refused, NotScheduled::RisingNumbers);
    assert_eq!(vault.check_schedule(id), Ok(None));
    assert_eq!(wish(&mut vault, RisingNumbers::Accepted), Ok(()));
}

#[test]
fn the_form_of_a_secret_is_looked_at_after_a_code_and_told_without_it() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let secret = "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789";
    let swapped = [("apiKey", secret), ("secret", "AbCdEfGhIjKlMnOpQr")];
    for (fields, fits) in [
        ([("apiKey", "AbCdEfGhIjKlMnOpQr"), ("secret", secret)], true),
        (swapped, false),
    ] {
        let id = key_at(&mut vault, "bybit", &fields);
        let proof = step_up(&desk, &mut vault);
        let looked = vault.look_at_form(id, &proof, CLI).expect("looked at");
        assert_eq!(looked.odd.is_none(), fits, "{looked:?}");
        assert_eq!(last_events(&vault, 1), ["looked-at"]);
        let told = vault.diagnose_text(id, "", &ToldBeside::default(), Some(looked));
        let (_, diagnosis) = told.expect("told");
        let shape = &diagnosis.steps[0];
        assert_eq!(shape.outcome == Outcome::RuledOut, fits, "{shape:?}");
        assert!(!shape.words.contains(secret), "{shape:?}");
        assert_eq!(shape.words.contains("place"), !fits, "{shape:?}");
    }
}
