//! People, a bundle with every kind of body, and files that a dishonest person would make.

use std::collections::BTreeSet;

use strongroom_crypto::{Identity, OsRandom, age};
use strongroom_domain::share::{History, Role, Scope};
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, ExchangeId, FieldName, Hlc, KeyLabel, Material, MaterialField,
    MemberId, MemberName, Notes, Register, RegisterValue, UtcMs, WriteId,
};
use strongroom_formats::share::{
    Addressed, Bundle, ContactCard, Grant, Keys, Kind, Protection, Sealed, ShareBody, ShareWrite,
    open, seal,
};
use strongroom_secret::{Key, SecretText};

/// What must not be seen outside the encryption.
pub(crate) const CANARY: &str = "canary-3f9a-secret";

pub(crate) fn moment(ms: i64) -> UtcMs {
    UtcMs::parse(ms).expect("a moment")
}

/// Always the same one for a number.
pub(crate) fn person(number: u8) -> Identity {
    Identity::from_seeds(&Key::filled_by(|seeds: &mut [u8; 64]| seeds.fill(number)))
}

pub(crate) fn card(identity: &Identity) -> ContactCard {
    let name = MemberName::parse("Alice").expect("a name");
    ContactCard::sign(name, moment(1_700_000_000_000), identity)
}

pub(crate) fn material(credential: u8) -> Material {
    let field = |name: &str, value: &str| MaterialField {
        name: FieldName::parse(name).expect("a name"),
        value: SecretText::new(value.to_owned()),
    };
    Material::new(
        ExchangeId::parse("binance").expect("an exchange"),
        EntryId::from_bytes([1; 16]),
        EntryId::from_bytes([credential; 16]),
        vec![field("key", "public-part"), field("secret", CANARY)],
    )
    .expect("a secret")
}

pub(crate) fn write(id: u8, entry: u8, register: Register, body: ShareBody) -> ShareWrite {
    ShareWrite {
        id: WriteId::from_bytes([id; 16]),
        entry: EntryId::from_bytes([entry; 16]),
        kind: match register {
            Register::Material => EntryKind::Credential,
            _ => EntryKind::Key,
        },
        register,
        supersedes: BTreeSet::new(),
        author: MemberId::from_bytes([7; 16]),
        device: DeviceId::from_bytes([8; 16]),
        hlc: Hlc {
            wall_ms: 1_700_000_000_000,
            counter: 3,
        },
        body,
    }
}

pub(crate) fn value(value: &RegisterValue) -> ShareBody {
    ShareBody::Value(value.encode())
}

/// A label that replaced two others, a note, a secret, and one that was purged.
pub(crate) fn writes() -> Vec<ShareWrite> {
    let label = KeyLabel::parse("Binance main").expect("a label");
    let note = Notes::parse("first\nsecond").expect("notes");
    let mut replacing = write(
        0x11,
        1,
        Register::Label,
        value(&RegisterValue::KeyLabel(label)),
    );
    replacing.supersedes = [9, 4]
        .map(|id| WriteId::from_bytes([id; 16]))
        .into_iter()
        .collect();
    vec![
        write(0x44, 3, Register::Material, ShareBody::Purged),
        write(
            0x33,
            2,
            Register::Material,
            ShareBody::Secret(material(2).encode()),
        ),
        write(
            0x22,
            1,
            Register::Notes,
            value(&RegisterValue::Notes(Some(note))),
        ),
        replacing,
    ]
}

pub(crate) fn grant() -> Option<Grant> {
    Some(Grant {
        role: Role::Trader,
        scope: Scope::everything(History::Without),
    })
}

pub(crate) fn bundle(sender: &Identity) -> Bundle {
    Bundle {
        bundle_id: [5; 16],
        kind: Kind::Share,
        sender: card(sender),
        seq: 3,
        previous: Some([6; 32]),
        created: moment(1_700_000_000_001),
        expires: Some(moment(1_700_600_000_000)),
        grant: grant(),
        checkpoint: Some(b"note".to_vec()),
        writes: writes(),
    }
}

pub(crate) fn sealed(bundle: Bundle, sender: &Identity, protection: Protection<'_>) -> Sealed {
    seal(bundle, sender, protection, &OsRandom).expect("seals")
}

/// Alice's bundle for Bob.
pub(crate) fn for_bob() -> Vec<u8> {
    let (alice, bob) = (person(1), person(2));
    sealed(
        bundle(&alice),
        &alice,
        Protection::Recipients(&[bob.public()]),
    )
    .file
}

/// What Bob sees when every step went well.
pub(crate) fn opened_by_bob(file: &[u8]) -> Addressed {
    let (alice, bob) = (person(1), person(2));
    open(file, &keys(&bob))
        .expect("opens")
        .verify(&alice.public())
        .expect("verifies")
        .for_me(&bob.public().fingerprint())
        .expect("for Bob")
}

pub(crate) fn keys(identity: &Identity) -> Keys<'_> {
    Keys {
        identity,
        passphrase: None,
    }
}

/// The decrypted inside of a file, without its signature.
pub(crate) fn signed_part(file: &[u8], reader: &Identity) -> Vec<u8> {
    let plain = age::open_with_key(file, reader.age_key()).expect("opens");
    let end = plain.len() - strongroom_crypto::sshsig::ARMOURED_BYTES;
    plain.expose()[..end].to_vec()
}

/// Whatever bytes, signed by somebody and encrypted to somebody: an attacker can do that.
pub(crate) fn forged(signed: &[u8], signer: &Identity, to: &Identity) -> Vec<u8> {
    let mut plain = signed.to_vec();
    plain.extend_from_slice(signer.sign_share(signed).as_bytes());
    encrypted(&plain, to)
}

pub(crate) fn encrypted(plain: &[u8], to: &Identity) -> Vec<u8> {
    age::seal_to(&[to.public().recipient()], plain, &OsRandom).expect("seals")
}

/// Everything a write says, to compare by.
pub(crate) fn told(write: &ShareWrite) -> String {
    let body = match &write.body {
        ShareBody::Value(bytes) => format!("value {bytes:02x?}"),
        ShareBody::Secret(bytes) => format!("secret {:02x?}", bytes.expose()),
        ShareBody::Purged => "purged".to_owned(),
    };
    format!(
        "{} {} {:?} {:?} {:?} {} {} {:?} {body}",
        write.entry,
        write.id,
        write.kind,
        write.register,
        write.supersedes,
        write.author,
        write.device,
        write.hlc,
    )
}
