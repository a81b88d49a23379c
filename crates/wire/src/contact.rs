//! The people of a team: one's own card, and theirs.

use crate::StepUp;

wire! {
    /// Which secrets somebody is given, and what their shares may change here.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ShareRole {
        /// Sees everything recorded, and no secret.
        Auditor,
        /// Secrets of keys that only read.
        Viewer,
        /// Secrets of keys that read and trade.
        Trader,
        /// All secrets.
        Admin,
    }

    /// How sure it is that the keys are this person's.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ContactState {
        /// Came along with a share and nobody has said yes to it.
        Unverified,
        /// Taken from a card: the keys are held fast, whose they are was not compared.
        Pinned,
        /// The fingerprint was compared with the person.
        Verified,
    }

    /// Which keys are meant.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ShareScope {
        /// Everything; the three lists are empty then.
        pub all: bool,
        pub tags: Vec<String>,
        /// Labels of exchange accounts.
        pub accounts: Vec<String>,
        /// Single keys, by label or id.
        pub keys: Vec<String>,
    }

    /// What others need to share with this vault, and to know its shares.
    #[derive(Clone, PartialEq, Eq)]
    pub struct OwnCard {
        pub name: String,
        /// Eight groups of four characters.
        pub fingerprint: String,
        /// The card as one line, short enough for a QR code.
        pub card: String,
        /// The recipient as `age` takes it.
        pub age_recipient: String,
        /// The signing key as `ssh-keygen -Y verify` takes it.
        pub ssh_key: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct OwnCardView {
        /// None until a name was given: the keys are made then.
        pub card: Option<OwnCard>,
    }

    /// Makes the keys if there are none yet; afterwards only the name changes.
    #[derive(Clone, PartialEq, Eq)]
    pub struct OwnCardSet {
        pub name: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactPage {
        #[serde(default)]
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactList {
        /// By name, as many as the frame holds.
        pub contacts: Vec<ContactView>,
        pub total: u32,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactView {
        pub id: String,
        pub name: String,
        pub fingerprint: String,
        pub card: String,
        pub state: ContactState,
        /// None until the owner of this vault gave one: nothing is shared with them then, and
        /// nothing of theirs counts.
        pub role: Option<ShareRole>,
        /// In words, such as `tag desk, 2 keys`; empty without a role.
        pub scope_words: String,
        pub scope: ShareScope,
        pub added_ms: i64,
        /// When something was last shared with them, and when something of theirs was last imported.
        pub shared_ms: Option<i64>,
        pub imported_ms: Option<i64>,
        /// Since when they are removed: nothing is shared with them any more.
        pub removed_ms: Option<i64>,
        /// Keys with a secret they were given that was not replaced since; 0 while they are here,
        /// who have a right to what they know. What it would be is for `rotate_list`.
        pub to_rotate: u32,
    }

    /// A card as text; or as a file, passed as a descriptor beside the frame.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[serde(default)]
    pub struct ContactAdd {
        pub card: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum ContactAdded {
        Added { contact: ContactView },
        /// These keys are known already.
        Known { contact: ContactView },
        /// Somebody of that name is known with other keys. Nothing was changed: ask them, by
        /// another way than the one on which the card came.
        KeyChanged { change: KeyChanged },
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct KeyChanged {
        /// The contact as it stands, with the keys it has.
        pub contact: ContactView,
        /// The keys of the card that came.
        pub new_fingerprint: String,
        pub new_card: String,
    }

    /// Says that somebody has new keys. What was verified has to be verified anew.
    pub struct ContactNewKey {
        pub contact: String,
        pub card: String,
        /// As the person confirmed it; compared with the card.
        pub fingerprint: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// By name or id.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactSelect {
        pub contact: String,
    }

    /// Says that the fingerprint was compared with the person.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ContactVerify {
        pub contact: String,
        /// The one that was compared; blanks, dashes and case do not matter.
        pub fingerprint: String,
    }

    /// What is not named stays as it is. A role, and what it reaches, need a step-up.
    pub struct ContactSet {
        pub contact: String,
        #[serde(default)]
        pub rename: Option<String>,
        #[serde(default)]
        pub role: Option<ShareRole>,
        #[serde(default)]
        pub scope: Option<ShareScope>,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// Somebody leaves: nothing is shared with them any more, nothing of theirs counts, and what
    /// they could open is to be rotated.
    pub struct Offboard {
        pub contact: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Offboarded {
        pub contact: ContactView,
        /// Shares that went to them and to others: to be made again for the others.
        pub share_again: Vec<crate::ShareAsk>,
        pub rotate: RotateListPage,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateListAsk {
        pub contact: String,
        #[serde(default)]
        pub offset: u32,
    }

    /// Every key of which somebody was given a secret that still works, worst first.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateListPage {
        /// As many as the frame holds; what is to be rotated before what is only to be ended.
        pub rows: Vec<RotateRow>,
        /// Of all rows, those to be rotated.
        pub open: u32,
        pub total: u32,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateRow {
        /// Id of the key.
        pub key: String,
        pub label: String,
        /// Id of the exchange, for the page where its keys are ended; empty once the key was purged.
        pub exchange: String,
        pub exchange_name: String,
        pub account: String,
        /// `withdraw`, `trade` or `read`.
        pub class: String,
        /// It works from any address.
        pub unrestricted: bool,
        pub owner: Option<String>,
        /// When it was first given to them.
        pub shared_ms: i64,
        pub due_ms: i64,
        pub left: RotateLeft,
    }

    /// What is left to do; a key of which nothing is left is not on the list.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RotateLeft {
        /// The secret they know is the one in use.
        Rotate,
        /// A newer one is in use; theirs still works at the exchange.
        End,
    }

    /// Writes a rotate list to a file that is not there yet.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateListExport {
        pub contact: String,
        /// Absolute; ends in `.csv` or `.ics`.
        pub path: String,
    }
}
