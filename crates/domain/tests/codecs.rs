//! Every stored value reads back as it was written, and no other bytes stand for it.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use strongroom_domain::{
    Allowlist, AllowlistSummary, Canonical, CodecError, ConsumerKind, ConsumerUse, Days, Deleted,
    Due, DueCause, EntryId, EntryKind, Environment, ExchangeId, ExpiryCause, Field, FieldName,
    Hygiene, IpRule, KeyLabel, KeyState, KeySummary, KeyType, Line, Notes, Observation,
    PermissionSet, Register, RegisterValue, RotationEvent, RotationPolicy, Tag, Tri, UtcMs,
    VersionState, WriteId,
};

fn moment() -> impl Strategy<Value = UtcMs> {
    (0..250_000_000_000_000_i64).prop_map(|ms| UtcMs::parse(ms).expect("inside the calendar"))
}

fn days() -> impl Strategy<Value = Days> {
    (1..=Days::MOST).prop_map(|days| Days::parse(days).expect("within limits"))
}

fn line() -> impl Strategy<Value = Line> {
    "[a-zA-Zé][ -~]{0,18}[a-z]".prop_map(|text| Line::parse(&text).expect("plain text"))
}

fn entry() -> impl Strategy<Value = EntryId> {
    any::<[u8; 16]>().prop_map(EntryId::from_bytes)
}

fn tri() -> impl Strategy<Value = Tri> {
    prop_oneof![Just(Tri::Yes), Just(Tri::No), Just(Tri::Unknown)]
}

fn verbs() -> impl Strategy<Value = [Tri; 8]> {
    proptest::array::uniform8(tri())
}

fn permissions() -> impl Strategy<Value = PermissionSet> {
    (verbs(), vec(line(), 0..4))
        .prop_map(|(verbs, native)| PermissionSet::new(verbs).with_native(native))
}

fn rule() -> impl Strategy<Value = IpRule> {
    prop_oneof![
        (1..u32::MAX, 1..=32_u8).prop_map(|(bits, prefix)| {
            let masked = bits & (u32::MAX << (32 - prefix));
            format!("{}/{prefix}", std::net::Ipv4Addr::from(masked.max(1 << 31)))
        }),
        any::<u64>().prop_map(|bits| {
            std::net::Ipv6Addr::from((0x2001_0db8_u128 << 96) | u128::from(bits)).to_string()
        }),
    ]
    .prop_map(|text| IpRule::parse(&text).expect("a rule"))
}

fn allowlist() -> impl Strategy<Value = Allowlist> {
    prop_oneof![
        Just(Allowlist::Unrestricted),
        Just(Allowlist::Unknown),
        vec(rule(), 1..5).prop_map(|rules| Allowlist::listed(rules).expect("at least one")),
    ]
}

fn cause() -> impl Strategy<Value = ExpiryCause> {
    prop_oneof![
        moment().prop_map(|at| ExpiryCause::Fixed { at }),
        days().prop_map(|days| ExpiryCause::DaysSinceCreation { days }),
        days().prop_map(|days| ExpiryCause::Inactivity { days }),
        days().prop_map(|days| ExpiryCause::NoAllowlist { days }),
        moment().prop_map(|at| ExpiryCause::PasswordChange { at }),
        days().prop_map(|days| ExpiryCause::SessionLife { days }),
    ]
}

fn sorted<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

fn due() -> impl Strategy<Value = Due> {
    let why = prop_oneof![
        cause().prop_map(DueCause::Expiry),
        days().prop_map(DueCause::Rotation),
        Just(DueCause::Compromised),
        Just(DueCause::Revocation),
        Just(DueCause::Review),
        Just(DueCause::Backups),
        prop::sample::select(RotationEvent::ALL).prop_map(DueCause::Event),
    ];
    (moment(), why).prop_map(|(at, cause)| Due { at, cause })
}

fn tags() -> impl Strategy<Value = BTreeSet<Tag>> {
    btree_set(
        "[a-z]{1,9}".prop_map(|text| Tag::parse(&text).expect("a tag")),
        0..4,
    )
}

