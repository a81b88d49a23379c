//! What one person gives another of a vault, and what is taken of what they send.
//!
//! A share is a *cut* of the writes of a vault: those of the keys in a scope, with the secrets a
//! role may open and no others. Nothing on the other side enforces a role; what is not in the cut
//! is what cannot be read. What comes in is held against the role its sender has here, shown as a
//! preview, and merged only as far as it was chosen.
//!
//! Deliberately not here: files, encryption, signatures, who somebody is (the caller says whether
//! the sender is pinned), and the secrets themselves.

mod authority;
mod class;
mod cut;
mod given;
mod index;
mod preview;
mod role;
mod rotate_list;
mod scope;

pub use authority::{Ground, Sender, Standing};
pub use class::rights_of;
pub use cut::{Cut, LeftOut};
pub use given::{Given, GivenKey, GivenList, could};
pub use preview::{Group, Lot, Preview, Reason, Row, SameSecret, Selection, SelectionRefused};
pub use role::Role;
pub use rotate_list::{Left, RotateList, Shown, ToRotate};
pub use scope::{History, Reach, Scope, ScopeRefused};
