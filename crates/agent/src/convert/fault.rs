//! From every error below to the one closed set of codes.

use std::fmt::Display;
use std::io;

use strongroom_domain::RotateRefused;
use strongroom_domain::health::AcceptanceRefused;
use strongroom_domain::remind::SnoozeRefused;
use strongroom_vault as vault;
use strongroom_vault::ports::KeyringRefused;
use strongroom_vault::{HasNature, Nature};
use strongroom_wire::{ErrorCode, Fault};

use crate::platform::{NoClipboard, NotShown};

/// An error that a client can be told of. The sentence is the error's own: none of them carries a
/// secret, a label or a path.
pub(crate) trait Told: Sized {
    fn told(self) -> Fault;
}

/// Errors begin small, as parts of other sentences; a fault stands alone.
fn fault(code: ErrorCode, error: &impl Display) -> Fault {
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get(..1) {
        let first = first.to_uppercase();
        sentence.replace_range(..1, &first);
    }
    Fault::new(code, sentence)
}

fn throttled(wait_ms: u64, error: &impl Display) -> Fault {
    Fault {
        retry_after_ms: Some(wait_ms),
        ..fault(ErrorCode::Throttled, error)
    }
}

fn by_nature(error: &(impl Display + HasNature)) -> Fault {
    let code = match error.nature() {
        Nature::Missing => ErrorCode::NoVault,
        Nature::Newer => ErrorCode::NewerFormat,
        Nature::Damaged => ErrorCode::Corrupt,
        Nature::DiskFull => ErrorCode::DiskFull,
        Nature::ReadOnly => ErrorCode::ReadOnly,
        Nature::Busy => ErrorCode::Busy,
        Nature::Unsafe => ErrorCode::Refused,
        Nature::Other => ErrorCode::Internal,
    };
    fault(code, error)
}

/// Tells each error by the code given, or as the error inside it is told.
macro_rules! told {
    ($($error:ty {
        $($member:pat => $code:ident,)*
        $(; $($inside:pat => ($told:expr),)*)?
    })*) => {$(
        impl Told for $error {
            fn told(self) -> Fault {
                match self {
                    $($($inside => return $told,)*)?
                    $(error @ $member => fault(ErrorCode::$code, &error),)*
                }
            }
        }
    )*};
}

impl Told for vault::FileError {
    fn told(self) -> Fault {
        match self {
            Self::AlreadyThere => fault(ErrorCode::VaultExists, &self),
            _ => by_nature(&self),
        }
    }
}

/// Each says what to do instead; a client does nothing else with them.
impl Told for RotateRefused {
    fn told(self) -> Fault {
        fault(ErrorCode::Refused, &self)
    }
}

impl Told for vault::HeaderReadError {
    fn told(self) -> Fault {
        by_nature(&self)
    }
}

impl Told for vault::StateError {
    fn told(self) -> Fault {
        by_nature(&self)
    }
}

impl Told for io::Error {
    fn told(self) -> Fault {
        match self.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Fault::new(ErrorCode::DiskFull, "The disk is full; nothing was written")
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Fault::new(
                ErrorCode::ReadOnly,
                "That place cannot be read or written; nothing was changed",
            ),
            io::ErrorKind::AlreadyExists => Fault::new(
                ErrorCode::Refused,
                "A file of that name is already there; choose another one",
            ),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Fault::new(ErrorCode::NotFound, "The folder for that file is not there")
            }
            kind => Fault::new(
                ErrorCode::Internal,
                format!("A file could not be read or written ({kind})"),
            ),
        }
    }
}

