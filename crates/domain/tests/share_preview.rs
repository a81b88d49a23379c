//! What a bundle would do here: what is honest is merged, what is suspicious waits for a choice,
//! what is forged cannot be chosen.

mod book;

use std::collections::BTreeSet;
use std::sync::Arc;

use book::{Book, entry, member, read, same_secret, sender, tagged, trade, withdraw};
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::share::{
    Group, History, Lot, Preview, Reason, Role, Row, Selection, SelectionRefused, Sender, Standing,
};
use strongroom_domain::{
    AccountLabel, Allowlist, Deleted, EntryId, EntryKind, Hlc, IpRule, KeyLabel, KeyState, Notes,
    Register, RegisterValue as V, UtcMs, VersionState, WriteId,
};

const KEY: u8 = 1;
const VERSION: u8 = 101;

/// A vault with a key that reads, one that trades and one that withdraws.
fn ours() -> Book {
    let mut book = Book::new(1);
    for (number, declared) in [(1, read()), (2, trade()), (3, withdraw())] {
        let key = entry(number);
        book.key(key, &format!("key {number}"), declared, &["team"]);
        let secret = format!("secret {number}");
        book.version(key, entry(100 + number), VersionState::Active, &secret);
        let rule = IpRule::parse("203.0.113.7").expect("an address");
        let list = Allowlist::listed([rule]).expect("one rule");
        book.set(EntryKind::Key, key, &V::Allowlist(list));
    }
    book
}

fn label(text: &str) -> V {
    V::KeyLabel(KeyLabel::parse(text).expect("a label"))
}

fn notes(text: &str) -> V {
    V::Notes(Some(Notes::parse(text).expect("notes")))
}

fn preview(ours: &Book, theirs: &[Write], sender: &Sender) -> Preview {
    Preview::of(&ours.replica, &held(theirs), sender, &same_secret)
}

fn held(writes: &[Write]) -> Vec<Arc<Write>> {
    writes.iter().cloned().map(Arc::new).collect()
}

fn row(preview: &Preview, entry: EntryId, register: Register) -> &Row {
    let mut rows = preview.rows().iter();
    rows.find(|row| (row.entry, row.register) == (entry, register))
        .expect("a row")
}

/// What a sender of this role, with these edits, is shown as.
fn check(role: Role, edit: impl Fn(&mut Book), at: (u8, Register), group: Group, why: &[Reason]) {
    let ours = ours();
    let mut theirs = ours.of(2);
    edit(&mut theirs);
    let shown = preview(&ours, &theirs.all(), &sender(2, role));
    let row = row(&shown, entry(at.0), at.1);
    assert_eq!(row.group, group, "{} {row:?}", role.name());
    assert_eq!(row.reasons, why.iter().copied().collect(), "{row:?}");
    let taken = shown.select(&Selection::safe()).expect("nothing is chosen");
    let off = matches!(
        group,
        Group::Suspicious | Group::OutOfScope | Group::Unchanged
    );
    let is_taken = taken
        .iter()
        .any(|write| (write.entry, write.register) == (row.entry, row.register));
    assert_eq!(is_taken, !off && !row.writes.is_empty(), "{row:?}");
}

fn key_edit(number: u8, value: V) -> impl Fn(&mut Book) {
    move |book| {
        book.set(EntryKind::Key, entry(number), &value);
    }
}

#[test]
fn what_nobody_changed_is_unchanged_and_nothing_is_merged() {
    let ours = ours();
    let shown = preview(&ours, &ours.all(), &sender(2, Role::Admin));
    assert_eq!(shown.count(Group::Unchanged), shown.rows().len());
    assert_eq!(shown.select(&Selection::safe()), Ok(Vec::new()));
}

