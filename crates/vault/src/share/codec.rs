//! Small parts of the rows that sharing keeps in the vault.

use minicbor::{Decoder, Encoder};
use strongroom_domain::UtcMs;

const SURE: &str = "writing to memory cannot fail";

pub(super) fn array_of(input: &mut Decoder<'_>, len: u64) -> Option<()> {
    (input.array().ok()? == Some(len)).then_some(())
}

/// Takes a null away, if there is one.
pub(super) fn is_null(input: &mut Decoder<'_>) -> Option<bool> {
    if input.datatype().ok()? != minicbor::data::Type::Null {
        return Some(false);
    }
    input.null().ok()?;
    Some(true)
}

pub(super) fn write_moment(out: &mut Encoder<Vec<u8>>, at: Option<UtcMs>) {
    match at {
        Some(at) => drop(out.i64(at.ms()).expect(SURE)),
        None => drop(out.null().expect(SURE)),
    }
}

pub(super) fn moment(input: &mut Decoder<'_>) -> Option<Option<UtcMs>> {
    if is_null(input)? {
        return Some(None);
    }
    UtcMs::parse(input.i64().ok()?).ok().map(Some)
}
