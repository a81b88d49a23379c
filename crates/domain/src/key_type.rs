//! What kind of credential a key is.

use crate::codec::coded_enum;

coded_enum! {
    pub enum KeyType: u8 {
        Hmac = 1 => "HMAC",
        Rsa = 2 => "RSA",
        Ed25519 = 3 => "Ed25519",
        Ecdsa = 4 => "ECDSA",
        /// HMAC with a passphrase of its own.
        Passphrase = 5 => "HMAC with passphrase",
        AgentWallet = 6 => "agent wallet",
        OAuth = 7 => "OAuth",
    }
}
