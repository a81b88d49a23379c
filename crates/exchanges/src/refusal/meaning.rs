//! What an exchange's refusal means, what it says about the key, and what kind of thing to do.
//!
//! Deliberately not here: which code of which exchange means what; that is data.

use serde::Deserialize;

/// The meanings exchanges have codes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The secret, or what was signed with it, does not fit the key.
    BadSignature,
    /// The exchange does not know the key.
    UnknownKey,
    /// The key has not the form of one.
    MalformedKey,
    AddressNotAllowed,
    ClockOff,
    /// The request's number is not higher than the last one's.
    NonceUsed,
    MissingPermission,
    Expired,
    WrongPassphrase,
    /// The key belongs to another environment of the same exchange.
    WrongEnvironment,
    /// One answer for a wrong key, a wrong address and a missing permission.
    KeyAddressOrPermission,
    /// One answer for everything that is wrong with a credential.
    Credentials,
    /// The exchange has switched off the keys of the account.
    KeysLocked,
    /// The call wants a second factor.
    SecondFactor,
    /// The account is not of the kind that may do this.
    AccountTier,
    RateLimited,
    /// The exchange does not serve this place.
    Region,
    Maintenance,
    /// Not in the catalogue.
    Unknown,
}

/// What a refusal says about the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The exchange knew the key: it is there and works.
    KeyIsKnown,
    /// Something about the key or its secret is wrong.
    KeyIsWrong,
    /// Nothing can be said from this machine; the key may be perfectly good.
    CannotBeAskedFromHere,
    /// The same question may be answered later.
    AskLater,
    CannotTell,
}

/// The class of remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remedy {
    /// Compare key and secret with the exchange, or paste them again.
    CompareFields,
    SetClock,
    ChangeEnvironment,
    ChangeAllowlist,
    GrantPermission,
    MakeNewKey,
    EnterPassphrase,
    /// One program a key, or a wider window of numbers.
    SeparatePrograms,
    AskTheExchange,
    Wait,
    /// The exchange has closed: the record can only be put away.
    PutAway,
    /// Find out the one thing that decides.
    FindOut,
}

impl Meaning {
    pub const ALL: [Self; 19] = [
        Self::BadSignature,
        Self::UnknownKey,
        Self::MalformedKey,
        Self::AddressNotAllowed,
        Self::ClockOff,
        Self::NonceUsed,
        Self::MissingPermission,
        Self::Expired,
        Self::WrongPassphrase,
        Self::WrongEnvironment,
        Self::KeyAddressOrPermission,
        Self::Credentials,
        Self::KeysLocked,
        Self::SecondFactor,
        Self::AccountTier,
        Self::RateLimited,
        Self::Region,
        Self::Maintenance,
        Self::Unknown,
    ];

    /// A block by address is never read as a bad key.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::BadSignature
            | Self::UnknownKey
            | Self::MalformedKey
            | Self::Expired
            | Self::WrongPassphrase
            | Self::WrongEnvironment
            | Self::Credentials => Verdict::KeyIsWrong,
            Self::AddressNotAllowed | Self::Region => Verdict::CannotBeAskedFromHere,
            Self::MissingPermission | Self::SecondFactor | Self::AccountTier => Verdict::KeyIsKnown,
            Self::ClockOff | Self::NonceUsed | Self::RateLimited | Self::Maintenance => {
                Verdict::AskLater
            }
            Self::KeyAddressOrPermission | Self::KeysLocked | Self::Unknown => Verdict::CannotTell,
        }
    }

    pub fn remedy(self) -> Remedy {
        match self {
            Self::BadSignature | Self::UnknownKey | Self::MalformedKey | Self::Credentials => {
                Remedy::CompareFields
            }
            Self::AddressNotAllowed => Remedy::ChangeAllowlist,
            Self::ClockOff => Remedy::SetClock,
            Self::NonceUsed => Remedy::SeparatePrograms,
            Self::MissingPermission => Remedy::GrantPermission,
            Self::Expired => Remedy::MakeNewKey,
            Self::WrongPassphrase => Remedy::EnterPassphrase,
            Self::WrongEnvironment => Remedy::ChangeEnvironment,
            Self::KeysLocked | Self::SecondFactor | Self::AccountTier | Self::Region => {
                Remedy::AskTheExchange
            }
            Self::RateLimited | Self::Maintenance => Remedy::Wait,
            Self::KeyAddressOrPermission | Self::Unknown => Remedy::FindOut,
        }
    }

    /// One clause that can stand after "the exchange says that".
    pub fn words(self) -> &'static str {
        match self {
            Self::BadSignature => "the signature does not fit the key",
            Self::UnknownKey => "it does not know the key",
            Self::MalformedKey => "the key has not the form of one",
            Self::AddressNotAllowed => "this address is not on the key's allowlist",
            Self::ClockOff => "the time of the request is too far from its own",
            Self::NonceUsed => "the number of the request is not higher than the last one's",
            Self::MissingPermission => "the key lacks a permission",
            Self::Expired => "the key has expired",
            Self::WrongPassphrase => "the passphrase is wrong",
            Self::WrongEnvironment => "the key belongs to another environment",
            Self::KeyAddressOrPermission => {
                "the key, the address or a permission is wrong, without saying which"
            }
            Self::Credentials => "the credential is not accepted, without saying why",
            Self::KeysLocked => "the keys of the account are switched off",
            Self::SecondFactor => "the call wants a second factor",
            Self::AccountTier => "the account is not of the kind that may do this",
            Self::RateLimited => "too much was asked in too short a time",
            Self::Region => "it does not serve this place",
            Self::Maintenance => "it is not available at the moment",
            Self::Unknown => "something was refused, in words that are not known here",
        }
    }
}
