//! Readings and properties as their callers see them. One program, so that it links once.

mod corpus;
mod page;
mod properties;
#[path = "../../../../fuzz/checks/read_answer.rs"]
mod read_answer;
mod readings;
mod refused;
mod signing;
