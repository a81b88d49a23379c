//! Readings and properties as their callers see them. One program, so that it links once.

mod readings;
