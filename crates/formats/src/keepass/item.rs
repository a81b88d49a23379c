//! What becomes of each field of one entry.
//!
//! Deliberately not here: which exchange an entry is of (`identify`).

use std::ops::Range;

use strongroom_domain::{Environment, Notes, Tag};

use super::identify::{self, Identified};
use super::{NOTES, PASSWORD, Part, Site, TITLE, URL, USER_NAME};
use crate::collect::{Candidate, Collector, Group};
use crate::field::squeezed;
use crate::kdbx::{Entry, Expiry, Protection, Standing};
use crate::leaf::{Leaf, Value};
use crate::plan::{Ignored, NotImported, TakenAs, What};
use crate::{FieldName, Options, exchanges, shapes, value};

/// One entry with its leaves.
pub(super) struct Item<'i, 'a> {
    pub(super) entry: &'a Entry,
    pub(super) leaves: &'i [Leaf<'a, Site<'a>>],
    pub(super) range: Range<usize>,
}

impl<'i, 'a> Item<'i, 'a> {
    pub(super) fn settle(self, options: &Options, collector: &mut Collector<'_, 'a, Site<'a>>) {
        if self.entry.standing == Standing::Recycled {
            self.account_all(
                collector,
                What::NotImported {
                    reason: NotImported::InTrash,
                },
            );
            return;
        }
        let named = self.named_candidates();
        let has = |wanted: &[FieldName]| named.iter().any(|one| wanted.contains(&one.field));
        let is_half = has(&[FieldName::ApiKey, FieldName::Secret, FieldName::PrivateKey]);
        let is_whole =
            has(&[FieldName::PrivateKey]) || has(&[FieldName::ApiKey]) && has(&[FieldName::Secret]);
        let identified = match identify::exchange(self.entry) {
            Ok(identified) => identified,
            Err(identify::TwoExchanges) if is_half => {
                self.account_all(
                    collector,
                    What::NotImported {
                        reason: NotImported::TwoExchanges,
                    },
                );
                return;
            }
            Err(identify::TwoExchanges) => None,
        };
        let Some(identified) = identified.or_else(|| {
            let raw = options.exchange.clone().filter(|_| is_whole)?;
            Some(Identified::said(raw))
        }) else {
            self.leave(collector, if is_whole { &named } else { &[] });
            return;
        };
        let is_sure = identified.is_sure || is_whole || self.has_shape(&identified, &named);
        if is_half && !is_sure && !self.login_is_key(&identified) {
            for index in self.range.clone() {
                collector.account(index, self.of_login(index));
            }
            for candidate in &named {
                let reason = NotImported::LoginOrKey;
                collector.account(candidate.leaf, What::NotImported { reason });
            }
            return;
        }
        self.take(identified, named, is_half, options, collector);
    }

    /// Whether the API key among these has the very shape of the exchange's.
    fn has_shape(&self, identified: &Identified, named: &[Candidate]) -> bool {
        let known = exchanges::id_of(&identified.raw);
        let Some(known) = known.as_ref().and_then(shapes::of) else {
            return false;
        };
        named.iter().any(|candidate| {
            candidate.field == FieldName::ApiKey
                && matches!(&self.leaves[candidate.leaf].value, Value::Text(text) if (known.key)(text.trim()))
        })
    }

    /// The entry is of an exchange; what of it is a key?
    fn take(
        &self,
        identified: Identified,
        named: Vec<Candidate>,
        is_half: bool,
        options: &Options,
        collector: &mut Collector<'_, 'a, Site<'a>>,
    ) {
        let login_is_key = self.login_is_key(&identified);
        let mut candidates = if is_half || login_is_key {
            named
        } else {
            Vec::new()
        };
        if login_is_key {
            let has = |wanted| candidates.iter().any(|one: &Candidate| one.field == wanted);
            let signs = has(FieldName::Secret) || has(FieldName::PrivateKey);
            let has_key = has(FieldName::ApiKey);
            for (name, field, is_there) in [
                (USER_NAME, FieldName::ApiKey, has_key),
                (PASSWORD, FieldName::Secret, signs),
            ] {
                if let Some(index) = self.string(name).filter(|_| !is_there) {
                    candidates.push(Candidate::new(field, 0, index));
                }
            }
        }
        let is_key = !candidates.is_empty();
        let taken: Vec<usize> = candidates.iter().map(|candidate| candidate.leaf).collect();
        let mut group = Group {
            exchange: identified.raw.clone(),
            account: identified.account.clone(),
            environment: identified.environment,
            candidates,
            ..Group::default()
        };
        for index in self.range.clone().filter(|index| !taken.contains(index)) {
            let what = if is_key {
                self.beside_key(index, &identified, &mut group)
            } else {
                Err(self.of_login(index))
            };
            match what {
                Ok(taken_as) => group.said_by.push((index, taken_as)),
                Err(what) => collector.account(index, what),
            }
        }
        if is_key {
            group.account = group.account.take().or_else(|| options.account.clone());
            let empty = What::Ignored {
                reason: Ignored::NoCredential,
            };
            collector.add(group, empty);
        }
    }