#[test]
fn an_admin_edits_and_adds() {
    let admin = Role::Admin;
    check(
        admin,
        key_edit(KEY, label("other")),
        (KEY, Register::Label),
        Group::Updated,
        &[],
    );
    check(
        admin,
        |book| {
            book.key(entry(9), "new", withdraw(), &[]);
            book.version(entry(9), entry(109), VersionState::Active, "new secret");
        },
        (109, Register::Material),
        Group::New,
        &[],
    );
    let seen = |book: &Book| book.replica.seen_by_deletion(entry(KEY));
    check(
        admin,
        |book| {
            let deleted = V::Deleted(Deleted::Yes { seen: seen(book) });
            book.set(EntryKind::Key, entry(KEY), &deleted);
        },
        (KEY, Register::Deleted),
        Group::DeletedThere,
        &[],
    );
}

#[test]
fn both_sides_edits_are_a_conflict_and_ours_may_be_newer() {
    let mut ours = ours();
    let mut theirs = ours.of(2);
    let older = theirs.all();
    ours.set(EntryKind::Key, entry(KEY), &label("here"));
    let shown = preview(&ours, &older, &sender(2, Role::Admin));
    let at = row(&shown, entry(KEY), Register::Label);
    assert_eq!(at.group, Group::OursNewer);
    assert!(at.writes.is_empty());
    theirs.set(EntryKind::Key, entry(KEY), &label("there"));
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    assert_eq!(
        row(&shown, entry(KEY), Register::Label).group,
        Group::Conflict
    );
    let mut merged = ours.replica.clone();
    for write in shown.select(&Selection::safe()).expect("a choice") {
        merged.insert(write);
    }
    assert_eq!(merged.alive(entry(KEY), Register::Label).len(), 2);
}

#[test]
fn what_an_admin_sends_of_a_key_that_withdraws_or_protects_less_waits_for_a_choice() {
    let admin = Role::Admin;
    let suspicious = |edit: &dyn Fn(&mut Book), at, why: &[Reason]| {
        check(admin, edit, at, Group::Suspicious, why);
    };
    suspicious(
        &|book| {
            book.seal(entry(103), "another");
        },
        (103, Register::Material),
        &[Reason::CredentialChanged],
    );
    suspicious(
        &|book| {
            book.version(entry(3), entry(113), VersionState::Active, "another");
        },
        (113, Register::VersionState),
        &[Reason::CredentialChanged],
    );
    // The rest of the version stays with its secret.
    suspicious(
        &|book| {
            book.version(entry(3), entry(113), VersionState::Active, "another");
        },
        (113, Register::Key),
        &[Reason::TogetherWith],
    );
    suspicious(
        &key_edit(3, V::Declared(read())),
        (3, Register::Declared),
        &[Reason::ClassLowered],
    );
    for list in [Allowlist::Unrestricted, Allowlist::Unknown] {
        suspicious(
            &key_edit(KEY, V::Allowlist(list)),
            (KEY, Register::Allowlist),
            &[Reason::AllowlistEmptied],
        );
    }
    suspicious(
        &|book| book.purge(entry(VERSION), Register::Material),
        (VERSION, Register::Material),
        &[Reason::Destroys],
    );
    // A secret of a key that reads is an update like any other.
    check(
        admin,
        |book| {
            book.seal(entry(VERSION), "another");
        },
        (VERSION, Register::Material),
        Group::Updated,
        &[],
    );
}

#[test]
fn a_secret_that_makes_a_key_withdraw_is_as_suspicious_as_one_of_a_key_that_does() {
    check(
        Role::Admin,
        |book| {
            book.set(EntryKind::Key, entry(KEY), &V::Declared(withdraw()));
            book.seal(entry(VERSION), "another");
        },
        (VERSION, Register::Material),
        Group::Suspicious,
        &[Reason::CredentialChanged],
    );
}

