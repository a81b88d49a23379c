//! What the pages of the desktop ask of the shell that shows them, and not of the agent: small
//! windows, files, the look of the program.
//!
//! Declared here so that the shell's commands, their permissions and the TypeScript client come
//! from one list, as those of the agent do. Deliberately not here: anything that crosses the
//! agent's socket.

use crate::{
    Allowlist, Checked, ColumnMapping, Environment, ExpiryCause, ExportDone, ExportFormat,
    ExportWhich, ImportPlanView, KeyType, KitView, Offboarded, Permissions, PlaybookText,
    PurgeWhat, SecretField, ShareApplied, ShareAsk, ShareOpened, ShareRole, ShareScope, StepUp,
    VaultKeyRotated,
};

wire! {
    /// What a small window was opened for. Secrets never stand in it.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Task {
        /// The secret window: the fields of a new key are typed, and the key is recorded.
        AddKey { draft: Box<KeyDraft> },
        /// The secret window: a new version of a key's secret.
        ReplaceSecret { key: String, label: String, exchange: String },
        /// The secret window: the successor of a key that is being rotated.
        StageSecret { key: String, label: String, exchange: String },
        /// The secret window: the present and a new master password.
        ChangePassword {},
        /// The secret window: the secret on the recovery kit, to see whether it works.
        TestKit {},
        /// The secret window: the password of a file that is to be imported.
        OpenImport { file: ImportFile },
        /// The secret window: the passphrase of a share in a file.
        OpenShare { path: String },
        /// The step-up window: one critical act.
        StepUp { act: Act },
        /// The reveal window: every field of a key's current version, or of another one.
        Reveal { key: String, label: String, version: Option<String> },
        /// The setup window: a vault is made.
        Create {},
        /// The setup window: another authenticator takes the place of the present one.
        ResetTotp {},
    }

    /// A critical act that a fresh code allows.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Act {
        Copy { key: String, label: String, field: String },
        Purge { key: String, label: String, what: PurgeWhat },
        RemoveDevice { id: String, name: String },
        /// A new recovery kit, written to this file.
        NewKit { path: String },
        RotateVaultKey { kit_path: String },
        Restore { path: String },
        AcknowledgeAlarm {},
        /// Nothing but the grace that follows.
        Grace {},
        /// The setting `grace-minutes`.
        GraceMinutes { minutes: String },
        /// The exchange is asked about a key, with the key.
        AskExchange { key: String, label: String, exchange_name: String },
        /// The same question for the machine of the key, to the clipboard.
        AskElsewhere { key: String, label: String, exchange_name: String },
        /// From now on it is asked by itself.
        ScheduleChecks {
            key: String,
            label: String,
            exchange_name: String,
            every_days: u32,
            despite_rising_numbers: bool,
        },
        /// The answer that came there is pasted and read.
        ReadAnswer { key: String, label: String, exchange_name: String },
        /// A share is made and written to this file.
        MakeShare {
            share: Box<ShareAsk>,
            /// Of the preview that was looked at.
            agreed: String,
            path: String,
            brief: ShareBrief,
        },
        /// What was previewed is taken.
        ApplyShare {
            plan: String,
            /// Of what is accepted when the window opens.
            revision: u64,
            sender: String,
            fingerprint: String,
            accepted: u32,
        },
        /// From now on somebody is known by other keys.
        TrustNewKey { contact: String, name: String, card: String, fingerprint: String },
        /// What somebody may be given, and what of theirs counts.
        GiveRole {
            contact: String,
            name: String,
            fingerprint: String,
            role: ShareRole,
            scope: ShareScope,
        },
        /// Somebody leaves.
        Offboard { contact: String, name: String },
        /// Keys leave the vault in plaintext, into this file.
        Export { which: ExportWhich, format: ExportFormat, path: String, keys: u32 },
    }

    /// What a share would give to whom, in short.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareBrief {
        /// Empty where only a passphrase opens it.
        pub to: Vec<String>,
        pub role: ShareRole,
        pub scope_words: String,
        pub keys: u32,
        pub secrets: u32,
    }

    /// A new key before its secret is typed: `KeyAdd` without the fields.
    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyDraft {
        pub label: String,
        pub exchange: String,
        pub account: String,
        pub environment: Environment,
        pub key_type: KeyType,
        pub declared: Permissions,
        pub native_permissions: Vec<String>,
        pub allowlist: Allowlist,
        pub expiry: Vec<ExpiryCause>,
        pub rotation_days: Option<u32>,
        pub created_ms: Option<i64>,
        pub purpose: Option<String>,
        pub owner: Option<String>,
        pub consumers: Vec<String>,
        pub tags: Vec<String>,
        pub notes: Option<String>,
    }

    /// Opens the window that belongs to a task, beside the main one; an open one is replaced.
    #[derive(Clone, PartialEq, Eq)]
    pub struct OpenWindow {
        pub task: Task,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CopyField {
        pub key: String,
        pub label: String,
        pub field: String,
    }

    /// What became of a copy.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum CopyStarted {
        /// A grace is running: the field is on the clipboard.
        Copied { clears_after_s: u32 },
        /// The step-up window asks for a code; its outcome follows.
        Asked {},
    }

    /// Asks a key's exchange about it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct AskExchange {
        pub key: String,
        pub label: String,
    }

    /// What became of it.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum AskStarted {
        /// A grace is running: this is how it ended.
        Checked { checked: Box<Checked> },
        /// The step-up window asks for a code; its outcome follows.
        Asked {},
    }

    /// Asks with the code that was typed, or reads an answer that was got elsewhere. Not on the
    /// connection of the other windows, which would wait for the network with it.
    pub struct AskWithCode {
        pub key: String,
        #[serde(default)]
        pub answer: Option<SecretField>,
        pub step_up: StepUp,
    }

    /// The small window is done, and closes. The main window hears of it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Finish {
        pub outcome: Outcome,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Outcome {
        Cancelled {},
        /// It is done, and there is nothing more to say.
        Done {},
        Added { id: String, warnings: Vec<String> },
        /// A successor is recorded beside the secret in use.
        Staged { warnings: Vec<String> },
        Copied { key: String, field: String, clears_after_s: u32 },
        GraceUntil { until_ms: i64 },
        Kit { kit: KitView },
        KitTested { works: bool, fingerprint: String },
        PasswordChanged { devices_dropped: u32 },
        VaultKeyRotated { rotated: VaultKeyRotated },
        Restored { keys: u32, kept_aside: Option<String> },
        Checked { checked: Box<Checked> },
        QuestionCopied { clears_after_s: u32 },
        /// A share stands in this file. Its passphrase, if it has one, was shown already.
        ShareMade { path: String, bytes: u64, keys: u32, secrets: u32, passphrase: bool },
        /// A share was opened with its passphrase; nothing is taken of it yet.
        ShareOpened { opened: Box<ShareOpened> },
        /// A file was opened with its password; nothing is taken of it yet.
        ImportPreviewed { plan: Box<ImportPlanView> },
        ShareApplied { applied: ShareApplied },
        Offboarded { offboarded: Box<Offboarded> },
        Exported { path: String, done: ExportDone },
    }

    /// What the shell tells the main window, as the detail of the page's event `strongroom`.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum ShellEvent {
        /// A small window closed.
        Finished { task: Box<Task>, outcome: Outcome },
        /// A notification was clicked, or the program was started with a place to go to.
        Arrived { arrival: Arrival },
        /// The look was changed in another window.
        LookChanged { look: LookView },
    }

    /// Where to begin: a key, what is due, or nowhere in particular.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Arrival {
        /// A key's id.
        pub key: Option<String>,
        pub due: bool,
        /// The vault was made a moment ago.
        pub created: bool,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum PathPurpose {
        /// A file to write the recovery kit to.
        Kit,
        /// A folder for backups.
        BackupFolder,
        /// The folder of one backup.
        Backup,
        /// A file to import.
        Import,
        /// A file to write the audit log to.
        AuditLog,
        /// A file to write what is due to, for a calendar program.
        Calendar,
        /// A file to write a pack of evidence to; another stands beside it.
        Evidence,
        ReportMarkdown,
        ReportCsv,
        ReportJson,
        /// A file to write one's own card to.
        Card,
        /// The card of somebody else.
        CardOpen,
        /// A file to write a share to.
        Share,
        /// A share that came.
        ShareOpen,
        RotateCsv,
        RotateCalendar,
        /// A file to write keys to.
        Export,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ChoosePath {
        pub purpose: PathPurpose,
    }

    /// `None` where the person chose nothing. Where the desktop shows no dialog the fault is
    /// `no-desktop`, and a path can be typed.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ChosenPath {
        pub path: Option<String>,
    }

    /// A file is opened by the shell and passed to the agent as a descriptor: a plan comes back,
    /// nothing is taken yet.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ImportFile {
        pub path: String,
        pub source: Option<String>,
        pub columns: Vec<ColumnMapping>,
        pub exchange: Option<String>,
        pub account: Option<String>,
    }

    /// The same of a file under a password, which is not the vault's.
    pub struct ImportFileOpen {
        pub file: ImportFile,
        pub password: SecretField,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct PlaybookList {
        pub playbooks: Vec<PlaybookView>,
    }

    /// A playbook of the program.
    #[derive(Clone, PartialEq, Eq)]
    pub struct PlaybookView {
        /// What an incident keeps of it.
        pub text: PlaybookText,
        pub title: String,
        /// When it is the right one.
        pub when: String,
        /// To those concerned; `{about}`, `{opened}` and `{count}` are to be filled in.
        pub message: String,
    }

    /// Writes the evidence of an incident as Markdown to this file, which must not be there, and
    /// as JSON beside it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct EvidenceWrite {
        pub incident: String,
        pub path: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct EvidenceWritten {
        pub markdown: String,
        pub json: String,
        pub keys: u32,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ReportKind { Inventory, AccessReview }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ReportFormat { Markdown, Csv, Json }

    /// Opens a page of a key's exchange in the person's browser. The page of ours names the key and
    /// never the address, so that what runs in it cannot send a browser anywhere.
    #[derive(Clone, PartialEq, Eq)]
    pub struct PageOpen {
        pub key: String,
        pub page: ExchangePage,
    }

    /// Where keys are made, and where they are ended.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ExchangePage { Manage, Revoke }

    /// Writes a report over every key to this file, which must not be there.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ReportWrite {
        pub report: ReportKind,
        pub format: ReportFormat,
        pub path: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ReportWritten {
        pub path: String,
        pub lines: u32,
    }

    /// Text for a QR code: an otpauth URI holds a secret.
    pub struct QrText {
        pub text: SecretField,
    }

    /// Rows of `0` (light) and `1` (dark), without the quiet zone. They hold what the text holds.
    pub struct QrView {
        pub rows: Vec<SecretField>,
    }

    /// One's own card as a QR code: rows of `0` (light) and `1` (dark), without the quiet zone.
    #[derive(Clone, PartialEq, Eq)]
    pub struct CardQr {
        pub rows: Vec<String>,
    }

    /// Writes one's own card to this file, which must not be there.
    #[derive(Clone, PartialEq, Eq)]
    pub struct CardWrite {
        pub path: String,
    }

    /// A card in a file; the shell passes it to the agent as a descriptor.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactFile {
        pub path: String,
    }

    /// A share in a file that one's own key opens; as with [`ContactFile`].
    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareFile {
        pub path: String,
    }

    /// The same of a share under a passphrase.
    pub struct ShareFileOpen {
        pub path: String,
        pub passphrase: SecretField,
    }

    /// Makes a share in this file, which must not be there.
    pub struct ShareWrite {
        pub share: ShareAsk,
        pub agreed: String,
        pub path: String,
        pub step_up: StepUp,
    }

    /// Writes keys in plaintext to this file, which must not be there and not where git sees it.
    pub struct ExportWrite {
        pub which: ExportWhich,
        pub format: ExportFormat,
        pub path: String,
        /// The number of keys that was agreed to.
        pub keys: u32,
        pub step_up: StepUp,
    }

    #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Theme { #[default] System, Light, Dark }

    #[derive(Clone, PartialEq, Eq)]
    pub struct LookView {
        pub theme: Theme,
        /// Of the desktop program.
        pub version: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct LookSet {
        pub theme: Theme,
    }

    /// Whether the agent starts with the session, so that reminders come without the window.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct LoginStart {
        pub on: bool,
    }
}

