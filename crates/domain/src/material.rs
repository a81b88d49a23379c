//! The secret of one credential version as ONE value, in the form in which it is sealed.
//!
//! It repeats the exchange and the ids it was sealed for, so that a value that was cut out of one
//! entry and pasted into another is noticed when it is opened. Deliberately not here: sealing.

use minicbor::{Decoder, Encoder};
use strongroom_secret::{SecretBytes, SecretText};

use crate::codec::{Canonical, CodecError, Sure, array_len, array_of};
use crate::exchange::ExchangeId;
use crate::field::{Field, FieldName};
use crate::ids::EntryId;

const FORM: u8 = 1;

/// The opened secret of one version. It is dropped, and wiped, as soon as what was asked for has
/// been taken out.
#[derive(Debug)]
pub struct Material {
    exchange: ExchangeId,
    key: EntryId,
    credential: EntryId,
    fields: Vec<MaterialField>,
}

#[derive(Debug)]
pub struct MaterialField {
    pub name: FieldName,
    pub value: SecretText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MaterialRefused {
    #[error("a field is named twice")]
    Twice,
    #[error("a field has no value")]
    Empty,
    #[error("a key has at most {most} fields")]
    TooMany { most: usize },
    #[error("a field is longer than {most} bytes")]
    TooLong { most: usize },
}

impl Material {
    /// The longest value of a field in bytes: a PEM of 8192 bits has room.
    pub const MOST_BYTES: usize = 16 * 1024;

    /// Orders the fields as they are shown.
    pub fn new(
        exchange: ExchangeId,
        key: EntryId,
        credential: EntryId,
        mut fields: Vec<MaterialField>,
    ) -> Result<Self, MaterialRefused> {
        fields.sort_by(|a, b| (a.name.place(), &a.name).cmp(&(b.name.place(), &b.name)));
        if fields.len() > Field::MOST {
            return Err(MaterialRefused::TooMany { most: Field::MOST });
        }
        if fields.windows(2).any(|pair| pair[0].name == pair[1].name) {
            return Err(MaterialRefused::Twice);
        }
        for field in &fields {
            if field.value.is_empty() {
                return Err(MaterialRefused::Empty);
            }
            if field.value.len() > Self::MOST_BYTES {
                return Err(MaterialRefused::TooLong {
                    most: Self::MOST_BYTES,
                });
            }
        }
        Ok(Self {
            exchange,
            key,
            credential,
            fields,
        })
    }

    /// Whether this is what was sealed for this version of this key at this exchange.
    pub fn is_for(&self, exchange: &ExchangeId, key: EntryId, credential: EntryId) -> bool {
        self.exchange == *exchange && self.key == key && self.credential == credential
    }

    pub fn exchange(&self) -> &ExchangeId {
        &self.exchange
    }

    pub fn fields(&self) -> &[MaterialField] {
        &self.fields
    }

    pub fn into_fields(self) -> Vec<MaterialField> {
        self.fields
    }

    /// The same secret for another exchange.
    #[must_use]
    pub fn moved_to(self, exchange: ExchangeId) -> Self {
        Self { exchange, ..self }
    }

    /// The fields without their values.
    pub fn listed(&self) -> Vec<Field> {
        self.fields
            .iter()
            .map(|field| Field {
                name: field.name.clone(),
                secret: field.name.is_secret(),
            })
            .collect()
    }

    /// The bytes to seal.
    pub fn encode(&self) -> SecretBytes {
        // Room for everything at once: a buffer that grew would leave a copy behind.
        let room = 128
            + self
                .fields
                .iter()
                .map(|field| field.value.len() + 80)
                .sum::<usize>();
        let mut out = Encoder::new(Vec::with_capacity(room));
        out.array(5).map(drop).sure();
        out.u8(FORM).map(drop).sure();
        self.exchange.write_cbor(&mut out);
        self.key.write_cbor(&mut out);
        self.credential.write_cbor(&mut out);
        out.array(self.fields.len() as u64).map(drop).sure();
        for field in &self.fields {
            out.array(2).map(drop).sure();
            field.name.write_cbor(&mut out);
            // EXPOSE: into the buffer that is sealed next and wiped when dropped.
            out.str(field.value.expose()).map(drop).sure();
        }
        SecretBytes::new(out.into_writer())
    }

    /// Reads what was opened; refuses every form but the one `encode` writes.
    pub fn decode(bytes: &SecretBytes) -> Result<Self, CodecError> {
        // EXPOSE: to take the fields apart into values that are wiped on their own.
        let mut input = Decoder::new(bytes.expose());
        array_of(&mut input, 5)?;
        if input.u8()? != FORM {
            return Err(CodecError::Unknown);
        }
        let exchange = ExchangeId::read_cbor(&mut input)?;
        let key = EntryId::read_cbor(&mut input)?;
        let credential = EntryId::read_cbor(&mut input)?;
        let fields = (0..array_len(&mut input, Field::MOST)?)
            .map(|_| {
                array_of(&mut input, 2)?;
                let name = FieldName::read_cbor(&mut input)?;
                Ok(MaterialField {
                    name,
                    value: SecretText::new(input.str()?.to_owned()),
                })
            })
            .collect::<Result<Vec<_>, CodecError>>()?;
        let material =
            Self::new(exchange, key, credential, fields).map_err(|_| CodecError::Malformed)?;
        if material.encode().ct_eq(bytes) {
            Ok(material)
        } else {
            Err(CodecError::NotCanonical)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str) -> MaterialField {
        MaterialField {
            name: FieldName::parse(name).expect("a name"),
            value: SecretText::new(value.to_owned()),
        }
    }

    fn material(fields: Vec<MaterialField>) -> Result<Material, MaterialRefused> {
        let exchange = ExchangeId::parse("okx").expect("an id");
        Material::new(
            exchange,
            EntryId::from_bytes([1; 16]),
            EntryId::from_bytes([2; 16]),
            fields,
        )
    }

    #[test]
    fn what_is_encoded_is_read_back_in_the_shown_order() {
        let fields = vec![
            field("otp", "5"),
            field("password", "p"),
            field("secret", "s"),
            field("key", "k"),
        ];
        let read = Material::decode(&material(fields).expect("valid").encode()).expect("canonical");
        let names: Vec<_> = read
            .fields()
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(names, ["apiKey", "secret", "passphrase", "otp"]);
        assert!(read.is_for(
            &ExchangeId::parse("okx").expect("an id"),
            EntryId::from_bytes([1; 16]),
            EntryId::from_bytes([2; 16]),
        ));
        assert_eq!(read.fields()[0].value.expose(), "k");
        assert!(!format!("{read:?}").contains('"') || !format!("{read:?}").contains("\"k\""));
    }

    #[test]
    fn what_is_not_one_secret_is_refused() {
        let twice = vec![field("key", "a"), field("apiKey", "b")];
        assert_eq!(material(twice).map(drop), Err(MaterialRefused::Twice));
        assert_eq!(
            material(vec![field("key", "")]).map(drop),
            Err(MaterialRefused::Empty)
        );
        let long = "x".repeat(Material::MOST_BYTES + 1);
        assert!(matches!(
            material(vec![field("key", &long)]).map(drop),
            Err(MaterialRefused::TooLong { .. })
        ));
        let mut bytes = material(vec![field("key", "a")])
            .expect("valid")
            .encode()
            .expose()
            .to_vec();
        bytes.push(0);
        assert_eq!(
            Material::decode(&SecretBytes::new(bytes)).map(drop),
            Err(CodecError::NotCanonical)
        );
    }
}
