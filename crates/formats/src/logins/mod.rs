//! Items of password managers: which of them are exchange keys.
//!
//! An item is a key if an exchange is named (in its title, its address or a field for that) and
//! values stand in it as a key's do: fields named like credentials, or a user name and a password
//! of that exchange's very shape. A login is none. Whatever could be either is left, and said to
//! be left: a wrong guess would record somebody's password as an exchange's secret.
//!
//! Deliberately not here: any manager's file (`bitwarden`, `table`).

mod exchange;
pub(crate) mod table;

use strongroom_domain::{Environment, ExchangeId};

use crate::collect::{Candidate, Collector, Group};
use crate::leaf::{Leaf, Value};
use crate::plan::{Ignored, NotImported, TakenAs, What};
use crate::shapes::{self, Shapes};
use crate::{FieldName, exchanges, value};

use self::exchange::{Evidence, Named};

/// One item as its manager has it: which leaf is what.
#[derive(Default)]
pub(crate) struct Item {
    pub(crate) title: Option<usize>,
    pub(crate) addresses: Vec<usize>,
    pub(crate) username: Option<usize>,
    pub(crate) password: Option<usize>,
    pub(crate) second_factor: Option<usize>,
    pub(crate) notes: Option<usize>,
    /// Fields that the person added.
    pub(crate) custom: Vec<Custom>,
    pub(crate) earlier: Vec<usize>,
    pub(crate) details: Vec<usize>,
    pub(crate) place: Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kept {
    #[default]
    InUse,
    InTrash,
}

pub(crate) struct Custom {
    pub(crate) name: String,
    pub(crate) value: usize,
}

/// Shortest value that looks drawn at random.
const SHORTEST_RANDOM: usize = 16;

impl Item {
    /// Accounts for everything in the item, and makes a draft of it if it is a key.
    pub(crate) fn finish<'l, 'a, P>(
        self,
        leaves: &'l [Leaf<'a, P>],
        account: Option<&str>,
        collector: &mut Collector<'l, 'a, P>,
    ) {
        let text = |leaf: usize| leaves[leaf].value.as_text().unwrap_or_default();
        let evidence = exchange::evidence(&self, &text);
        let candidates = self.candidates(&evidence, &text);
        let judgement = self.judge(&evidence, &candidates, &text);
        let mut left = Left::of(leaves, collector);
        for leaf in self.details.iter().chain(&self.earlier) {
            left.say(
                *leaf,
                judgement.of_rest(Ignored::Detail, self.earlier.contains(leaf)),
            );
        }
        let named = match (judgement, evidence.named) {
            (Judgement::Key, Some(named)) => named,
            (judgement, _) => {
                self.leave(judgement, &candidates, &text, &mut left);
                return;
            }
        };

        let mut group = Group {
            exchange: named.id.as_str().to_owned(),
            account: account.map(str::to_owned),
            environment: named.environment,
            ..Group::default()
        };
        for (field, leaf) in &candidates {
            group.candidates.push(Candidate::new(*field, 0, *leaf));
        }
        let is_candidate = |leaf: usize| candidates.iter().any(|(_, taken)| *taken == leaf);
        if let Some(title) = self.title {
            match value::name(&leaves[title].value) {
                Ok(name) => {
                    group.label = Some(name);
                    group.said_by.push((title, TakenAs::Label));
                }
                Err(what) => left.say(title, what),
            }
        }
        for address in &self.addresses {
            if named.said_by == Some(*address) {
                group.said_by.push((*address, TakenAs::Exchange));
            } else {
                left.ignore(*address, Ignored::Detail);
            }
        }
        for custom in &self.custom {
            if named.said_by == Some(custom.value) {
                group.said_by.push((custom.value, TakenAs::Exchange));
            } else if named.environment_by == Some(custom.value) {
                group.said_by.push((custom.value, TakenAs::Environment));
            } else if !is_candidate(custom.value) {
                let what = value::stranger(&custom.name, &leaves[custom.value].value);
                let is_setting = what
                    == What::Ignored {
                        reason: Ignored::Setting,
                    };
                // It was put beside the key, so it is shown.
                if is_setting {
                    left.refuse(custom.value, NotImported::UnknownName);
                } else {
                    left.say(custom.value, what);
                }
            }
        }
        for leaf in [self.username, self.password].into_iter().flatten() {
            if !is_candidate(leaf) {
                left.refuse(leaf, NotImported::BesideKey);
            }
        }
        if let Some(leaf) = self.second_factor {
            left.refuse(leaf, NotImported::OtherSecret);
        }
        if let Some(leaf) = self.notes {
            left.refuse(leaf, NotImported::Notes);
        }
        collector.add_if_key(
            group,
            What::Ignored {
                reason: Ignored::NotExchangeKey,
            },
        );
    }

