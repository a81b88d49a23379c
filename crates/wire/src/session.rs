//! Making, opening and closing a vault.

use crate::SecretField;

wire! {
    /// For commands that take nothing.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct Nothing {}

    /// For commands that give nothing back: it is done, and durable.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct Done {}

    /// A code typed by the person.
    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum CodeKind {
        /// Six digits of the authenticator.
        Totp,
        /// One of the ten recovery codes; spent by its use.
        Recovery,
    }

    pub struct Code {
        pub kind: CodeKind,
        pub value: SecretField,
    }

    /// Proof of presence for one critical act. The password is asked only where the command says
    /// so.
    pub struct StepUp {
        pub code: Code,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub password: Option<SecretField>,
    }

    /// Where the device secret lives. Chosen in words, never fallen back to.
    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum SecretPlace {
        /// The operating system's keyring.
        Keyring,
        /// A 0600 file under the state folder: whoever has the disk has it too.
        File,
    }

    /// First step of making a vault. Nothing is written until the code is confirmed.
    pub struct CreateBegin {
        pub password: SecretField,
        pub place: SecretPlace,
        /// Argon2id memory in MiB: 64 to 2048. Without it the machine is measured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kdf_mib: Option<u32>,
        /// Name shown by the authenticator; the folder's name without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
    }

    pub struct CreateBegun {
        /// `otpauth://totp/…`, for a QR code or typing.
        pub otpauth: SecretField,
        /// The seed alone, base32, for typing.
        pub seed: SecretField,
        pub kdf: KdfView,
        /// Milliseconds one derivation takes here.
        pub kdf_ms: u64,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct KdfView {
        pub memory_mib: u32,
        pub passes: u32,
        pub lanes: u32,
    }

    /// Second step: one code typed back. The vault exists, unlocked, when this answers.
    pub struct CreateConfirm {
        pub code: SecretField,
        /// Where the recovery kit goes. Without it the vault has none until `recovery_kit`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kit_path: Option<String>,
        /// Second destination of the automatic backups, off this disk if possible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub backup_folder: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CreateConfirmed {
        pub vault_id: String,
        pub kit: Option<KitView>,
        /// Sentences about what was asked for and did not come true; the vault exists all the same.
        pub notes: Vec<String>,
    }

    pub struct Unlock {
        pub password: SecretField,
        pub code: Code,
    }

    /// Opening on a machine that has no device secret of this vault: password, kit and a code.
    pub struct UnlockNewDevice {
        pub password: SecretField,
        /// The recovery secret as it stands on the kit; blanks and dashes do not matter.
        pub recovery_secret: SecretField,
        pub code: Code,
        pub place: SecretPlace,
        pub device_name: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Unlocked {
        pub vault_id: String,
        pub keys: u32,
        /// Wrong tries since the last unlock.
        pub failed_tries: u32,
        /// A recovery code was spent; this many are left.
        pub recovery_codes_left: u32,
        /// The vault is older than the last state seen here: read-only until acknowledged.
        pub rollback_alarm: Option<String>,
        /// Sentences worth showing once: stale backup, kit never tested, snoozes merged …
        pub notes: Vec<String>,
    }

    /// A step-up whose grace lasts on this connection (0–10 minutes, a setting). The command line
    /// has none.
    pub struct StepUpGrace {
        pub step_up: StepUp,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Grace {
        pub until_ms: i64,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum VaultState {
        Absent,
        Locked,
        Unlocked,
        /// Open, but an alarm keeps it read-only.
        ReadOnly,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct StatusView {
        pub state: VaultState,
        pub vault: String,
        pub agent_version: String,
        pub agent_pid: u32,
        /// Where the device secret is looked for and whether it answers.
        pub place: Option<SecretPlace>,
        pub device_secret: DeviceSecretState,
        pub keys: Option<u32>,
        /// Keys due within 30 days; known while locked too if the device secret is there.
        pub due: Option<u32>,
        pub overdue: Option<u32>,
        pub next_reminder_ms: Option<i64>,
        pub auto_lock_at_ms: Option<i64>,
        pub grace_until_ms: Option<i64>,
        /// Milliseconds until the next try is taken.
        pub throttled_ms: Option<u64>,
        /// Full verification: `None` while locked or still running.
        pub verified: Option<bool>,
        pub alarm: Option<String>,
        pub last_backup_ms: Option<i64>,
        pub kit_tested_ms: Option<i64>,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum DeviceSecretState {
        Present,
        Missing,
        KeyringLocked,
        NoKeyring,
        Ambiguous,
    }

    /// Ends a rollback alarm knowingly: the state at hand becomes the one this device trusts.
    pub struct AcknowledgeAlarm {
        pub step_up: StepUp,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct KitView {
        pub path: String,
        pub fingerprint: String,
        pub recovery_codes: u32,
    }
}
