//! Contact cards.

use data_encoding::BASE32_NOPAD;
use minicbor::Encoder;
use strongroom_domain::MemberName;
use strongroom_formats::share::{CardRefused, ContactCard};

use crate::common::*;

#[test]
fn a_card_is_one_short_line_and_reads_back_however_it_was_sent() {
    let alice = person(1);
    let card = card(&alice);
    let text = card.to_text();
    assert!(text.len() < 300, "{} letters", text.len());
    let dense = |letter: char| {
        letter.is_ascii_uppercase() || letter.is_ascii_digit() || "-:".contains(letter)
    };
    assert!(
        text.chars().all(dense),
        "a QR code packs these letters most densely"
    );
    let broken: String = text
        .as_bytes()
        .chunks(40)
        .flat_map(|line| {
            line.iter()
                .map(|letter| char::from(*letter))
                .chain(['\r', '\n'])
        })
        .collect();
    for sent in [
        text.clone(),
        text.to_lowercase(),
        format!(" {text}\n"),
        broken,
    ] {
        assert_eq!(ContactCard::parse(&sent), Ok(card.clone()));
    }
    assert_eq!(card.fingerprint(), alice.public().fingerprint());
    assert_eq!(card.name().as_str(), "Alice");
    assert_eq!(card.created(), moment(1_700_000_000_000));
    let longest = MemberName::parse(&"\u{10ffff}".repeat(60)).expect("a name");
    let longest = ContactCard::sign(longest, moment(0), &alice);
    assert_eq!(ContactCard::parse(&longest.to_text()), Ok(longest));
}

#[test]
fn every_slip_and_every_cut_is_found() {
    let text = card(&person(1)).to_text();
    for at in 0..text.len() {
        let mut wrong = text.clone();
        let other = if &text[at..=at] == "A" { "B" } else { "A" };
        wrong.replace_range(at..=at, other);
        assert!(ContactCard::parse(&wrong).is_err(), "{at}");
        assert!(ContactCard::parse(&text[..at]).is_err(), "{at}");
    }
    assert!(ContactCard::parse(&format!("{text}AA")).is_err());
}

#[test]
fn what_is_no_honest_card_is_refused_as_what_it_is() {
    use CardRefused as R;
    assert_eq!(ContactCard::parse(""), Err(R::NotACard));
    assert_eq!(ContactCard::parse("https://example.org"), Err(R::NotACard));
    assert_eq!(ContactCard::parse(&"A".repeat(1 << 20)), Err(R::NotACard));
    assert_eq!(ContactCard::parse("STRONGROOM-CARD:1"), Err(R::Damaged));

    let alice = person(1);
    let public = alice.public();
    let keys = (*public.sign_key(), *public.recipient().as_bytes());
    let made = |version: u64, name: &str, keys: ([u8; 32], [u8; 32])| {
        let mut out = Encoder::new(Vec::new());
        out.array(5).expect("memory").u64(version).expect("memory");
        out.str(name)
            .expect("memory")
            .bytes(&keys.0)
            .expect("memory");
        out.bytes(&keys.1).expect("memory").i64(5).expect("memory");
        let mut bytes = out.into_writer();
        let signature = alice.sign("strongroom/v1/contact-card", &bytes);
        bytes.extend_from_slice(&signature);
        format!("STRONGROOM-CARD:{}", BASE32_NOPAD.encode(&bytes))
    };
    assert!(ContactCard::parse(&made(1, "Bob", keys)).is_ok());
    assert_eq!(ContactCard::parse(&made(2, "Bob", keys)), Err(R::Newer));
    for name in [
        "",
        " Bob",
        "Bob ",
        "B\u{202e}ob",
        "B\nob",
        "B\u{1b}ob",
        &"B".repeat(61),
    ] {
        let refused = ContactCard::parse(&made(1, name, keys)).expect_err("it was read");
        assert!(
            matches!(refused, R::Name | R::Damaged),
            "{name:?}: {refused:?}"
        );
    }
    let foreign = (*person(2).public().sign_key(), keys.1);
    assert_eq!(ContactCard::parse(&made(1, "Bob", foreign)), Err(R::Forged));
    assert!(matches!(
        ContactCard::parse(&made(1, "Bob", (keys.0, [0; 32]))),
        Err(R::Identity(_))
    ));
    assert!(matches!(
        ContactCard::parse(&made(1, "Bob", ([0; 32], keys.1))),
        Err(R::Identity(_))
    ));
}
