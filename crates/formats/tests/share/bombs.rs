//! Insides that a pinned sender signed and no program of ours would have written.

use minicbor::Encoder;
use strongroom_domain::Register;
use strongroom_formats::share::{OpenRefused, ShareBody, WritesRefused, open};

use crate::common::*;

/// Alice signs whatever it is, for Bob.
fn envelope_refused(signed: &[u8]) -> OpenRefused {
    let (alice, bob) = (person(1), person(2));
    open(&forged(signed, &alice, &bob), &keys(&bob)).expect_err("it opened")
}

/// A good envelope, and these bytes in place of the writes.
fn body_refused(body: &[u8]) -> WritesRefused {
    let (alice, bob) = (person(1), person(2));
    let (mut signed, at) = inside();
    signed.truncate(at);
    signed.extend_from_slice(body);
    let file = forged(&signed, &alice, &bob);
    opened_by_bob(&file).writes().expect_err("it was read")
}

/// The signed part of the sample and where its writes begin.
fn inside() -> (Vec<u8>, usize) {
    let signed = signed_part(&for_bob(), &person(2));
    let at = {
        let mut input = minicbor::Decoder::new(&signed);
        input.skip().expect("an envelope");
        input.position()
    };
    (signed, at)
}

fn changed(from: &[u8], to: &[u8]) -> Vec<u8> {
    let (signed, _) = inside();
    let at = signed
        .windows(from.len())
        .position(|window| window == from)
        .expect("it stands there");
    [&signed[..at], to, &signed[at + from.len()..]].concat()
}

#[test]
fn other_types_and_versions_are_refused_as_what_they_are() {
    let kind = b"strongroom-share/1";
    for (to, expected) in [
        (b"strongroom-share/2", OpenRefused::NewerFormat),
        (b"strongroom-shaer/1", OpenRefused::NotAShare),
    ] {
        assert_eq!(envelope_refused(&changed(kind, to)), expected);
    }
    let reader = [b"/1".as_slice(), &[0x01, 0x01]].concat();
    let newer = [b"/1".as_slice(), &[0x01, 0x02]].concat();
    assert_eq!(
        envelope_refused(&changed(&reader, &newer)),
        OpenRefused::NewerReader
    );
    // A newer one may have more in its envelope, and is told apart all the same.
    let mut more = changed(&reader, &newer);
    more[0] = 0xaf;
    assert_eq!(envelope_refused(&more), OpenRefused::NewerReader);
    let (mut more, _) = inside();
    more[0] = 0xaf;
    assert_eq!(envelope_refused(&more), OpenRefused::Damaged);
    for nothing in [b"".as_slice(), b"\xa0", b"{}", &[0; 400]] {
        assert_eq!(envelope_refused(nothing), OpenRefused::NotAShare);
    }
}

#[test]
fn second_spellings_of_the_envelope_are_refused() {
    let (signed, at) = inside();
    // The map as one of indefinite length; a longer integer as key; a key twice; keys out of order.
    let indefinite = [&[0xbf], &signed[1..at], &[0xff], &signed[at..]].concat();
    let longer = [&signed[..1], &[0x18, 0x00], &signed[2..]].concat();
    assert_eq!(envelope_refused(&indefinite), OpenRefused::Damaged);
    assert_eq!(envelope_refused(&longer), OpenRefused::Damaged);
    let seq = [0x07, 0x03, 0x08];
    for to in [
        [0x07, 0x18, 0x03, 0x08].as_slice(),
        &[0x06, 0x03, 0x08],
        &[0x08, 0x03, 0x07],
        &[0x07, 0x03, 0x07],
        &[0x07, 0x23, 0x08],
        &[0x07, 0x03, 0x03, 0x08],
    ] {
        assert_eq!(
            envelope_refused(&changed(&seq, to)),
            OpenRefused::Damaged,
            "{to:02x?}"
        );
    }
    // The checkpoint in pieces.
    let whole = b"\x0d\x44note";
    let pieces = b"\x0d\x5f\x42no\x42te\xff";
    assert_eq!(
        envelope_refused(&changed(whole, pieces)),
        OpenRefused::Damaged
    );
}

#[test]
fn lists_that_are_out_of_order_or_too_long_are_refused() {
    let (alice, bob) = (person(1), person(2));
    let mine = bob.public().fingerprint();
    let one = [&[0x06, 0x81, 0x54], mine.as_bytes().as_slice()].concat();
    let again = [&[0x54], mine.as_bytes().as_slice()].concat();
    let twice = [&[0x06, 0x82], again.as_slice(), again.as_slice()].concat();
    assert_eq!(
        envelope_refused(&changed(&one, &twice)),
        OpenRefused::Damaged
    );
    for head in [
        [0x9a, 0xff, 0xff, 0xff, 0xff].as_slice(),
        &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
        &[0x99, 0x01, 0x2d],
    ] {
        let claimed = [&[0x06], head, again.as_slice()].concat();
        assert_eq!(
            envelope_refused(&changed(&one, &claimed)),
            OpenRefused::Damaged
        );
    }
    let counts = [0x0c, 0x84, 0x03, 0x04, 0x01, 0x01];
    let lie = changed(&counts, &[0x0c, 0x84, 0x03, 0x05, 0x01, 0x01]);
    let read = opened_by_bob(&forged(&lie, &alice, &bob)).writes();
    assert_eq!(read.err(), Some(WritesRefused::Counts));
    let huge = changed(
        &counts,
        &[0x0c, 0x84, 0x03, 0x1a, 0xff, 0xff, 0xff, 0xff, 0x01, 0x01],
    );
    assert_eq!(envelope_refused(&huge), OpenRefused::Damaged);
    let checkpoint = [b"\x0d\x59\x10\x01".as_slice(), &[b'x'; 4097]].concat();
    assert_eq!(
        envelope_refused(&changed(b"\x0d\x44note", &checkpoint)),
        OpenRefused::Damaged
    );
}

