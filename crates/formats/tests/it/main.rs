//! Tests of the importers as their callers see them. One program, so that it links once.

mod common;
mod corpus;
mod details;
mod env_rules;
mod exports;
mod golden;
mod ics;
#[path = "../../../../fuzz/checks/import.rs"]
mod import;
mod peers;
mod presets;
mod properties;
mod references;
mod refusals;
mod table_rules;
