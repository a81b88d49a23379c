//! Signing, from outside: what is refused, and what holds for every request that is not.

mod credentials;
mod properties;
mod refusals;
mod samples;
