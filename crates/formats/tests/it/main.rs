//! Tests of the importers as their callers see them. One program, so that it links once.

mod common;
mod corpus;
mod details;
mod encrypted;
mod env_rules;
mod exports;
mod golden;
mod ics;
#[path = "../../../../fuzz/checks/import.rs"]
mod import;
mod kdbx;
#[path = "../../../../fuzz/checks/kdbx.rs"]
mod kdbx_check;
mod peers;
mod presets;
mod properties;
mod references;
mod refusals;
mod table_rules;
