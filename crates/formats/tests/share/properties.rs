//! What holds for every share.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use strongroom_crypto::OsRandom;
use strongroom_domain::share::{History, Role, Scope};
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, Hlc, KeyLabel, MemberId, Register, RegisterValue, Tag, UtcMs,
    WriteId,
};
use strongroom_formats::share::{
    Bundle, Grant, Kind, Protection, ShareBody, ShareWrite, open, seal,
};

use crate::common::*;

prop_compose! {
    fn a_write()(
        id in any::<[u8; 16]>(),
        entry in 0_u8..6,
        what in 0_u8..4,
        supersedes in btree_set(any::<[u8; 16]>(), 0..4),
        author in any::<[u8; 16]>(),
        wall_ms in any::<u64>(),
        counter in any::<u32>(),
        label in "[a-z\u{e4}\u{4e2d}][a-z \u{4e2d}]{0,20}[a-z]",
    ) -> ShareWrite {
        let (kind, register, body) = match what {
            0 => (EntryKind::Key, Register::Label, value(&RegisterValue::KeyLabel(
                KeyLabel::parse(&label).expect("a label"),
            ))),
            1 => (EntryKind::Credential, Register::Material,
                ShareBody::Secret(material(entry).encode())),
            2 => (EntryKind::Credential, Register::Material, ShareBody::Purged),
            _ => (EntryKind::Key, Register::Created, value(&RegisterValue::Created(
                moment(1_600_000_000_000),
            ))),
        };
        ShareWrite {
            id: WriteId::from_bytes(id),
            entry: EntryId::from_bytes([entry; 16]),
            kind,
            register,
            supersedes: supersedes.into_iter().map(WriteId::from_bytes).collect(),
            author: MemberId::from_bytes(author),
            device: DeviceId::from_bytes([8; 16]),
            hlc: Hlc { wall_ms, counter },
            body,
        }
    }
}

prop_compose! {
    fn a_grant()(
        role in 0_usize..4,
        tags in btree_set("[a-z]{1,9}", 1..4),
        keys in btree_set(any::<[u8; 16]>(), 0..4),
        everything in any::<bool>(),
        with in any::<bool>(),
    ) -> Grant {
        let history = if with { History::With } else { History::Without };
        let tags = tags.iter().map(|tag| Tag::parse(tag).expect("a tag")).collect();
        let keys = keys.into_iter().map(EntryId::from_bytes).collect();
        let scope = match everything {
            true => Scope::everything(history),
            false => Scope::only(tags, Default::default(), keys, history).expect("a scope"),
        };
        Grant { role: Role::ALL[role], scope }
    }
}

fn again(write: &ShareWrite) -> ShareWrite {
    ShareWrite {
        body: match &write.body {
            ShareBody::Value(bytes) => ShareBody::Value(bytes.clone()),
            ShareBody::Secret(bytes) => {
                ShareBody::Secret(strongroom_secret::SecretBytes::new(bytes.expose().to_vec()))
            }
            ShareBody::Purged => ShareBody::Purged,
        },
        supersedes: write.supersedes.clone(),
        ..*write
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_in_comes_out_and_again_gives_the_same_bytes(
        writes in vec(a_write(), 0..40),
        grant in a_grant(),
        seq in any::<u64>(),
        previous in any::<Option<[u8; 32]>>(),
        checkpoint in proptest::option::of(vec(any::<u8>(), 0..200)),
        created in 0_i64..2_000_000_000_000,
        expires in proptest::option::of(0_i64..2_000_000_000_000),
    ) {
        let (alice, bob) = (person(1), person(2));
        let to = [bob.public()];
        let bundle = |writes: Vec<ShareWrite>| Bundle {
            bundle_id: [5; 16],
            kind: Kind::Share,
            sender: card(&alice),
            seq,
            previous,
            created: moment(created),
            expires: expires.map(|ms| UtcMs::parse(ms).expect("a moment")),
            grant: Some(grant.clone()),
            checkpoint: checkpoint.clone(),
            writes,
        };
        let copies = writes.iter().rev().map(again).collect();
        let first = seal(bundle(copies), &alice, Protection::Recipients(&to), &OsRandom);
        let first = first.expect("seals");
        let opened = open(&first.file, &keys(&bob)).expect("opens");
        prop_assert_eq!(&opened.envelope().grant, &Some(grant.clone()));
        prop_assert_eq!(opened.envelope().seq, seq);
        prop_assert_eq!(opened.envelope().previous, previous);
        let addressed = opened
            .verify(&alice.public())
            .expect("verifies")
            .for_me(&bob.public().fingerprint())
            .expect("for Bob");
        let read = addressed.writes().expect("reads");
        let mut expected: Vec<_> = writes
            .iter()
            .map(|write| ((write.entry, write.register, write.id), told(write)))
            .collect();
        expected.sort();
        let found: Vec<_> = read
            .iter()
            .map(|write| ((write.entry, write.register, write.id), told(write)))
            .collect();
        prop_assert_eq!(found, expected);
        let second = seal(bundle(read), &alice, Protection::Recipients(&to), &OsRandom);
        let second = second.expect("seals");
        prop_assert_eq!(first.hash, second.hash);
        prop_assert_eq!(
            signed_part(&first.file, &bob),
            signed_part(&second.file, &bob)
        );
    }

    #[test]
    fn whatever_a_sender_signs_is_read_as_it_stands_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        crate::share::check(&bytes);
    }

    #[test]
    fn a_changed_sample_is_read_as_it_stands_or_refused(
        at in any::<prop::sample::Index>(),
        put in vec(any::<u8>(), 0..6),
        cut in 0_usize..6,
    ) {
        let mut bytes = signed_part(&for_bob(), &person(2));
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, put);
        crate::share::check(&bytes);
    }
}
