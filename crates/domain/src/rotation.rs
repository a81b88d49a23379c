//! How often a key is to be rotated.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure};
use crate::permission::PermissionClass;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number of days lies between 1 and 3650")]
pub struct DaysRefused;

/// From one day to ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u16);

impl Days {
    pub const MOST: u32 = 3650;

    pub fn parse(days: u32) -> Result<Self, DaysRefused> {
        match u16::try_from(days) {
            Ok(short) if (1..=Self::MOST).contains(&days) => Ok(Self(short)),
            _ => Err(DaysRefused),
        }
    }

    pub fn get(self) -> u32 {
        u32::from(self.0)
    }
}

/// "1 day", "90 days".
impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} day{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

impl Canonical for Days {
    fn write_cbor(&self, out: &mut Enc) {
        out.u16(self.0).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Self::parse(u32::from(input.u16()?)).map_err(|_| CodecError::Malformed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RotationPolicy {
    /// By the class of the key: withdraw 30 days, trade 90, read 180.
    Default,
    Every(Days),
}

impl RotationPolicy {
    /// Days between rotations of a key of this class.
    pub fn days(self, class: PermissionClass) -> Days {
        match (self, class) {
            (Self::Every(days), _) => days,
            (Self::Default, PermissionClass::Withdraw) => Days(30),
            (Self::Default, PermissionClass::Trade) => Days(90),
            (Self::Default, PermissionClass::Read) => Days(180),
        }
    }

    pub fn over(self) -> Option<Days> {
        match self {
            Self::Default => None,
            Self::Every(days) => Some(days),
        }
    }
}

impl Canonical for RotationPolicy {
    fn write_cbor(&self, out: &mut Enc) {
        self.over().write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Ok(Option::read_cbor(input)?.map_or(Self::Default, Self::Every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_limits() {
        assert_eq!(Days::parse(0), Err(DaysRefused));
        assert_eq!(Days::parse(3651), Err(DaysRefused));
        assert_eq!(Days::parse(u32::MAX), Err(DaysRefused));
        assert_eq!(Days::parse(3650).map(Days::get), Ok(3650));
        assert_eq!(Days(1).to_string(), "1 day");
    }
}
