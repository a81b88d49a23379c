//! What would be shared with whom: the people, the role and the keys of a share, before it is made.
//!
//! Deliberately not here: making it (`seal.rs`).

use std::collections::BTreeSet;

use strongroom_domain::share::{Cut, GivenKey, History, Reach, Role, Scope, could};
use strongroom_domain::{AccountLabel, EntryId, PermissionClass, UtcMs};

use super::agreed::Agreed;
use super::contact::{Contact, ContactId};
use super::error::ShareError;
use super::merge::Whole;
use crate::open::OpenVault;
use crate::records::ReadError;

/// What a share is locked with beside the recipients' keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Recipients,
    /// A passphrase that is made for it as well, or alone where there is no recipient.
    Passphrase,
}

/// What is to be shared with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareAsk {
    pub to: Vec<ContactId>,
    /// The role all of them have without it.
    pub role: Option<Role>,
    /// What all of them were given without it.
    pub reach: Option<Reach>,
    pub history: History,
    pub expires: Option<UtcMs>,
    pub lock: Lock,
}

/// Who would get what.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareOffer {
    pub role: Role,
    pub scope: Scope,
    pub recipients: Vec<Contact>,
    /// Withdraw first.
    pub classes: Vec<ClassGiven>,
    /// By label.
    pub keys: Vec<GivenKey>,
    /// Sentences to read before a yes.
    pub notes: Vec<String>,
    /// All of it, for [`OpenVault::draft_share`] to compare.
    pub agreed: Agreed,
}

/// The keys of one class in a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassGiven {
    pub class: PermissionClass,
    pub keys: usize,
    pub secrets: usize,
    /// What somebody could do with such a secret.
    pub could: &'static str,
}

/// A share whose recipients, role and keys are settled.
pub(super) struct Settled {
    pub(super) role: Role,
    pub(super) scope: Scope,
    pub(super) recipients: Vec<Contact>,
    pub(super) cut: Cut,
}

impl Settled {
    pub(super) fn agreed(&self) -> Agreed {
        Agreed::to(
            self.role,
            &self.scope,
            &self.recipients,
            &self.cut.given.keys,
        )
    }
}

impl OpenVault {
    /// The most people one share goes to.
    pub const MOST_RECIPIENTS: usize = 64;

    /// Who would get what; nothing is made, and no secret is opened.
    pub fn offer_share(&mut self, ask: &ShareAsk) -> Result<ShareOffer, ShareError> {
        self.make_ready()?;
        let whole = self.whole()?;
        let settled = self.settle_share(ask, &whole)?;
        let agreed = settled.agreed();
        let Settled {
            role,
            scope,
            recipients,
            cut,
            ..
        } = settled;
        let mut keys = cut.given.keys;
        keys.sort_by_cached_key(|one| {
            let label = one
                .label
                .as_ref()
                .map(|label| label.as_str().to_lowercase());
            (std::cmp::Reverse(one.class), label, one.key)
        });
        let classes = [
            PermissionClass::Withdraw,
            PermissionClass::Trade,
            PermissionClass::Read,
        ];
        let classes = classes.into_iter().filter_map(|class| {
            let of_class = || keys.iter().filter(move |one| one.class == class);
            let given = ClassGiven {
                class,
                keys: of_class().count(),
                secrets: of_class().map(|one| one.secrets.len()).sum(),
                could: could(class),
            };
            (given.keys > 0).then_some(given)
        });
        let classes: Vec<ClassGiven> = classes.collect();
        Ok(ShareOffer {
            role,
            notes: notes(ask, &recipients, &classes),
            scope,
            recipients,
            classes,
            keys,
            agreed,
        })
    }

    pub(super) fn settle_share(
        &self,
        ask: &ShareAsk,
        whole: &Whole,
    ) -> Result<Settled, ShareError> {
        let recipients = self.recipients_of(ask)?;
        if ask.expires.is_some_and(|at| at <= self.now()) {
            return Err(ShareError::EndsInThePast);
        }
        let role = role_of(ask, &recipients)?;
        let reach = reach_of(ask, &recipients)?;
        let scope = match reach {
            Reach::Everything => Scope::everything(ask.history),
            Reach::Only {
                tags,
                accounts,
                keys,
            } => Scope::only(tags, accounts, keys, ask.history)
                .map_err(|_| ShareError::ScopeNeeded)?,
        };
        let before = self.keys_given_to(recipients.iter().map(|one| one.id))?;
        let cut = Cut::of(&whole.replica, &scope, role, &before);
        if cut.given.keys.is_empty() && cut.writes.is_empty() {
            return Err(ShareError::NoKeys);
        }
        for (place, one) in recipients.iter().enumerate() {
            let Some(grant) = &one.grant else { continue };
            let outside = |given: &&GivenKey| !grant.scope.covers(&whole.replica, given.key);
            let keys = cut.given.keys.iter().filter(outside).count();
            if keys > 0 {
                return Err(ShareError::OutsideGrant { place, keys });
            }
        }
        Ok(Settled {
            role,
            scope,
            recipients,
            cut,
        })
    }