#[test]
fn claims_of_length_take_no_memory() {
    for head in [
        [0x9a, 0xff, 0xff, 0xff, 0xff].as_slice(),
        &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
        &[0x9a, 0x00, 0x03, 0xd0, 0x90],
        &[0x9f],
        &[0x84],
        &[0x99, 0x00, 0x00],
        &[0xa0],
        &[],
    ] {
        assert_eq!(body_refused(head), WritesRefused::Damaged, "{head:02x?}");
    }
}

#[test]
fn deep_nesting_ends_where_it_begins() {
    for deep in [0x81, 0xc6, 0xa1, 0x9f, 0xbf, 0xd8] {
        let body = [&[0x81], vec![deep; 4_000_000].as_slice()].concat();
        assert_eq!(body_refused(&body), WritesRefused::Damaged, "{deep:02x}");
    }
}

/// One write, as `change` would have it.
fn one(change: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut out = Encoder::new(vec![0x81]);
    change(&mut out);
    out.into_writer()
}

fn head(out: &mut Encoder<Vec<u8>>, kind: u8, register: Register) {
    out.array(9)
        .expect("memory")
        .bytes(&[1; 16])
        .expect("memory");
    out.bytes(&[1; 16])
        .expect("memory")
        .u8(kind)
        .expect("memory");
    out.u16(register.code()).expect("memory");
}

fn origin(out: &mut Encoder<Vec<u8>>) {
    out.bytes(&[7; 16])
        .expect("memory")
        .bytes(&[8; 16])
        .expect("memory");
    out.array(2)
        .expect("memory")
        .u64(1)
        .expect("memory")
        .u32(0)
        .expect("memory");
}

fn with_body(kind: u8, register: Register, code: u8, body: &[u8]) -> Vec<u8> {
    one(|out| {
        head(out, kind, register);
        out.array(0).expect("memory");
        origin(out);
        out.array(2)
            .expect("memory")
            .u8(code)
            .expect("memory")
            .bytes(body)
            .expect("memory");
    })
}

fn text(text: &str) -> Vec<u8> {
    minicbor::to_vec(text).expect("memory")
}

#[test]
fn values_that_no_vault_would_have_written_are_refused() {
    let label = |label: &str| with_body(2, Register::Label, 0, &text(label));
    for hostile in [
        "pay\u{202e}lap",
        "a\u{1b}[2Jb",
        "a\nb",
        "a\u{2066}b",
        "",
        " padded ",
        &"x".repeat(101),
        &"x".repeat(1 << 20),
    ] {
        assert_eq!(
            body_refused(&label(hostile)),
            WritesRefused::Value,
            "{}",
            hostile.len()
        );
    }
    let number = with_body(2, Register::Label, 0, &[0x01]);
    assert_eq!(body_refused(&number), WritesRefused::Value);
    let trailing = with_body(2, Register::Label, 0, b"\x61a\x00");
    assert_eq!(body_refused(&trailing), WritesRefused::Value);
    let huge = with_body(2, Register::Notes, 0, &vec![0x60; 3 << 20]);
    assert_eq!(body_refused(&huge), WritesRefused::Damaged);
    let mut secret = material(2).encode().expose().to_vec();
    secret.push(0);
    assert_eq!(
        body_refused(&with_body(3, Register::Material, 1, &secret)),
        WritesRefused::Value
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    use WritesRefused as W;
    let secret = material(2).encode();
    for (body, expected) in [
        // A secret where values stand, a value where a secret does, a register of another kind.
        (with_body(2, Register::Label, 1, &text("a")), W::Damaged),
        (
            with_body(3, Register::Material, 0, secret.expose()),
            W::Damaged,
        ),
        (
            with_body(1, Register::Material, 1, secret.expose()),
            W::Damaged,
        ),
        (with_body(2, Register::Label, 2, &text("a")), W::Damaged),
        (with_body(2, Register::Label, 3, &text("a")), W::Damaged),
        (with_body(200, Register::Label, 0, &text("a")), W::Unknown),
    ] {
        assert_eq!(body_refused(&body), expected, "{body:02x?}");
    }
    let superseding = |ids: &[u8]| {
        one(|out| {
            head(out, 2, Register::Label);
            out.array(ids.len() as u64).expect("memory");
            for id in ids {
                out.bytes(&[*id; 16]).expect("memory");
            }
            origin(out);
            out.array(1).expect("memory").u8(2).expect("memory");
        })
    };
    // In order it is read as far as the counts, which speak of another bundle.
    assert_eq!(body_refused(&superseding(&[3, 4])), W::Counts);
    assert_eq!(body_refused(&superseding(&[4, 3])), W::Damaged);
    assert_eq!(body_refused(&superseding(&[3, 3])), W::Damaged);
    let twice = {
        let mut both = superseding(&[3]);
        let again = both[1..].to_vec();
        both[0] = 0x82;
        both.extend_from_slice(&again);
        both
    };
    assert_eq!(body_refused(&twice), W::Damaged);
    let behind = [superseding(&[3]).as_slice(), &[0x00]].concat();
    assert_eq!(body_refused(&behind), W::Damaged);
    let longer = superseding(&[3]);
    let longer = [&longer[..36], &[0x18, 2], &longer[37..]].concat();
    assert_eq!(body_refused(&longer), W::Damaged);
}

#[test]
fn a_body_is_one_of_three() {
    assert!(matches!(writes()[0].body, ShareBody::Purged));
    let sealed = with_body(3, Register::Material, 0, &[]);
    assert_eq!(body_refused(&sealed), WritesRefused::Damaged);
}
