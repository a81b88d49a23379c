//! Signing a request to an exchange with a key of the vault. The secret is opened, signs and is
//! wiped here; what leaves is the request.
//!
//! The intent is in the audit log, on the disk, before the secret is opened. Deliberately not here:
//! how each exchange signs, and sending.

use strongroom_domain::{
    EntryId, Environment, ExchangeId, KeyLabel, KeyRecord, UtcMs, VersionState,
};
use strongroom_exchanges::probe::ProbeRefused;
use strongroom_exchanges::sign::{
    self, Credential, Moment, NotReady, PublicParts, Request, SignError, Signed,
};

use super::select::KeyError;
use super::take::{Purpose, TakeError, Wanted, choose, may_leave};
use crate::audit::{AuditEvent, Client, Decision};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::ports::EntropyFailed;
use crate::stepup::{Need, StepUp};

/// What is to be signed. Of what is left out the vault takes its own: the time, the next nonce of
/// the key, the exchange's usual host.
#[derive(Debug)]
pub struct SignAsk {
    pub request: Request,
    /// Another of the exchange's hosts, by its bare name.
    pub host: Option<String>,
    /// UTC milliseconds.
    pub timestamp_ms: Option<u64>,
    pub nonce: Option<String>,
    pub receive_window_ms: Option<u32>,
}

