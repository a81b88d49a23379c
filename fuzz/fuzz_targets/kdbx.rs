#![no_main]

#[path = "../checks/import.rs"]
mod import;
#[path = "../checks/kdbx.rs"]
mod kdbx;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| kdbx::check(bytes));
