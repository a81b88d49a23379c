//! Requests to an exchange that are signed with a key of the vault. Nothing here is sent.

use crate::{Environment, SecretField, StepUp};

wire! {
    /// A request as its parts, before anything of the exchange's own is added to it.
    pub struct Sign {
        /// Label or id of the key; it says the exchange and the environment.
        pub key: String,
        /// Another of the exchange's hosts, such as that of a region.
        #[serde(default)]
        pub host: Option<String>,
        /// `GET`, `POST`, `PUT`, `DELETE` or `PATCH`.
        pub method: String,
        /// From the host on, without the query; nothing encoded.
        pub path: String,
        /// Plain names and values in the order in which they are sent.
        #[serde(default)]
        pub query: Vec<QueryPair>,
        #[serde(default)]
        pub body: Option<String>,
        /// UTC milliseconds; now without it.
        #[serde(default)]
        pub timestamp_ms: Option<u64>,
        /// In the exchange's own form; the vault's next one without it.
        #[serde(default)]
        pub nonce: Option<String>,
        #[serde(default)]
        pub receive_window_ms: Option<u32>,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct QueryPair {
        pub name: String,
        pub value: String,
    }

    /// A request that is to be sent exactly as it is. Its signature is good for whoever has it,
    /// until it runs out.
    pub struct SignedRequest {
        pub exchange: String,
        pub environment: Environment,
        pub method: String,
        pub url: SecretField,
        /// In the order in which they are sent.
        pub headers: Vec<SignedHeader>,
        pub body: Option<SecretField>,
        /// What it does, told from the bytes that were signed.
        pub class: RequestClass,
        pub binding: RequestBinding,
        /// Fields of the key whose value stands in it as it is.
        pub carries: Vec<String>,
    }

    pub struct SignedHeader {
        pub name: String,
        pub value: SecretField,
    }

    /// From harmless to what nobody has looked at.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RequestClass { Read, Cancel, Trade, Transfer, Withdraw, AccountAdmin, Unknown }

    /// What the signature does not tie can be exchanged by whoever has the request.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RequestBinding { Whole, NotMethod, NotBody, NotParameters, NotCall }
}