#[test]
fn a_class_is_not_lowered_in_two_rows_of_which_each_is_harmless() {
    let mut ours = ours();
    let seen = V::Observed(Some(withdraw()));
    ours.set(EntryKind::Key, entry(3), &seen);
    let mut theirs = ours.of(2);
    theirs.set(EntryKind::Key, entry(3), &V::Declared(read()));
    theirs.set(EntryKind::Key, entry(3), &V::Observed(Some(read())));
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    for register in [Register::Declared, Register::Observed] {
        let row = row(&shown, entry(3), register);
        assert_eq!(row.reasons, [Reason::ClassLowered].into(), "{register:?}");
    }
    // Nor does a conflict that a list would show as harmless lower it.
    let mut fork = ours.of(3);
    fork.set(EntryKind::Key, entry(3), &V::Declared(withdraw()));
    ours.set(EntryKind::Key, entry(3), &V::Declared(trade()));
    let shown = preview(&ours, &fork.all(), &sender(3, Role::Admin));
    assert_eq!(
        row(&shown, entry(3), Register::Declared).group,
        Group::Conflict
    );
}

#[test]
fn each_role_changes_what_it_may_and_no_more() {
    use Reason::NoAuthority;
    let edits: [(V, u8, [bool; 4]); 12] = [
        // value, of which key, whether an auditor, a viewer, a trader, an admin may
        (notes("n"), 2, [false, false, true, true]),
        (notes("n"), 3, [false, false, false, true]),
        (
            V::LastUsed(Some(UtcMs::EPOCH)),
            2,
            [false, false, true, true],
        ),
        (label("x"), 2, [false, false, false, true]),
        (V::Tags(BTreeSet::new()), 2, [false, false, false, true]),
        (V::Account(None), 2, [false, false, false, true]),
        (V::State(KeyState::Rotating), 2, [false, false, true, true]),
        (V::State(KeyState::Archived), 2, [false, false, false, true]),
        (
            V::Compromised(Some(UtcMs::EPOCH)),
            2,
            [false, false, true, true],
        ),
        (V::Compromised(None), 2, [false, false, false, true]),
        (V::Consumers(Vec::new()), 1, [false, false, true, true]),
        (V::Deleted(Deleted::No), 1, [false, false, false, true]),
    ];
    for (value, key, may) in &edits {
        for (role, may) in Role::ALL.iter().zip(may) {
            let (group, why) = match may {
                true => (Group::Updated, &[][..]),
                false => (Group::Suspicious, &[NoAuthority][..]),
            };
            check(
                *role,
                key_edit(*key, value.clone()),
                (*key, value.register()),
                group,
                why,
            );
        }
    }
}

#[test]
fn a_trader_rotates_what_they_may_open_and_destroys_nothing() {
    let rotate = |number: u8| {
        move |book: &mut Book| {
            let old = V::VersionState(VersionState::Draining);
            book.set(EntryKind::Credential, entry(100 + number), &old);
            book.version(
                entry(number),
                entry(110 + number),
                VersionState::Active,
                "next",
            );
        }
    };
    let at = |number: u8| (110 + number, Register::Material);
    check(Role::Trader, rotate(2), at(2), Group::New, &[]);
    check(
        Role::Trader,
        rotate(3),
        at(3),
        Group::Suspicious,
        &[Reason::NoAuthority, Reason::CredentialChanged],
    );
    check(
        Role::Trader,
        |book| {
            let dead = V::VersionState(VersionState::Revoked);
            book.set(EntryKind::Credential, entry(102), &dead);
        },
        (102, Register::VersionState),
        Group::Suspicious,
        &[Reason::NoAuthority],
    );
    check(
        Role::Trader,
        |book| book.purge(entry(102), Register::Material),
        (102, Register::Material),
        Group::Suspicious,
        &[Reason::NoAuthority, Reason::Destroys],
    );
    check(
        Role::Trader,
        |book| book.key(entry(9), "new", read(), &["team"]),
        (9, Register::Label),
        Group::Suspicious,
        &[Reason::NoAuthority],
    );
}

