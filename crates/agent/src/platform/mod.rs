//! What the operating system does for the agent: time, keyring, notifications, clipboard, sleep
//! and screen lock. One folder a platform; only what is run and tested is here.
//!
//! Not here: when any of it is used.

#[cfg(not(target_os = "linux"))]
compile_error!("Strongroom's agent is written and tested for Linux; see Platforms in README.md");

mod linux;

pub(crate) use linux::*;
