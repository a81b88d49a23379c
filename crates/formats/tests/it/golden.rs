//! The golden samples, as a person sees their plans. The keys in them are invented.

use strongroom_formats::{Options, Source, detect, parse};

use crate::common::{opened, samples, shown};

#[test]
fn every_sample_has_the_plan_it_should_have() {
    for (source, name, bytes) in samples() {
        let bytes = opened(source, &name, bytes);
        let plan = parse(source, &bytes, &Options::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        insta::assert_snapshot!(format!("{source}-{name}"), shown(&plan));
    }
}

#[test]
fn every_sample_is_detected_with_and_without_its_name() {
    for (source, name, bytes) in samples() {
        assert_eq!(detect(&bytes, Some(&name)), Some(source), "{name}");
        assert_eq!(
            detect(&bytes, None),
            Some(source),
            "{name} without its name"
        );
    }
    assert_eq!(
        detect(b"", Some("config.json")),
        Some(Source::Freqtrade),
        "its refusal is said by parse"
    );
    for nothing in [
        &b""[..],
        b"hello",
        b"{}",
        b"[1, 2]",
        b"\x7fELF\x02\x01\x01\0",
    ] {
        assert_eq!(detect(nothing, None), None, "{nothing:?}");
    }
}
