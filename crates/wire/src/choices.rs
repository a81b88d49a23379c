//! What a face offers to choose from: the views beside the list with their counts, and the
//! exchanges with the fields their keys have.

use crate::{Environment, KeyType};

wire! {
    /// How many keys stand behind each way of looking at the list.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Facets {
        pub all: u32,
        /// Due within 30 days or overdue.
        pub due: u32,
        pub over_permissive: u32,
        pub unrestricted: u32,
        pub archived: u32,
        /// Most keys first; archived keys are not counted in any of these. As many as fit a frame.
        pub exchanges: Vec<Facet>,
        pub environments: Vec<EnvironmentFacet>,
        pub accounts: Vec<Facet>,
        pub consumers: Vec<Facet>,
        pub tags: Vec<Facet>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Facet {
        /// What a filter takes: an exchange's id, an account's label, a consumer, a tag.
        pub value: String,
        /// What a person reads.
        pub name: String,
        pub keys: u32,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct EnvironmentFacet {
        pub value: Environment,
        pub keys: u32,
    }

    /// Every exchange that is known by name.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ExchangeList {
        pub exchanges: Vec<ExchangeView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ExchangeView {
        pub id: String,
        pub name: String,
        /// ISO date on which the exchange ended; its keys are loose ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub closed_on: Option<String>,
        /// ISO date on which what is known of it was compared with its sources.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub facts_as_of: Option<String>,
        /// What a key of it is made of, in the order in which it is asked for. Empty where nothing
        /// is known: key and secret then.
        pub fields: Vec<FieldTemplate>,
        /// The usual one first. Empty where nothing is known.
        pub key_types: Vec<KeyType>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FieldTemplate {
        pub name: String,
        pub secret: bool,
        pub required: bool,
        /// Shapes a value usually has, any one of them. A value of another shape is pointed out,
        /// never refused. Empty where nothing is known.
        pub shapes: Vec<FieldShape>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FieldShape {
        /// Characters the value begins with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub prefix: Option<String>,
        /// Characters after the prefix, at least and at most.
        pub least: u32,
        pub most: u32,
        pub alphabet: Alphabet,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum Alphabet {
        Any,
        Hex,
        UpperHex,
        Alphanumeric,
        Base64,
        Base64Url,
        /// Hexadecimal digits and dashes: a UUID and its like.
        HexDashes,
        /// A private key in PEM, of several lines.
        Pem,
    }
}
