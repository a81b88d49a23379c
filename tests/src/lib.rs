//! The harness of the black-box tests: a machine in a folder.
//!
//! A [`Sandbox`] is a home with a session bus, a keyring, a display and a notification daemon of
//! its own, in which the built programs run as an unprivileged user. Everything it starts, it owns,
//! and ends when it is dropped.
//!
//! Deliberately not here: any crate of the product. The harness knows the programs by what they
//! print, and computes codes by itself.

mod accessibility;
mod account;
mod acts;
mod agent;
mod binaries;
mod bus;
mod call;
mod clipboard;
mod clock;
mod conversation;
mod demo;
mod desk;
mod display;
mod exchange;
mod inherit;
mod keyring;
mod logind;
mod memory;
mod model;
mod notifications;
mod owned;
mod review;
mod sandbox;
mod shim;
mod small_disk;
mod threads;
mod totp;
mod vault;
mod wait;
mod webdriver;

pub use accessibility::Control;
pub use account::{Account, is_root};
pub use agent::Agent;
pub use binaries::{desktop, product, release_product};
pub use call::Call;
pub use clock::TestClock;
pub use conversation::{Answer, Conversation};
pub use demo::{DEMO_KEYS, DemoKey};
pub use desk::{DESK, DESK_KEYS, TRADERS_SECRETS};
pub use exchange::{
    Certificate, Credential, Exchange, Mood, PLAYED, Refusal, Seen, UNKNOWN_WORD, documented,
};
pub use logind::Logind;
pub use memory::{Canary, main_thread_alive, places_in_memory, places_in_own_memory};
pub use model::{Contents, Expected};
pub use notifications::Notification;
pub use owned::Owned;
pub use sandbox::{Parts, Sandbox};
pub use shim::Shim;
pub use small_disk::SmallDisk;
pub use threads::falls_asleep;
pub use totp::Authenticator;
pub use vault::{Known, Vault};
pub use wait::{Deadline, look_for, pick, random_while, wait_for};
pub use webdriver::{Look, Window, key};