    /// The values that stand as a key's do.
    fn candidates<'v>(
        &self,
        evidence: &Evidence,
        text: &impl Fn(usize) -> &'v str,
    ) -> Vec<(FieldName, usize)> {
        let mut found: Vec<(FieldName, usize)> = Vec::new();
        for custom in &self.custom {
            if let Some(field) = field_of(&custom.name)
                && !text(custom.value).is_empty()
                && !found.iter().any(|(known, _)| *known == field)
            {
                found.push((field, custom.value));
            }
        }
        let (Some(named), Some(username), Some(password)) =
            (&evidence.named, self.username, self.password)
        else {
            return found;
        };
        let has = |field| found.iter().any(|(known, _)| *known == field);
        let shapes = shapes::of(&named.id);
        let fits = is_pair(shapes, evidence, text(username), text(password));
        if fits && !has(FieldName::ApiKey) && !has(FieldName::Secret) && !has(FieldName::PrivateKey)
        {
            found.push((FieldName::ApiKey, username));
            found.push((FieldName::Secret, password));
        }
        found
    }

    fn judge<'v>(
        &self,
        evidence: &Evidence,
        candidates: &[(FieldName, usize)],
        text: &impl Fn(usize) -> &'v str,
    ) -> Judgement {
        let leaf_of = |wanted| {
            let found = candidates.iter().find(|(field, _)| *field == wanted);
            found.map(|(_, leaf)| *leaf)
        };
        let key = leaf_of(FieldName::ApiKey);
        let signs = leaf_of(FieldName::Secret).or(leaf_of(FieldName::PrivateKey));
        let is_key = key.is_some() || signs.is_some() || leaf_of(FieldName::Token).is_some();
        let Some(named) = &evidence.named else {
            return match (key, signs, evidence.disagrees) {
                (_, _, true) if is_key => Judgement::Left(NotImported::TwoExchanges),
                (Some(_), Some(_), _) => Judgement::Left(NotImported::NoKnownExchange),
                _ => Judgement::NoKey,
            };
        };
        if is_key {
            // A name alone may be a namesake's: there are two Geminis.
            let fits = match (shapes::of(&named.id), key) {
                (Some(shapes), Some(key)) => (shapes.key)(text(key)),
                (_, None) => false,
                (None, _) => true,
            };
            let is_sure = named.is_sure || fits || (key.is_some() && signs.is_some());
            if self.place == Kept::InTrash {
                return Judgement::Left(NotImported::InTrash);
            }
            return if is_sure {
                Judgement::Key
            } else {
                Judgement::Left(NotImported::LoginOrKey)
            };
        }
        let username = self.username.map(text).unwrap_or_default();
        let password = self.password.map(text).unwrap_or_default();
        let may_be_key = evidence.says_api || is_random(username);
        if !password.is_empty() && may_be_key && !username.contains('@') {
            return Judgement::Left(NotImported::LoginOrKey);
        }
        Judgement::NoKey
    }

    /// Accounts for an item of which nothing is taken.
    fn leave<'v, P>(
        &self,
        judgement: Judgement,
        candidates: &[(FieldName, usize)],
        text: &impl Fn(usize) -> &'v str,
        left: &mut Left<'_, '_, '_, P>,
    ) {
        let secrets = [self.username, self.password];
        for leaf in secrets.into_iter().flatten() {
            let what = match judgement {
                Judgement::Left(reason) if candidates.is_empty() => What::NotImported { reason },
                judgement if candidates.iter().any(|(_, taken)| *taken == leaf) => {
                    judgement.of_secret()
                }
                _ => NO_KEY,
            };
            left.say(leaf, what);
        }
        for custom in &self.custom {
            let is_candidate = candidates.iter().any(|(_, leaf)| *leaf == custom.value);
            let what = if is_candidate {
                judgement.of_secret()
            } else {
                NO_KEY
            };
            left.say(custom.value, what);
        }
        let others = self.addresses.iter().copied();
        for leaf in others.chain(self.title).chain(self.second_factor) {
            left.say(leaf, NO_KEY);
        }
        if let Some(leaf) = self.notes {
            let title = self.title.map(text).unwrap_or_default();
            let may_hold_key = exchange::in_words(title).is_some() && holds_random(text(leaf));
            if may_hold_key {
                left.refuse(leaf, NotImported::KeyInNotes);
            } else {
                left.say(leaf, NO_KEY);
            }
        }
    }
}

