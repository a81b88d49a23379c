#![no_main]

#[path = "../checks/share.rs"]
mod share;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| share::check(bytes));
