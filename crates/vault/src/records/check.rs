//! Asking an exchange about a key: what would be sent, one signed question at a time, what the
//! refusals mean by the record, and the answer, recorded as observed.
//!
//! Deliberately not here: sending, and reading any answer: both are done by a process without keys.

use std::net::IpAddr;

use strongroom_domain::{
    Canonical, Drift, EntryId, EntryKind, Environment, FieldName, KeyRecord, Observation,
    PermissionSet, RegisterValue, Tri, Verb, last_drift,
};
use strongroom_exchanges::catalogue::{self, Call, Facts, Reads};
use strongroom_exchanges::doctor::{
    Case, Cause, Diagnosis, FormKnown, Known, PassphraseKnown, Step, diagnose,
};
use strongroom_exchanges::probe::{self, Fill, Probe, ProbeRefused};
use strongroom_exchanges::recognise::looked_over;
use strongroom_exchanges::refusal::{Meaning, Refusal, Verdict};
use strongroom_exchanges::sign::{self, Method, NonceKind, NotReady, PublicParts, Request};
use strongroom_store::LocalSpace;

use super::add::WriteKeyError;
use super::draft::Draft;
use super::select::KeyError;
use super::sign::{Leave, NotSigned, SignAsk, SignedRequest};
use super::take::{Purpose, Wanted};
use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;
use crate::stepup::StepUp;

/// What a check of one key would send.
#[derive(Debug)]
pub struct CheckPlan {
    pub exchange_name: &'static str,
    pub environment: Environment,
    /// By its bare name.
    pub host: &'static str,
    pub calls: Vec<PlannedCall>,
    /// Sentences a person is to read before it is sent.
    pub warnings: Vec<String>,
    /// The exchange wants every request of a key to carry a higher number than the last.
    pub rising_numbers: bool,
    /// The day on which what is known of the exchange was compared with its sources.
    pub facts_as_of: String,
}

/// One call, read-only by the catalogue.
#[derive(Debug)]
pub struct PlannedCall {
    /// The catalogue's name of it.
    pub name: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub query: &'static [(String, String)],
    pub body: Option<&'static str>,
    pub purpose: &'static str,
    pub reads: Reads,
    pub counts_as_use: Tri,
    pub may_reset_inactivity: Tri,
    /// Whether nothing of the key's own has to be filled in first.
    pub is_plain: bool,
}

/// One question, signed.
#[derive(Debug)]
pub struct SignedProbe {
    pub request: SignedRequest,
    /// By which the key is found in the answer.
    pub public: PublicParts,
}

/// An answer, as the process without keys read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenKey {
    pub permissions: PermissionSet,
    pub observation: Observation,
}

/// Why an exchange refused, by the record: one sentence, one remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    pub verdict: Verdict,
    pub sentence: String,
    pub remedy: String,
    /// What it was compared with.
    pub steps: Vec<Step>,
}

impl OpenVault {
    /// What a check would send; nothing is opened for it.
    ///
    /// # Errors
    /// A key or an exchange for which nothing is signed.
    pub fn check_plan(&mut self, key: EntryId) -> Result<CheckPlan, NotSigned> {
        self.check_plan_of(key, &Wanted::default())
    }

    /// The same of one version of its secret.
    pub(super) fn check_plan_of(
        &mut self,
        key: EntryId,
        wanted: &Wanted,
    ) -> Result<CheckPlan, NotSigned> {
        self.may_ask(key, None, Purpose::Check, wanted)?;
        let (_, record) = self.read_key(key)?;
        let facts = sign::place(record.exchange.as_str(), record.environment, None)?;
        let host = facts
            .host_of(record.environment)
            .ok_or(ProbeRefused::NotThere)?;
        let calls: Vec<PlannedCall> = calls(facts, record.environment).map(planned).collect();
        if calls.is_empty() {
            return Err(ProbeRefused::NotThere.into());
        }
        Ok(CheckPlan {
            exchange_name: &facts.name,
            environment: record.environment,
            host: host.name(),
            warnings: warnings(facts, &calls),
            rising_numbers: wants_rising_numbers(facts),
            facts_as_of: facts.as_of.to_string(),
            calls,
        })
    }

