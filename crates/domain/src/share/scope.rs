//! Which keys a share is about.

use std::collections::BTreeSet;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::register::Register;
use crate::text::Tag;
use crate::value::RegisterValue;

/// Whether earlier values travel, and secrets that are not in use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum History {
    With,
    Without,
}

/// How far a scope goes. A key that any of the three sets names is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The whole vault, with keys that are recorded later.
    Everything,
    Only {
        tags: BTreeSet<Tag>,
        accounts: BTreeSet<EntryId>,
        keys: BTreeSet<EntryId>,
    },
}

/// Which keys, and whether with what was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reach: Reach,
    history: History,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeRefused {
    #[error("a share names at least one tag, account or key, or says that it is everything")]
    Empty,
    #[error("a share names at most {most} tags, accounts or keys")]
    TooMany { most: usize },
}

impl Scope {
    /// The most tags, accounts or keys that are named one by one.
    pub const MOST: usize = 10_000;

    pub fn everything(history: History) -> Self {
        Self {
            reach: Reach::Everything,
            history,
        }
    }

    /// # Errors
    /// Names nothing, which would be taken for everything sooner or later, or too much.
    pub fn only(
        tags: BTreeSet<Tag>,
        accounts: BTreeSet<EntryId>,
        keys: BTreeSet<EntryId>,
        history: History,
    ) -> Result<Self, ScopeRefused> {
        let sizes = [tags.len(), accounts.len(), keys.len()];
        if sizes == [0; 3] {
            return Err(ScopeRefused::Empty);
        }
        if sizes.iter().any(|size| *size > Self::MOST) {
            return Err(ScopeRefused::TooMany { most: Self::MOST });
        }
        Ok(Self {
            reach: Reach::Only {
                tags,
                accounts,
                keys,
            },
            history,
        })
    }

    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    pub fn history(&self) -> History {
        self.history
    }

    /// Whether a key is inside. Where several tags or accounts of it are alive, every one of them
    /// must say so: a conflict gives nobody a key that one side took away from them. A value that
    /// was purged or cannot be read names nothing.
    pub fn covers(&self, replica: &Replica, key: EntryId) -> bool {
        let Reach::Only {
            tags,
            accounts,
            keys,
        } = &self.reach
        else {
            return true;
        };
        let tagged = |value: &RegisterValue| match value {
            RegisterValue::Tags(of_key) => !of_key.is_disjoint(tags),
            _ => false,
        };
        let belongs = |value: &RegisterValue| match value {
            RegisterValue::Account(Some(account)) => accounts.contains(account),
            _ => false,
        };
        keys.contains(&key)
            || (!tags.is_empty() && all_say(replica, key, Register::Tags, tagged))
            || (!accounts.is_empty() && all_say(replica, key, Register::Account, belongs))
    }

    pub(super) fn is_everything(&self) -> bool {
        self.reach == Reach::Everything
    }

    /// Whether an account is named itself.
    pub(super) fn names_account(&self, account: EntryId) -> bool {
        match &self.reach {
            Reach::Everything => true,
            Reach::Only { accounts, .. } => accounts.contains(&account),
        }
    }
}

/// Whether there is an alive value, and all of them say so.
fn all_say(
    replica: &Replica,
    entry: EntryId,
    register: Register,
    says: impl Fn(&RegisterValue) -> bool,
) -> bool {
    let alive = replica.alive(entry, register);
    !alive.is_empty()
        && alive
            .into_iter()
            .all(|write| RegisterValue::of(write).is_some_and(|value| says(&value)))
}

impl Canonical for History {
    fn write_cbor(&self, out: &mut Enc) {
        (*self == Self::With).write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Ok(if bool::read_cbor(input)? {
            Self::With
        } else {
            Self::Without
        })
    }
}

/// `[null | [tags, accounts, keys], with history]`, the sets ascending.
impl Canonical for Scope {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        match &self.reach {
            Reach::Everything => out.null().map(drop).sure(),
            Reach::Only {
                tags,
                accounts,
                keys,
            } => {
                out.array(3).map(drop).sure();
                write_set(out, tags);
                write_set(out, accounts);
                write_set(out, keys);
            }
        }
        self.history.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        if input.datatype()? == minicbor::data::Type::Null {
            input.null()?;
            return Ok(Self::everything(History::read_cbor(input)?));
        }
        array_of(input, 3)?;
        let (tags, accounts, keys) = (read_set(input)?, read_set(input)?, read_set(input)?);
        Self::only(tags, accounts, keys, History::read_cbor(input)?)
            .map_err(|_| CodecError::Malformed)
    }
}

fn write_set<T: Canonical>(out: &mut Enc, set: &BTreeSet<T>) {
    out.array(set.len() as u64).map(drop).sure();
    set.iter().for_each(|one| one.write_cbor(out));
}

fn read_set<T: Canonical + Ord>(input: &mut Dec<'_>) -> Result<BTreeSet<T>, CodecError> {
    (0..array_len(input, Scope::MOST)?)
        .map(|_| T::read_cbor(input))
        .collect()
}
