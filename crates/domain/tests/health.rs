//! The rules of health over invented vaults: what is found, worst first, and every point of the
//! score.

use std::collections::BTreeMap;

use strongroom_domain::health::{
    Acceptance, AcceptanceRecord, AcceptanceRefused, Facts, FindingId, Health, Holder, KeyFacts,
    LockSource, Picture, RULES, Severity, Standing, Subject, UnsureEnd, VaultFacts, rule,
};
use strongroom_domain::{
    AllowlistSummary, ConsumerKind, ConsumerName, ConsumerRecord, Days, Drift, Due, DueCause,
    EntryId, Environment, ExchangeId, ExpiryCause, KeyLabel, KeyState, KeySummary, Line,
    PermissionSet, RotationEvent, Tri, UtcMs, VendorRecord, Verb,
};

fn now() -> UtcMs {
    UtcMs::parse(1_800_000_000_000).expect("a date")
}

fn ago(days: i64) -> UtcMs {
    now().plus_ms(-days * 86_400_000)
}

fn days(days: u32) -> Days {
    Days::parse(days).expect("days")
}

fn line(text: &str) -> Line {
    Line::parse(text).expect("a line")
}

fn name(text: &str) -> ConsumerName {
    ConsumerName::parse(text).expect("a name")
}

const READ: &[Verb] = &[Verb::Read];
const TRADE: &[Verb] = &[Verb::Read, Verb::Spot];
const WITHDRAW: &[Verb] = &[Verb::Read, Verb::Withdraw];

fn rights(granted: &[Verb]) -> [Tri; 8] {
    let none = PermissionSet::new([Tri::No; 8]);
    granted
        .iter()
        .fold(none, |set, verb| set.with(*verb, Tri::Yes))
        .verbs()
}

/// A vault that is put together and then looked at.
struct Invented {
    keys: Vec<(KeySummary, Facts)>,
    consumers: BTreeMap<EntryId, ConsumerRecord>,
    vendors: BTreeMap<EntryId, VendorRecord>,
    acceptances: Vec<AcceptanceRecord>,
    vault: VaultFacts,
}

impl Invented {
    fn sound() -> Self {
        Self {
            keys: Vec::new(),
            consumers: BTreeMap::new(),
            vendors: BTreeMap::new(),
            acceptances: Vec::new(),
            vault: VaultFacts::sound(),
        }
    }

    /// A key in use that nothing is wrong with, but for what is changed.
    fn key(&mut self, label: &str, change: impl FnOnce(&mut KeySummary, &mut Facts)) -> EntryId {
        let number = u8::try_from(self.keys.len()).expect("few keys");
        let id = EntryId::from_bytes([number; 16]);
        let mut row = KeySummary {
            id,
            label: KeyLabel::parse(label).expect("a label"),
            exchange: ExchangeId::parse("kraken").expect("an exchange"),
            account: None,
            account_label: None,
            environment: Environment::Production,
            state: KeyState::Active,
            declared: rights(READ),
            observed: None,
            allowlist: AllowlistSummary::Listed(1),
            expiry: None,
            rotation: None,
            rotation_days: days(90),
            created: ago(40),
            last_rotated: ago(40),
            last_used: Some(ago(1)),
            compromised: None,
            purpose: None,
            owner: None,
            tags: Vec::new(),
            consumers: Vec::new(),
            conflict: false,
            has_secret: true,
        };
        let mut facts = Facts::default();
        change(&mut row, &mut facts);
        self.keys.push((row, facts));
        id
    }

    fn consumer(&mut self, text: &str, kind: ConsumerKind) -> Holder {
        let number = 100 + u8::try_from(self.consumers.len()).expect("few consumers");
        let id = EntryId::from_bytes([number; 16]);
        self.consumers
            .insert(id, ConsumerRecord::new(id, name(text), kind));
        Holder {
            consumer: id,
            since: ago(30),
        }
    }

    fn accept(&mut self, rule: &str, subject: Subject, until: UtcMs) {
        self.acceptances.push(AcceptanceRecord {
            id: EntryId::from_bytes([200; 16]),
            finding: FindingId::new(rule, subject).expect("a rule"),
            acceptance: Acceptance {
                reason: line("until the audit"),
                until,
                at: ago(10),
            },
        });
    }

