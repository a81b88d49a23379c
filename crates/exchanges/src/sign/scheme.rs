//! What every exchange's adapter is made of, and the checks they share.

use super::draft::Draft;
use super::encode;
use super::json::{self, Shape};
use super::refusal::SignError;
use super::request::{Method, Moment, Request};
use super::text_buf::TextBuf;
use super::time::push_number;

/// The key of one credential for one exchange in one environment, made ready.
pub(crate) trait Scheme: Send + Sync {
    /// Writes the request as it will be sent, signed: one function that says what is canonical,
    /// and refuses what has no single canonical form.
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError>;

    /// How long the text of a request gets of which so much was given, where nothing of it has to
    /// be escaped: with headers, and with a signature by a shared secret.
    fn room(&self, given: usize) -> usize {
        given + 512
    }
}

/// Names of the query: none twice, none reserved.
pub(crate) fn check_query_names(
    request: &Request,
    reserved: &[&'static str],
) -> Result<(), SignError> {
    if request.query.is_empty() {
        return Ok(());
    }
    encode::check_names(request.pairs().map(|(name, _)| name), reserved)
}

/// What a JSON body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Object,
    ObjectOrList,
}

/// Checks a JSON body: its grammar, its names, and that nothing is both in it and in the query.
pub(crate) fn check_json(
    request: &Request,
    reserved: &[&'static str],
    taken: Taken,
) -> Result<(), SignError> {
    let Some(body) = &request.body else {
        return Ok(());
    };
    let shape = json::scan(body, |name, _| {
        if let Some(ours) = reserved.iter().find(|ours| ours.eq_ignore_ascii_case(name)) {
            return Err(SignError::Reserved(ours));
        }
        if request.query.iter().any(|(other, _)| other == name) {
            return Err(SignError::InBoth);
        }
        Ok(())
    })?;
    if shape == Shape::List && taken == Taken::Object {
        return Err(SignError::BodyShape("object"));
    }
    Ok(())
}

pub(crate) fn refuse_body(request: &Request) -> Result<(), SignError> {
    match request.body {
        Some(_) => Err(SignError::Body),
        None => Ok(()),
    }
}

/// For the exchanges whose signature does not cover a query here.
pub(crate) fn refuse_query(request: &Request) -> Result<(), SignError> {
    if request.query.is_empty() {
        Ok(())
    } else {
        Err(SignError::QueryUnsigned)
    }
}

pub(crate) fn only(request: &Request, methods: &[Method]) -> Result<(), SignError> {
    if methods.contains(&request.method) {
        Ok(())
    } else {
        Err(SignError::Method)
    }
}

pub(crate) fn within(path: &str, prefix: &'static str) -> Result<(), SignError> {
    if path.starts_with(prefix) {
        Ok(())
    } else {
        Err(SignError::PathForeign(prefix))
    }
}

pub(crate) fn refuse_window(moment: &Moment<'_>) -> Result<(), SignError> {
    match moment.receive_window_ms {
        Some(_) => Err(SignError::NoWindow),
        None => Ok(()),
    }
}

pub(crate) fn window(moment: &Moment<'_>, most: u32) -> Result<Option<u32>, SignError> {
    match moment.receive_window_ms {
        Some(window) if window > most || window == 0 => Err(SignError::Window(most)),
        window => Ok(window),
    }
}

/// A nonce that is a whole number, as it is spelt.
pub(crate) fn counter<'a>(moment: &Moment<'a>) -> Result<&'a str, SignError> {
    let nonce = moment.nonce;
    let plain = nonce.bytes().all(|byte| byte.is_ascii_digit())
        && (nonce == "0" || !nonce.starts_with('0'));
    if plain && nonce.parse::<u64>().is_ok() {
        Ok(nonce)
    } else {
        Err(SignError::Nonce(
            "a whole number below 2^64, without leading zeros",
        ))
    }
}

/// A nonce that is letters and digits.
pub(crate) fn token<'a>(moment: &Moment<'a>) -> Result<&'a str, SignError> {
    let nonce = moment.nonce;
    let plain = nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && (1..=64).contains(&nonce.len()) {
        Ok(nonce)
    } else {
        Err(SignError::Nonce("1 to 64 letters and digits"))
    }
}

/// A nonce that is a UUID in lower case.
pub(crate) fn uuid<'a>(moment: &Moment<'a>) -> Result<&'a str, SignError> {
    let nonce = moment.nonce;
    let fits = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    if nonce.len() == 36 && nonce.bytes().enumerate().all(fits) {
        Ok(nonce)
    } else {
        Err(SignError::Nonce("a UUID in lower case"))
    }
}

/// For the exchanges that use none.
pub(crate) fn refuse_nonce(moment: &Moment<'_>) -> Result<(), SignError> {
    if moment.nonce.is_empty() {
        Ok(())
    } else {
        Err(SignError::Nonce("none: leave it out"))
    }
}

/// `recvWindow=…&timestamp=…`, as Binance began it.
pub(crate) fn push_window_and_time(out: &mut TextBuf, window: Option<u32>, moment: &Moment<'_>) {
    if let Some(window) = window {
        out.push_str("recvWindow=");
        push_number(out, window.into());
        out.push('&');
    }
    out.push_str("timestamp=");
    push_number(out, moment.now_ms);
}

/// The text between the braces of a JSON object that was checked.
pub(crate) fn members(object: &str) -> &str {
    object
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default()
        .trim()
}

/// The query sorted by name, as bytes sort.
pub(crate) fn sorted(request: &Request) -> Vec<(&str, &str)> {
    let mut query: Vec<_> = request.pairs().collect();
    query.sort_unstable();
    query
}
