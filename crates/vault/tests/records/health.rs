//! Health over a real vault: what is gathered for the rules, and what is kept of a decision.

use strongroom_domain::health::{AcceptanceRefused, Health, Standing, Subject};
use strongroom_domain::{
    Allowlist, ConsumerName, Line, Observation, PermissionSet, Tri, UtcMs, Verb,
};
use strongroom_vault::{AcceptError, KeyChange, LockSources, OpenVault, SeenKey};

use crate::desk::Desk;
use crate::{CLI, add, field, last_events, new_key};

const LOCKS: LockSources = LockSources {
    suspend: true,
    screen_lock: true,
};

fn health(vault: &mut OpenVault) -> Health {
    vault.health(LOCKS).expect("reads")
}

/// Findings about keys, consumers and exchanges, as `rule name`.
fn found(vault: &mut OpenVault) -> Vec<String> {
    let about = |subject: &Subject| *subject != Subject::Vault;
    health(vault)
        .findings
        .iter()
        .filter(|one| about(&one.subject))
        .map(|one| format!("{} {}", one.rule.id, one.name))
        .collect()
}

fn unrestrict(vault: &mut OpenVault, key: strongroom_domain::EntryId) {
    let change = vec![KeyChange::Allowlist(Allowlist::Unrestricted)];
    vault.edit_key(key, change, CLI).expect("is changed");
}

fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

#[test]
fn what_the_vault_knows_is_what_the_rules_see() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let grid = add(&mut vault, "grid", "s1");
    assert_eq!(found(&mut vault), Vec::<String>::new());
    unrestrict(&mut vault, grid);
    let names = ["bot", "tax"].map(|name| ConsumerName::parse(name).expect("a name"));
    let change = vec![KeyChange::Consumers(names.to_vec())];
    vault.edit_key(grid, change, CLI).expect("is changed");
    let expected = ["trade-unrestricted grid", "several-consumers grid"];
    assert_eq!(found(&mut vault), expected);
    // The same secret in another record, then in a record that is dead.
    let mut twin = new_key("twin", "other");
    twin.fields = vec![field("apiKey", "k"), field("secret", "s1")];
    let twin = vault.add_key(twin, CLI).expect("is recorded").id;
    let shared = ["same-secret grid", "same-secret twin"];
    assert_eq!(found(&mut vault)[1..3], shared);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    assert_eq!(found(&mut vault)[1..3], shared, "after an unlock too");
    vault.archive_key(twin, CLI).expect("is archived");
    assert_eq!(found(&mut vault), expected);
    // The other secret takes its place: what is dead at the exchange is no reuse.
    vault.restore_key(twin, CLI).expect("comes back");
    let fields = vec![field("apiKey", "k2"), field("secret", "s2")];
    vault.set_secret(twin, fields, CLI).expect("is recorded");
    assert_eq!(found(&mut vault), expected);
}

#[test]
fn drift_is_between_the_last_two_answers_and_the_next_one_settles_it() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let id = add(&mut vault, "grid", "s1");
    let mut day = 0;
    let mut answer = |vault: &mut OpenVault, verbs: &[Verb], restricted: Tri| {
        day += 1;
        desk.clock.pass(86_400_000);
        let none = PermissionSet::new([Tri::No; 8]);
        let seen = SeenKey {
            permissions: verbs
                .iter()
                .fold(none, |set, verb| set.with(*verb, Tri::Yes)),
            observation: Observation {
                at: UtcMs::EPOCH.plus_days(day),
                restricted,
                allowlist: Allowlist::Unknown,
                expires: None,
                created: None,
                last_used: None,
                label: None,
                stopped: None,
            },
        };
        vault.record_answer(id, &seen, CLI).expect("recorded");
    };
    let drift = |vault: &mut OpenVault| {
        let health = health(vault);
        let mut drifts = health.findings.into_iter();
        drifts
            .find(|one| one.rule.id == "drift")
            .map(|one| one.reason)
    };
    answer(&mut vault, &[Verb::Read], Tri::Yes);
    assert_eq!(drift(&mut vault), None, "one answer is no drift");
    answer(&mut vault, &[Verb::Read], Tri::Yes);
    assert_eq!(drift(&mut vault), None);
    answer(&mut vault, &[Verb::Read, Verb::Withdraw], Tri::No);
    let expected = "The key has a right it had not: withdraw. The allowlist is gone: any address \
                    may use the key.";
    assert_eq!(drift(&mut vault).as_deref(), Some(expected));
    answer(&mut vault, &[Verb::Read, Verb::Withdraw], Tri::No);
    assert_eq!(drift(&mut vault), None, "it was looked at once more");
}