    fn health(&self) -> Health {
        let keys: Vec<KeyFacts<'_>> = self
            .keys
            .iter()
            .map(|(row, facts)| KeyFacts { row, facts })
            .collect();
        Health::assess(&Picture {
            now: now(),
            keys: &keys,
            consumers: &self.consumers,
            vendors: &self.vendors,
            acceptances: &self.acceptances,
            vault: &self.vault,
        })
    }
}

/// What is found, as `rule subject`, and the score.
#[track_caller]
fn check(vault: &Invented, expected: &[(&str, &str)], points: u32) -> Health {
    let health = vault.health();
    let found: Vec<(&str, &str)> = health
        .findings
        .iter()
        .map(|one| (one.rule.id, one.name.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(health.score.points, points, "{}", health.score.words());
    health
}

#[test]
fn a_sound_vault_has_a_hundred_points() {
    let mut vault = Invented::sound();
    vault.key("a", |_, _| {});
    let health = check(&vault, &[], 100);
    assert_eq!(health.score.words(), "100 of 100: nothing is open.");
}

/// One key with one thing wrong each: the rule, its severity, and what it leaves of the hundred.
#[test]
fn every_rule_finds_what_it_is_for_and_costs_what_it_says() {
    use ExpiryCause as E;
    type Change = fn(&mut Invented);
    let cases: &[(&str, &str, u32, Change)] = &[
        ("withdraw-unlisted", "k", 60, |v| {
            v.key("k", |row, _| {
                row.declared = rights(WITHDRAW);
                row.allowlist = AllowlistSummary::Unrestricted;
            });
        }),
        ("withdraw-unlisted", "k", 60, |v| {
            // A list that nobody recorded holds nothing back.
            v.key("k", |row, _| {
                row.observed = Some(rights(WITHDRAW));
                row.declared = [Tri::Unknown; 8];
                row.allowlist = AllowlistSummary::Unknown;
            });
        }),
        ("compromised", "k", 60, |v| {
            v.key("k", |row, _| row.compromised = Some(ago(2)));
        }),
        ("consumer-breached", "k", 60, |v| {
            let holder = v.consumer("bot", ConsumerKind::Bot);
            let bot = v.consumers.get_mut(&holder.consumer).expect("there");
            bot.breached = Some(ago(5));
            v.key("k", |_, facts| facts.holders = vec![holder]);
        }),
        ("consumer-breached", "k", 60, |v| {
            let holder = v.consumer("bot", ConsumerKind::Bot);
            let bot = v.consumers.get_mut(&holder.consumer).expect("there");
            bot.vendor = Some(line("ACME"));
            let id = EntryId::from_bytes([150; 16]);
            let mut vendor = VendorRecord::new(id, name("Acme"));
            vendor.breached = Some(ago(5));
            v.vendors.insert(id, vendor);
            v.key("k", |_, facts| facts.holders = vec![holder]);
        }),
        ("trade-unrestricted", "k", 84, |v| {
            v.key("k", |row, _| {
                row.declared = rights(TRADE);
                row.allowlist = AllowlistSummary::Unrestricted;
            });
        }),
        ("more-than-declared", "k", 84, |v| {
            v.key("k", |row, _| row.observed = Some(rights(TRADE)));
        }),
        ("drift", "k", 84, |v| {
            v.key("k", |_, facts| facts.drift = vec![Drift::AllowlistGone]);
        }),
        ("expired", "k", 84, |v| {
            v.key("k", |row, _| {
                let cause = DueCause::Expiry(E::Fixed { at: ago(1) });
                row.expiry = Some(Due { at: ago(1), cause });
            });
        }),
        ("event-since", "k", 84, |v| {
            v.key("k", |row, _| {
                let cause = DueCause::Event(RotationEvent::PersonLeft);
                row.rotation = Some(Due { at: now(), cause });
            });
        }),
        // Who had the breach is said once.
        ("consumer-breached", "k", 60, |v| {
            let holder = v.consumer("bot", ConsumerKind::Bot);
            let bot = v.consumers.get_mut(&holder.consumer).expect("there");
            bot.breached = Some(ago(5));
            v.key("k", |row, facts| {
                facts.holders = vec![holder];
                let cause = DueCause::Event(RotationEvent::VendorBreached);
                row.rotation = Some(Due { at: ago(5), cause });
            });
        }),
        ("backups-stale", "this vault", 84, |v| {
            v.vault.backups_stale = true
        }),
        ("more-than-purpose", "k", 92, |v| {
            v.key("k", |row, _| {
                row.declared = rights(TRADE);
                row.purpose = Some(line("tax report"));
            });
        }),
        ("rotation-overdue", "k", 92, |v| {
            v.key("k", |row, _| {
                let cause = DueCause::Rotation(days(90));
                row.rotation = Some(Due { at: now(), cause });
            });
        }),
        ("rotation-unfinished", "k", 92, |v| {
            v.key("k", |row, _| row.state = KeyState::Draining);
        }),
        ("rotation-unfinished", "k", 92, |v| {
            v.key("k", |row, _| {
                let cause = DueCause::Revocation;
                row.rotation = Some(Due { at: now(), cause });
            });
        }),
        ("review-overdue", "Acme", 96, |v| {
            let id = EntryId::from_bytes([150; 16]);
            let mut vendor = VendorRecord::new(id, name("Acme"));
            vendor.review = Some(ago(0));
            v.vendors.insert(id, vendor);
        }),
        ("several-consumers", "k", 92, |v| {
            let holders = vec![
                v.consumer("bot", ConsumerKind::Bot),
                v.consumer("tax", ConsumerKind::Tool),
            ];
            v.key("k", |_, facts| facts.holders = holders);
        }),
        ("mixed-environments", "bot", 92, |v| {
            let holder = v.consumer("bot", ConsumerKind::Bot);
            v.key("k", |_, facts| facts.holders = vec![holder]);
            v.key("t", |row, facts| {
                row.environment = Environment::Testnet;
                facts.holders = vec![holder];
            });
        }),
        ("dead-exchange", "k", 92, |v| {
            v.key("k", |row, _| {
                row.exchange = ExchangeId::parse("bitmex").expect("an exchange");
            });
        }),
        ("kit-untested", "this vault", 92, |v| {
            v.vault.kit_tested = None
        }),
        ("auto-lock-missing", "this vault", 92, |v| {
            v.vault.lock_on_suspend = LockSource::Missing;
        }),
        ("unsure-end", "k", 96, |v| {
            v.key("k", |_, facts| {
                let cause = DueCause::Expiry(E::DaysSinceCreation { days: days(50) });
                let at = now().plus_days(10);
                let due = Due { at, cause };
                facts.unsure_end = Some(UnsureEnd {
                    due,
                    trust: "third parties say so",
                });
            });
        }),
        ("unused", "k", 96, |v| {
            v.key("k", |row, _| row.last_used = Some(ago(90)));
        }),
        ("facts-old", "Kraken (spot)", 96, |v| {
            v.vault.old_facts = vec![ExchangeId::parse("kraken").expect("an exchange")];
            v.key("k", |_, _| {});
        }),
    ];
    for (rule, subject, points, change) in cases {
        let mut vault = Invented::sound();
        change(&mut vault);
        check(&vault, &[(*rule, *subject)], *points);
    }
    // Every rule is in the table; a secret that two keys share is two findings and stands below.
    for rule in RULES {
        let tried = rule.id == "same-secret" || cases.iter().any(|case| case.0 == rule.id);
        assert!(tried, "{} has no case", rule.id);
    }
    let mut vault = Invented::sound();
    let a = vault.key("a", |_, _| {});
    let b = vault.key("b", |_, facts| facts.twins = vec![a]);
    vault.keys[0].1.twins = vec![b];
    let health = check(&vault, &[("same-secret", "a"), ("same-secret", "b")], 80);
    assert_eq!(
        health.findings[0].reason,
        "The same secret is recorded as \"b\"."
    );
}

#[test]
fn what_is_no_danger_is_no_finding() {
    let mut vault = Invented::sound();
    let unlisted = |row: &mut KeySummary| {
        row.declared = rights(WITHDRAW);
        row.allowlist = AllowlistSummary::Unrestricted;
    };
    vault.key("testnet", |row, _| {
        unlisted(row);
        row.environment = Environment::Testnet;
    });
    vault.key("archived", |row, _| {
        unlisted(row);
        row.state = KeyState::Archived;
    });
    vault.key("revoked", |row, _| {
        row.compromised = Some(ago(1));
        row.state = KeyState::Revoked;
    });
    vault.key("unknown", |row, _| row.declared = [Tri::Unknown; 8]);
    let bot = vault.consumer("bot", ConsumerKind::Bot);
    let host = vault.consumer("vps", ConsumerKind::Host);
    vault.key("on a host", |row, facts| {
        facts.holders = vec![bot, host];
        row.last_used = None;
        row.created = ago(300);
    });
    // A secret made after the breach is safe again.
    vault
        .consumers
        .get_mut(&bot.consumer)
        .expect("there")
        .breached = Some(ago(60));
    vault.vault.lock_on_screen_lock = LockSource::NotWanted;
    vault.vault.old_facts = vec![ExchangeId::parse("okx").expect("an exchange")];
    check(&vault, &[], 100);
}

#[test]
fn the_worst_comes_first_and_every_point_is_told() {
    let mut vault = Invented::sound();
    for label in ["zeta", "alpha"] {
        vault.key(label, |row, _| {
            row.declared = rights(WITHDRAW);
            row.allowlist = AllowlistSummary::Unrestricted;
            row.last_used = Some(ago(200));
        });
    }
    vault.key("grid", |row, _| {
        row.declared = rights(TRADE);
        row.allowlist = AllowlistSummary::Unrestricted;
    });
    vault.vault.kit_tested = None;
    let health = check(
        &vault,
        &[
            ("withdraw-unlisted", "alpha"),
            ("withdraw-unlisted", "zeta"),
            ("trade-unrestricted", "grid"),
            ("kit-untested", "this vault"),
            ("unused", "alpha"),
            ("unused", "zeta"),
        ],
        100 - 50 - 16 - 8 - 5,
    );
    assert_eq!(
        health.score.words(),
        "21 of 100: less 50 for 2 × withdraw-unlisted, 16 for 1 × trade-unrestricted, 8 for 1 × \
         kit-untested, 5 for 2 × unused."
    );
    let told: u32 = health.score.lines.iter().map(|line| line.cost).sum();
    assert_eq!(told + health.score.points, 100);
    assert!(health.fails(Severity::Critical) && health.fails(Severity::Low));
}

#[test]
fn the_score_stops_at_nothing() {
    let mut vault = Invented::sound();
    for _ in 0..20 {
        vault.key("k", |row, _| {
            row.declared = rights(WITHDRAW);
            row.allowlist = AllowlistSummary::Unrestricted;
            row.compromised = Some(ago(1));
        });
    }
    let health = vault.health();
    assert_eq!(health.score.points, 0);
    assert!(
        health
            .score
            .words()
            .ends_with("and it does not go below 0.")
    );
}

#[test]
fn what_is_accepted_stays_visible_costs_nothing_and_comes_back_on_its_day() {
    let mut vault = Invented::sound();
    let id = vault.key("grid", |row, _| {
        row.declared = rights(TRADE);
        row.allowlist = AllowlistSummary::Unrestricted;
    });
    let found = [("trade-unrestricted", "grid")];
    vault.accept("trade-unrestricted", Subject::Entry(id), now().plus_ms(1));
    let health = check(&vault, &found, 100);
    assert!(matches!(health.findings[0].standing, Standing::Accepted(_)));
    assert!(!health.fails(Severity::Low));
    assert_eq!(
        (health.score.lines[0].open, health.score.lines[0].accepted),
        (0, 1)
    );

    vault.acceptances[0].acceptance.until = now();
    let health = check(&vault, &found, 84);
    assert!(matches!(health.findings[0].standing, Standing::Lapsed(_)));
    assert!(health.fails(Severity::High) && !health.fails(Severity::Critical));

    // Of two decisions the one that ends last counts; one about something else counts nothing.
    vault.accept("trade-unrestricted", Subject::Entry(id), now().plus_days(3));
    check(&vault, &found, 100);
    vault.acceptances.pop();
    vault.accept("unused", Subject::Entry(id), now().plus_days(3));
    check(&vault, &found, 84);
}

#[test]
fn an_acceptance_has_a_rule_and_an_end_within_a_year() {
    let decide = |until| Acceptance::decide(line("why"), until, now()).map(|_| ());
    assert_eq!(decide(now()), Err(AcceptanceRefused::Past));
    assert_eq!(
        decide(now().plus_days(367)),
        Err(AcceptanceRefused::TooLong)
    );
    assert_eq!(decide(now().plus_days(366)), Ok(()));
    let unknown = FindingId::new("no-such-rule", Subject::Vault);
    assert_eq!(unknown, Err(AcceptanceRefused::NoSuchRule));
    assert!(rule("no-such-rule").is_none());
}
