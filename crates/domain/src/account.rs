//! An exchange account: where keys belong.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of};
use crate::environment::Environment;
use crate::exchange::ExchangeId;
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::permission::Tri;
use crate::register::Register;
use crate::text::{AccountLabel, Line, Notes};
use crate::value::{RegisterValue, shown};

/// The account's own safety, as the person last confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hygiene {
    /// Two-factor login at the exchange.
    pub two_factor: Tri,
    pub withdrawal_allowlist: Tri,
    pub anti_phishing_code: Tri,
    pub alerts: Tri,
    pub confirmed: Option<UtcMs>,
}

impl Hygiene {
    pub const UNKNOWN: Self = Self {
        two_factor: Tri::Unknown,
        withdrawal_allowlist: Tri::Unknown,
        anti_phishing_code: Tri::Unknown,
        alerts: Tri::Unknown,
        confirmed: None,
    };
}

impl Canonical for Hygiene {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(5).map(drop).sure();
        self.two_factor.write_cbor(out);
        self.withdrawal_allowlist.write_cbor(out);
        self.anti_phishing_code.write_cbor(out);
        self.alerts.write_cbor(out);
        self.confirmed.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 5)?;
        Ok(Self {
            two_factor: Tri::read_cbor(input)?,
            withdrawal_allowlist: Tri::read_cbor(input)?,
            anti_phishing_code: Tri::read_cbor(input)?,
            alerts: Tri::read_cbor(input)?,
            confirmed: Option::read_cbor(input)?,
        })
    }
}

/// An account as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    pub id: EntryId,
    pub label: AccountLabel,
    pub exchange: ExchangeId,
    pub environment: Environment,
    pub sub_account: Option<Line>,
    pub hygiene: Hygiene,
    pub notes: Option<Notes>,
}

impl AccountRecord {
    /// `None` if the entry is deleted, or lacks what makes it an account.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        if replica.is_deleted(id) {
            return None;
        }
        let value = |register| shown(replica, id, register);
        Some(Self {
            id,
            label: match value(Register::Label)? {
                RegisterValue::AccountLabel(label) => label,
                _ => return None,
            },
            exchange: match value(Register::Exchange)? {
                RegisterValue::Exchange(exchange) => exchange,
                _ => return None,
            },
            environment: match value(Register::Environment) {
                Some(RegisterValue::Environment(environment)) => environment,
                _ => Environment::Production,
            },
            sub_account: match value(Register::SubAccount) {
                Some(RegisterValue::SubAccount(name)) => name,
                _ => None,
            },
            hygiene: match value(Register::Hygiene) {
                Some(RegisterValue::Hygiene(hygiene)) => hygiene,
                _ => Hygiene::UNKNOWN,
            },
            notes: match value(Register::Notes) {
                Some(RegisterValue::Notes(notes)) => notes,
                _ => None,
            },
        })
    }
}
