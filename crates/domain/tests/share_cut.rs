//! What leaves a vault for whom: each way in which a secret could slip into a share it is not for.

mod book;

use std::collections::BTreeSet;
use std::sync::Arc;

use book::{Book, entry, read, tagged, trade, withdraw};
use strongroom_domain::merge::{Body, Replica, Write};
use strongroom_domain::share::{Cut, History, LeftOut, Role, Scope, ScopeRefused, could};
use strongroom_domain::{
    AccountLabel, Canonical, CodecError, ConsumerKind, ConsumerName, ConsumerUse, Deleted, EntryId,
    EntryKind, KeyLabel, KeyState, Line, Notes, PermissionClass, PermissionSet, Register,
    RegisterValue as V, UtcMs, VersionState, Vetted,
};

fn secrets(cut: &Cut) -> Vec<String> {
    let texts = cut.writes.iter().filter_map(|write| match &write.body {
        Body::Sealed { bytes, .. } => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    });
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}

fn cut(book: &Book, role: Role, history: History) -> Cut {
    let scope = Scope::everything(history);
    Cut::of(&book.replica, &scope, role, &BTreeSet::new())
}

fn three_keys() -> Book {
    let mut book = Book::new(1);
    for (number, declared) in [(1, read()), (2, trade()), (3, withdraw())] {
        let key = entry(number);
        book.key(key, &format!("key {number}"), declared, &["team"]);
        let secret = format!("secret {number}");
        book.version(key, entry(100 + number), VersionState::Active, &secret);
    }
    book
}

fn vetted(permissions: PermissionSet) -> V {
    V::Vetted(Some(Vetted {
        permissions,
        at: UtcMs::EPOCH,
        growth_meant: false,
        expires: None,
    }))
}

fn notes(text: &str) -> V {
    V::Notes(Some(Notes::parse(text).expect("notes")))
}

#[test]
fn each_role_is_given_the_secrets_of_its_classes() {
    let book = three_keys();
    for (role, expected) in [
        (Role::Auditor, &[][..]),
        (Role::Viewer, &["secret 1"]),
        (Role::Trader, &["secret 1", "secret 2"]),
        (Role::Admin, &["secret 1", "secret 2", "secret 3"]),
    ] {
        for history in [History::With, History::Without] {
            let cut = cut(&book, role, history);
            assert_eq!(secrets(&cut), expected, "{}", role.name());
            assert_eq!(
                cut.given.keys.len(),
                3,
                "what is recorded is for every role"
            );
            assert_eq!(cut.given.secrets().count(), expected.len());
        }
    }
}

#[test]
fn who_gets_what_is_listed_class_by_class() {
    let given = cut(&three_keys(), Role::Trader, History::Without).given;
    let label = |class| -> Vec<String> {
        let labels = given.with_secrets(class).map(|one| one.label.clone());
        labels.flatten().map(|label| label.to_string()).collect()
    };
    assert_eq!(label(PermissionClass::Read), ["key 1"]);
    assert_eq!(label(PermissionClass::Trade), ["key 2"]);
    assert_eq!(label(PermissionClass::Withdraw), [""; 0]);
    let held: Vec<_> = given.without_secrets().collect();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].left_out, [(entry(103), LeftOut::Class)]);
    assert!(could(PermissionClass::Withdraw).contains("take everything"));
}

#[test]
fn what_nobody_knows_of_a_key_counts_as_the_right_to_withdraw() {
    let mut book = Book::new(1);
    book.key(entry(1), "unknown", PermissionSet::unknown(), &[]);
    book.version(entry(1), entry(101), VersionState::Active, "s");
    // One whose rights were never written at all.
    let label = V::KeyLabel(KeyLabel::parse("bare").expect("a label"));
    book.set(EntryKind::Key, entry(2), &label);
    book.version(entry(2), entry(102), VersionState::Active, "t");
    assert_eq!(
        secrets(&cut(&book, Role::Trader, History::Without)),
        [""; 0]
    );
}