fn uses() -> impl Strategy<Value = Vec<ConsumerUse>> {
    let one = (entry(), moment(), option::of(line())).prop_map(|(consumer, since, given_by)| {
        ConsumerUse {
            consumer,
            since,
            given_by,
        }
    });
    vec(one, 0..4).prop_map(sorted)
}

fn observation() -> impl Strategy<Value = Observation> {
    let dates = || option::of(moment());
    let words = || option::of(line());
    (
        moment(),
        tri(),
        allowlist(),
        dates(),
        dates(),
        dates(),
        words(),
        words(),
    )
        .prop_map(
            |(at, restricted, allowlist, expires, created, last_used, label, stopped)| {
                Observation {
                    at,
                    restricted,
                    allowlist,
                    expires,
                    created,
                    last_used,
                    label,
                    stopped,
                }
            },
        )
}

fn deleted() -> impl Strategy<Value = Deleted> {
    prop_oneof![
        Just(Deleted::No),
        btree_set(any::<[u8; 16]>().prop_map(WriteId::from_bytes), 0..4)
            .prop_map(|seen| Deleted::Yes { seen }),
    ]
}

fn value() -> impl Strategy<Value = (EntryKind, RegisterValue)> {
    use RegisterValue as V;
    let exchange = || "[a-z0-9-]{2,12}".prop_map(|id| ExchangeId::parse(&id).expect("an id"));
    let of_key = prop_oneof![
        line().prop_map(|l| V::KeyLabel(KeyLabel::parse(l.as_str()).expect("a label"))),
        exchange().prop_map(V::Exchange),
        option::of(entry()).prop_map(V::Account),
        prop::sample::select(Environment::ALL).prop_map(V::Environment),
        prop::sample::select(KeyType::ALL).prop_map(V::KeyType),
        option::of(line()).prop_map(V::Purpose),
        permissions().prop_map(V::Declared),
        option::of(permissions()).prop_map(V::Observed),
        allowlist().prop_map(V::Allowlist),
        vec(cause(), 0..5).prop_map(|causes| V::Expiry(sorted(causes))),
        option::of(days())
            .prop_map(|d| V::Rotation(d.map_or(RotationPolicy::Default, RotationPolicy::Every))),
        uses().prop_map(V::Consumers),
        tags().prop_map(V::Tags),
        option::of(line())
            .prop_map(|l| V::Notes(l.map(|l| Notes::parse(l.as_str()).expect("notes")))),
        prop::sample::select(KeyState::ALL).prop_map(V::State),
        option::of(moment()).prop_map(V::Compromised),
        deleted().prop_map(V::Deleted),
        option::of(moment()).prop_map(V::LastUsed),
        observation().prop_map(V::Observation),
    ]
    .prop_map(|value| (EntryKind::Key, value));
    let fields = vec(("[a-z]{1,8}", any::<bool>()), 0..4).prop_map(|fields| {
        let field = |(name, secret): (String, bool)| Field {
            name: FieldName::parse(&name).expect("a name"),
            secret,
        };
        V::Fields(fields.into_iter().map(field).collect())
    });
    let of_credential = prop_oneof![
        entry().prop_map(V::Key),
        fields,
        prop::sample::select(VersionState::ALL).prop_map(V::VersionState),
        moment().prop_map(V::Made),
    ]
    .prop_map(|value| (EntryKind::Credential, value));
    let hygiene =
        (tri(), tri(), tri(), tri(), option::of(moment())).prop_map(|(a, b, c, d, at)| {
            V::Hygiene(Hygiene {
                two_factor: a,
                withdrawal_allowlist: b,
                anti_phishing_code: c,
                alerts: d,
                confirmed: at,
            })
        });
    let of_account = hygiene.prop_map(|value| (EntryKind::Account, value));
    let of_consumer = prop::sample::select(ConsumerKind::ALL)
        .prop_map(|kind| (EntryKind::Consumer, V::ConsumerKind(kind)));
    prop_oneof![10 => of_key, 3 => of_credential, 1 => of_account, 1 => of_consumer]
}

