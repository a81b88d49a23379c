//! What a key may do: eight verbs, each yes, no or unknown.
//!
//! Unknown is never shown, counted or treated as no. What the person recorded (declared) and what
//! the exchange reported (observed) are two sets; nothing here mixes them except the class, which
//! takes the worse of both.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of, coded_enum};
use crate::text::Line;

coded_enum! {
    /// In the fixed order of the permission strip.
    pub enum Verb: u8 {
        Read = 0 => "read",
        Spot = 1 => "spot",
        Margin = 2 => "margin",
        Derivatives = 3 => "derivatives",
        Transfer = 4 => "transfer",
        Withdraw = 5 => "withdraw",
        SubAccounts = 6 => "sub-accounts",
        KeyAdmin = 7 => "key-admin",
    }
}

coded_enum! {
    pub enum Tri: u8 {
        No = 0 => "no",
        Yes = 1 => "yes",
        Unknown = 2 => "unknown",
    }
}

impl Tri {
    /// Yes or unknown: what is not known to be impossible is possible.
    pub fn is_possible(self) -> bool {
        self != Self::No
    }

    /// The more dangerous of two answers.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::No, Self::No) => Self::No,
        }
    }

    /// What was recorded, settled by what was seen: what nobody knew is as it was seen, and of two
    /// answers the more dangerous counts.
    #[must_use]
    pub fn settled_by(self, seen: Self) -> Self {
        match (self, seen) {
            (Self::Unknown, seen) => seen,
            (told, Self::Unknown) => told,
            (told, seen) => told.or(seen),
        }
    }
}

/// The eight answers, and the exchange's own names for them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PermissionSet {
    verbs: [Tri; 8],
    native: Vec<Line>,
}

/// How bad a leak of the key is: its highest permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PermissionClass {
    Read,
    Trade,
    Withdraw,
}

impl PermissionClass {
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Trade => "trade",
            Self::Withdraw => "withdraw",
        }
    }
}

impl PermissionSet {
    /// The most native names kept of one key.
    pub const MOST_NATIVE: usize = 200;

    /// Nothing is known.
    pub fn unknown() -> Self {
        Self::new([Tri::Unknown; 8])
    }

    /// In the order of [`Verb::ALL`].
    pub fn new(verbs: [Tri; 8]) -> Self {
        Self {
            verbs,
            native: Vec::new(),
        }
    }

