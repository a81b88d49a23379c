//! The closed set of errors a client can act on.

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, exit $exit:literal;)*) => {
        /// Why a command was refused. A code exists only if a client acts on it; everything else
        /// is told by the message of the [`Fault`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The exit code of the command line for this error; documented in its man page.
            pub fn exit_code(self) -> u8 {
                match self { $(Self::$name => $exit,)* }
            }
        }
    };
}

error_codes! {
    /// The request is not of the command's form, or a value in it is refused.
    Invalid = "invalid", exit 2;
    /// There is no vault in that folder.
    NoVault = "no-vault", exit 3;
    /// There already is a vault in that folder.
    VaultExists = "vault-exists", exit 3;
    /// The vault is locked: unlock it first.
    Locked = "locked", exit 4;
    /// Wrong password or code; never says which.
    WrongCredentials = "wrong-credentials", exit 5;
    /// Too many tries: `retry_after_ms` says how long to wait.
    Throttled = "throttled", exit 6;
    /// The act needs a fresh code (and perhaps the password).
    StepUpRequired = "step-up-required", exit 5;
    /// This code was used already: wait for the next one.
    CodeReplayed = "code-replayed", exit 5;
    /// The clock moved back behind the last accepted code: a recovery code is needed.
    ClockMovedBack = "clock-moved-back", exit 7;
    /// No device secret where the vault expects it: unlock the keyring or use the recovery kit.
    NoDeviceSecret = "no-device-secret", exit 7;
    /// No Secret Service answers here; the device-secret file can be chosen instead.
    NoKeyring = "no-keyring", exit 7;
    /// The vault is older than the last state this device saw. Read-only until acknowledged.
    Rollback = "rollback-alarm", exit 8;
    /// The stored data does not verify.
    Corrupt = "corrupt", exit 8;
    /// The vault was written by a newer version of the program.
    NewerFormat = "newer-format", exit 9;
    /// Agent and client do not speak the same protocol version.
    ProtocolMismatch = "protocol-mismatch", exit 9;
    /// No such key, account, device, batch …
    NotFound = "not-found", exit 10;
    /// The name fits more than one key.
    Ambiguous = "ambiguous", exit 10;
    /// The state of the key or the vault does not allow it (archived, revoked, conflict …).
    Refused = "refused", exit 11;
    /// The disk is full; nothing was changed.
    DiskFull = "disk-full", exit 12;
    /// The folder or file cannot be written; nothing was changed.
    ReadOnly = "read-only", exit 12;
    /// Another program holds the vault.
    Busy = "busy", exit 13;
    /// The full verification after unlock has not finished yet.
    Verifying = "verifying", exit 13;
    /// No agent runs here and none could be started, or it went away in the middle.
    NoAgent = "no-agent", exit 15;
    /// Nothing here can show a notification or hold a clipboard.
    NoDesktop = "no-desktop", exit 14;
    /// A defect of ours; the message says where to report it.
    Internal = "internal", exit 70;
}

/// An error as it crosses the socket: what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Fault {
    pub code: ErrorCode,
    /// One or two sentences: what happened, what to do. No secret, no label, no path.
    pub message: String,
    /// With [`ErrorCode::Throttled`]: milliseconds until the next try is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional, type = "number"))]
    pub retry_after_ms: Option<u64>,
}

impl Fault {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after_ms: None,
        }
    }
}