#[test]
fn what_is_accepted_is_kept_ends_on_its_day_and_can_be_taken_back() {
    let desk = Desk::new();
    let (mut vault, locked) = desk.create();
    let grid = add(&mut vault, "grid", "s1");
    unrestrict(&mut vault, grid);
    let rule = "trade-unrestricted";
    let standing = |vault: &mut OpenVault| {
        let mut findings = health(vault).findings.into_iter();
        findings
            .find(|one| one.rule.id == rule)
            .expect("it stays visible")
            .standing
    };
    let end = UtcMs::from_clock(1_800_000_000_000).plus_days(30);
    let accept = |vault: &mut OpenVault, rule: &str, subject: Subject, end: UtcMs| {
        vault.accept_finding(rule, subject, line("the bot moves"), end, LOCKS, CLI)
    };
    let about = Subject::Entry(grid);
    let past = accept(&mut vault, rule, about.clone(), UtcMs::EPOCH);
    assert!(matches!(
        past,
        Err(AcceptError::Refused(AcceptanceRefused::Past))
    ));
    let other = accept(&mut vault, "unused", about.clone(), end);
    assert!(
        matches!(other, Err(AcceptError::NotFound)),
        "only what is there"
    );
    let none = vault.withdraw_acceptance(rule, about.clone(), CLI);
    assert!(matches!(none, Err(AcceptError::NotAccepted)));

    accept(&mut vault, rule, about.clone(), end).expect("is accepted");
    assert_eq!(last_events(&vault, 1), ["finding-accepted"]);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    let Standing::Accepted(one) = standing(&mut vault) else {
        panic!("it is accepted");
    };
    assert_eq!((one.reason.as_str(), one.until), ("the bot moves", end));
    desk.clock.pass(31 * 86_400_000);
    assert!(matches!(standing(&mut vault), Standing::Lapsed(_)));
    // Accepted anew it is the same decision, changed; and taken back it is gone.
    accept(&mut vault, rule, about.clone(), end.plus_days(60)).expect("is accepted");
    assert!(matches!(standing(&mut vault), Standing::Accepted(_)));
    vault
        .withdraw_acceptance(rule, about.clone(), CLI)
        .expect("is taken back");
    assert_eq!(last_events(&vault, 1), ["acceptance-withdrawn"]);
    assert_eq!(standing(&mut vault), Standing::Open);
    drop(vault);
    let mut vault = desk.unlock(&locked);
    assert_eq!(standing(&mut vault), Standing::Open);
    accept(&mut vault, rule, about, end.plus_days(60)).expect("and can be accepted again");
    assert!(matches!(standing(&mut vault), Standing::Accepted(_)));
}

#[test]
fn a_subject_is_named_as_people_name_it() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let grid = add(&mut vault, "grid", "s1");
    let bot = ConsumerName::parse("Bot 7").expect("a name");
    let change = vec![KeyChange::Consumers(vec![bot])];
    vault.edit_key(grid, change, CLI).expect("is changed");
    let mut subject = |name| vault.find_subject(name);
    assert_eq!(subject(None), Ok(Subject::Vault));
    assert_eq!(subject(Some("GRID")), Ok(Subject::Entry(grid)));
    assert!(matches!(subject(Some("bot 7")), Ok(Subject::Entry(id)) if id != grid));
    assert!(matches!(subject(Some("okx")), Ok(Subject::Exchange(_))));
    assert!(subject(Some("nobody")).is_err());
}
