//! Every derivation and every byte of format 1, frozen.
//!
//! `vectors/frozen-v1.json` was computed by `vectors/independent.py`, which follows
//! `docs/vault-format.md` and shares no code with us. It never changes: a vault that was written
//! once opens for ever.

use std::cell::Cell;

use data_encoding::HEXLOWER;
use strongroom_crypto::{
    AuthBlock, AuthBlockError, Cost, DeviceKeys, FixedPart, Header, ItemAad, KdfParams, Policy,
    Random, RandomFailed, RecoveryCode, RecoveryEntry, Slot, SlotKind, SlotRefused, Totp, VaultKey,
    VaultKeys, checkpoint, derive_factor_device, derive_factor_recovery, derive_pw,
    fingerprint_secret, format_recovery_secret, kit_fingerprint, mac, make_recovery_codes,
    open_index, open_item, parse_recovery_secret, seal_index, seal_item,
};
use strongroom_secret::{Key, Key32, SecretText};

const KEY_GEN: u32 = 7;
const REV: u64 = 9;

struct Vectors(serde_json::Value);

impl Vectors {
    fn load() -> Self {
        let text = include_str!("vectors/frozen-v1.json");
        Self(serde_json::from_str(text).expect("JSON"))
    }

    fn text(&self, name: &str) -> &str {
        self.0[name]
            .as_str()
            .unwrap_or_else(|| panic!("no vector {name}"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        HEXLOWER.decode(self.text(name).as_bytes()).expect("hex")
    }

    fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().expect("its length")
    }

    fn key(&self, name: &str) -> Key32 {
        Key32::from_slice(&self.bytes(name)).expect("32 bytes")
    }

    fn check(&self, name: &str, got: &[u8]) {
        assert_eq!(HEXLOWER.encode(got), self.text(name), "{name}");
    }

    fn fixed(&self) -> FixedPart {
        let cost = Cost::parse(65536, 3, 4).expect("within limits");
        let kdf = KdfParams {
            cost,
            salt: self.array("salt"),
        };
        FixedPart::new(self.array("vault_id"), kdf, KEY_GEN)
    }

    fn vault_key(&self) -> VaultKey {
        VaultKey::make(&Given(self.bytes("vk"))).expect("32 bytes")
    }

    fn vault_keys(&self) -> VaultKeys {
        VaultKeys::derive_from(&self.vault_key(), &self.array("vault_id"), KEY_GEN).expect("a page")
    }

    fn factor(&self) -> Key32 {
        derive_factor_device(
            &self.key("ds"),
            &self.array("vault_id"),
            &self.array("device_id"),
            KEY_GEN,
        )
    }

    fn factor_recovery(&self) -> Key32 {
        derive_factor_recovery(&self.key("rs"), &self.array("vault_id"), KEY_GEN)
    }
}

/// Gives exactly these bytes.
struct Given(Vec<u8>);

impl Random for Given {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        out.copy_from_slice(&self.0);
        Ok(())
    }
}

/// 0, 1, 2 … without end.
struct Counting(Cell<u8>);

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        for byte in out {
            *byte = self.0.get();
            self.0.set(byte.wrapping_add(1));
        }
        Ok(())
    }
}

#[test]
fn every_derivation() {
    let v = Vectors::load();
    v.check("h0", v.fixed().bytes());
    let pw = derive_pw(
        &SecretText::new(v.text("password").to_owned()),
        v.fixed().kdf(),
    );
    v.check("pw", pw.expect("64 MiB").expose());
    v.check("factor_device", v.factor().expose());
    v.check("factor_recovery", v.factor_recovery().expose());
    let keys = v.vault_keys();
    v.check("k_auth", keys.derive_auth_key().expose());
    v.check(
        "k_db",
        keys.derive_db_key(&v.array("db_instance_id")).expose(),
    );
    v.check(
        "k_item",
        keys.derive_item_key(&v.array("write_id")).expose(),
    );
    v.check("k_state", keys.derive_state_key().expose());
    v.check("k_fpr", keys.derive_fingerprint_key().expose());
    let device = DeviceKeys::derive_from(&v.key("ds"), &v.array("vault_id"));
    v.check("k_pre", device.preauth().expose());
    v.check("k_idx", device.index().expose());
    v.check(
        "fingerprint",
        &fingerprint_secret(&v.key("k_fpr"), b"an API secret"),
    );
    let tag = mac(&v.key("k_pre"), "strongroom/v1/preauth-state", b"counters");
    v.check("preauth_mac", &tag);
}

