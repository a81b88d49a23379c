//! The fields of a secret as they stand in an archive: an object of texts.
//!
//! Names, number and lengths are those that a vault takes; a name that stands twice is refused.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strongroom_domain::{Field, FieldName, Material, MaterialField};
use strongroom_secret::SecretText;

/// An object of names and secret texts, in order.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, SecretText)>);

impl Fields {
    pub(super) fn of(fields: &[MaterialField]) -> Self {
        let copy = |field: &MaterialField| {
            // EXPOSE: into the archive that the person asked for with a fresh code.
            let value = SecretText::new(field.value.expose().to_owned());
            (field.name.to_string(), value)
        };
        Self(fields.iter().map(copy).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_fields(self) -> Result<Vec<MaterialField>, &'static str> {
        let field = |(name, value): (String, SecretText)| {
            let parsed = FieldName::parse(&name).ok()?;
            (parsed.as_str() == name).then_some(MaterialField {
                name: parsed,
                value,
            })
        };
        let fields: Option<Vec<MaterialField>> = self.0.into_iter().map(field).collect();
        let mut fields = fields.ok_or("the name of a field")?;
        fields.sort_by(|a, b| (a.name.place(), &a.name).cmp(&(b.name.place(), &b.name)));
        Ok(fields)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // EXPOSE: the same; what it is written into is wiped.
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value.expose())))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                use serde::de::Error;
                let mut fields: Vec<(String, SecretText)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    let value = SecretText::new(value);
                    let twice = fields.iter().any(|(known, _)| *known == name);
                    let fits = (1..=Material::MOST_BYTES).contains(&value.len());
                    if twice || !fits || fields.len() == Field::MOST {
                        return Err(A::Error::custom("not the fields of a key"));
                    }
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
