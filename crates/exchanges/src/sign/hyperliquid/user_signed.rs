//! The actions that Hyperliquid has signed field by field, and their fields.
//!
//! Source: `hyperliquid-dex/hyperliquid-python-sdk`, `hyperliquid/utils/signing.py`.

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::sign::eip712::{self, Word};
use crate::sign::json::Json;
use crate::sign::refusal::SignError;

pub(super) const UNKNOWN_FIELD: SignError = SignError::NotCanonical(
    "this action of Hyperliquid has a field too few, or one that its signature would not cover",
);

/// A type of EIP-712.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Address,
    Flag,
    Number,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Address => "address",
            Self::Flag => "bool",
            Self::Number => "uint64",
        }
    }

    pub(super) fn word(self, value: &Json<'_>) -> Result<Word, SignError> {
        match (self, value) {
            (Self::Text, Json::Text(text)) => Some(eip712::text(text)),
            (Self::Flag, Json::Bool(flag)) => Some(eip712::number(u64::from(*flag))),
            (Self::Number, Json::Number(number)) => number.parse().ok().map(eip712::number),
            (Self::Address, Json::Text(text)) => text
                .strip_prefix("0x")
                .and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok())
                .and_then(|bytes| bytes.try_into().ok())
                .map(|bytes| eip712::address(&bytes)),
            _ => None,
        }
        .ok_or(UNKNOWN_FIELD)
    }
}

/// An action that is signed field by field. The first field is always the net, the last the time.
pub(super) struct UserSigned {
    pub(super) action: &'static str,
    name: &'static str,
    pub(super) fields: &'static [(&'static str, Kind)],
    /// What the last field is called.
    pub(super) time: &'static str,
}

impl UserSigned {
    pub(super) fn type_text(&self) -> String {
        let mut text = format!(
            "HyperliquidTransaction:{}(string hyperliquidChain",
            self.name
        );
        for (field, kind) in self.fields {
            text.push(',');
            text.push_str(kind.as_str());
            text.push(' ');
            text.push_str(field);
        }
        text.push_str(",uint64 ");
        text.push_str(self.time);
        text.push(')');
        text
    }
}

/// What else only the master wallet signs, field by field, and nobody asks an API key for.
pub(super) const NOT_SIGNED: &[&str] = &[
    "cDeposit",
    "cWithdraw",
    "convertToMultiSigUser",
    "linkStakingUser",
    "multiSig",
    "userDexAbstraction",
    "userSetAbstraction",
];

pub(super) const USER_SIGNED: &[UserSigned] = &[
    UserSigned {
        action: "usdSend",
        name: "UsdSend",
        fields: &[("destination", Kind::Text), ("amount", Kind::Text)],
        time: "time",
    },
    UserSigned {
        action: "spotSend",
        name: "SpotSend",
        fields: &[
            ("destination", Kind::Text),
            ("token", Kind::Text),
            ("amount", Kind::Text),
        ],
        time: "time",
    },
    UserSigned {
        action: "withdraw3",
        name: "Withdraw",
        fields: &[("destination", Kind::Text), ("amount", Kind::Text)],
        time: "time",
    },
    UserSigned {
        action: "usdClassTransfer",
        name: "UsdClassTransfer",
        fields: &[("amount", Kind::Text), ("toPerp", Kind::Flag)],
        time: "nonce",
    },
    UserSigned {
        action: "sendAsset",
        name: "SendAsset",
        fields: &[
            ("destination", Kind::Text),
            ("sourceDex", Kind::Text),
            ("destinationDex", Kind::Text),
            ("token", Kind::Text),
            ("amount", Kind::Text),
            ("fromSubAccount", Kind::Text),
        ],
        time: "nonce",
    },
    UserSigned {
        action: "tokenDelegate",
        name: "TokenDelegate",
        fields: &[
            ("validator", Kind::Address),
            ("wei", Kind::Number),
            ("isUndelegate", Kind::Flag),
        ],
        time: "nonce",
    },
    UserSigned {
        action: "approveAgent",
        name: "ApproveAgent",
        fields: &[("agentAddress", Kind::Address), ("agentName", Kind::Text)],
        time: "nonce",
    },
    UserSigned {
        action: "approveBuilderFee",
        name: "ApproveBuilderFee",
        fields: &[("maxFeeRate", Kind::Text), ("builder", Kind::Address)],
        time: "nonce",
    },
];