/// Writes the header with the randomness of the vectors, then what comes after it in their order.
#[test]
fn every_byte_that_is_written() {
    let v = Vectors::load();
    let random = Counting(Cell::new(0));
    let (fixed, pw, vk) = (v.fixed(), v.key("pw"), v.vault_key());
    let keys = v.vault_keys();
    let slot = |kind, device, factor: &Key32| {
        Slot::make(&random, &fixed, kind, device, &pw, factor, &vk).expect("randomness")
    };
    let slots = vec![
        slot(SlotKind::Device, v.array("device_id"), &v.factor()),
        slot(SlotKind::Recovery, [0; 16], &v.factor_recovery()),
    ];
    let codes = make_recovery_codes(&random).expect("randomness");
    let mut recovery = [RecoveryEntry {
        digest: [0; 32],
        spent: false,
    }; 10];
    for (index, (entry, code)) in recovery.iter_mut().zip(&codes).enumerate() {
        *entry = RecoveryEntry {
            digest: code.digest(),
            spent: index == 3,
        };
    }
    let auth = AuthBlock {
        totp: Totp::new(Key::from_slice(&v.bytes("totp_seed")).expect("20 bytes")),
        last_step: 60_000_000,
        recovery,
        db_instance_id: v.array("db_instance_id"),
        slots_rev: 2,
        enrolled_at_ms: 1_800_000_000_000,
        policy: Policy::DEFAULT,
    };
    let sealed = auth.seal(&random, &keys.derive_auth_key(), &fixed, &slots, REV);
    let header = Header::new(fixed, slots, REV, sealed.expect("randomness"));
    v.check("header", &header.encode());
    let kit = header.slots()[1].id();
    assert_eq!(
        kit_fingerprint(&v.array("vault_id"), kit),
        v.text("kit_fingerprint")
    );

    assert_eq!(codes[0].format().expose(), v.text("recovery_code_1"));
    assert_eq!(
        format_recovery_secret(&v.key("rs")).expose(),
        v.text("recovery_secret")
    );
    let item = seal_item(&random, &v.key("k_item"), &item_aad(&v), b"an API secret");
    v.check("item", &item.expect("randomness"));
    let index = seal_index(
        &random,
        &v.key("k_idx"),
        &v.array("vault_id"),
        b"what is due",
    );
    v.check("index", &index.expect("randomness"));

    let origin = checkpoint::origin(&v.array("vault_id"));
    let root = std::array::from_fn(|index| 0xe0_u8.wrapping_add(index.to_le_bytes()[0]));
    let seed = Key32::filled_by(|seed| {
        for (byte, value) in seed.iter_mut().zip(0xd0_u8..) {
            *byte = value;
        }
    });
    let note = checkpoint::sign(
        &checkpoint::Checkpoint {
            origin,
            size: 42,
            root,
        },
        &seed,
    );
    assert_eq!(note, v.text("checkpoint"));
}

fn item_aad(v: &Vectors) -> ItemAad {
    ItemAad {
        vault_id: v.array("vault_id"),
        entry_id: v.array("entry_id"),
        register: 0x0102,
        write_id: v.array("write_id"),
        seal_version: 1,
    }
}

#[test]
fn a_header_written_once_opens_for_ever() {
    let v = Vectors::load();
    let header = Header::parse(&v.bytes("header")).expect("parses");
    let pw = v.key("pw");
    let rs = parse_recovery_secret(&SecretText::new(v.text("recovery_secret").to_owned()));
    let vault_id: [u8; 16] = v.array("vault_id");
    let factor_recovery = derive_factor_recovery(&rs.expect("reads"), &vault_id, KEY_GEN);
    let [device, recovery] = header.slots() else {
        panic!("two slots")
    };
    for (slot, factor) in [(device, v.factor()), (recovery, factor_recovery)] {
        let vk = slot.open(header.fixed(), &pw, &factor).expect("opens");
        let keys = VaultKeys::derive_from(&vk, &vault_id, KEY_GEN).expect("a page");
        v.check("k_auth", keys.derive_auth_key().expose());
    }
    let auth = open_auth(&header, &v, REV).expect("opens");
    assert_eq!(
        (auth.last_step, auth.slots_rev, auth.policy.grace_s),
        (60_000_000, 2, 120)
    );
    assert_eq!(auth.recovery_codes_left(), 9);
    let code = RecoveryCode::parse(&SecretText::new(v.text("recovery_code_1").to_owned()));
    assert_eq!(auth.find_recovery_code(&code.expect("reads")), Some(0));

    let item = open_item(&v.key("k_item"), &item_aad(&v), &v.bytes("item"));
    assert_eq!(item.expect("opens").expose(), b"an API secret");
    let index = open_index(&v.key("k_idx"), &vault_id, &v.bytes("index"));
    assert_eq!(index.expect("opens").expose(), b"what is due");
}

fn open_auth(header: &Header, v: &Vectors, rev: u64) -> Result<AuthBlock, AuthBlockError> {
    let k_auth = v.vault_keys().derive_auth_key();
    AuthBlock::open(header.auth(), &k_auth, header.fixed(), header.slots(), rev)
}

#[test]
fn slots_that_were_swapped_or_turned_into_another_kind_are_refused() {
    let v = Vectors::load();
    let bytes = v.bytes("header");
    let header = Header::parse(&bytes).expect("parses");
    let [device, recovery] = header.slots() else {
        panic!("two slots")
    };
    let turned = vec![recovery.clone(), device.clone()];
    let auth = header.auth().to_vec();
    let swapped = Header::new(header.fixed().clone(), turned, REV, auth);
    assert!(matches!(
        open_auth(&swapped, &v, REV),
        Err(AuthBlockError::SlotsChanged)
    ));
    assert!(matches!(
        open_auth(&header, &v, REV + 1),
        Err(AuthBlockError::Forged)
    ));

    // The device slot relabelled as a recovery slot: its wrap is bound to the kind.
    let id = device.id();
    let at = bytes
        .windows(16)
        .position(|window| window == id)
        .expect("is there");
    let mut relabelled = bytes.clone();
    assert_eq!(relabelled[at + 16..at + 18], [1, 1]);
    relabelled[at + 17] = 2;
    let relabelled = Header::parse(&relabelled).expect("parses");
    let opened = relabelled.slots()[0].open(header.fixed(), &v.key("pw"), &v.factor());
    assert!(matches!(opened, Err(SlotRefused::Tampered)));
}

#[test]
fn hostile_headers_never_panic_and_never_pass_in_a_second_spelling() {
    let v = Vectors::load();
    let bytes = v.bytes("header");
    for index in 0..bytes.len() {
        for flip in [1, 0x20, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[index] ^= flip;
            if let Ok(header) = Header::parse(&changed) {
                assert_eq!(header.encode(), changed, "byte {index}");
            }
        }
        assert!(Header::parse(&bytes[..index]).is_err(), "{index} bytes");
    }
}