told! {
    vault::CommitError {
        Self::NotYetVerified => Verifying,
        Self::RolledBack => Rollback,
        Self::Broken => Corrupt,
        Self::ReadOnly => ReadOnly,
        Self::DiskFull => DiskFull,
        Self::Store => Internal,
        Self::Entropy(_) => Internal,
    }
    vault::DeviceSecretAbsent {
        Self::NoKeyring => NoKeyring,
        Self::Missing => NoDeviceSecret,
        Self::KeyringLocked => NoDeviceSecret,
        Self::Ambiguous => NoDeviceSecret,
        Self::Damaged => NoDeviceSecret,
    }
    vault::StepUpRequired {
        Self { .. } => StepUpRequired,
    }
    vault::StepUpError {
        Self::Wrong => WrongCredentials,
        Self::Replayed => CodeReplayed,
        Self::ClockMovedBack => ClockMovedBack,
        Self::Entropy(_) => Internal,
        Self::NoMemory => Internal,
        ;
        Self::Throttled { wait_ms } => (throttled(wait_ms, &Self::Throttled { wait_ms })),
        Self::File(error) => (error.told()),
    }
    vault::CreateError {
        Self::Password(_) => Invalid,
        Self::KdfMemory => Invalid,
        Self::NoKeyring => NoKeyring,
        Self::KeyringLocked => NoDeviceSecret,
        Self::KeyringRefused => NoDeviceSecret,
        Self::WrongCode => WrongCredentials,
        Self::AlreadyMade => VaultExists,
        Self::NoMemory => Internal,
        Self::Entropy(_) => Internal,
        ;
        Self::File(error) => (error.told()),
        Self::Kit(error) => (error.told()),
        Self::Database(error) => (by_nature(&error)),
        Self::State(error) => (by_nature(&error)),
    }
    vault::UnlockError {
        Self::WrongPasswordOrCode => WrongCredentials,
        Self::DeviceRemoved => NoDeviceSecret,
        Self::NoRecoverySlot => Refused,
        Self::KitSecret(_) => Invalid,
        Self::ClockMovedBack => ClockMovedBack,
        Self::HeaderTampered => Corrupt,
        Self::TooManyDevices => Refused,
        Self::KeyringRefused => NoDeviceSecret,
        Self::NoMemory => Internal,
        Self::Entropy(_) => Internal,
        ;
        Self::Throttled { wait_ms } => (throttled(wait_ms, &Self::Throttled { wait_ms })),
        Self::NoDeviceSecret(error) => (error.told()),
        Self::Header(error) => (error.told()),
        Self::File(error) => (error.told()),
        Self::Database(error) => (by_nature(&error)),
        Self::State(error) => (by_nature(&error)),
    }
    vault::HeaderChangeError {
        Self::WrongPassword => WrongCredentials,
        Self::Password(_) => Invalid,
        Self::WrongCode => WrongCredentials,
        Self::NoSuchDevice => NotFound,
        Self::ThisDevice => Refused,
        Self::TooManyDevices => Refused,
        Self::NoMemory => Internal,
        Self::Entropy(_) => Internal,
        Self::NotVerified => Internal,
        Self::KitInsideVault => Refused,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Commit(error) => (error.told()),
        Self::File(vault::FileError::AlreadyThere) => (Fault::new(
            ErrorCode::Refused,
            "A file of that name is already there; choose another one",
        )),
        Self::File(vault::FileError::Missing) => (Fault::new(
            ErrorCode::NotFound,
            "The folder for that file is not there",
        )),
        Self::File(error) => (error.told()),
        Self::Keyring(error) => (error.told()),
    }
    vault::AcknowledgeError {
        Self::NoAlarm => Refused,
        ;
        Self::Header(error) => (error.told()),
        Self::StepUp(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::ReadError {
        Self::NotYetVerified => Verifying,
        Self::Broken => Corrupt,
        Self::Damaged => Corrupt,
        Self::Unreadable => Internal,
    }
    vault::KeyError {
        Self::NotFound => NotFound,
        Self::Ambiguous { .. } => Ambiguous,
        ;
        Self::Read(error) => (error.told()),
    }
    AcceptanceRefused {
        Self::NoSuchRule => Invalid,
        Self::Past => Invalid,
        Self::TooLong => Invalid,
    }
    vault::AcceptError {
        Self::NotFound => NotFound,
        Self::NotAccepted => NotFound,
        ;
        Self::Key(error) => (error.told()),
        Self::Refused(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::WriteKeyError {
        Self::Material(_) => Invalid,
        Self::Altered(_) => Corrupt,
        Self::NoSuchValue => NotFound,
        Self::Conflict => Refused,
        Self::Rotating => Refused,
        Self::Archived => Refused,
        Self::NotArchived => Refused,
        Self::NoFields => Invalid,
        ;
        Self::Key(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::RotateError {
        ;
        Self::Refused(error) => (error.told()),
        Self::Write(error) => (error.told()),
    }
    vault::HolderError {
        Self::NotFound => NotFound,
        Self::NameTaken => Refused,
        ;
        Self::Write(error) => (error.told()),
    }
    vault::IncidentError {
        Self::NotFound => NotFound,
        Self::NotConcerned => NotFound,
        Self::NoKeys => NotFound,
        Self::Closed => Refused,
        Self::Log => Internal,
        ;
        Self::Holder(error) => (error.told()),
        Self::Revoke(error) => (error.told()),
    }
    vault::RevokeError {
        Self::Dead => Refused,
        Self::NotBegun => Refused,
        ;
        Self::Write(error) => (error.told()),
    }
    vault::TakeError {
        Self::BeingRevoked => Refused,
        Self::Revoked => Refused,
        Self::Archived => Refused,
        Self::Compromised => Refused,
        Self::NoSecret => NotFound,
        Self::Purged => Refused,
        Self::NoSuchVersion => NotFound,
        Self::NothingStaged => Refused,
        Self::NoSuchField => NotFound,
        Self::Conflict => Refused,
        Self::MixedEnvironments => Refused,
        Self::Altered(_) => Corrupt,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Key(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::NotExported {
        Self::Nothing => NotFound,
        Self::Changed { .. } => Refused,
        Self::Format(_) => Invalid,
        Self::NotMade(_) => Internal,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Take(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::NotSigned {
        Self::NotReady(_) => Invalid,
        Self::Request(_) => Invalid,
        Self::Probe(_) => Refused,
        Self::Entropy(_) => Internal,
        ;
        Self::Take(error) => (error.told()),
    }
    vault::NotScheduled {
        Self::RisingNumbers => Refused,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Key(error) => (error.told()),
        Self::NotSigned(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::PurgeError {
        Self::NoSuchVersion => NotFound,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Key(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::ImportError {
        Self::UnknownSource => Invalid,
        Self::NoSuchSource => Invalid,
        Self::Source(_) => Invalid,
        Self::NoSuchField => Invalid,
        Self::NoBatch => NotFound,
        ;
        Self::Write(error) => (error.told()),
    }
    SnoozeRefused {
        Self::NotDue => NotFound,
        Self::Expired => Refused,
        Self::Hours { .. } => Invalid,
    }
    vault::ReminderError {
        Self::NothingDue => NotFound,
        ;
        Self::Read(error) => (error.told()),
        Self::Snooze(error) => (error.told()),
        Self::Commit(error) => (error.told()),
        Self::File(error) => (error.told()),
    }
    vault::RemindersAbsent {
        Self::NoIndex => NotFound,
        Self::Damaged => Corrupt,
        ;
        Self::NoDeviceSecret(error) => (error.told()),
        Self::File(error) => (error.told()),
    }
    vault::ReminderSaveError {
        Self::Entropy(_) => Internal,
        ;
        Self::NoDeviceSecret(error) => (error.told()),
        Self::File(error) => (error.told()),
    }
    vault::AuditError {
        Self::NotYetVerified => Verifying,
        Self::Broken => Corrupt,
        Self::Entry { .. } => Corrupt,
        Self::Note(_) => Corrupt,
        Self::Older => Rollback,
        Self::OtherHistory => Corrupt,
        ;
        Self::State(error) => (by_nature(&error)),
        Self::Commit(error) => (error.told()),
    }
    vault::AuditExportError {
        ;
        Self::Audit(error) => (error.told()),
        Self::File(error) => (error.told()),
    }
    vault::BackupError {
        Self::NotVerified => Refused,
        Self::DiskShort { .. } => DiskFull,
        Self::NoFolder => NotFound,
        Self::DoesNotVerify => Corrupt,
        Self::Entropy(_) => Internal,
        ;
        Self::File(error) => (error.told()),
        Self::Copy(error) => (by_nature(&error)),
        Self::Commit(error) => (error.told()),
    }
    vault::RestoreError {
        Self::NotABackup => NotFound,
        Self::OtherVault => Refused,
        Self::OlderKey => Refused,
        Self::OlderInstance => Refused,
        Self::DoesNotVerify => Corrupt,
        Self::HeaderInDoubt => Refused,
        Self::Entropy(_) => Internal,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Header(error) => (by_nature(&error)),
        Self::Database(error) => (by_nature(&error)),
        Self::State(error) => (by_nature(&error)),
        Self::File(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::ContactError {
        Self::NoCard => Refused,
        Self::NotFound => NotFound,
        Self::NameTaken => Refused,
        Self::OwnCard => Refused,
        Self::TooMany => Refused,
        Self::Card(_) => Invalid,
        Self::OtherFingerprint => Refused,
        Self::Removed => Refused,
        Self::Unverified => Refused,
        Self::GivenTo => Refused,
        Self::ReceivedFrom => Refused,
        Self::KeptRemoved => Refused,
        ;
        Self::StepUp(error) => (error.told()),
        Self::Read(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::ShareError {
        Self::NoRecipient => Invalid,
        Self::TooManyRecipients { .. } => Invalid,
        Self::NotPinned { .. } => Refused,
        Self::NoRole { .. } => Refused,
        Self::RoleNeeded => Invalid,
        Self::RolesDiffer => Refused,
        Self::RoleTooHigh { .. } => Refused,
        Self::ScopeNeeded => Invalid,
        Self::ScopesDiffer => Refused,
        Self::OutsideGrant { .. } => Refused,
        Self::NoKeys => NotFound,
        Self::EndsInThePast => Invalid,
        Self::Seal(_) => Refused,
        Self::Log => Corrupt,
        Self::Overtaken => Refused,
        Self::Locked => Locked,
        Self::Changed => Refused,
        Self::Stale => Refused,
        Self::SenderGone => Refused,
        Self::NoBatch => NotFound,
        Self::Selection(_) => Refused,
        Self::Backup(_) => Refused,
        Self::Altered(_) => Corrupt,
        ;
        Self::Contact(error) => (error.told()),
        Self::StepUp(error) => (error.told()),
        Self::Read(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::OpenShareError {
        Self::File(_) => Invalid,
        Self::Signature(_) => Refused,
        Self::ForSomebodyElse(_) => Refused,
        Self::Writes(_) => Invalid,
        Self::NoGrant => Refused,
        Self::UnknownSender => Refused,
        Self::KeyChanged => Refused,
        Self::SenderRemoved => Refused,
        Self::OwnShare => Refused,
        Self::Older { .. } => Refused,
        Self::Expired { .. } => Refused,
        Self::MixedSecret => Refused,
        Self::Ahead => Refused,
        ;
        Self::Contact(error) => (error.told()),
        Self::Read(error) => (error.told()),
        Self::Commit(error) => (error.told()),
    }
    vault::SettingRefused {
        Self::Unknown => NotFound,
        Self::Number { .. } => Invalid,
        Self::YesOrNo => Invalid,
        Self::Proxy => Invalid,
        ;
        Self::Commit(error) => (error.told()),
    }
    KeyringRefused {
        Self::Unavailable => NoKeyring,
        Self::Locked => NoDeviceSecret,
        Self::Ambiguous => NoDeviceSecret,
        Self::Failed => NoDeviceSecret,
    }
    NoClipboard {
        Self => NoDesktop,
    }
    NotShown {
        Self => NoDesktop,
    }
}
