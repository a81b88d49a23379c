//! KeePass databases: against the program KeePassXC, which shares no code with us, and against
//! whoever writes a hostile one.

mod common;
mod hostile;
mod keepassxc;
mod maker;
mod properties;
mod round_trip;