#[test]
fn nobody_speaks_for_others_but_an_admin() {
    let ours = ours();
    let mut others = ours.of(7);
    others.set(EntryKind::Key, entry(2), &notes("of another person"));
    for (role, why) in [(Role::Trader, &[Reason::Relayed][..]), (Role::Admin, &[])] {
        let shown = preview(&ours, &others.all(), &sender(2, role));
        let row = row(&shown, entry(2), Register::Notes);
        assert_eq!(row.reasons, why.iter().copied().collect());
    }
    // What is here already may come back from anybody, and changes nothing.
    let shown = preview(&others, &others.all(), &sender(2, Role::Trader));
    assert_eq!(shown.count(Group::Unchanged), shown.rows().len());
}

#[test]
fn a_sender_nobody_confirmed_or_gave_a_role_changes_nothing_by_default() {
    let ours = ours();
    let mut theirs = ours.of(2);
    theirs.set(EntryKind::Key, entry(KEY), &label("x"));
    let mut unpinned = sender(2, Role::Admin);
    unpinned.standing = Standing::Unpinned;
    let mut without_role = sender(2, Role::Admin);
    without_role.role = None;
    for (who, why) in [
        (unpinned, BTreeSet::from([Reason::SenderUnpinned])),
        (without_role, BTreeSet::from([Reason::NoAuthority])),
    ] {
        let shown = preview(&ours, &theirs.all(), &who);
        assert_eq!(row(&shown, entry(KEY), Register::Label).reasons, why);
        assert_eq!(shown.select(&Selection::safe()), Ok(Vec::new()));
    }
}

#[test]
fn nobody_moves_an_entry_into_their_own_scope() {
    let mut ours = ours();
    ours.key(entry(8), "of others", trade(), &["private"]);
    let mut theirs = ours.of(2);
    theirs.set(
        EntryKind::Key,
        entry(8),
        &V::Tags([book::tag("team")].into()),
    );
    theirs.set(EntryKind::Key, entry(8), &notes("mine now"));
    theirs.version(entry(8), entry(108), VersionState::Active, "theirs");
    for role in [Role::Trader, Role::Admin] {
        let mut who = sender(2, role);
        who.scope = tagged("team", History::With);
        let shown = preview(&ours, &theirs.all(), &who);
        assert_eq!(shown.count(Group::OutOfScope), 6, "{}", role.name());
        assert_eq!(shown.count(Group::Suspicious), 0);
        let all = Selection::with(shown.acceptable());
        assert_eq!(shown.select(&all), Ok(Vec::new()));
        let lot = Lot::Register(entry(8), Register::Tags);
        let forced = shown.select(&Selection::with([lot]));
        assert_eq!(forced, Err(SelectionRefused::NoSuchLot));
    }
    // An account or a consumer does not come into scope by being named in the same bundle.
    let account = entry(30);
    let name = AccountLabel::parse("account").expect("a label");
    ours.set(EntryKind::Account, account, &V::AccountLabel(name));
    let mut theirs = ours.of(2);
    theirs.set(EntryKind::Key, entry(2), &V::Account(Some(account)));
    let renamed = AccountLabel::parse("renamed").expect("a label");
    theirs.set(EntryKind::Account, account, &V::AccountLabel(renamed));
    let mut who = sender(2, Role::Admin);
    who.scope = tagged("team", History::With);
    let shown = preview(&ours, &theirs.all(), &who);
    assert_eq!(
        row(&shown, account, Register::Label).group,
        Group::OutOfScope
    );
    // What a vault decided for itself is nobody's to send.
    let mut theirs = ours.of(2);
    let note = notes("a line of a log");
    theirs.set(EntryKind::IncidentNote, entry(50), &note);
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    assert_eq!(
        row(&shown, entry(50), Register::Notes).group,
        Group::OutOfScope
    );
    // And a version of a secret that names no key belongs to nothing, whoever sends it.
    let mut theirs = ours.of(2);
    let made = V::Made(UtcMs::EPOCH);
    theirs.set(EntryKind::Credential, entry(150), &made);
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    assert_eq!(
        row(&shown, entry(150), Register::Made).group,
        Group::OutOfScope
    );
}

