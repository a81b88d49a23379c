//! Staged rotation and revocation: where they stand, and the steps.

use crate::{Checked, FieldInput, LoopbackExchange, Permissions, StepUp, Verb};

wire! {
    /// Where the rotation of a key stands.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RotationView {
        pub id: String,
        pub label: String,
        pub exchange_name: String,
        pub stage: RotationStage,
        /// The version that is to be given up, and the one that takes its place.
        pub old: Option<String>,
        pub new: Option<String>,
        /// Consumers that have the new secret, and those that have not.
        pub switched: Vec<String>,
        pub left: Vec<String>,
        /// Rights the new secret has and the old one has not.
        pub grown: Vec<Verb>,
        /// Since when the old one is being ended.
        pub ending_since_ms: Option<i64>,
        /// Where at the exchange keys are made, and where they are ended.
        pub manage: Option<SitePage>,
        pub revoke: Option<SitePage>,
        /// One sentence: what comes next.
        pub next: String,
        /// What looked odd in a secret that was just recorded.
        pub warnings: Vec<String>,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RotationStage { Idle, Begun, Staged, Grown, Switching, InUse, Ending }

    #[derive(Clone, PartialEq, Eq)]
    pub struct SitePage {
        /// https, from the catalogue.
        pub url: String,
        /// Where to go from there, in the words of its menus.
        pub then: Option<String>,
    }

    pub struct RotateStage {
        pub key: String,
        pub fields: Vec<FieldInput>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateCheck {
        pub key: String,
        /// What the new secret may do; the same as the old one without it.
        #[serde(default)]
        pub rights: Option<Permissions>,
        /// That it may do more is meant.
        #[serde(default)]
        pub growth_meant: bool,
        /// When the exchange ends it, where that is a date.
        #[serde(default)]
        pub expires_ms: Option<i64>,
    }

    /// The same by the exchange's own word: it is asked with the staged secret. Nothing is recorded
    /// unless it answers.
    pub struct RotateAsk {
        pub key: String,
        /// Of rights that the exchange does not speak of; the same as the old one without it.
        #[serde(default)]
        pub rights: Option<Permissions>,
        /// That it may do more is meant.
        #[serde(default)]
        pub growth_meant: bool,
        /// When the exchange ends it, where the exchange does not say so itself.
        #[serde(default)]
        pub expires_ms: Option<i64>,
        /// As of a check of the secret in use.
        #[serde(default)]
        pub nonce: Option<String>,
        /// Where a test has put the exchange: the loopback, and nowhere else.
        #[serde(default)]
        pub loopback: Option<LoopbackExchange>,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// What came of it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateAsked {
        /// Its `excess` is what the new secret may do beyond the old one.
        pub checked: Checked,
        pub rotation: RotationView,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RotateSwitch {
        pub key: String,
        pub who: SwitchWho,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum SwitchWho {
        /// These have the new secret.
        Consumers { names: Vec<String> },
        /// Everybody has it.
        All {},
        /// The old secret is in use again.
        Back {},
    }

    /// A step of the revocation of keys: for all of them or for none.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Revoke {
        /// Labels or ids; none asks what is under way.
        pub keys: Vec<String>,
        pub step: RevokeStep,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RevokeStep { Begin, Confirm, Cancel }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Revocations {
        /// What can withdraw first, then what trades; as many as the frame holds.
        pub keys: Vec<RevocationView>,
        pub total: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct RevocationView {
        pub id: String,
        pub label: String,
        pub exchange_name: String,
        /// `withdraw`, `trade` or `read`: its highest right.
        pub class: String,
        pub state: crate::KeyState,
        /// Since when it is under way; none once the key is dead.
        pub since_ms: Option<i64>,
        pub page: Option<SitePage>,
    }
}
