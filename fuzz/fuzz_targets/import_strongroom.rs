#![no_main]

#[path = "../checks/import.rs"]
mod import;

use libfuzzer_sys::fuzz_target;
use strongroom_formats::Source;

fuzz_target!(|bytes: &[u8]| import::check(Source::Strongroom, bytes));
