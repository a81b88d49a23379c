//! The one way a secret crosses the socket.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strongroom_secret::SecretText;

/// Secret text inside a request or a reply: a password, a code, a revealed value.
///
/// Frames that carry one are wiped after use by both ends. It is the wire's own type, so that
/// [`SecretText`] itself stays impossible to serialise.
pub struct SecretField(SecretText);

impl SecretField {
    pub fn new(secret: SecretText) -> Self {
        Self(secret)
    }

    pub fn into_secret(self) -> SecretText {
        self.0
    }

    pub fn secret(&self) -> &SecretText {
        &self.0
    }
}

impl From<SecretText> for SecretField {
    fn from(secret: SecretText) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for SecretField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // EXPOSE: this is the crossing itself; the frame it goes into is wiped after sending.
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for SecretField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretText::new(text)))
    }
}

#[cfg(feature = "bindings")]
impl ts_rs::TS for SecretField {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }

    fn inline(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_redacted_and_json_is_the_text() {
        let field: SecretField = serde_json::from_str("\"p\\u00e4ss\"").expect("a string");
        assert_eq!(format!("{field:?}"), "[redacted]");
        assert_eq!(serde_json::to_string(&field).expect("text"), "\"päss\"");
    }
}