fn summary() -> impl Strategy<Value = KeySummary> {
    let dates = (
        moment(),
        moment(),
        option::of(moment()),
        option::of(moment()),
    );
    let dues = (option::of(due()), option::of(due()), days());
    (
        entry(),
        line(),
        verbs(),
        option::of(verbs()),
        dates,
        dues,
        tags(),
        any::<(bool, bool, u16)>(),
    )
        .prop_map(
            |(id, label, declared, observed, dates, dues, tags, (conflict, has_secret, n))| {
                KeySummary {
                    id,
                    label: KeyLabel::parse(label.as_str()).expect("a label"),
                    exchange: ExchangeId::parse("okx").expect("an id"),
                    account: has_secret.then_some(id),
                    account_label: None,
                    environment: Environment::Demo,
                    state: KeyState::Draining,
                    declared,
                    observed,
                    allowlist: match n {
                        0..20_000 => AllowlistSummary::Unknown,
                        20_000..40_000 => AllowlistSummary::Unrestricted,
                        _ => AllowlistSummary::Listed(u32::from(n)),
                    },
                    expiry: dues.0,
                    rotation: dues.1,
                    rotation_days: dues.2,
                    created: dates.0,
                    last_rotated: dates.1,
                    last_used: dates.2,
                    compromised: dates.3,
                    purpose: Some(label),
                    owner: None,
                    tags: tags.into_iter().collect(),
                    consumers: Vec::new(),
                    conflict,
                    has_secret,
                }
            },
        )
}

/// Whether bytes that differ from a value's own can be read as any value of the register.
fn is_canonical_or_refused(kind: EntryKind, register: Register, bytes: &[u8]) -> bool {
    match RegisterValue::decode(kind, register, bytes) {
        Ok(value) => value.encode() == bytes,
        Err(_) => true,
    }
}

proptest! {
    #[test]
    fn values_read_back_as_they_were_written((kind, value) in value()) {
        let bytes = value.encode();
        let read = RegisterValue::decode(kind, value.register(), &bytes);
        prop_assert_eq!(read, Ok(value.clone()));
        let mut longer = bytes;
        longer.push(0xf6);
        prop_assert!(RegisterValue::decode(kind, value.register(), &longer).is_err());
    }

    #[test]
    fn no_second_form_of_a_value_is_taken(
        (kind, value) in value(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = value.encode();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        prop_assert!(is_canonical_or_refused(kind, value.register(), &bytes));
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_canonical(
        register in prop::sample::select(Register::ALL),
        kind in prop::sample::select(EntryKind::ALL),
        bytes in vec(any::<u8>(), 0..64),
    ) {
        prop_assert!(is_canonical_or_refused(kind, register, &bytes));
    }

    #[test]
    fn summaries_read_back_as_they_were_written(summary in summary()) {
        prop_assert_eq!(KeySummary::decode(&summary.encode()), Ok(summary));
    }
}

#[test]
fn longer_integers_and_unordered_sets_are_refused() {
    // 1 in two bytes instead of one.
    let long = RegisterValue::decode(EntryKind::Key, Register::State, &[0x18, 0x01]);
    assert_eq!(long, Err(CodecError::NotCanonical));
    // Tags "b", "a".
    let unordered = [0x82, 0x61, b'b', 0x61, b'a'];
    let read = RegisterValue::decode(EntryKind::Key, Register::Tags, &unordered);
    assert_eq!(read, Err(CodecError::NotCanonical));
    // A state of a version to come.
    let unknown = RegisterValue::decode(EntryKind::Key, Register::State, &[0x18, 0x63]);
    assert_eq!(unknown, Err(CodecError::Unknown));
    // A sealed register has no value to read.
    let sealed = RegisterValue::decode(EntryKind::Credential, Register::Material, &[0xf6]);
    assert_eq!(sealed, Err(CodecError::Unknown));
}