/// A bundle of one write that was tampered with.
fn forged(at: (u8, Register), tamper: impl Fn(&mut Write)) -> (Book, Vec<Write>) {
    let ours = ours();
    let mut bundle = ours.all();
    let write = bundle
        .iter_mut()
        .find(|write| (write.entry, write.register) == (entry(at.0), at.1))
        .expect("a write");
    tamper(write);
    (ours, bundle)
}

#[test]
fn what_no_honest_device_makes_cannot_be_chosen() {
    use Reason as R;
    let fresh = WriteId::from_bytes([0xee; 16]);
    let foreign = ours().replica.alive_ids(entry(3), Register::Declared);
    let sealed = |text: &str| Body::Sealed {
        version: 1,
        bytes: text.as_bytes().to_vec(),
    };
    type Tamper<'t> = (&'t str, (u8, Register), R, Box<dyn Fn(&mut Write) + 't>);
    let cases: Vec<Tamper<'_>> = vec![
        (
            "another secret under a known id",
            (VERSION, Register::Material),
            R::Disputed,
            Box::new(|write| write.body = sealed("forged")),
        ),
        (
            "another value under a known id",
            (KEY, Register::Label),
            R::Disputed,
            Box::new(|write| write.body = Body::Value(label("forged").encode())),
        ),
        (
            "another author of a known write",
            (KEY, Register::Label),
            R::Disputed,
            Box::new(|write| write.author = member(9)),
        ),
        (
            "a later clock of a known write",
            (KEY, Register::Label),
            R::Disputed,
            Box::new(|write| {
                write.hlc = Hlc {
                    wall_ms: 99,
                    counter: 0,
                }
            }),
        ),
        (
            "a known write that replaces more",
            (KEY, Register::Label),
            R::Disputed,
            Box::new(|write| {
                write.supersedes.insert(fresh);
            }),
        ),
        (
            "a known write as one of another key",
            (KEY, Register::Label),
            R::Disputed,
            Box::new(|write| write.entry = entry(2)),
        ),
        (
            "a write that replaces those of another key",
            (KEY, Register::Declared),
            R::ForeignSupersedes,
            Box::new(|write| {
                write.id = fresh;
                write.supersedes.extend(&foreign);
            }),
        ),
        (
            "a version under a second key",
            (103, Register::Key),
            R::MixedKeys,
            Box::new(|write| {
                write.id = fresh;
                write.body = Body::Value(V::Key(entry(KEY)).encode());
            }),
        ),
        (
            "bytes that are no value",
            (KEY, Register::Label),
            R::Unreadable,
            Box::new(|write| {
                write.id = fresh;
                write.body = Body::Value(vec![0xff]);
            }),
        ),
        (
            "a secret where there is none",
            (KEY, Register::Label),
            R::Unreadable,
            Box::new(|write| {
                write.id = fresh;
                write.body = sealed("x");
            }),
        ),
        (
            "a secret in the open",
            (VERSION, Register::Material),
            R::Unreadable,
            Box::new(|write| {
                write.id = fresh;
                write.body = Body::Value(vec![0x40]);
            }),
        ),
        (
            "a clock past the calendar",
            (KEY, Register::Label),
            R::Unreadable,
            Box::new(|write| {
                write.id = fresh;
                write.hlc.wall_ms = u64::MAX;
            }),
        ),
    ];
    for (what, at, reason, tamper) in cases {
        let (ours, bundle) = forged(at, tamper);
        let shown = preview(&ours, &bundle, &sender(1, Role::Admin));
        let found = shown
            .suspicious()
            .iter()
            .find(|(_, reasons)| reasons.contains(&reason));
        let (lot, _) = found.unwrap_or_else(|| panic!("{what} is not seen"));
        let choice = Selection::with([*lot]);
        assert_eq!(
            shown.select(&choice),
            Err(SelectionRefused::Forged),
            "{what}"
        );
        assert!(shown.acceptable().all(|one| one != *lot), "{what}");
        let taken = shown.select(&Selection::safe()).expect("nothing is chosen");
        assert_eq!(taken, [], "{what}");
    }
}

