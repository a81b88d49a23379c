//! Enumerations that have the same members on both sides.

use strongroom_domain as domain;
use strongroom_domain::remind;
use strongroom_vault as vault;
use strongroom_wire as wire;

/// A type with exactly one twin in `wire`.
pub(crate) trait Twin: Sized {
    type Wire;
    fn to_wire(self) -> Self::Wire;
    fn from_wire(wire: Self::Wire) -> Self;
}

macro_rules! twins {
    ($($ours:ty = $wire:ty { $($member:ident),* $(,)? })*) => {$(
        impl Twin for $ours {
            type Wire = $wire;

            fn to_wire(self) -> $wire {
                match self { $(Self::$member => <$wire>::$member),* }
            }

            fn from_wire(wire: $wire) -> Self {
                match wire { $(<$wire>::$member => Self::$member),* }
            }
        }
    )*};
}

twins! {
    domain::Environment = wire::Environment { Production, Testnet, Demo, Development }
    domain::KeyState = wire::KeyState { Draft, Active, Rotating, Draining, Revoked, Archived }
    domain::Excess = wire::Excess {
        WithdrawUnlisted, TradeUnrestricted, MoreThanDeclared, MoreThanPurpose
    }
    domain::KeyType = wire::KeyType { Hmac, Rsa, Ed25519, Ecdsa, Passphrase, AgentWallet, OAuth }
    domain::health::Severity = wire::Severity { Critical, High, Medium, Low }
    domain::health::RemedyAct = wire::RemedyAct {
        EditAllowlist, EditPermissions, Check, Rotate, Revoke, Show, EditConsumers, Backup, TestKit,
        AutoLock, Update, ReviewVendor,
    }
    domain::RotationStage = wire::RotationStage {
        Idle, Begun, Staged, Grown, Switching, InUse, Ending,
    }
    vault::CalendarKind = wire::CalendarKind { Expiry, MayEnd, Rotation, Revocation, Review }
    domain::ConsumerKind = wire::ConsumerKind { Bot, Tool, Person, Host }
    vault::RevokeStep = wire::RevokeStep { Begin, Confirm, Cancel }
    domain::Tri = wire::Tri { Yes, No, Unknown }
    domain::Verb = wire::Verb {
        Read, Spot, Margin, Derivatives, Transfer, Withdraw, SubAccounts, KeyAdmin,
    }
    domain::CheckEnd = wire::CheckOutcome {
        Answered, KeyIsWrong, KeyIsKnown, CannotBeAskedFromHere, AskLater, CannotTell, NoAnswer,
    }
    domain::VersionState = wire::VersionState { Staged, Active, Draining, Revoked }
    remind::ReminderKind = wire::ReminderKind { Expiry, Rotation, Review, Backup }
    vault::Outcome = wire::StepOutcome { RuledOut, Likely, CannotTell }
    vault::Class = wire::RequestClass {
        Read, Cancel, Trade, Transfer, Withdraw, AccountAdmin, Unknown,
    }
    vault::Binding = wire::RequestBinding { Whole, NotMethod, NotBody, NotParameters, NotCall }
    vault::ExportFormat = wire::ExportFormat {
        Json, Files, Csv, Env, Freqtrade, Passivbot, Ccxt, Kubernetes, Kdbx,
    }
    domain::share::Role = wire::ShareRole { Auditor, Viewer, Trader, Admin }
    domain::share::Group = wire::ShareGroup {
        New, Updated, Unchanged, OursNewer, Conflict, DeletedThere, OutOfScope, Suspicious,
    }
    domain::share::Left = wire::RotateLeft { Rotate, End }
    vault::ContactState = wire::ContactState { Unverified, Pinned, Verified }
    vault::ShareWay = wire::ShareWay { Made, Imported }
    vault::PlaceChoice = wire::SecretPlace { Keyring, File }
}
