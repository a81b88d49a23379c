//! Tests of `.strongshare`: what it carries, what others could do to it, and what stock programs say.

mod attacks;
mod bombs;
mod cards;
mod common;
mod corpus;
mod peers;
mod properties;
#[path = "../../../../fuzz/checks/share.rs"]
mod share;
mod story;