#[test]
fn a_share_sealed_by_another_vault_is_unchanged_where_the_secret_is_the_same() {
    let ours = ours();
    let mut bundle = ours.all();
    for write in &mut bundle {
        if let Body::Sealed { bytes, .. } = &mut write.body {
            bytes.push(b'!');
        }
    }
    let text = |write: &Write| match &write.body {
        Body::Sealed { bytes, .. } => String::from_utf8_lossy(bytes)
            .trim_end_matches('!')
            .to_owned(),
        _ => String::new(),
    };
    let same = |one: &Write, other: &Write| text(one) == text(other);
    let shown = Preview::of(
        &ours.replica,
        &held(&bundle),
        &sender(2, Role::Admin),
        &same,
    );
    assert_eq!(shown.count(Group::Unchanged), shown.rows().len());
}

#[test]
fn a_secret_is_chosen_with_everything_a_rotation_writes() {
    let ours = ours();
    let mut theirs = ours.of(2);
    let old = V::VersionState(VersionState::Draining);
    theirs.set(EntryKind::Credential, entry(103), &old);
    theirs.version(entry(3), entry(113), VersionState::Active, "next");
    theirs.set(EntryKind::Key, entry(3), &V::State(KeyState::Draining));
    theirs.set(EntryKind::Key, entry(3), &V::Created(UtcMs::EPOCH));
    theirs.set(EntryKind::Key, entry(3), &label("renamed as well"));
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    let lots: Vec<Lot> = shown.suspicious().keys().copied().collect();
    assert_eq!(lots, [Lot::Secrets(entry(3))]);
    let registers = |writes: Vec<Arc<Write>>| -> BTreeSet<(EntryId, Register)> {
        writes
            .into_iter()
            .map(|one| (one.entry, one.register))
            .collect()
    };
    let safe = registers(shown.select(&Selection::safe()).expect("a choice"));
    assert_eq!(safe, [(entry(3), Register::Label)].into());
    let all = registers(shown.select(&Selection::with(lots)).expect("a choice"));
    assert_eq!(all.len(), 8);
    assert!(all.contains(&(entry(113), Register::Material)));
    assert!(all.contains(&(entry(3), Register::State)));
}

#[test]
fn what_a_purge_ends_is_one_choice() {
    let ours = ours();
    let mut theirs = ours.of(2);
    for register in [
        Register::Label,
        Register::Declared,
        Register::Tags,
        Register::State,
    ] {
        theirs.purge(entry(KEY), register);
    }
    theirs.purge(entry(VERSION), Register::Material);
    let seen = theirs.replica.seen_by_deletion(entry(KEY));
    theirs.set(
        EntryKind::Key,
        entry(KEY),
        &V::Deleted(Deleted::Yes { seen }),
    );
    let shown = preview(&ours, &theirs.all(), &sender(2, Role::Admin));
    let lots: Vec<Lot> = shown.suspicious().keys().copied().collect();
    assert_eq!(lots, [Lot::Entry(entry(KEY))]);
    assert_eq!(shown.select(&Selection::safe()), Ok(Vec::new()));
    let mut merged = ours.replica.clone();
    for write in shown.select(&Selection::with(lots)).expect("a choice") {
        let done = merged.insert(write);
        assert_eq!(done.disputed, []);
    }
    assert_eq!(merged, theirs.replica);
    // And the writes that were purged are not refilled by anybody's older share.
    let mut refilled = ours.clone();
    refilled.replica = merged.clone();
    let shown = preview(&refilled, &ours.all(), &sender(2, Role::Admin));
    let all = Selection::with(shown.acceptable());
    assert_eq!(shown.select(&all), Ok(Vec::new()));
}