/// Commands whose reply holds a secret. A page gets it as the bytes of one answer and no other way:
/// as text it would pass through scripts that Tauri writes.
pub const RAW_REPLIES: &[&str] = &[
    "create_begin",
    "qr",
    "reveal",
    "share_write",
    "totp_reset_begin",
];

/// Calls `$callback!` with every command of the shell, in the form of
/// [`for_each_command`](crate::for_each_command).
#[macro_export]
macro_rules! for_each_shell_command {
    ($callback:ident) => {
        $callback! {
            open_window(OpenWindow) -> Done, [Main];
            copy_field(CopyField) -> CopyStarted, [Main];
            ask_exchange(AskExchange) -> AskStarted, [Main];
            ask_with_code(AskWithCode) -> Checked, [StepUp];
            task(Nothing) -> Task, [Setup, Secret, StepUp, Reveal];
            finish(Finish) -> Done, [Setup, Secret, StepUp, Reveal];
            arrival(Nothing) -> Arrival, [Main];
            choose_path(ChoosePath) -> ChosenPath, [Main, Unlock, Setup];
            import_file(ImportFile) -> ImportPlanView, [Main];
            import_file_open(ImportFileOpen) -> ImportPlanView, [Secret];
            card_qr(Nothing) -> CardQr, [Main];
            card_write(CardWrite) -> Written, [Main];
            contact_file(ContactFile) -> ContactAdded, [Main];
            share_file(ShareFile) -> ShareOpened, [Main];
            share_file_open(ShareFileOpen) -> ShareOpened, [Secret];
            share_write(ShareWrite) -> ShareMade, [StepUp];
            export_write(ExportWrite) -> ExportDone, [StepUp];
            page_open(PageOpen) -> Done, [Main];
            playbooks(Nothing) -> PlaybookList, [Main];
            evidence_write(EvidenceWrite) -> EvidenceWritten, [Main];
            report_write(ReportWrite) -> ReportWritten, [Main];
            qr(QrText) -> QrView, [Setup];
            look(Nothing) -> LookView, [Main, Unlock, Setup, Secret, StepUp, Reveal];
            look_set(LookSet) -> LookView, [Main];
            login_start(Nothing) -> LoginStart, [Main, Setup];
            login_start_set(LoginStart) -> LoginStart, [Main, Setup];
        }
    };
}