#[test]
fn of_several_alive_rights_the_worst_counts() {
    let mut here = Book::new(1);
    here.key(entry(1), "key", trade(), &[]);
    here.version(entry(1), entry(101), VersionState::Active, "s");
    let mut there = here.of(2);
    here.set(EntryKind::Key, entry(1), &V::Declared(withdraw()));
    // The later clock says "read", and a list would show that.
    there.set(EntryKind::Key, entry(1), &V::Declared(trade()));
    there.set(EntryKind::Key, entry(1), &V::Declared(read()));
    here.replica.merge(&there.replica);
    for role in [Role::Viewer, Role::Trader] {
        assert_eq!(secrets(&cut(&here, role, History::Without)), [""; 0]);
    }
    // What the exchange said settles what nobody knew, and no more than that.
    let mut seen = Book::new(3);
    seen.key(entry(1), "key", PermissionSet::unknown(), &[]);
    seen.version(entry(1), entry(101), VersionState::Active, "s");
    seen.set(EntryKind::Key, entry(1), &V::Observed(Some(read())));
    assert_eq!(secrets(&cut(&seen, Role::Viewer, History::Without)), ["s"]);
    seen.set(EntryKind::Key, entry(1), &V::Declared(withdraw()));
    assert_eq!(
        secrets(&cut(&seen, Role::Viewer, History::Without)),
        [""; 0]
    );
}

#[test]
fn a_key_that_was_more_dangerous_once_gives_its_old_secrets_to_nobody_new() {
    let mut book = Book::new(1);
    book.key(entry(1), "key", withdraw(), &[]);
    book.version(entry(1), entry(101), VersionState::Active, "could withdraw");
    book.set(EntryKind::Key, entry(1), &notes("seed phrase"));
    let drained = V::VersionState(VersionState::Draining);
    book.set(EntryKind::Credential, entry(101), &drained);
    book.version(entry(1), entry(102), VersionState::Active, "first try");
    book.seal(entry(102), "can read");
    book.set(EntryKind::Key, entry(1), &V::Declared(read()));
    book.set(EntryKind::Key, entry(1), &notes("harmless"));
    let given = cut(&book, Role::Viewer, History::With);
    assert_eq!(secrets(&given), ["can read"]);
    let bodies = format!(
        "{:?}",
        given
            .writes
            .iter()
            .map(|write| bytes(write))
            .collect::<Vec<_>>()
    );
    assert!(!bodies.contains("seed phrase") && bodies.contains("harmless"));
    let all = cut(&book, Role::Admin, History::With);
    assert_eq!(secrets(&all), ["can read", "could withdraw", "first try"]);
}

fn bytes(write: &Write) -> String {
    match &write.body {
        Body::Value(bytes) | Body::Sealed { bytes, .. } => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        Body::Purged => String::new(),
    }
}

#[test]
fn a_staged_secret_is_as_bad_as_what_was_seen_of_it() {
    for (looked_at, viewer, admin) in [(None, 0, 1), (Some(withdraw()), 0, 1), (Some(read()), 1, 1)]
    {
        let mut book = Book::new(1);
        book.key(entry(1), "key", read(), &[]);
        book.version(entry(1), entry(101), VersionState::Staged, "next");
        if let Some(permissions) = looked_at {
            book.set(EntryKind::Credential, entry(101), &vetted(permissions));
        }
        let count = |role| secrets(&cut(&book, role, History::Without)).len();
        assert_eq!((count(Role::Viewer), count(Role::Admin)), (viewer, admin));
    }
}

#[test]
fn without_history_only_what_is_in_use_travels() {
    let mut book = Book::new(1);
    book.key(entry(1), "key", read(), &[]);
    book.version(entry(1), entry(101), VersionState::Revoked, "revoked");
    book.version(entry(1), entry(102), VersionState::Draining, "drained");
    book.version(entry(1), entry(103), VersionState::Active, "mistyped");
    book.seal(entry(103), "in use");
    book.set(EntryKind::Key, entry(1), &notes("old password"));
    book.set(EntryKind::Key, entry(1), &notes("new"));
    let without = cut(&book, Role::Admin, History::Without);
    assert_eq!(secrets(&without), ["in use"]);
    assert!(
        without
            .writes
            .iter()
            .all(|one| !bytes(one).contains("old password"))
    );
    let left: Vec<_> = without.given.keys[0].left_out.clone();
    assert_eq!(
        left,
        [
            (entry(101), LeftOut::NotInUse),
            (entry(102), LeftOut::NotInUse)
        ]
    );
    let with = cut(&book, Role::Admin, History::With);
    assert_eq!(secrets(&with), ["drained", "in use", "mistyped", "revoked"]);

    // One that drains while nothing is in its place is the one in use.
    let mut alone = Book::new(2);
    alone.key(entry(1), "key", read(), &[]);
    alone.version(
        entry(1),
        entry(101),
        VersionState::Draining,
        "still the one",
    );
    assert_eq!(
        secrets(&cut(&alone, Role::Admin, History::Without)),
        ["still the one"]
    );

    for state in [KeyState::Revoked, KeyState::Archived] {
        let mut ended = book.clone();
        ended.set(EntryKind::Key, entry(1), &V::State(state));
        assert_eq!(
            secrets(&cut(&ended, Role::Admin, History::Without)),
            [""; 0]
        );
    }
}