    fn recipients_of(&self, ask: &ShareAsk) -> Result<Vec<Contact>, ShareError> {
        let most = Self::MOST_RECIPIENTS;
        if ask.to.len() > most {
            return Err(ShareError::TooManyRecipients { most });
        }
        if ask.to.is_empty() && ask.lock == Lock::Recipients {
            return Err(ShareError::NoRecipient);
        }
        let mut recipients: Vec<Contact> = Vec::new();
        for (place, id) in ask.to.iter().enumerate() {
            let contact = self.contact(*id)?;
            if !contact.is_pinned() {
                return Err(ShareError::NotPinned { place });
            }
            if contact.grant.is_none() {
                return Err(ShareError::NoRole { place });
            }
            if recipients.iter().all(|one| one.id != contact.id) {
                recipients.push(contact);
            }
        }
        Ok(recipients)
    }

    /// A scope in words, with the names it has here.
    pub fn scope_words(&self, scope: &Scope) -> String {
        let Reach::Only {
            tags,
            accounts,
            keys,
        } = scope.reach()
        else {
            return "everything".to_owned();
        };
        let mut parts: Vec<String> = tags.iter().map(|tag| format!("tag {tag}")).collect();
        for account in accounts {
            let names = self.records.names.as_ref();
            let label = names.and_then(|names| names.account(*account));
            parts.push(match label {
                Some(account) => format!("account {}", account.label),
                None => "an account that is not here".to_owned(),
            });
        }
        parts.extend(match keys.len() {
            0 => None,
            1 => Some("1 key".to_owned()),
            many => Some(format!("{many} keys")),
        });
        parts.join(", ")
    }

    /// A scope by its words, for those who change it: labels of accounts, and labels or ids of keys.
    pub fn scope_names(&self, scope: &Scope) -> ScopeNames {
        let Reach::Only {
            tags,
            accounts,
            keys,
        } = scope.reach()
        else {
            return ScopeNames::default();
        };
        let label = |id: &EntryId| self.label_of(*id).unwrap_or_else(|| id.to_string());
        ScopeNames {
            tags: tags.iter().map(ToString::to_string).collect(),
            accounts: accounts.iter().map(label).collect(),
            keys: keys.iter().map(ToString::to_string).collect(),
        }
    }

    /// The accounts of this label, at every exchange.
    pub fn accounts_called(&mut self, label: &AccountLabel) -> Result<Vec<EntryId>, ReadError> {
        self.make_ready()?;
        let names = self.records.names.as_ref().ok_or(ReadError::Damaged)?;
        let wanted = label.as_str().to_lowercase();
        Ok(names
            .accounts()
            .filter(|one| one.label.as_str().to_lowercase() == wanted)
            .map(|one| one.id)
            .collect())
    }
}

/// A scope by names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeNames {
    pub tags: Vec<String>,
    pub accounts: Vec<String>,
    /// By id: a label may be another key's tomorrow.
    pub keys: Vec<String>,
}

fn role_of(ask: &ShareAsk, recipients: &[Contact]) -> Result<Role, ShareError> {
    let roles = || {
        recipients
            .iter()
            .filter_map(|one| Some(one.grant.as_ref()?.role))
    };
    let Some(role) = ask.role else {
        let different: BTreeSet<Role> = roles().collect();
        return match (different.first(), different.len()) {
            (None, _) => Err(ShareError::RoleNeeded),
            (Some(role), 1) => Ok(*role),
            _ => Err(ShareError::RolesDiffer),
        };
    };
    match roles().position(|one| one < role) {
        Some(place) => Err(ShareError::RoleTooHigh { place }),
        None => Ok(role),
    }
}

fn reach_of(ask: &ShareAsk, recipients: &[Contact]) -> Result<Reach, ShareError> {
    if let Some(reach) = &ask.reach {
        return Ok(reach.clone());
    }
    let mut reaches = recipients
        .iter()
        .filter_map(|one| Some(one.grant.as_ref()?.scope.reach()));
    let first = reaches.next().ok_or(ShareError::ScopeNeeded)?;
    match reaches.all(|one| one == first) {
        true => Ok(first.clone()),
        false => Err(ShareError::ScopesDiffer),
    }
}

fn notes(ask: &ShareAsk, recipients: &[Contact], classes: &[ClassGiven]) -> Vec<String> {
    use super::contact::ContactState;
    let mut notes = Vec::new();
    let unsure = recipients
        .iter()
        .filter(|one| one.state != ContactState::Verified)
        .count();
    if unsure > 0 {
        notes.push(format!(
            "The fingerprint of {unsure} of the recipients was never compared with the person: if \
             the card was somebody else's, so is this share."
        ));
    }
    if ask.lock == Lock::Passphrase {
        notes.push(
            match recipients.is_empty() {
                true => "Whoever has the passphrase and the file can open it.",
                false => {
                    "The file is locked twice: with the recipients' keys and with a passphrase."
                }
            }
            .to_owned(),
        );
    }
    if classes.iter().any(|one| one.secrets > 0) {
        notes.push(
            "What somebody was given they have for good. Taking it back means rotating the keys."
                .to_owned(),
        );
    }
    notes
}
