//! Fuzzes `strongroom_tests::hostile::frame`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strongroom_tests::hostile::frame(bytes));
