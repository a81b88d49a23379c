//! Why a question to an exchange came to nothing, in sentences. The worker only says which; it has
//! no words of its own on anybody's screen.

use std::net::IpAddr;

use strongroom_vault::{Meaning, Refused, Verdict};
use strongroom_wire::{CheckOutcome, NotAnswered, Unreadable};

const AGAIN: &str = "Ask again later.";
const ONLINE: &str = "Look whether this machine is online, then ask again.";

pub(crate) const NO_REPORT: (&str, &str) = (
    "The process that asks the exchange did not come to an end in its time; nothing is known of the key.",
    AGAIN,
);

/// Of a second question that only a key which may withdraw is said to get an answer to.
pub(crate) const MAY_WITHDRAW: &str = "A deposit address was given out, which only a key that may \
                                       withdraw is said to get: a hint that this one may, not a \
                                       proof.";
pub(crate) const MAY_NOT_WITHDRAW: &str = "A deposit address was refused, which a key that may \
                                           withdraw is said to get: a hint that this one may not, \
                                           not a proof.";

/// What happened, and what to do.
pub(crate) fn not_answered(why: NotAnswered) -> (&'static str, &'static str) {
    match why {
        NotAnswered::Stranger => (
            "The address that was to be asked is not one this version knows; nothing was sent.",
            "Update Strongroom, or give no other address.",
        ),
        NotAnswered::Request => (
            "The request cannot be sent in this form; nothing was sent.",
            "Look whether the fields of the key hold what the exchange gave out.",
        ),
        NotAnswered::NotFound => ("The name of the exchange cannot be looked up.", ONLINE),
        NotAnswered::NoConnection => ("No connection to the exchange can be made.", ONLINE),
        NotAnswered::Proxy => (
            "The proxy does not let this through.",
            "Look at the setting `proxy`.",
        ),
        NotAnswered::TimedOut => ("The exchange did not answer in time.", AGAIN),
        NotAnswered::Certificate => (
            "Whoever answered cannot prove to be the exchange; nothing was sent to them.",
            "Find out what stands in between, such as a proxy that looks inside, and look at this \
             machine's clock.",
        ),
        NotAnswered::Tls => (
            "No encrypted connection could be agreed on; nothing was sent.",
            AGAIN,
        ),
        NotAnswered::Redirect => (
            "The exchange points to another address, which is not followed.",
            "Look whether this exchange has moved, and update Strongroom.",
        ),
        NotAnswered::TooLong => (
            "The answer is longer than any answer about a key, so it was not read.",
            AGAIN,
        ),
        NotAnswered::Cut => ("The connection ended in the middle of the answer.", AGAIN),
        NotAnswered::NotHttp => ("What came back is not HTTP.", AGAIN),
    }
}

/// The same for an answer that came and cannot be read.
pub(crate) fn unreadable(why: Unreadable) -> (&'static str, &'static str) {
    match why {
        Unreadable::TooLong => not_answered(NotAnswered::TooLong),
        Unreadable::Empty => ("The answer is empty.", AGAIN),
        Unreadable::WebPage => (
            "A web page came in place of an answer: a proxy, a firewall or maintenance.",
            AGAIN,
        ),
        Unreadable::Cut => ("The answer ends in the middle.", AGAIN),
        Unreadable::NotJson | Unreadable::TooDeep | Unreadable::NameTwice => (
            "The answer cannot be read in one way only, so nothing of it is believed.",
            AGAIN,
        ),
        Unreadable::Form => (
            "The answer has another form than the exchange documents.",
            "Update Strongroom: the exchange may have changed its answers.",
        ),
        Unreadable::WhichKey => (
            "The answer lists several keys, and it is not known which is this one.",
            "Look whether the recorded key is complete.",
        ),
        Unreadable::NotListed => (
            "The exchange answered, and this key is not among those it lists.",
            "Look on the exchange's page whether the key still stands.",
        ),
    }
}

/// A refusal by the numbers the worker gave; `None` for a number that is none.
pub(crate) fn refused(meaning: u8, also: &[u8], address: Option<IpAddr>) -> Option<Refused> {
    let of = |number: u8| Meaning::ALL.get(usize::from(number)).copied();
    Some(Refused {
        meaning: of(meaning)?,
        also: also
            .iter()
            .map(|number| of(*number))
            .collect::<Option<Vec<_>>>()?,
        address,
    })
}

pub(crate) fn outcome(verdict: Verdict) -> CheckOutcome {
    match verdict {
        Verdict::KeyIsKnown => CheckOutcome::KeyIsKnown,
        Verdict::KeyIsWrong => CheckOutcome::KeyIsWrong,
        Verdict::CannotBeAskedFromHere => CheckOutcome::CannotBeAskedFromHere,
        Verdict::AskLater => CheckOutcome::AskLater,
        Verdict::CannotTell => CheckOutcome::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_no_meaning_is_refused() {
        assert!(refused(0, &[1], None).is_some());
        assert!(refused(200, &[], None).is_none());
        assert!(refused(0, &[200], None).is_none());
    }
}
