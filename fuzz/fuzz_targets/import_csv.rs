//! Fuzzes `strongroom_tests::hostile::import_csv`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| strongroom_tests::hostile::import_csv(bytes));
