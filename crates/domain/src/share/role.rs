//! What a person may see and do, in four steps.

use crate::codec::coded_enum;
use crate::permission::PermissionClass;

coded_enum! {
    /// In the order of what they may open.
    pub enum Role: u8 {
        Auditor = 1 => "auditor",
        Viewer = 2 => "viewer",
        Trader = 3 => "trader",
        Admin = 4 => "admin",
    }
}

impl Role {
    /// The highest class of keys whose secrets are for this role; `None` where no secret is.
    pub fn opens(self) -> Option<PermissionClass> {
        match self {
            Self::Auditor => None,
            Self::Viewer => Some(PermissionClass::Read),
            Self::Trader => Some(PermissionClass::Trade),
            Self::Admin => Some(PermissionClass::Withdraw),
        }
    }

    /// Whether the secrets of keys of this class are for this role.
    pub fn may_open(self, class: PermissionClass) -> bool {
        self.opens().is_some_and(|highest| class <= highest)
    }

    /// What it is given, in one clause.
    pub fn words(self) -> &'static str {
        match self {
            Self::Auditor => "what is recorded, and no secret",
            Self::Viewer => "what is recorded, and the secrets of keys that can only read",
            Self::Trader => "what is recorded, and the secrets of keys that can read or trade",
            Self::Admin => "everything, the secrets of keys that can withdraw among it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PermissionClass as C;

    #[test]
    fn each_role_opens_its_classes_and_those_below() {
        for (role, opens) in [
            (Role::Auditor, [false, false, false]),
            (Role::Viewer, [true, false, false]),
            (Role::Trader, [true, true, false]),
            (Role::Admin, [true, true, true]),
        ] {
            let may = [C::Read, C::Trade, C::Withdraw].map(|class| role.may_open(class));
            assert_eq!(may, opens, "{}", role.name());
        }
    }

    #[test]
    fn codes_are_frozen() {
        let codes: Vec<u8> = Role::ALL.iter().map(|role| role.code()).collect();
        assert_eq!(codes, [1, 2, 3, 4]);
    }
}
