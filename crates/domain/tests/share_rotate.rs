//! The list of what is to be rotated after a person was removed.

mod book;

use std::collections::BTreeSet;

use book::{Book, entry, read, trade, withdraw};
use strongroom_domain::share::{Cut, History, Left, Role, RotateList, Scope, Shown};
use strongroom_domain::{
    Allowlist, DAY_MS, Deleted, EntryId, EntryKind, IpRule, KeyState, Line, PermissionClass,
    Register, RegisterValue as V, UtcMs, VersionState,
};

fn removed() -> UtcMs {
    UtcMs::parse(1_800_000_000_000).expect("a date")
}

/// What a share to this role shows, as the vault remembers it.
fn shown(book: &Book, role: Role) -> Vec<Shown> {
    let scope = Scope::everything(History::Without);
    let cut = Cut::of(&book.replica, &scope, role, &BTreeSet::new());
    cut.given
        .secrets()
        .map(|(key, given)| Shown {
            key,
            version: given.version,
            write: given.write,
            at: UtcMs::EPOCH,
        })
        .collect()
}

fn vault() -> Book {
    let mut book = Book::new(1);
    for (number, declared) in [(1, read()), (2, trade()), (3, withdraw()), (4, trade())] {
        book.key(entry(number), &format!("key {number}"), declared, &[]);
        let secret = format!("secret {number}");
        book.version(
            entry(number),
            entry(100 + number),
            VersionState::Active,
            &secret,
        );
    }
    let rule = IpRule::parse("203.0.113.7").expect("an address");
    let listed = V::Allowlist(Allowlist::listed([rule]).expect("one rule"));
    book.set(EntryKind::Key, entry(2), &listed);
    let owner = V::Owner(Some(Line::parse("Ada").expect("a line")));
    book.set(EntryKind::Key, entry(3), &owner);
    book
}

fn keys(list: &RotateList) -> Vec<EntryId> {
    list.open().map(|one| one.key).collect()
}

#[test]
fn the_worst_comes_first_with_an_owner_and_a_day() {
    let book = vault();
    let list = RotateList::of(&book.replica, &shown(&book, Role::Admin), removed());
    assert_eq!(keys(&list), [entry(3), entry(4), entry(2), entry(1)]);
    let worst = &list.items()[0];
    assert_eq!(worst.class, PermissionClass::Withdraw);
    assert_eq!(
        worst.owner.as_ref().map(ToString::to_string).as_deref(),
        Some("Ada")
    );
    assert_eq!(worst.due, removed().plus_ms(DAY_MS));
    let trader = RotateList::of(&book.replica, &shown(&book, Role::Trader), removed());
    assert_eq!(keys(&trader), [entry(4), entry(2), entry(1)]);
    let auditor = RotateList::of(&book.replica, &shown(&book, Role::Auditor), removed());
    assert_eq!(keys(&auditor), []);
}

#[test]
fn an_entry_leaves_when_a_newer_secret_is_in_use_and_ends_when_the_old_one_is_dead() {
    let mut book = vault();
    let given = shown(&book, Role::Trader);
    let of = |book: &Book| RotateList::of(&book.replica, &given, removed());
    // A staged secret replaces nothing yet.
    book.version(entry(4), entry(114), VersionState::Staged, "next");
    assert_eq!(keys(&of(&book)), [entry(4), entry(2), entry(1)]);
    let state = |state| V::VersionState(state);
    book.set(
        EntryKind::Credential,
        entry(114),
        &state(VersionState::Active),
    );
    book.set(
        EntryKind::Credential,
        entry(104),
        &state(VersionState::Draining),
    );
    assert_eq!(keys(&of(&book)), [entry(2), entry(1)]);
    // The old one still works, and somebody knows it.
    let ending: Vec<_> = of(&book).ending().map(|one| (one.key, one.left)).collect();
    assert_eq!(ending, [(entry(4), Left::End)]);
    book.set(
        EntryKind::Credential,
        entry(104),
        &state(VersionState::Revoked),
    );
    assert_eq!(of(&book).items().len(), 2);
}

#[test]
fn a_newer_secret_that_they_were_given_too_closes_nothing() {
    let mut book = vault();
    let mut given = shown(&book, Role::Trader);
    let drained = V::VersionState(VersionState::Draining);
    book.set(EntryKind::Credential, entry(104), &drained);
    book.version(entry(4), entry(114), VersionState::Active, "next");
    given.extend(shown(&book, Role::Trader));
    let list = RotateList::of(&book.replica, &given, removed());
    assert_eq!(keys(&list), [entry(4), entry(2), entry(1)]);
    assert_eq!(list.items()[0].versions, [entry(104), entry(114)]);
}

#[test]
fn what_was_done_here_alone_does_not_make_them_forget() {
    let mut book = vault();
    let given = shown(&book, Role::Viewer);
    assert_eq!(given.len(), 1);
    let open = |book: &Book| keys(&RotateList::of(&book.replica, &given, removed())).len();
    // The key can do more now, is deleted here, its secret corrected, then purged, then all of it.
    book.set(EntryKind::Key, entry(1), &V::Declared(withdraw()));
    assert_eq!(open(&book), 1);
    let list = RotateList::of(&book.replica, &given, removed());
    assert_eq!(list.items()[0].class, PermissionClass::Withdraw);
    book.seal(entry(101), "typed anew");
    book.set(EntryKind::Key, entry(1), &V::State(KeyState::Archived));
    let seen = book.replica.seen_by_deletion(entry(1));
    book.set(EntryKind::Key, entry(1), &V::Deleted(Deleted::Yes { seen }));
    book.purge(entry(101), Register::Material);
    assert_eq!(open(&book), 1);
    for register in [Register::Label, Register::Declared, Register::State] {
        book.purge(entry(1), register);
    }
    let list = RotateList::of(&book.replica, &given, removed());
    assert_eq!((list.items().len(), &list.items()[0].label), (1, &None));
    // Dead at the exchange is dead.
    book.set(EntryKind::Key, entry(1), &V::State(KeyState::Revoked));
    assert_eq!(open(&book), 0);
}