    /// Signs one call of the plan. `uid` is the account's number, where an earlier call told it.
    ///
    /// # Errors
    /// As [`OpenVault::sign_request`]; something is missing that the call names.
    pub fn sign_probe(
        &mut self,
        key: EntryId,
        call: &str,
        uid: Option<&str>,
        nonce: Option<String>,
        leave: Leave<'_>,
        by: Client,
    ) -> Result<SignedProbe, NotSigned> {
        self.sign_probe_of(key, &Wanted::default(), call, uid, nonce, leave, by)
    }

    /// The same with one version of its secret.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one thing of the question"
    )]
    pub(super) fn sign_probe_of(
        &mut self,
        key: EntryId,
        wanted: &Wanted,
        call: &str,
        uid: Option<&str>,
        nonce: Option<String>,
        leave: Leave<'_>,
        by: Client,
    ) -> Result<SignedProbe, NotSigned> {
        let (_, record) = self.read_key(key)?;
        let environment = record.environment;
        let facts = sign::place(record.exchange.as_str(), environment, None)?;
        let known = calls(facts, environment).any(|one| one.name == call);
        if !known {
            return Err(ProbeRefused::NoSuchCall.into());
        }
        let made = |public: &PublicParts| {
            let fill = Fill {
                key: public.key.as_deref(),
                uid,
                account: public.account.as_deref(),
                agent: public.agent.as_deref(),
            };
            let probe = Probe::new(facts, call, environment, &fill)?;
            // A test says that no call of the catalogue is one; here it is refused all the same.
            if probe::forbidden(facts, probe.method, &probe.path).is_some() {
                return Err(ProbeRefused::NoSuchCall.into());
            }
            Ok(Request {
                method: Method::parse(probe.method).ok_or(ProbeRefused::NoSuchCall)?,
                path: probe.path,
                query: probe.query,
                body: probe.body,
            })
        };
        let ask = SignAsk {
            request: Request {
                method: Method::Get,
                path: String::new(),
                query: Vec::new(),
                body: None,
            },
            host: None,
            timestamp_ms: None,
            nonce,
            receive_window_ms: None,
        };
        let (request, public) =
            self.sign_for((key, wanted), Purpose::Check, &ask, &made, leave, by)?;
        if request.signed.class() != sign::Class::Read {
            return Err(ProbeRefused::NoSuchCall.into());
        }
        Ok(SignedProbe { request, public })
    }

    /// Records an answer as observed, and says what changed since the last one.
    ///
    /// # Errors
    /// The key is gone, or nothing can be written.
    pub fn record_answer(
        &mut self,
        key: EntryId,
        seen: &SeenKey,
        by: Client,
    ) -> Result<Vec<Drift>, WriteKeyError> {
        use RegisterValue as V;
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        draft.load(key)?;
        let record = draft.record(key).ok_or(KeyError::NotFound)?;
        let observed = V::Observed(Some(seen.permissions.clone()));
        draft.set(EntryKind::Key, key, &observed)?;
        let observation = V::Observation(seen.observation.clone());
        draft.set(EntryKind::Key, key, &observation)?;
        if let Some(used) = seen.observation.last_used {
            draft.set(EntryKind::Key, key, &V::LastUsedAtExchange(Some(used)))?;
        }
        if let Some(schedule) = self.schedule_after_answer(&record) {
            let body = Some(schedule.encode());
            draft.put_local(LocalSpace::Checks, key.as_bytes(), body);
        }
        draft.changed(key);
        let drift = last_drift(&draft.replica, key, record.last_rotated());
        let ready = draft.finish();
        let event = AuditEvent::from(EventKind::Observed).about(key);
        self.write_draft(event, by, ready)?;
        Ok(drift)
    }

    /// Rights that an answer grants and the record denies.
    ///
    /// # Errors
    /// The key is gone.
    pub fn excess_of(&self, key: EntryId, seen: &PermissionSet) -> Result<Vec<Verb>, KeyError> {
        let (_, record) = self.read_key(key)?;
        let exceeds =
            |verb: &Verb| record.declared.get(*verb) == Tri::No && seen.get(*verb) == Tri::Yes;
        Ok(Verb::ALL.iter().copied().filter(exceeds).collect())
    }

    /// What a refusal means for this key.
    ///
    /// # Errors
    /// The key is gone, or of an exchange that is not known.
    pub fn explain(
        &self,
        key: EntryId,
        refused: Refused,
        clock_offset_ms: Option<i64>,
    ) -> Result<Explained, NotSigned> {
        let (_, record) = self.read_key(key)?;
        let facts = known_facts(&record)?;
        let mut refusal = Refusal::meaning(refused.meaning);
        refusal.also = refused.also;
        refusal.address = refused.address;
        let verdict = refusal.verdict();
        let told = ToldBeside {
            address: refused.address,
            clock_offset_ms,
            wanted: Some(Verb::Read),
        };
        let host = facts.host_of(record.environment).map(|host| host.name());
        let case = Case {
            facts,
            environment: record.environment,
            refusal,
            known: Known {
                host,
                ..self.known(&record, &told)
            },
        };
        let diagnosis = diagnose(&case);
        Ok(Explained {
            verdict,
            sentence: diagnosis.sentence,
            remedy: diagnosis.remedy_words,
            steps: diagnosis.steps,
        })
    }

    /// Why an exchange refuses a key, from the words it used and what is recorded.
    ///
    /// # Errors
    /// The key is gone, or of an exchange that is not known.
    pub fn diagnose_text(
        &self,
        key: EntryId,
        text: &str,
        told: &ToldBeside,
        looked: Option<LookedAt>,
    ) -> Result<(&'static str, Diagnosis), NotSigned> {
        let (_, record) = self.read_key(key)?;
        let facts = known_facts(&record)?;
        let mut known = self.known(&record, told);
        let odd = looked.as_ref().and_then(|looked| looked.odd.as_deref());
        known.form = match (&looked, odd) {
            (None, _) => FormKnown::NotLookedAt,
            (Some(_), None) => FormKnown::Fits,
            (Some(_), Some(_)) => FormKnown::Odd,
        };
        let case = Case::of_text(facts, record.environment, text, known);
        let mut diagnosis = diagnose(&case);
        let shape = diagnosis
            .steps
            .iter_mut()
            .find(|step| step.cause == Cause::Shape);
        if let (Some(shape), Some(odd)) = (shape, odd) {
            // Which field it is, and what is odd about it.
            odd.clone_into(&mut shape.words);
        }
        Ok((&facts.name, diagnosis))
    }

    /// Looks at the form of the secret in use. It is opened for that and wiped; the log says so
    /// first.
    ///
    /// # Errors
    /// As [`OpenVault::take_secret`]; an exchange of which nothing is known.
    pub fn look_at_form(
        &mut self,
        key: EntryId,
        step_up: &StepUp,
        by: Client,
    ) -> Result<LookedAt, NotSigned> {
        let (_, record) = self.read_key(key)?;
        let facts = known_facts(&record)?;
        let taken = self.take_secret(key, &Wanted::default(), Purpose::Look, step_up, by)?;
        let fields: Vec<(FieldName, &str)> = taken
            .fields
            .iter()
            // EXPOSE: compared with the forms the exchange gives its fields; nothing is kept.
            .map(|field| (field.name.clone(), field.value.expose()))
            .collect();
        let found = looked_over(facts, record.environment, &fields);
        Ok(LookedAt {
            odd: found.into_iter().next().map(|finding| finding.words),
        })
    }

    /// What the record knows that may tell why. The fields are not opened for it.
    fn known<'r>(&self, record: &'r KeyRecord, told: &ToldBeside) -> Known<'r> {
        let current = record.current();
        let passphrase = current.map(|version| {
            let mut fields = version.fields.iter();
            fields.any(|field| field.name == FieldName::PASSPHRASE)
        });
        Known {
            form: FormKnown::NotLookedAt,
            clock_offset_ms: told.clock_offset_ms,
            host: None,
            allowlist: &record.allowlist,
            address: told.address,
            wanted: told.wanted,
            declared: Some(&record.declared),
            observed: record.observed.as_ref(),
            expires: record.expires().map(|due| due.at),
            now: Some(self.now()),
            passphrase: match passphrase {
                Some(true) => PassphraseKnown::Present,
                Some(false) => PassphraseKnown::Absent,
                None => PassphraseKnown::NotKnown,
            },
        }
    }
}

