//! Which of an exchange's worlds a key opens.

use crate::codec::coded_enum;

coded_enum! {
    /// Mixing environments is refused where keys are served.
    pub enum Environment: u8 {
        Production = 1 => "production",
        Testnet = 2 => "testnet",
        Demo = 3 => "demo",
        Development = 4 => "development",
    }
}