/// A request that is to be sent exactly as it is.
#[derive(Debug)]
pub struct SignedRequest {
    pub key: EntryId,
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub environment: Environment,
    pub signed: Signed,
    /// Fields of the key whose value stands in it as it is.
    pub carries: Vec<String>,
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    #[error(transparent)]
    Take(#[from] TakeError),
    #[error(transparent)]
    NotReady(#[from] NotReady),
    #[error(transparent)]
    Request(#[from] SignError),
    #[error(transparent)]
    Probe(#[from] ProbeRefused),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// By what right the secret signs.
#[derive(Debug, Clone, Copy)]
pub enum Leave<'a> {
    /// Somebody is there.
    StepUp(&'a StepUp),
    /// Somebody was, and wished that this key's exchange is asked regularly.
    Schedule,
}

/// Makes the request, once the public parts of the credential are known.
pub(super) type Made<'a> = &'a dyn Fn(&PublicParts) -> Result<Request, NotSigned>;

impl From<KeyError> for NotSigned {
    fn from(error: KeyError) -> Self {
        Self::Take(error.into())
    }
}

impl From<StepUpRequired> for NotSigned {
    fn from(error: StepUpRequired) -> Self {
        Self::Take(error.into())
    }
}

impl OpenVault {
    /// Whether requests of this key can be signed at all; found out before a code is spent.
    ///
    /// # Errors
    /// An exchange, environment or host for which nothing is signed; a key that may not be used.
    pub fn may_sign(&mut self, key: EntryId, host: Option<&str>) -> Result<(), NotSigned> {
        self.may_ask(key, host, Purpose::Sign, &Wanted::default())
    }

    pub(super) fn may_ask(
        &mut self,
        key: EntryId,
        host: Option<&str>,
        purpose: Purpose,
        wanted: &Wanted,
    ) -> Result<(), NotSigned> {
        let (replica, record) = self.read_key(key)?;
        may_sign_with(&record, purpose, wanted)?;
        sign::place(record.exchange.as_str(), record.environment, host)?;
        choose(&replica, &record, wanted)?;
        Ok(())
    }

    /// Signs a request with the secret in use of one key.
    ///
    /// # Errors
    /// What [`OpenVault::take_secret`] refuses, and what cannot be signed: nothing has left then.
    pub fn sign_request(
        &mut self,
        key: EntryId,
        ask: &SignAsk,
        step_up: &StepUp,
        by: Client,
    ) -> Result<SignedRequest, NotSigned> {
        let made = |_: &PublicParts| Ok(ask.request.clone());
        let leave = Leave::StepUp(step_up);
        let with = (key, &Wanted::default());
        let (signed, _) = self.sign_for(with, Purpose::Sign, ask, &made, leave, by)?;
        Ok(signed)
    }

    /// Signs what `made` makes of the public parts of the credential; what else `ask` says holds.
    pub(super) fn sign_for(
        &mut self,
        (key, wanted): (EntryId, &Wanted),
        purpose: Purpose,
        ask: &SignAsk,
        made: Made<'_>,
        leave: Leave<'_>,
        by: Client,
    ) -> Result<(SignedRequest, PublicParts), NotSigned> {
        let event = AuditEvent::from(purpose.event()).about(key).by(by);
        let event = match leave {
            Leave::StepUp(step_up) => {
                self.require(step_up, Need::Code)?;
                event
            }
            // The wish was for questions about the secret in use, and for nothing else.
            Leave::Schedule
                if purpose == Purpose::Check
                    && wanted.version.is_none()
                    && self.is_scheduled(key) =>
            {
                event.of_program()
            }
            Leave::Schedule => return Err(StepUpRequired { password: false }.into()),
        };
        self.make_ready().map_err(TakeError::from)?;
        let (replica, record) = self.read_key(key)?;
        let chosen = may_sign_with(&record, purpose, wanted)
            .and_then(|()| choose(&replica, &record, wanted));
        let write = match chosen {
            Ok(write) => write,
            Err(refused) => {
                // That somebody tried belongs in the log; nothing left, whether it can be written
                // or not.
                let _ = self.audit(event.decided(Decision::Denied));
                return Err(refused.into());
            }
        };
        let used = self.next_use(&record);
        self.record_use(event, key, used, by)?;
        let outcome = self.sign_with(&write, record, ask, made, used);
        if outcome.is_err() {
            // The intent is in the log already; this says that it came to nothing.
            let _ = self.audit(event.decided(Decision::Failed));
        }
        outcome
    }

    fn is_scheduled(&self, key: EntryId) -> bool {
        matches!(self.check_schedule(key), Ok(Some(_)))
    }

    /// The moment of this use: now, and later than every use before it, on whatever device. It is
    /// the number of the request where an exchange wants numbers that rise.
    ///
    /// Milliseconds, the smallest unit anybody uses for them: a number in microseconds would lock
    /// every program out that counts in milliseconds with the same key.
    fn next_use(&self, record: &KeyRecord) -> UtcMs {
        let after = record
            .last_used
            .and_then(|last| UtcMs::parse(last.ms() + 1).ok());
        after.map_or(self.now(), |after| after.max(self.now()))
    }

    fn sign_with(
        &self,
        write: &strongroom_domain::merge::Write,
        record: KeyRecord,
        ask: &SignAsk,
        made: Made<'_>,
        used: UtcMs,
    ) -> Result<(SignedRequest, PublicParts), NotSigned> {
        let mut random = [0; 48];
        self.ports.entropy.fill(&mut random)?;
        let (for_nonce, for_blinding) = random.split_at(16);
        let taken = self.open_chosen(write, record, &Wanted::default())?;
        let fields = taken
            .fields
            .into_iter()
            .map(|field| (field.name.as_str().to_owned(), field.value));
        let credential = Credential::new(fields.collect());
        let exchange = taken.exchange.as_str();
        let host = ask.host.as_deref();
        let signer = sign::signer(exchange, taken.environment, host, &credential)?;
        let adapter = sign::adapter(exchange).ok_or(NotReady::UnknownExchange)?;
        let public = adapter.public_parts(&credential);
        let kind = adapter.nonce();
        let request = made(&public)?;
        let nonce = ask.nonce.clone().unwrap_or_else(|| {
            let counter = u64::try_from(used.ms()).unwrap_or_default();
            let random = for_nonce.try_into().expect("16 of 48 bytes");
            kind.spell(counter, random)
        });
        let moment = Moment {
            now_ms: ask
                .timestamp_ms
                .unwrap_or_else(|| self.ports.clock.utc_ms()),
            nonce: &nonce,
            receive_window_ms: ask.receive_window_ms,
            blinding: for_blinding.try_into().expect("32 of 48 bytes"),
        };
        let signed = signer.sign(&request, &moment)?;
        let carries = signed.carries(&credential);
        let request = SignedRequest {
            carries: carries.into_iter().map(str::to_owned).collect(),
            key: taken.key,
            label: taken.label,
            exchange: taken.exchange,
            environment: taken.environment,
            signed,
        };
        Ok((request, public))
    }
}

/// The mark that a key is compromised is about the secret in use. Its successor is asked about
/// before it takes its place.
fn may_sign_with(record: &KeyRecord, purpose: Purpose, wanted: &Wanted) -> Result<(), TakeError> {
    let is_staged = |id: EntryId| {
        let mut versions = record.versions.iter();
        versions.any(|one| one.id == id && one.state == VersionState::Staged)
    };
    match may_leave(record, purpose) {
        Err(TakeError::Compromised)
            if purpose == Purpose::Check && wanted.version.is_some_and(is_staged) =>
        {
            Ok(())
        }
        outcome => outcome,
    }
}

impl From<CommitError> for NotSigned {
    fn from(error: CommitError) -> Self {
        Self::Take(error.into())
    }
}
