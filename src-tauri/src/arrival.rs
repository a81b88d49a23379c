//! Where the person wants to go when the program is started or a notification is clicked: kept
//! until the main window is there to go.
//!
//! Not here: what any place looks like.

use std::sync::{Mutex, PoisonError};

use strongroom_wire::Arrival;

/// A place to go is no longer than this as JSON.
pub(crate) const MOST_BYTES: usize = 256;

#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<Arrival>);

impl Waiting {
    pub(crate) fn put(&self, arrival: Arrival) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = arrival;
    }

    /// Gives it away once.
    pub(crate) fn take(&self) -> Arrival {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A key's id: 32 hexadecimal digits and nothing else, since it comes from outside.
pub(crate) fn is_key_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What another start of the program sent; nowhere in particular where it makes no sense.
pub(crate) fn parse(bytes: &[u8]) -> Arrival {
    serde_json::from_slice::<Arrival>(bytes)
        .ok()
        .filter(|arrival| arrival.key.as_deref().is_none_or(is_key_id) && !arrival.created)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_from_outside_is_a_key_or_what_is_due_and_nothing_else() {
        let key = "0123456789abcdef0123456789abcdef";
        let named = format!(r#"{{"key":"{key}","due":false,"created":false}}"#);
        assert_eq!(parse(named.as_bytes()).key.as_deref(), Some(key));
        assert!(parse(br#"{"key":null,"due":true,"created":false}"#).due);
        for odd in [
            "",
            "due",
            r#"{"key":"../../etc","due":false,"created":false}"#,
            r#"{"key":null,"due":true,"created":true}"#,
            r#"{"key":null,"due":true,"created":false,"more":1}"#,
        ] {
            assert_eq!(parse(odd.as_bytes()), Arrival::default(), "{odd}");
        }
    }

    #[test]
    fn it_is_given_once() {
        let waiting = Waiting::default();
        waiting.put(Arrival {
            due: true,
            ..Arrival::default()
        });
        assert!(waiting.take().due);
        assert_eq!(waiting.take(), Arrival::default());
    }
}