/// What looking at the form of a secret said; nothing of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// One sentence about the first field that is not as the exchange gives it out.
    pub odd: Option<String>,
}

/// What is known of a refusal beside the record and its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct ToldBeside {
    /// From where the exchange was asked.
    pub address: Option<IpAddr>,
    /// The clock of the machine that asked, less the exchange's.
    pub clock_offset_ms: Option<i64>,
    /// The right that what was tried takes.
    pub wanted: Option<Verb>,
}

/// What is known of the exchange, closed or not.
fn known_facts(record: &KeyRecord) -> Result<&'static Facts, NotSigned> {
    let facts = catalogue::facts(record.exchange.as_str());
    facts.ok_or_else(|| NotReady::UnknownExchange.into())
}

/// A refusal by its meaning alone; of its text nothing came this far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub meaning: Meaning,
    pub also: Vec<Meaning>,
    /// The address the exchange says it was asked from.
    pub address: Option<IpAddr>,
}

/// The calls of a check that a key's own signature is enough for.
fn calls(facts: &'static Facts, environment: Environment) -> impl Iterator<Item = &'static Call> {
    // Opening a session would hand out tokens that can do what the key can: they would stand in
    // the answer, and who has the request has the session.
    let opens_session = |call: &&Call| call.path.ends_with("/public/auth");
    probe::calls(facts, environment).filter(move |call| !opens_session(call))
}

fn planned(call: &'static Call) -> PlannedCall {
    let filled = |text: &str| {
        let places = ["{key}", "{uid}", "{account}", "{agent}"];
        places.iter().any(|place| text.contains(place))
    };
    let is_plain = !call.query.iter().any(|(_, value)| filled(value))
        && !call.body.as_deref().is_some_and(filled);
    PlannedCall {
        name: &call.name,
        method: &call.method,
        path: &call.path,
        query: &call.query,
        body: call.body.as_deref(),
        purpose: &call.purpose,
        reads: call.reads,
        counts_as_use: call.counts_as_use.tri(),
        may_reset_inactivity: call.resets_inactivity.tri(),
        is_plain,
    }
}

fn wants_rising_numbers(facts: &Facts) -> bool {
    sign::adapter(&facts.id).map(sign::Adapter::nonce) == Some(NonceKind::Counter)
}

fn warnings(facts: &'static Facts, calls: &[PlannedCall]) -> Vec<String> {
    let name = &facts.name;
    let mut warnings = Vec::new();
    let any = |of: fn(&PlannedCall) -> Tri| calls.iter().any(|call| of(call) != Tri::No);
    if any(|call| call.counts_as_use) {
        warnings.push(format!(
            "At {name} the day of the key's last use may become today."
        ));
    }
    if any(|call| call.may_reset_inactivity) {
        warnings.push(
            "It may put off an end by inactivity: a key that nobody needs any more would live on."
                .to_owned(),
        );
    }
    if wants_rising_numbers(facts) {
        warnings.push(format!(
            "{name} wants every request of a key to carry a higher number than the last. If a \
             bot uses this key, stop it first, or its next requests may be refused."
        ));
    }
    warnings
}