const NO_KEY: What = What::Ignored {
    reason: Ignored::NotExchangeKey,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    Key,
    NoKey,
    /// It may be one, and a person has to say.
    Left(NotImported),
}

impl Judgement {
    fn of_secret(self) -> What {
        match self {
            Self::Left(reason) => What::NotImported { reason },
            Self::Key | Self::NoKey => NO_KEY,
        }
    }

    fn of_rest(self, detail: Ignored, is_earlier: bool) -> What {
        match self {
            Self::Key if is_earlier => What::NotImported {
                reason: NotImported::EarlierValue,
            },
            Self::Key => What::Ignored { reason: detail },
            Self::NoKey | Self::Left(_) => NO_KEY,
        }
    }
}

/// Says what became of leaves, and of empty ones only that.
struct Left<'c, 'l, 'a, P> {
    leaves: &'l [Leaf<'a, P>],
    collector: &'c mut Collector<'l, 'a, P>,
}

impl<'c, 'l, 'a, P> Left<'c, 'l, 'a, P> {
    fn of(leaves: &'l [Leaf<'a, P>], collector: &'c mut Collector<'l, 'a, P>) -> Self {
        Self { leaves, collector }
    }

    fn say(&mut self, leaf: usize, what: What) {
        let is_empty = match &self.leaves[leaf].value {
            Value::Text(text) => text.trim().is_empty(),
            Value::Nothing => true,
            _ => false,
        };
        if is_empty {
            self.collector.ignore(leaf, Ignored::Empty);
        } else {
            self.collector.account(leaf, what);
        }
    }

    fn ignore(&mut self, leaf: usize, reason: Ignored) {
        self.say(leaf, What::Ignored { reason });
    }

    fn refuse(&mut self, leaf: usize, reason: NotImported) {
        self.say(leaf, What::NotImported { reason });
    }
}

/// The field that a person means by a name such as `Binance API Key` or `secret key`.
fn field_of(name: &str) -> Option<FieldName> {
    let words = exchanges::words(name);
    let used = exchanges::leading_exchange(&words).map_or(0, |(_, used)| used);
    let words = &words[used..];
    let (field, _, length) = exchanges::field_at_end(words)?;
    // `my bank's password` is none of an exchange's.
    (length == words.len()).then_some(field)
}

/// Whether a user name and a password are the two halves of a key.
fn is_pair(shapes: Option<&Shapes>, evidence: &Evidence, username: &str, password: &str) -> bool {
    match shapes {
        Some(shapes) => (shapes.key)(username) && (shapes.secret)(password),
        None => evidence.says_api && is_random(username) && is_random(password),
    }
}

/// Long, without spaces, with letters and digits, and no address of a mail.
fn is_random(text: &str) -> bool {
    text.len() >= SHORTEST_RANDOM
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn holds_random(text: &str) -> bool {
    text.contains("-----BEGIN ") || text.split_whitespace().any(is_random)
}

impl Named {
    fn of(
        id: &'static str,
        said_by: Option<usize>,
        environment: Option<Environment>,
    ) -> Option<Self> {
        Some(Self {
            id: ExchangeId::parse(id).ok()?,
            said_by,
            environment,
            environment_by: None,
            is_sure: said_by.is_some(),
        })
    }
}
