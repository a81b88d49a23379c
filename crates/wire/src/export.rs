//! Keys as one file. What would leave is told first; then the agent writes it into a file that was
//! passed as a descriptor beside the frame, so that no secret is in a frame.

use crate::{SecretField, StepUp};

wire! {
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ExportFormat {
        /// Our own archive, with everything that is recorded.
        Json,
        /// The same of keys that may be used, for folders of single files.
        Files,
        Csv,
        Env,
        Freqtrade,
        Passivbot,
        Ccxt,
        Kubernetes,
        /// A database of KeePass, encrypted under a password of its own.
        Kdbx,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum ExportWhich {
        /// Labels or ids; that one of them may not leave is an error.
        Keys { keys: Vec<String> },
        Tag { tag: String },
        All {},
    }

    /// What would an export give out? No secret is opened for it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ExportAsk {
        pub which: ExportWhich,
        pub format: ExportFormat,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ExportPlan {
        pub keys: u32,
        /// As many as the frame holds.
        pub left_out: Vec<LeftOut>,
        pub left_out_total: u32,
    }

    /// A key that does not leave.
    #[derive(Clone, PartialEq, Eq)]
    pub struct LeftOut {
        pub id: String,
        pub label: String,
        /// As one clause.
        pub why: String,
    }

    /// Writes the keys into the file passed beside the frame: a regular one, new, empty, and open
    /// to nobody else.
    pub struct Export {
        pub which: ExportWhich,
        pub format: ExportFormat,
        /// The number of keys that was agreed to.
        pub keys: u32,
        /// For a format that encrypts, and for no other. It is not the vault's password.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_password: Option<SecretField>,
        /// Always a code of its own: no grace covers an export.
        pub step_up: StepUp,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ExportDone {
        pub keys: u32,
        pub bytes: u64,
        /// As many as the frame holds.
        pub left_out: Vec<LeftOut>,
        pub left_out_total: u32,
    }
}