    /// With the exchange's own names, kept in the order in which they were given, at most
    /// [`Self::MOST_NATIVE`] of them.
    #[must_use]
    pub fn with_native(self, native: impl IntoIterator<Item = Line>) -> Self {
        let mut kept: Vec<Line> = Vec::new();
        for name in native.into_iter().take(Self::MOST_NATIVE) {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        Self {
            native: kept,
            ..self
        }
    }

    #[must_use]
    pub fn with(mut self, verb: Verb, answer: Tri) -> Self {
        self.verbs[usize::from(verb.code())] = answer;
        self
    }

    pub fn get(&self, verb: Verb) -> Tri {
        self.verbs[usize::from(verb.code())]
    }

    pub fn verbs(&self) -> [Tri; 8] {
        self.verbs
    }

    pub fn native(&self) -> &[Line] {
        &self.native
    }

    /// The highest permission it may have. An unknown withdrawal right counts as one; a key that
    /// can make keys can make one that withdraws.
    pub fn class(&self) -> PermissionClass {
        let possible = |verb| self.get(verb).is_possible();
        if possible(Verb::Withdraw) || self.get(Verb::KeyAdmin) == Tri::Yes {
            return PermissionClass::Withdraw;
        }
        let trade = [
            Verb::Spot,
            Verb::Margin,
            Verb::Derivatives,
            Verb::Transfer,
            Verb::SubAccounts,
            Verb::KeyAdmin,
        ];
        if trade.into_iter().any(possible) {
            PermissionClass::Trade
        } else {
            PermissionClass::Read
        }
    }

    /// The class of a key by what was recorded and what was seen, whichever is worse. What the
    /// exchange answered settles what the person did not know.
    pub fn class_of(declared: &Self, observed: Option<&Self>) -> PermissionClass {
        declared.settled_by(observed).class()
    }

    /// What was recorded, settled verb by verb by what was seen. Names stay only where nothing was
    /// seen.
    #[must_use]
    pub fn settled_by(&self, observed: Option<&Self>) -> Self {
        let Some(observed) = observed else {
            return self.clone();
        };
        let mut settled = self.verbs;
        for (answer, seen) in settled.iter_mut().zip(observed.verbs) {
            *answer = answer.settled_by(seen);
        }
        Self::new(settled)
    }

    /// "read, spot; unknown: withdraw".
    pub fn words(&self) -> String {
        let named = |answer| {
            let verbs: Vec<&str> = Verb::ALL
                .iter()
                .filter(|verb| self.get(**verb) == answer)
                .map(|verb| verb.name())
                .collect();
            verbs.join(", ")
        };
        let (yes, unknown) = (named(Tri::Yes), named(Tri::Unknown));
        match (yes.is_empty(), unknown.is_empty()) {
            (true, true) => "none".to_owned(),
            (false, true) => yes,
            (true, false) => format!("unknown: {unknown}"),
            (false, false) => format!("{yes}; unknown: {unknown}"),
        }
    }

    /// The eight answers in 16 bits, two bits each, for the list projection.
    pub(crate) fn packed(verbs: [Tri; 8]) -> u16 {
        verbs
            .iter()
            .rev()
            .fold(0, |bits, answer| bits << 2 | u16::from(answer.code()))
    }

    pub(crate) fn unpacked(bits: u16) -> Option<[Tri; 8]> {
        let mut verbs = [Tri::No; 8];
        for (place, answer) in verbs.iter_mut().enumerate() {
            *answer = Tri::from_code((bits >> (2 * place) & 3) as u8)?;
        }
        Some(verbs)
    }
}

impl Canonical for PermissionSet {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(2).map(drop).sure();
        out.u16(Self::packed(self.verbs)).map(drop).sure();
        out.array(self.native.len() as u64).map(drop).sure();
        self.native.iter().for_each(|name| name.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 2)?;
        let verbs = Self::unpacked(input.u16()?).ok_or(CodecError::Malformed)?;
        let native = (0..array_len(input, Self::MOST_NATIVE)?)
            .map(|_| Line::read_cbor(input))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(verbs).with_native(native))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> PermissionSet {
        PermissionSet::new([Tri::No; 8])
    }

    #[test]
    fn unknown_counts_as_the_right_itself() {
        use PermissionClass as C;
        let cases = [
            (nothing(), C::Read),
            (nothing().with(Verb::Read, Tri::Yes), C::Read),
            (nothing().with(Verb::Spot, Tri::Yes), C::Trade),
            (nothing().with(Verb::Margin, Tri::Unknown), C::Trade),
            (nothing().with(Verb::KeyAdmin, Tri::Unknown), C::Trade),
            (nothing().with(Verb::KeyAdmin, Tri::Yes), C::Withdraw),
            (nothing().with(Verb::Withdraw, Tri::Unknown), C::Withdraw),
            (PermissionSet::unknown(), C::Withdraw),
        ];
        for (set, class) in cases {
            assert_eq!(set.class(), class, "{}", set.words());
        }
    }

    #[test]
    fn what_was_seen_settles_what_was_not_known_and_the_worse_of_both_counts() {
        let seen_safe = nothing().with(Verb::Read, Tri::Yes);
        let seen_withdraw = nothing().with(Verb::Withdraw, Tri::Yes);
        let class = PermissionSet::class_of;
        assert_eq!(
            class(&PermissionSet::unknown(), Some(&seen_safe)),
            PermissionClass::Read
        );
        assert_eq!(
            class(&nothing(), Some(&seen_withdraw)),
            PermissionClass::Withdraw
        );
        assert_eq!(
            class(&seen_withdraw, Some(&nothing())),
            PermissionClass::Withdraw
        );
        assert_eq!(
            class(&nothing(), Some(&PermissionSet::unknown())),
            PermissionClass::Read
        );
    }

    #[test]
    fn words_tell_unknown_from_no() {
        assert_eq!(nothing().words(), "none");
        let some = nothing()
            .with(Verb::Read, Tri::Yes)
            .with(Verb::Withdraw, Tri::Unknown);
        assert_eq!(some.words(), "read; unknown: withdraw");
    }
}
