//! Tests that need the keyed primitives themselves.

mod vectors;
