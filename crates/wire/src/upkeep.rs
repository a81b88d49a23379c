//! Keeping a vault: audit log, backups, recovery, password, devices, settings, self-test.

use crate::{Code, SecretField, SecretPlace, StepUp};

wire! {
    #[derive(Clone, Default, PartialEq, Eq)]
    #[serde(default)]
    pub struct AuditList {
        /// Newest first; entries with a sequence number below this one.
        pub before_seq: Option<u64>,
        pub limit: u32,
        pub key: Option<String>,
        pub event: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct AuditPage {
        pub entries: Vec<AuditEntry>,
        pub size: u64,
        pub next_before_seq: Option<u64>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct AuditEntry {
        pub seq: u64,
        pub utc_ms: i64,
        pub device: String,
        pub actor: String,
        pub client: String,
        pub event: String,
        /// Id and label of the entry concerned, if it still has one.
        pub entry_id: Option<String>,
        pub label: Option<String>,
        pub decision: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct AuditVerified {
        pub size: u64,
        /// Root hash, hexadecimal.
        pub root: String,
        /// The state this device anchored last, proven to be a prefix of the log.
        pub anchored_size: Option<u64>,
        pub checkpoint_signer: String,
        /// What exactly has been shown, in a sentence.
        pub claim: String,
    }

    /// Writes the log as JSON lines with its signed checkpoint and proof.
    #[derive(Clone, PartialEq, Eq)]
    pub struct AuditExport {
        pub path: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Written {
        pub path: String,
        pub bytes: u64,
    }

    #[derive(Clone, Default, PartialEq, Eq)]
    #[serde(default)]
    pub struct BackupNow {
        /// An extra destination for this once.
        pub folder: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct BackupDone {
        pub written: Vec<BackupView>,
        /// Destinations that failed, with why.
        pub failed: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct BackupList {
        pub backups: Vec<BackupView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct BackupView {
        pub path: String,
        pub at_ms: i64,
        pub bytes: u64,
        pub verified: bool,
    }

    /// The vault is replaced by the backup, after it was opened and verified; the one at hand is
    /// kept aside.
    pub struct RestoreBackup {
        /// Folder of the backup.
        pub path: String,
        pub password: SecretField,
        pub code: Code,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Restored {
        pub keys: u32,
        pub epoch: u64,
        /// Where the vault that was replaced is kept.
        pub kept_aside: Option<String>,
    }

    /// A new kit: a new recovery secret and ten new recovery codes; the old ones die.
    pub struct RecoveryKit {
        pub path: String,
        pub step_up: StepUp,
    }

    /// Tries the secret on the printed kit without changing anything.
    pub struct RecoveryTest {
        pub recovery_secret: SecretField,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RecoveryTested {
        pub works: bool,
        pub fingerprint: String,
    }

    /// `step_up.password` is the present password.
    pub struct PasswordChange {
        pub new_password: SecretField,
        pub step_up: StepUp,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct PasswordChanged {
        /// Devices that could not be taken along and enrol again with the kit.
        pub devices_dropped: u32,
    }

    pub struct TotpResetBegin {
        /// A code of the lost authenticator's, or a recovery code, and the password.
        pub step_up: StepUp,
    }

    pub struct TotpResetBegun {
        pub otpauth: SecretField,
        pub seed: SecretField,
    }

    pub struct TotpResetConfirm {
        /// A code of the new authenticator.
        pub code: SecretField,
    }

    /// After a suspected compromise. A new kit is written first.
    pub struct RotateVaultKey {
        pub kit_path: String,
        pub step_up: StepUp,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VaultKeyRotated {
        pub key_generation: u32,
        /// Other devices, which enrol again with the new kit.
        pub devices_dropped: u32,
        /// A backup under the new key was made and verified. If not, the old half stays until one
        /// is.
        pub backed_up: bool,
        pub kit: crate::KitView,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct DeviceList {
        pub devices: Vec<DeviceView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct DeviceView {
        pub id: String,
        pub name: String,
        /// `device` or `recovery`.
        pub kind: String,
        pub enrolled_ms: i64,
        pub this_device: bool,
        /// Its slot was changed from outside and opens nothing; a password change repairs it.
        pub damaged: bool,
        pub place: Option<SecretPlace>,
    }

    pub struct DeviceRemove {
        pub id: String,
        pub step_up: StepUp,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct SettingsView {
        pub settings: Vec<Setting>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Setting {
        /// `auto-lock-minutes`, `clipboard-seconds`, `grace-minutes`, `lock-on-suspend`,
        /// `lock-on-screen-lock`, `quiet-from`, `quiet-to`, `remind-at`, `lead-days`,
        /// `names-in-notifications`, `backup-folder`, `backup-keep`.
        pub name: String,
        pub value: String,
        pub default: String,
        /// What it does and what it takes, in a sentence.
        pub help: String,
    }

    pub struct SettingSet {
        pub name: String,
        pub value: String,
        /// For `grace-minutes` alone, unless a grace is running.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step_up: Option<StepUp>,
    }

    /// What works on this machine, each line with what to do about it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct SelfTest {
        pub checks: Vec<SelfTestLine>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct SelfTestLine {
        /// `keyring`, `notifications`, `clipboard`, `lock-on-suspend`, `lock-on-screen-lock`,
        /// `idle`, `core-dumps`, `memory-lock`.
        pub name: String,
        pub works: bool,
        pub detail: String,
    }
}
