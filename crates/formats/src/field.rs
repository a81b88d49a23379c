//! The names a credential's fields go by, in ours and in every importer and preset.
//!
//! They are ccxt's `requiredCredentials` names, which most bots use too, with one exception: what
//! ccxt calls `password` is `passphrase` here, so that nobody types a login password into it.

use std::fmt;

/// A field of an exchange key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldName {
    ApiKey,
    Secret,
    Passphrase,
    Uid,
    AccountId,
    PrivateKey,
    WalletAddress,
    Token,
    Login,
    Twofa,
}

impl FieldName {
    pub const ALL: [Self; 10] = [
        Self::ApiKey,
        Self::Secret,
        Self::Passphrase,
        Self::Uid,
        Self::AccountId,
        Self::PrivateKey,
        Self::WalletAddress,
        Self::Token,
        Self::Login,
        Self::Twofa,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "apiKey",
            Self::Secret => "secret",
            Self::Passphrase => "passphrase",
            Self::Uid => "uid",
            Self::AccountId => "accountId",
            Self::PrivateKey => "privateKey",
            Self::WalletAddress => "walletAddress",
            Self::Token => "token",
            Self::Login => "login",
            Self::Twofa => "twofa",
        }
    }

    /// The field of exactly this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// The field that bots, tables and scripts mean by a name, however it is written: `API_KEY`,
    /// `api-key`, `apikey`.
    pub(crate) fn meant_by(name: &str) -> Option<Self> {
        Some(match squeezed(name).as_str() {
            "apikey" | "key" | "accesskey" | "apikeyid" | "keyid" | "keyname" | "clientid"
            | "publickey" | "apipublickey" | "publicapikey" => Self::ApiKey,
            "secret" | "apisecret" | "secretkey" | "apisecretkey" | "apikeysecret"
            | "clientsecret" | "secretapikey" => Self::Secret,
            "password" | "passphrase" | "apipassphrase" | "apipassword" | "passwd" => {
                Self::Passphrase
            }
            "uid" | "userid" | "memo" | "apiuid" => Self::Uid,
            "accountid" => Self::AccountId,
            "privatekey" | "agentprivatekey" | "pem" | "apiprivatekey" => Self::PrivateKey,
            "walletaddress" | "accountaddress" => Self::WalletAddress,
            "token" | "accesstoken" | "apitoken" => Self::Token,
            "login" => Self::Login,
            "twofa" | "otp" | "otpsecret" => Self::Twofa,
            _ => return None,
        })
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name without its case, spaces and punctuation, so that spellings compare.
pub(crate) fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_itself() {
        for field in FieldName::ALL {
            assert_eq!(FieldName::parse(field.as_str()), Some(field));
            assert_eq!(FieldName::meant_by(field.as_str()), Some(field));
        }
    }

    #[test]
    fn spellings_are_recognised_and_strangers_are_not() {
        for (name, field) in [
            ("API_KEY", Some(FieldName::ApiKey)),
            ("api-key", Some(FieldName::ApiKey)),
            ("Secret Key", Some(FieldName::Secret)),
            ("password", Some(FieldName::Passphrase)),
            ("API_PRIVATE_KEY", Some(FieldName::PrivateKey)),
            ("address", None),
            ("", None),
        ] {
            assert_eq!(FieldName::meant_by(name), field, "{name:?}");
        }
    }
}
