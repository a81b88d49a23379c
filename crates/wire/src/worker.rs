//! What the agent hands to its network worker and what it takes back: one frame each way, over the
//! worker's standard input and output.
//!
//! The worker reads bytes from the network, so nothing it says is believed further than its form:
//! why something went wrong is one of a closed set, never a sentence of its own. Faces do not see
//! these types.

use crate::{LoopbackExchange, SecretField, Seen, SignedHeader};

wire! {
    /// One question to one exchange.
    pub struct WorkerTask {
        pub exchange: String,
        /// The call of the catalogue that is asked; it says how the answer is read.
        pub call: String,
        /// The key's id, to find it among several.
        pub key: Option<String>,
        /// The agent's address, where keys are agents.
        pub agent: Option<String>,
        /// UTC milliseconds: "82 days left" is counted from there.
        pub now_ms: i64,
        pub act: WorkerAct,
    }

    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum WorkerAct {
        Send {
            request: WorkerRequest,
            loopback: Option<LoopbackExchange>,
            proxy: Option<SecretField>,
            /// Milliseconds for everything.
            deadline_ms: u32,
        },
        /// An answer that a person brought.
        Read { answer: SecretField },
    }

    pub struct WorkerRequest {
        pub method: String,
        pub host: String,
        pub target: SecretField,
        pub headers: Vec<SignedHeader>,
        pub body: Option<SecretField>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct WorkerReport {
        /// The exchange's clock, UTC milliseconds.
        pub server_ms: Option<i64>,
        pub outcome: WorkerOutcome,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum WorkerOutcome {
        Seen { seen: Seen },
        /// The number of the account that a later call wants.
        Uid { uid: String },
        Refused {
            /// One of the catalogue's meanings, by its number.
            meaning: u8,
            also: Vec<u8>,
            /// The address the exchange says it was asked from.
            address: Option<std::net::IpAddr>,
        },
        Unreadable { why: Unreadable },
        NotAnswered { why: NotAnswered },
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum Unreadable {
        TooLong, Empty, WebPage, Cut, NotJson, TooDeep, NameTwice, Form, WhichKey, NotListed,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case")]
    pub enum NotAnswered {
        Stranger, Request, NotFound, NoConnection, Proxy, TimedOut, Certificate, Tls, Redirect,
        TooLong, Cut, NotHttp,
    }
}