#[test]
fn a_reader_who_holds_an_older_value_sees_it_replaced() {
    let mut book = Book::new(1);
    book.key(entry(1), "first", read(), &[]);
    let older = book.replica.clone();
    for label in ["second", "third"] {
        let label = V::KeyLabel(KeyLabel::parse(label).expect("a label"));
        book.set(EntryKind::Key, entry(1), &label);
    }
    let mut reader = older;
    let cut = cut(&book, Role::Auditor, History::Without);
    let labels = |one: &&Arc<Write>| one.register == Register::Label;
    assert_eq!(cut.writes.iter().filter(labels).count(), 1);
    reader.merge(&Replica::from_writes(cut.writes));
    assert_eq!(reader.conflicts(), []);
    assert_eq!(
        reader.alive_ids(entry(1), Register::Label),
        book.replica.alive_ids(entry(1), Register::Label)
    );
}

#[test]
fn what_was_purged_travels_empty_to_everybody() {
    let mut book = three_keys();
    book.purge(entry(101), Register::Material);
    for role in Role::ALL {
        let cut = cut(&book, *role, History::Without);
        assert!(cut.writes.iter().any(|one| {
            (one.entry, one.register) == (entry(101), Register::Material)
                && one.body == Body::Purged
        }));
    }
}

#[test]
fn a_deletion_travels_and_the_secret_of_the_deleted_key_does_not() {
    let mut book = three_keys();
    let seen = book.replica.seen_by_deletion(entry(1));
    let deleted = V::Deleted(Deleted::Yes { seen });
    let before = book.replica.clone();
    book.set(EntryKind::Key, entry(1), &deleted);
    let scope = tagged("team", History::Without);
    let cut = Cut::of(&book.replica, &scope, Role::Admin, &BTreeSet::new());
    assert_eq!(secrets(&cut), ["secret 2", "secret 3"]);
    let mut reader = before;
    reader.merge(&Replica::from_writes(cut.writes));
    assert!(reader.is_deleted(entry(1)));
}

#[test]
fn a_purged_key_is_told_to_those_who_had_it_and_to_nobody_else() {
    let mut book = three_keys();
    for register in [
        Register::Label,
        Register::Declared,
        Register::Tags,
        Register::State,
    ] {
        book.purge(entry(1), register);
    }
    book.purge(entry(101), Register::Material);
    let seen = book.replica.seen_by_deletion(entry(1));
    book.set(EntryKind::Key, entry(1), &V::Deleted(Deleted::Yes { seen }));
    let scope = tagged("team", History::Without);
    let of = |given: &[EntryId]| {
        let given = given.iter().copied().collect();
        Cut::of(&book.replica, &scope, Role::Admin, &given).writes
    };
    let about = |writes: &[Arc<Write>]| {
        let key = writes.iter().filter(|one| one.entry == entry(1)).count();
        let secret = writes.iter().filter(|one| one.entry == entry(101)).count();
        (key, secret)
    };
    assert_eq!(about(&of(&[])), (0, 0));
    let told = of(&[entry(1), entry(2)]);
    assert_eq!(about(&told), (5, 1));
    // A key that merely left the scope is not told at all.
    let mut moved = three_keys();
    moved.set(EntryKind::Key, entry(1), &V::Tags(BTreeSet::new()));
    let given = [entry(1)].into();
    let cut = Cut::of(&moved.replica, &scope, Role::Admin, &given);
    assert_eq!(about(&cut.writes), (0, 0));
}

#[test]
fn a_key_that_one_side_took_out_of_the_scope_is_out_of_it() {
    let mut here = three_keys();
    let mut there = here.of(2);
    here.set(EntryKind::Key, entry(1), &V::Tags(BTreeSet::new()));
    let more = V::Tags([book::tag("team"), book::tag("more")].into());
    there.set(EntryKind::Key, entry(1), &more);
    here.replica.merge(&there.replica);
    let scope = tagged("team", History::With);
    assert!(!scope.covers(&here.replica, entry(1)));
    let cut = Cut::of(&here.replica, &scope, Role::Admin, &BTreeSet::new());
    assert_eq!(secrets(&cut), ["secret 2", "secret 3"]);
}