    /// Custom fields that are named like those of a key.
    fn named_candidates(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for index in self.range.clone() {
            let Part::String { name, .. } = &self.leaves[index].place.part else {
                continue;
            };
            let is_fixed = [TITLE, USER_NAME, PASSWORD, URL, NOTES].contains(name);
            if is_fixed || identify::is_one_time_code(name) || self.is_reference(index) {
                continue;
            }
            if let Some(field) = identify::field_named(name) {
                candidates.push(Candidate::new(field, 0, index));
            }
        }
        candidates
    }

    /// Whether user name and password are an API key and its secret.
    fn login_is_key(&self, identified: &Identified) -> bool {
        let text = |name| {
            let index = self.string(name)?;
            let is_usable = !self.is_reference(index);
            match &self.leaves[index].value {
                Value::Text(text) if is_usable && !text.trim().is_empty() => Some(text.trim()),
                _ => None,
            }
        };
        let (Some(user), password) = (text(USER_NAME), text(PASSWORD)) else {
            return false;
        };
        let are_random = identify::is_random(user) && password.is_none_or(identify::is_random);
        if are_random && identify::says_api(self.entry) {
            return true;
        }
        let known = exchanges::id_of(&identified.raw);
        let known = known.as_ref().and_then(shapes::of);
        known.is_some_and(|shapes| {
            (shapes.key)(user) && password.is_none_or(|password| (shapes.secret)(password))
        })
    }

    /// A leaf of a key that is no field of it: what it says about the key, or why it is not taken.
    fn beside_key(
        &self,
        index: usize,
        identified: &Identified,
        group: &mut Group,
    ) -> Result<TakenAs, What> {
        let leaf = &self.leaves[index];
        let not_imported = |reason| Err(What::NotImported { reason });
        let ignored = |reason| Err(What::Ignored { reason });
        let Part::String { name, protection } = &leaf.place.part else {
            return self.beside_strings(index, group);
        };
        if matches!(leaf.value, Value::Nothing) {
            return ignored(Ignored::Empty);
        }
        match *name {
            TITLE => {
                group.label = Some(value::name(&leaf.value)?);
                return Ok(TakenAs::Label);
            }
            USER_NAME | PASSWORD => return not_imported(NotImported::BesideKey),
            URL if identified.url => return Ok(TakenAs::Exchange),
            URL => return ignored(Ignored::Detail),
            NOTES => {
                group.extra.notes = Some(notes(&leaf.value)?);
                return Ok(TakenAs::Notes);
            }
            _ => {}
        }
        if self.is_reference(index) {
            return not_imported(NotImported::VariableReference);
        }
        if identify::is_one_time_code(name) {
            return not_imported(NotImported::OtherSecret);
        }
        match squeezed(name).as_str() {
            "exchange" => Ok(TakenAs::Exchange),
            "account" | "subaccount" | "exchangeaccount" => {
                group.account = Some(value::name(&leaf.value)?);
                Ok(TakenAs::Account)
            }
            "environment" | "env" => {
                let environment = environment(&leaf.value);
                let reason = NotImported::UnknownEnvironment;
                group.environment = Some(environment.ok_or(What::NotImported { reason })?);
                Ok(TakenAs::Environment)
            }
            _ if *protection == Protection::Protected => not_imported(NotImported::NoField),
            name => match value::stranger(name, &leaf.value) {
                What::NotImported { .. } => not_imported(NotImported::NoField),
                _ => ignored(Ignored::Detail),
            },
        }
    }

