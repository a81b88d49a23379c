//! Health: what is wrong with a vault, worst first, each with a reason and one thing to do, and a
//! score that says where every point went.
//!
//! A rule is one file in `rules/`: who is concerned, how bad it is, why it matters. To add one,
//! add its file and name it in the list there.
//!
//! Deliberately not here: gathering the facts, a clock, and doing what a remedy says.

mod acceptance;
mod picture;
mod rules;
mod score;

pub use acceptance::{Acceptance, AcceptanceRecord, AcceptanceRefused, FindingId};
pub use picture::{Facts, Holder, KeyFacts, LockSource, Picture, UnsureEnd, VaultFacts};
pub use rules::{RULES, Rule, rule};
pub use score::{Score, ScoreLine};

use std::collections::HashMap;

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, coded_enum};
use crate::exchange::ExchangeId;
use crate::ids::EntryId;
use crate::moment::UtcMs;
use crate::summary::KeySummary;

coded_enum! {
    /// How bad a finding is; worst first.
    pub enum Severity: u8 {
        /// Money can leave now.
        Critical = 1 => "critical",
        /// One mistake away from it, or something stops working.
        High = 2 => "high",
        /// It weakens what else protects.
        Medium = 3 => "medium",
        /// Worth a look when there is time.
        Low = 4 => "low",
    }
}

coded_enum! {
    /// What a face can offer as the one thing to do.
    pub enum RemedyAct: u8 {
        /// Put addresses on the key's list, at the exchange and here.
        EditAllowlist = 1 => "edit-allowlist",
        /// Take rights away at the exchange, or record what is meant.
        EditPermissions = 2 => "edit-permissions",
        /// Ask the exchange what it knows of the key.
        Check = 3 => "check",
        /// Replace the secret.
        Rotate = 4 => "rotate",
        /// End the key at the exchange.
        Revoke = 5 => "revoke",
        /// Look at the key.
        Show = 6 => "show",
        /// Give each consumer a key of its own.
        EditConsumers = 7 => "edit-consumers",
        Backup = 8 => "backup",
        TestKit = 9 => "test-kit",
        /// Let something tell when to lock.
        AutoLock = 10 => "auto-lock",
        /// Install a newer version of the program.
        Update = 11 => "update",
        /// Look at a vendor again.
        ReviewVendor = 12 => "review-vendor",
    }
}

/// Whom a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Vault,
    /// A key, a consumer or a vendor.
    Entry(EntryId),
    Exchange(ExchangeId),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    pub subject: Subject,
    /// What a person calls the subject.
    pub name: String,
    /// One sentence about this subject.
    pub reason: String,
    pub act: RemedyAct,
    /// One sentence: what to do.
    pub remedy: String,
    pub standing: Standing,
}

/// Whether somebody decided to live with it. It stays visible either way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Open,
    Accepted(Acceptance),
    /// It was accepted until a day that is over.
    Lapsed(Acceptance),
}

impl Finding {
    /// Whether it costs points.
    pub fn is_open(&self) -> bool {
        !matches!(self.standing, Standing::Accepted(_))
    }
}

/// What was found, worst first, and what it makes of the score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub findings: Vec<Finding>,
    pub score: Score,
}

impl Health {
    /// Looks at everything.
    pub fn assess(picture: &Picture<'_>) -> Self {
        let mut found = Found {
            now: picture.now,
            accepted: accepted(picture),
            findings: Vec::new(),
        };
        for rule in RULES {
            let first = found.findings.len();
            (rule.find)(
                picture,
                &mut On {
                    rule,
                    found: &mut found,
                },
            );
            // Rules stand worst first; within one, as people look things up.
            found.findings[first..]
                .sort_by(|a, b| (&a.name, &a.subject).cmp(&(&b.name, &b.subject)));
        }
        let findings = found.findings;
        let score = Score::of(&findings);
        Self { findings, score }
    }

    /// Whether something this bad or worse is open.
    pub fn fails(&self, severity: Severity) -> bool {
        self.findings
            .iter()
            .any(|one| one.is_open() && one.rule.severity <= severity)
    }
}

/// Of several acceptances of one finding the one that ends last counts.
fn accepted<'p>(picture: &Picture<'p>) -> HashMap<(&'p str, &'p Subject), &'p Acceptance> {
    let mut accepted: HashMap<_, &Acceptance> = HashMap::new();
    for record in picture.acceptances {
        let finding = (record.finding.rule.as_str(), &record.finding.subject);
        let known = accepted.entry(finding).or_insert(&record.acceptance);
        if record.acceptance.until > known.until {
            *known = &record.acceptance;
        }
    }
    accepted
}

struct Found<'p> {
    now: UtcMs,
    accepted: HashMap<(&'p str, &'p Subject), &'p Acceptance>,
    findings: Vec<Finding>,
}

/// Where a rule puts what it finds.
pub(crate) struct On<'f, 'p> {
    rule: &'static Rule,
    found: &'f mut Found<'p>,
}

impl On<'_, '_> {
    fn key(&mut self, row: &KeySummary, reason: String, act: RemedyAct, remedy: impl Into<String>) {
        let subject = Subject::Entry(row.id);
        self.push(subject, row.label.to_string(), reason, act, remedy.into());
    }

    fn entry(&mut self, id: EntryId, name: &str, reason: String, act: RemedyAct, remedy: &str) {
        let (name, remedy) = (name.to_owned(), remedy.to_owned());
        self.push(Subject::Entry(id), name, reason, act, remedy);
    }

    fn vault(&mut self, reason: &str, act: RemedyAct, remedy: &str) {
        let (reason, remedy) = (reason.to_owned(), remedy.to_owned());
        self.push(Subject::Vault, "this vault".to_owned(), reason, act, remedy);
    }

    fn exchange(&mut self, exchange: &ExchangeId, reason: String, act: RemedyAct, remedy: &str) {
        let name = exchange.display_name().to_owned();
        let subject = Subject::Exchange(exchange.clone());
        self.push(subject, name, reason, act, remedy.to_owned());
    }

    fn push(
        &mut self,
        subject: Subject,
        name: String,
        reason: String,
        act: RemedyAct,
        remedy: String,
    ) {
        let accepted = self.found.accepted.get(&(self.rule.id, &subject));
        let standing = match accepted {
            None => Standing::Open,
            Some(one) if one.until > self.found.now => Standing::Accepted((*one).clone()),
            Some(one) => Standing::Lapsed((*one).clone()),
        };
        self.found.findings.push(Finding {
            rule: self.rule,
            subject,
            name,
            reason,
            act,
            remedy,
            standing,
        });
    }
}

impl Canonical for Subject {
    fn write_cbor(&self, out: &mut Enc) {
        match self {
            Self::Vault => out.null().map(drop).sure(),
            Self::Entry(id) => id.write_cbor(out),
            Self::Exchange(exchange) => exchange.write_cbor(out),
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        use minicbor::data::Type;
        Ok(match input.datatype()? {
            Type::Null => {
                input.null()?;
                Self::Vault
            }
            Type::Bytes => Self::Entry(EntryId::read_cbor(input)?),
            _ => Self::Exchange(ExchangeId::read_cbor(input)?),
        })
    }
}