#[test]
fn what_keys_in_scope_name_travels_with_them_and_other_notes_are_for_admins() {
    let mut book = three_keys();
    let (mine, others, bot, vendor, other_bot, account) = (
        entry(1),
        entry(9),
        entry(20),
        entry(21),
        entry(22),
        entry(30),
    );
    book.key(others, "of others", read(), &["private"]);
    let name = |text| V::ConsumerName(ConsumerName::parse(text).expect("a name"));
    let vendor_line = |text| V::Vendor(Some(Line::parse(text).expect("a line")));
    for (id, text) in [(bot, "bot"), (other_bot, "other bot")] {
        book.set(EntryKind::Consumer, id, &name(text));
        book.set(EntryKind::Consumer, id, &V::ConsumerKind(ConsumerKind::Bot));
    }
    book.set(EntryKind::Consumer, bot, &vendor_line("ACME"));
    book.set(EntryKind::Vendor, vendor, &name("Acme"));
    book.set(EntryKind::Vendor, vendor, &notes("password of the portal"));
    let label = AccountLabel::parse("main").expect("a label");
    book.set(EntryKind::Account, account, &V::AccountLabel(label));
    for (key, consumer) in [(mine, bot), (others, other_bot)] {
        let uses = vec![ConsumerUse {
            consumer,
            since: UtcMs::EPOCH,
            given_by: None,
        }];
        book.set(EntryKind::Key, key, &V::Consumers(uses));
    }
    book.set(EntryKind::Key, mine, &V::Account(Some(account)));
    // Decisions of this vault stay in it.
    let about = V::About(Line::parse("an incident").expect("a line"));
    book.set(EntryKind::Incident, entry(40), &about);
    let entries = |role| -> BTreeSet<EntryId> {
        let scope = tagged("team", History::With);
        let cut = Cut::of(&book.replica, &scope, role, &BTreeSet::new());
        assert_eq!(
            cut.writes.iter().any(|one| bytes(one).contains("portal")),
            role == Role::Admin
        );
        cut.writes.iter().map(|one| one.entry).collect()
    };
    let expected: BTreeSet<EntryId> = [
        mine,
        entry(2),
        entry(3),
        entry(101),
        entry(102),
        entry(103),
        bot,
        vendor,
        account,
    ]
    .into();
    for role in Role::ALL {
        assert_eq!(entries(*role), expected, "{}", role.name());
    }
    // By the account, or by the key itself.
    let set = |ids: &[EntryId]| ids.iter().copied().collect();
    for (accounts, keys) in [(set(&[account]), set(&[])), (set(&[]), set(&[mine]))] {
        let scope = Scope::only(BTreeSet::new(), accounts, keys, History::With).expect("a scope");
        let cut = Cut::of(&book.replica, &scope, Role::Viewer, &BTreeSet::new());
        assert_eq!(secrets(&cut), ["secret 1"]);
    }
}

#[test]
fn a_version_that_names_two_keys_goes_to_nobody() {
    let mut book = three_keys();
    // A forged write puts the secret of the key that withdraws under the one that reads.
    book.set(EntryKind::Credential, entry(103), &V::Key(entry(1)));
    for role in Role::ALL {
        let given = secrets(&cut(&book, *role, History::With));
        assert!(!given.contains(&"secret 3".to_owned()), "{}", role.name());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_scope_has_one_form() {
    let tags = [book::tag("b"), book::tag("a")].into();
    let some =
        Scope::only(tags, [entry(2)].into(), BTreeSet::new(), History::Without).expect("a scope");
    for (scope, expected) in [
        (Scope::everything(History::With), "82f6f5".to_owned()),
        (
            some,
            format!("8283826161616281{}80f4", "50".to_owned() + &"02".repeat(16)),
        ),
    ] {
        let bytes = scope.encode();
        assert_eq!(hex(&bytes), expected);
        assert_eq!(Scope::decode(&bytes), Ok(scope));
    }
    for (bytes, error) in [
        // No tag, account or key at all; tags out of order; a hundred million keys.
        (
            &[0x82, 0x83, 0x80, 0x80, 0x80, 0xf4][..],
            CodecError::Malformed,
        ),
        (
            &[0x82, 0x83, 0x82, 0x61, 0x62, 0x61, 0x61, 0x80, 0x80, 0xf4],
            CodecError::NotCanonical,
        ),
        (
            &[0x82, 0x83, 0x80, 0x80, 0x9a, 0x06, 0, 0, 0],
            CodecError::Malformed,
        ),
    ] {
        assert_eq!(Scope::decode(bytes), Err(error), "{}", hex(bytes));
    }
    let nothing = Scope::only(
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
        History::With,
    );
    assert_eq!(nothing, Err(ScopeRefused::Empty));
}
