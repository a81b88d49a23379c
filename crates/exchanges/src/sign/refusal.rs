//! Why a request is not signed. Nothing of the user's stands in these texts: names in them are the
//! exchange's own.

/// A request that would be ambiguous, unsigned in part, or not what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error(
        "a path begins with `/` and holds letters, digits and `-_.~:,@` only; give parameters apart from it"
    )]
    Path,
    #[error("the path holds `//`, `.` or `..` as a part; write it out")]
    PathClimbs,
    #[error("the path holds a percent escape; write it without")]
    PathEncoded,
    #[error("this exchange has no such path; the paths it signs begin with `{0}`")]
    PathForeign(&'static str),
    #[error("the request is longer than 64 KiB or has more than 256 parameters")]
    TooLong,
    #[error("a parameter has no name, or a name that is not of letters, digits and `_-.[]`")]
    Name,
    #[error(
        "a parameter holds a percent escape of a separator, a control character or `%`; give the plain text, it is encoded once"
    )]
    EncodedSeparator,
    #[error("a value holds one of `&=?#/\\;`, which servers may take for the end of it")]
    Separator,
    #[error("a parameter holds a control character")]
    Control,
    #[error(
        "a parameter holds a character outside ASCII, for which this exchange documents no form"
    )]
    NotAscii,
    #[error(
        "a value holds a character that this exchange would want encoded, and it does not document how"
    )]
    NotPlain,
    #[error("a name is given twice")]
    Duplicate,
    #[error("a name is given in the query and in the body")]
    InBoth,
    #[error("`{0}` is added when the request is signed; leave it out")]
    Reserved(&'static str),
    #[error("this exchange takes no body with this method")]
    Body,
    #[error("this exchange takes a JSON {0} as body")]
    BodyShape(&'static str),
    #[error(
        "the body is not valid JSON, or names something in a form that can be read in two ways"
    )]
    BodyJson,
    #[error("the body is not a form of `name=value` pairs joined by `&`")]
    BodyForm,
    #[error("the exchange's signature does not cover a query here; put the parameters in the body")]
    QueryUnsigned,
    #[error("query and body are signed without a separator between them; use one of the two")]
    QueryAndBody,
    #[error("path and body name different calls")]
    TwoCalls,
    #[error("this exchange does not sign this method")]
    Method,
    #[error("this exchange's nonce is {0}")]
    Nonce(&'static str),
    #[error("this exchange has no receive window")]
    NoWindow,
    #[error("this exchange's receive window is at most {0} ms")]
    Window(u32),
    #[error("the time is not between 1970 and 9999")]
    Time,
    #[error("{0}")]
    NotCanonical(&'static str),
    #[error("the private key is too short for this signature")]
    Key,
}

/// A credential that cannot sign for an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    #[error("the key has no field `{0}`, which this exchange needs")]
    Missing(&'static str),
    #[error("two fields of the key mean `{0}`")]
    Twice(&'static str),
    #[error("the field `{field}` is not {expected}")]
    Malformed {
        field: &'static str,
        expected: &'static str,
    },
    #[error("this exchange has no {0} environment")]
    Environment(&'static str),
    #[error("this is not a host of the exchange in this environment")]
    Host,
}