    /// What an entry has beside its strings.
    fn beside_strings(&self, index: usize, group: &mut Group) -> Result<TakenAs, What> {
        let leaf = &self.leaves[index];
        let not_imported = |reason| Err(What::NotImported { reason });
        match leaf.place.part {
            Part::Tags => {
                let tags: Option<Vec<Tag>> = self
                    .entry
                    .tags
                    .iter()
                    .map(|tag| Tag::parse(tag).ok())
                    .collect();
                let reason = NotImported::NotAName;
                group.extra.tags = tags.ok_or(What::NotImported { reason })?;
                Ok(TakenAs::Tags)
            }
            Part::Expiry(Expiry::At(moment)) => {
                group.extra.expires = Some(moment);
                Ok(TakenAs::Expiry)
            }
            Part::Expiry(_) => not_imported(NotImported::NotADate),
            Part::Attachment => not_imported(NotImported::Attachment),
            Part::Older => not_imported(NotImported::EarlierValue),
            _ => Err(value::stranger(&leaf.place.shown, &leaf.value)),
        }
    }

    /// A leaf of an entry of an exchange in which no key was found.
    fn of_login(&self, index: usize) -> What {
        let leaf = &self.leaves[index];
        let is_empty = matches!(leaf.value, Value::Nothing);
        match &leaf.place.part {
            Part::String { .. } if is_empty => What::Ignored {
                reason: Ignored::Empty,
            },
            Part::String { name, .. } if [USER_NAME, PASSWORD].contains(name) => {
                What::NotImported {
                    reason: NotImported::LoginOrKey,
                }
            }
            Part::String { name, protection } => {
                let is_secret = *protection == Protection::Protected
                    || identify::is_one_time_code(name)
                    || identify::field_named(name).is_some();
                match value::stranger(name, &leaf.value) {
                    What::Ignored {
                        reason: Ignored::Setting,
                    } if *name == NOTES => match notes(&leaf.value) {
                        Ok(_) => What::Ignored {
                            reason: Ignored::NotExchangeKey,
                        },
                        Err(what) => what,
                    },
                    What::Ignored {
                        reason: Ignored::Setting,
                    } if is_secret => What::NotImported {
                        reason: NotImported::OtherSecret,
                    },
                    What::Ignored {
                        reason: Ignored::Setting,
                    } => What::Ignored {
                        reason: Ignored::NotExchangeKey,
                    },
                    what => what,
                }
            }
            Part::Attachment => What::NotImported {
                reason: NotImported::Attachment,
            },
            _ => What::Ignored {
                reason: Ignored::NotExchangeKey,
            },
        }
    }

    /// The entry is of no exchange that we know.
    fn leave(&self, collector: &mut Collector<'_, 'a, Site<'a>>, named: &[Candidate]) {
        self.account_all(
            collector,
            What::Ignored {
                reason: Ignored::NotExchangeKey,
            },
        );
        for candidate in named {
            let reason = NotImported::NoKnownExchange;
            collector.account(candidate.leaf, What::NotImported { reason });
        }
    }

    fn account_all(&self, collector: &mut Collector<'_, 'a, Site<'a>>, what: What) {
        for index in self.range.clone() {
            let is_empty = matches!(self.leaves[index].value, Value::Nothing);
            let what = if is_empty {
                What::Ignored {
                    reason: Ignored::Empty,
                }
            } else {
                what
            };
            collector.account(index, what);
        }
    }

    /// The leaf of one of the fixed fields.
    fn string(&self, wanted: &str) -> Option<usize> {
        self.range.clone().find(|index| {
            matches!(self.leaves[*index].place.part, Part::String { name, .. } if name == wanted)
        })
    }

    /// KeePass's way to say "the same as there".
    fn is_reference(&self, index: usize) -> bool {
        match &self.leaves[index].value {
            Value::Text(text) => text
                .trim()
                .get(..5)
                .is_some_and(|start| start.eq_ignore_ascii_case("{REF:")),
            _ => false,
        }
    }
}

fn environment(value: &Value<'_>) -> Option<Environment> {
    match value {
        Value::Text(text) => exchanges::environment_of(text),
        _ => None,
    }
}

/// Notes are shown without a code, so those in which a secret may stand are not taken.
fn notes(value: &Value<'_>) -> Result<Notes, What> {
    let not_imported = |reason| What::NotImported { reason };
    let Value::Text(text) = value else {
        return Err(not_imported(NotImported::NotText));
    };
    if identify::may_hold_secret(text) {
        return Err(not_imported(NotImported::KeyInNotes));
    }
    // KeePass on Windows ends lines as Windows does.
    let text = text.replace("\r\n", "\n");
    Notes::parse(&text).map_err(|_| not_imported(NotImported::Notes))
}
