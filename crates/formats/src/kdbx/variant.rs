//! The "variant dictionary" in which a header of version 4 keeps the parameters of its key
//! derivation: names and typed values, of which only the kinds that occur there are looked at.

use super::KdbxError;
use super::input::Input;

/// Parameters are a handful; a dictionary of more is none.
const MAX_ITEMS: usize = 64;

pub(super) enum Variant<'a> {
    U32(u32),
    U64(u64),
    Bytes(&'a [u8]),
    /// Of a kind that no derivation uses.
    Other,
}

pub(super) struct Dictionary<'a>(Vec<(&'a [u8], Variant<'a>)>);

impl<'a> Dictionary<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, KdbxError> {
        let mut input = Input::new(bytes);
        let version = input.u16()?;
        if version >> 8 != 1 {
            return Err(KdbxError::UnknownKdf);
        }
        let mut items = Vec::new();
        loop {
            let kind = input.u8()?;
            if kind == 0 {
                break;
            }
            let name = input.counted()?;
            let value = input.counted()?;
            if items.len() == MAX_ITEMS || items.iter().any(|(known, _)| *known == name) {
                return Err(KdbxError::MalformedHeader);
            }
            let malformed = |_| KdbxError::MalformedHeader;
            let value = match kind {
                0x04 => Variant::U32(u32::from_le_bytes(value.try_into().map_err(malformed)?)),
                0x05 => Variant::U64(u64::from_le_bytes(value.try_into().map_err(malformed)?)),
                0x42 => Variant::Bytes(value),
                0x08 | 0x0c | 0x0d | 0x18 => Variant::Other,
                _ => return Err(KdbxError::MalformedHeader),
            };
            items.push((name, value));
        }
        if input.rest().is_empty() {
            Ok(Self(items))
        } else {
            Err(KdbxError::MalformedHeader)
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Variant<'a>> {
        self.0
            .iter()
            .find(|(known, _)| *known == name.as_bytes())
            .map(|(_, value)| value)
    }

    pub(super) fn bytes(&self, name: &str) -> Result<&'a [u8], KdbxError> {
        match self.get(name) {
            Some(Variant::Bytes(bytes)) => Ok(bytes),
            _ => Err(KdbxError::MalformedHeader),
        }
    }

    pub(super) fn u32(&self, name: &str) -> Result<u32, KdbxError> {
        match self.get(name) {
            Some(Variant::U32(number)) => Ok(*number),
            _ => Err(KdbxError::MalformedHeader),
        }
    }

    pub(super) fn u64(&self, name: &str) -> Result<u64, KdbxError> {
        match self.get(name) {
            Some(Variant::U64(number)) => Ok(*number),
            _ => Err(KdbxError::MalformedHeader),
        }
    }
}

/// Writes a dictionary item by item.
pub(super) struct DictionaryWriter(Vec<u8>);

impl DictionaryWriter {
    pub(super) fn new() -> Self {
        Self(vec![0, 1])
    }

    pub(super) fn item(mut self, name: &str, value: &Variant<'_>) -> Self {
        let (kind, value) = match value {
            Variant::U32(number) => (0x04, number.to_le_bytes().to_vec()),
            Variant::U64(number) => (0x05, number.to_le_bytes().to_vec()),
            Variant::Bytes(bytes) => (0x42, bytes.to_vec()),
            Variant::Other => return self,
        };
        self.0.push(kind);
        for part in [name.as_bytes(), &value] {
            let length = u32::try_from(part.len()).expect("names and salts are short");
            self.0.extend_from_slice(&length.to_le_bytes());
            self.0.extend_from_slice(part);
        }
        self
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.push(0);
        self.0
    }
}
