//! Keys as a face sees and edits them.

use crate::{CheckScheduleView, SecretField, SeenAllowlist, StepUp};

wire! {
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Environment { Production, Testnet, Demo, Development }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum KeyState { Draft, Active, Rotating, Draining, Revoked, Archived }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum VersionState { Staged, Active, Draining, Revoked }

    /// What a key may do, in the fixed order of the permission strip.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Verb { Read, Spot, Margin, Derivatives, Transfer, Withdraw, SubAccounts, KeyAdmin }

    /// Unknown is never shown, counted or treated as no.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Tri { Yes, No, Unknown }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum KeyType { Hmac, Rsa, Ed25519, Ecdsa, Passphrase, AgentWallet, OAuth }

    /// The eight verbs, all present.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Permissions {
        pub read: Tri,
        pub spot: Tri,
        pub margin: Tri,
        pub derivatives: Tri,
        pub transfer: Tri,
        pub withdraw: Tri,
        pub sub_accounts: Tri,
        pub key_admin: Tri,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Allowlist {
        /// Any address may use the key. Said in words, never by an empty list.
        Unrestricted {},
        /// Nobody recorded it yet.
        Unknown {},
        Listed { rules: Vec<IpRule> },
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IpRule {
        /// An address or a network in CIDR form.
        pub address: String,
        /// A name for the host, such as `VPS-1`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub host: Option<String>,
    }

    /// One recorded cause of an expiry; the earliest wins.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum ExpiryCause {
        /// A fixed moment, UTC milliseconds.
        Fixed { at_ms: i64 },
        DaysSinceCreation { days: u32 },
        Inactivity { days: u32 },
        NoAllowlist { days: u32 },
        PasswordChange { at_ms: i64 },
        /// So long after a session or an agent was approved.
        SessionLife { days: u32 },
    }

    /// A moment something is due, with why.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Due {
        pub at_ms: i64,
        /// Local calendar date, ISO 8601.
        pub date: String,
        /// Whole local days from today; negative when past.
        pub days: i64,
        /// One clause: "fixed date", "90 days since creation without an allowlist" …
        pub cause: String,
    }

    /// A row of the list.
    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyRow {
        /// 32 hexadecimal digits.
        pub id: String,
        pub label: String,
        pub exchange: String,
        pub exchange_name: String,
        pub account: String,
        pub environment: Environment,
        pub state: KeyState,
        pub compromised: bool,
        pub declared: Permissions,
        pub observed: Option<Permissions>,
        /// `unrestricted`, `unknown` or the number of rules.
        pub allowlist: AllowlistSummary,
        pub expiry: Option<Due>,
        pub rotation: Option<Due>,
        pub last_rotated_ms: i64,
        pub tags: Vec<String>,
        pub consumers: Vec<String>,
        pub conflict: bool,
        pub has_secret: bool,
        /// In which ways the key may do more than it should; worst first.
        pub excess: Vec<Excess>,
    }

    /// A way in which a key may do more than it should.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Excess {
        /// It may withdraw, and nothing is known of addresses that would hold it back.
        WithdrawUnlisted,
        /// It may trade from any address: accounts were emptied that way too.
        TradeUnrestricted,
        /// The exchange says that it may do more than was recorded.
        MoreThanDeclared,
        /// Its purpose is to look, and it may act.
        MoreThanPurpose,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum AllowlistSummary { Unrestricted {}, Unknown {}, Listed { rules: u32 } }

    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyView {
        pub row: KeyRow,
        pub key_type: KeyType,
        pub purpose: Option<String>,
        pub owner: Option<String>,
        pub notes: Option<String>,
        /// The notes look as if they held a secret.
        pub notes_warning: Option<String>,
        pub allowlist: Allowlist,
        pub native_permissions: Vec<String>,
        pub expiry_causes: Vec<ExpiryCause>,
        /// Days; `None` means the class default, which `rotation_days` gives.
        pub rotation_override: Option<u32>,
        pub rotation_days: u32,
        pub created_ms: i64,
        pub last_used_ms: Option<i64>,
        /// When the exchange last said what is observed; none if it never did.
        pub observed_ms: Option<i64>,
        /// What it said then, beside the permissions.
        pub observation: Option<Observed>,
        /// Whether the exchange is asked by itself, too.
        pub check_schedule: Option<CheckScheduleView>,
        pub compromised_since_ms: Option<i64>,
        /// Of the current version, in the template's order.
        pub fields: Vec<FieldView>,
        pub versions: Vec<VersionView>,
        pub conflicts: Vec<Conflict>,
    }

    /// The last answer of the exchange about a key, as it is kept.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Observed {
        pub at_ms: i64,
        pub allowlist: SeenAllowlist,
        pub expires_ms: Option<i64>,
        pub created_ms: Option<i64>,
        pub last_used_ms: Option<i64>,
        /// What the key is called at the exchange.
        pub label: Option<String>,
        /// The exchange's word, where it has switched the key off.
        pub stopped: Option<String>,
        /// The exchange's own words for what the key may do.
        pub native: Vec<String>,
        /// Those of them that nobody here knows: each may mean anything.
        pub unknown_words: Vec<String>,
        /// What changed since the answer before it, a sentence each.
        pub drift: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FieldView {
        pub name: String,
        pub secret: bool,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VersionView {
        pub id: String,
        pub state: VersionState,
        pub made_ms: i64,
        pub purged: bool,
        pub fields: Vec<FieldView>,
    }

    /// Several values of one register, none of which knew of the other. Both are kept.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Conflict {
        pub register: String,
        pub values: Vec<ConflictValue>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictValue {
        pub write_id: String,
        pub value: String,
        pub at_ms: i64,
    }

    /// A field's value as typed or imported. Names: apiKey, secret, passphrase, uid, privateKey,
    /// walletAddress, token, or a name of the person's own.
    pub struct FieldInput {
        pub name: String,
        pub value: SecretField,
    }

    /// A new key.
    pub struct KeyAdd {
        pub label: String,
        pub exchange: String,
        /// Label of the exchange account; made if there is none of that name.
        pub account: String,
        pub environment: Environment,
        pub key_type: KeyType,
        /// Empty for a record whose secret is held elsewhere.
        pub fields: Vec<FieldInput>,
        pub declared: Permissions,
        #[serde(default)]
        pub native_permissions: Vec<String>,
        pub allowlist: Allowlist,
        #[serde(default)]
        pub expiry: Vec<ExpiryCause>,
        /// Days between rotations, 1 to 3650; the class default without it.
        #[serde(default)]
        pub rotation_days: Option<u32>,
        /// When the key was made at the exchange; now without it.
        #[serde(default)]
        pub created_ms: Option<i64>,
        #[serde(default)]
        pub purpose: Option<String>,
        #[serde(default)]
        pub owner: Option<String>,
        #[serde(default)]
        pub consumers: Vec<String>,
        #[serde(default)]
        pub tags: Vec<String>,
        #[serde(default)]
        pub notes: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyAdded {
        pub id: String,
        /// What looked odd: a field that was trimmed, a label that is used twice …
        pub warnings: Vec<String>,
    }

    /// A key by its label or id. A label that fits several keys is refused as ambiguous.
    #[derive(Clone, PartialEq, Eq)]
    pub struct KeySelector {
        pub key: String,
    }

    /// Changes to one key, all or nothing. Secrets have a command of their own.
    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyEdit {
        pub key: String,
        pub changes: Vec<Change>,
    }

    /// One change. Absent means untouched; clearing is said in words.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "set")]
    pub enum Change {
        Label { value: String },
        /// Re-seals the secrets under the new exchange.
        Exchange { value: String },
        Account { value: String },
        Environment { value: Environment },
        KeyType { value: KeyType },
        Declared { value: Permissions },
        NativePermissions { value: Vec<String> },
        Allowlist { value: Allowlist },
        Expiry { value: Vec<ExpiryCause> },
        Rotation { days: Option<u32> },
        Created { at_ms: i64 },
        LastUsed { at_ms: i64 },
        Purpose { value: Option<String> },
        Owner { value: Option<String> },
        Consumers { value: Vec<String> },
        Tags { value: Vec<String> },
        Notes { value: Option<String> },
        State { value: KeyState },
        Compromised { since_ms: Option<i64> },
        /// One alive value of a conflicting register wins.
        Resolve { write_id: String },
    }

    /// A new version of the secret. The version before is kept as revoked until it is purged.
    pub struct SecretSet {
        pub key: String,
        pub fields: Vec<FieldInput>,
    }

    #[derive(Clone, Default, PartialEq, Eq)]
    #[serde(default)]
    pub struct KeyFilter {
        pub text: Option<String>,
        pub exchange: Option<String>,
        pub account: Option<String>,
        pub environment: Option<Environment>,
        pub state: Option<KeyState>,
        /// Keys that may do this: granted or unknown.
        pub permission: Option<Verb>,
        pub tag: Option<String>,
        pub consumer: Option<String>,
        /// Expiry or rotation due within this many days, or overdue.
        pub due_within_days: Option<u32>,
        /// Archived keys are left out without it.
        pub archived: bool,
        /// Keys with at least one of [`Excess`].
        pub over_permissive: bool,
        /// Keys that any address may use, by what was recorded. Not recorded is not in it.
        pub unrestricted: bool,
    }

    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum KeySort { #[default] Due, Label, Exchange, Created }

    #[derive(Clone, Default, PartialEq, Eq)]
    #[serde(default)]
    pub struct KeyList {
        pub filter: KeyFilter,
        pub sort: KeySort,
        /// Rows to skip; a page ends where the frame is full.
        pub offset: u32,
        pub limit: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyPage {
        pub rows: Vec<KeyRow>,
        pub total: u32,
        /// Offset of the next page.
        pub next: Option<u32>,
    }

    /// One field to the clipboard.
    pub struct Copy {
        pub key: String,
        pub field: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Copied {
        /// Seconds until the clipboard is cleared, if it is still ours.
        pub clears_after_s: u32,
    }

    /// Fields in the clear: all of the current version if none are named.
    pub struct Reveal {
        pub key: String,
        #[serde(default)]
        pub fields: Vec<String>,
        #[serde(default)]
        pub version: Option<String>,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    pub struct Revealed {
        pub label: String,
        pub exchange: String,
        pub environment: Environment,
        pub fields: Vec<FieldInput>,
    }

    /// Fields of one or more keys for a command that is about to start.
    pub struct Serve {
        pub keys: Vec<String>,
        /// The command's name for the audit log, without its arguments.
        pub program: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    pub struct Served {
        pub keys: Vec<Revealed>,
    }

    pub struct Purge {
        /// Label or id; the id alone for a key that is deleted already and may still hold secrets.
        pub key: String,
        pub what: PurgeWhat,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Purged {
        /// How many secrets were destroyed.
        pub secrets: u32,
        /// The key as it is now; absent once all of it is gone.
        pub key: Option<KeyView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum PurgeWhat {
        /// One version's secret; the fact of it stays.
        Version { id: String },
        /// Every version's secret but the active one.
        OldVersions {},
        /// The key with all its secrets; its tombstone stays.
        Key {},
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HistoryView {
        /// Newest first, as many as the frame holds.
        pub lines: Vec<HistoryLine>,
        pub total: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HistoryLine {
        pub at_ms: i64,
        pub register: String,
        /// The value in words; `[secret]` or `[purged]` for material.
        pub value: String,
        pub device: String,
        pub current: bool,
    }
}
