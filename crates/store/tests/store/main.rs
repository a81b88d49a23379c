//! The store as its one user, the vault, sees it: real files in temporary folders.

mod attacks;
mod contents;
mod copies;
mod crash;
mod opening;
mod support;
