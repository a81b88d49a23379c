//! Sharing by files: what would be given to whom, making a share, and importing one with a preview.

use crate::{ContactState, ContactView, SecretField, ShareRole, ShareScope, StepUp};

wire! {
    /// What is to be shared with whom.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareAsk {
        /// Contacts by name or id; empty only with `passphrase`.
        pub to: Vec<String>,
        /// The role all of them have without it; never more than the role somebody has.
        #[serde(default)]
        pub role: Option<ShareRole>,
        /// The scope of the contacts, if all have the same, without it.
        #[serde(default)]
        pub scope: Option<ShareScope>,
        /// Also the values that were replaced.
        #[serde(default)]
        pub history: bool,
        /// From when on it is not to be imported any more.
        #[serde(default)]
        pub expires_ms: Option<i64>,
        /// Also under a generated passphrase, for a first contact; the only lock where `to` is
        /// empty.
        #[serde(default)]
        pub passphrase: bool,
    }

    /// Who would get what; nothing is made.
    #[derive(Clone, PartialEq, Eq)]
    pub struct SharePreviewAsk {
        pub share: ShareAsk,
        #[serde(default)]
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct SharePreview {
        pub role: ShareRole,
        pub scope_words: String,
        pub recipients: Vec<ShareRecipient>,
        /// Withdraw first; class by class.
        pub classes: Vec<ClassGiven>,
        /// As many as the frame holds.
        pub keys: Vec<ShareKeyRow>,
        pub total: u32,
        pub next: Option<u32>,
        /// Sentences to read before a yes.
        pub notes: Vec<String>,
        /// All of it in one word, for `share_make`; another one once anything of it is different.
        pub agreed: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareRecipient {
        pub id: String,
        pub name: String,
        pub fingerprint: String,
        pub state: ContactState,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ClassGiven {
        /// `withdraw`, `trade` or `read`.
        pub class: String,
        pub keys: u32,
        /// Secrets that go along; the other keys of the class are told of without theirs.
        pub secrets: u32,
        /// What somebody could do with them, in a sentence.
        pub could: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareKeyRow {
        pub id: String,
        pub label: String,
        pub exchange_name: String,
        pub account: String,
        pub class: String,
        /// Versions of its secret that go along.
        pub secrets: u32,
    }

    /// Makes the share and writes it to the file whose descriptor is passed beside the frame.
    pub struct ShareMake {
        pub share: ShareAsk,
        /// Of the preview that was agreed to; what is something else by now is not made.
        pub agreed: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    pub struct ShareMade {
        pub bundle: String,
        pub seq: u64,
        pub bytes: u64,
        pub keys: u32,
        pub secrets: u32,
        /// To be told by another way than the file goes; shown this once.
        pub passphrase: Option<SecretField>,
    }

    /// Opens a share, passed as a descriptor beside the frame, and compares it with the vault.
    /// Nothing is changed.
    pub struct ShareOpen {
        #[serde(default)]
        pub passphrase: Option<SecretField>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareOpened {
        /// Names the plan for the other commands, on this connection, for ten minutes.
        pub plan: String,
        pub sender: ShareSender,
        pub bundle: String,
        /// `share`, `invite` or `reply`.
        pub kind: String,
        pub seq: u64,
        pub created_ms: i64,
        pub expires_ms: Option<i64>,
        /// The role it was made for.
        pub role: ShareRole,
        pub scope_words: String,
        pub groups: Vec<ShareGroupCount>,
        /// Suspicious changes, and how many of them were accepted so far.
        pub suspicious: u32,
        pub accepted: u32,
        /// Of what was accepted, for `share_apply`; another number after every choice.
        pub revision: u64,
        /// It would change nothing.
        pub nothing_new: bool,
        pub notes: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareSender {
        /// None where the sender is nobody known: a first contact under a passphrase.
        pub contact: Option<ContactView>,
        /// As the share says it.
        pub name: String,
        pub fingerprint: String,
        pub card: String,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ShareGroup {
        New,
        Updated,
        Unchanged,
        /// Here it is newer.
        OursNewer,
        /// Changed on both sides: both values are kept and shown.
        Conflict,
        /// Deleted by the sender.
        DeletedThere,
        OutOfScope,
        /// Left out unless accepted one by one.
        Suspicious,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct ShareGroupCount {
        pub group: ShareGroup,
        pub changes: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareRowsAsk {
        pub plan: String,
        /// All groups without it.
        #[serde(default)]
        pub group: Option<ShareGroup>,
        #[serde(default)]
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareRows {
        pub rows: Vec<ShareRow>,
        pub total: u32,
        pub next: Option<u32>,
        pub revision: u64,
    }

    /// One change of one register.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareRow {
        /// For `share_accept`; rows of one id make sense only together and are taken together.
        pub id: String,
        /// Id of the key, or of another entry.
        pub entry: String,
        pub label: String,
        /// What is changed, such as `allowlist`; `secret` for a secret.
        pub what: String,
        pub group: ShareGroup,
        /// None for a secret, and where there is nothing.
        pub ours: Option<String>,
        pub theirs: Option<String>,
        /// Why it is suspicious, a sentence each.
        pub reasons: Vec<String>,
        /// Suspicious, and can be accepted: what no honest device makes cannot.
        pub acceptable: bool,
        pub accepted: bool,
    }

    /// Takes suspicious changes into the import, or out of it again.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareAccept {
        pub plan: String,
        pub ids: Vec<String>,
        pub accept: bool,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct ShareAccepted {
        pub accepted: u32,
        pub revision: u64,
    }

    /// Merges a plan: all of it that was chosen, or nothing. A backup is made first.
    pub struct ShareApply {
        pub plan: String,
        /// Of what was shown; where more or less was accepted since, nothing is merged.
        pub revision: u64,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareApplied {
        /// Names the import for `share_undo`; none where nothing changed.
        pub batch: Option<String>,
        pub keys_added: u32,
        pub keys_changed: u32,
        pub conflicts: u32,
        /// Suspicious changes that were left out.
        pub left_out: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareUndo {
        /// The latest import without it.
        #[serde(default)]
        pub batch: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareUndone {
        /// Registers that have again the value from before.
        pub restored: u32,
        /// Keys that came with the import and are gone again.
        pub removed: u32,
        /// Changes others were built on since; they stay.
        pub kept: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareHistoryAsk {
        #[serde(default)]
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareHistory {
        /// Newest first, as many as the frame holds.
        pub shares: Vec<ShareEvent>,
        pub total: u32,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ShareEvent {
        pub bundle: String,
        pub at_ms: i64,
        pub way: ShareWay,
        /// Names of those it went to, or of the one it came from.
        pub who: Vec<String>,
        pub role: ShareRole,
        pub scope_words: String,
        pub seq: u64,
        pub keys: u32,
        pub secrets: u32,
        /// Of an import that can be undone.
        pub batch: Option<String>,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ShareWay { Made, Imported }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictPage {
        #[serde(default)]
        pub offset: u32,
    }

    /// Registers with several values, of keys and of everything else.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictList {
        /// As many as the frame holds.
        pub conflicts: Vec<ConflictRow>,
        pub total: u32,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictRow {
        /// The key, or another entry, that a person knows by the label.
        pub entry: String,
        pub label: String,
        /// `key`, `account`, `consumer` …
        pub kind: String,
        /// `allowlist`, `notes` …
        pub what: String,
        /// Oldest first by their clocks.
        pub values: Vec<ConflictChoice>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictChoice {
        /// Names the value for `conflict_resolve`.
        pub write: String,
        pub at_ms: i64,
        /// Who wrote it, as far as that is known: `you`, or the name of a contact.
        pub who: String,
        /// None for a secret.
        pub words: Option<String>,
    }

    /// Chooses a value for each of some conflicts, in one act.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictResolve {
        pub choose: Vec<ConflictChosen>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConflictChosen {
        pub entry: String,
        pub write: String,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct ConflictsResolved {
        pub resolved: u32,
        /// Conflicts that are left.
        pub left: u32,
    }
}