#[test]
fn every_reason_and_group_has_words() {
    let words: BTreeSet<&str> = [
        Reason::SenderUnpinned,
        Reason::NoAuthority,
        Reason::Relayed,
        Reason::CredentialChanged,
        Reason::ClassLowered,
        Reason::AllowlistEmptied,
        Reason::Destroys,
        Reason::TogetherWith,
        Reason::Disputed,
        Reason::MixedKeys,
        Reason::ForeignSupersedes,
        Reason::Unreadable,
    ]
    .map(Reason::words)
    .into();
    assert_eq!(words.len(), 12);
    let names: BTreeSet<&str> = Group::ALL.iter().map(|group| group.name()).collect();
    assert_eq!(names.len(), 8);
}

/// A bundle as large as a file may be, laid out to take as long as it can: every value of a register
/// is alive, and every version of the secret asks how dangerous its key is.
#[test]
fn a_bundle_that_is_laid_out_to_take_long_comes_to_an_end() {
    let ours = ours();
    let mut theirs = ours.all();
    let key = entry(KEY);
    let mut next = 0_u64;
    let mut write = |kind, entry, value: &V| {
        next += 1;
        let mut id = [7; 16];
        id[8..].copy_from_slice(&next.to_be_bytes());
        Write {
            id: WriteId::from_bytes(id),
            entry,
            kind,
            register: value.register(),
            supersedes: BTreeSet::new(),
            author: member(2),
            device: strongroom_domain::DeviceId::from_bytes([2; 16]),
            hlc: Hlc {
                wall_ms: next,
                counter: 0,
            },
            body: Body::Value(value.encode()),
        }
    };
    for _ in 0..30_000 {
        theirs.push(write(EntryKind::Key, key, &V::Declared(read())));
        theirs.push(write(EntryKind::Key, key, &V::Observed(Some(trade()))));
    }
    for number in 0..5_000_u32 {
        let mut version = [9; 16];
        version[12..].copy_from_slice(&number.to_be_bytes());
        let version = EntryId::from_bytes(version);
        let kind = EntryKind::Credential;
        theirs.push(write(kind, version, &V::Key(key)));
        let active = V::VersionState(VersionState::Active);
        theirs.push(write(kind, version, &active));
    }
    let shown = preview(&ours, &theirs, &sender(2, Role::Trader));
    assert_eq!(row(&shown, key, Register::Declared).writes.len(), 30_000);
    assert_eq!(row(&shown, key, Register::Observed).writes.len(), 30_000);
    // And the worst of all of them is still what counts.
    let mut after = ours.replica.clone();
    for write in theirs {
        after.insert(write);
    }
    let rights = strongroom_domain::share::rights_of(&after, key);
    assert_eq!(rights.class(), strongroom_domain::PermissionClass::Trade);
}

/// Each of many versions names a key that has many writes here and none in the bundle.
#[test]
fn versions_that_all_name_one_large_key_come_to_an_end() {
    let mut ours = ours();
    let key = entry(KEY);
    for number in 0..2_000_u64 {
        ours.set(EntryKind::Key, key, &V::Created(UtcMs::from_clock(number)));
    }
    let mut theirs = ours.of(2);
    let mut bundle = Vec::new();
    for number in 0..20_000_u32 {
        let mut version = [9; 16];
        version[12..].copy_from_slice(&number.to_be_bytes());
        let version = EntryId::from_bytes(version);
        let id = theirs.set(EntryKind::Credential, version, &V::Key(key));
        let write = theirs.replica.write(version, Register::Key, id);
        bundle.push(write.expect("it was written").clone());
    }
    let shown = preview(&ours, &bundle, &sender(2, Role::Admin));
    assert_eq!(shown.rows().len(), bundle.len());
}
