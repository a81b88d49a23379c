//! What a person said yes to, in few bytes: a share is made of what was shown, or not at all.
//!
//! Deliberately not here: how long a file is imported, and what it is locked with. Both stand in
//! what is asked for, which is the same when it is shown and when it is made.

use data_encoding::HEXLOWER;
use minicbor::Encoder;
use strongroom_crypto::{Fingerprint, merkle};
use strongroom_domain::Canonical;
use strongroom_domain::share::{GivenKey, Role, Scope};

use super::contact::Contact;

/// Sets this apart from whatever else is hashed alike.
const DOMAIN: &str = "strongroom share agreed 1";

/// Who would get what as which role, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed([u8; 32]);

impl Agreed {
    /// The order of people and of keys means nothing.
    pub(super) fn to(role: Role, scope: &Scope, recipients: &[Contact], keys: &[GivenKey]) -> Self {
        let mut people: Vec<Fingerprint> = recipients.iter().map(Contact::fingerprint).collect();
        people.sort_unstable();
        let mut keys: Vec<&GivenKey> = keys.iter().collect();
        keys.sort_unstable_by_key(|one| one.key);

        let mut out = Encoder::new(Vec::with_capacity(128 + keys.len() * 64));
        let sure = "writing to memory cannot fail";
        out.array(5).expect(sure).str(DOMAIN).expect(sure);
        role.write_cbor(&mut out);
        // With it whether the history goes along.
        scope.write_cbor(&mut out);
        out.array(people.len() as u64).expect(sure);
        for one in people {
            out.bytes(one.as_bytes()).expect(sure);
        }
        out.array(keys.len() as u64).expect(sure);
        for one in keys {
            let mut secrets = one.secrets.clone();
            secrets.sort_unstable();
            out.array(3).expect(sure);
            out.bytes(one.key.as_bytes()).expect(sure);
            // The same secret of a key that may do more is something else to say yes to.
            out.str(one.class.name()).expect(sure);
            out.array(secrets.len() as u64).expect(sure);
            for given in secrets {
                out.array(2).expect(sure);
                out.bytes(given.version.as_bytes()).expect(sure);
                out.bytes(given.write.as_bytes()).expect(sure);
            }
        }
        Self(merkle::leaf_hash(&out.into_writer()))
    }

    /// `None` if it is none that was told.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for Agreed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}
