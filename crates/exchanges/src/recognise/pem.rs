//! PEM blocks: which half of a key they hold, and blocks whose line ends were lost on the way.
//!
//! A form with one line, an environment variable or a spreadsheet makes one long line of a block,
//! with spaces or a written `\n` where the lines ended; signing libraries then refuse it.
//!
//! Deliberately not here: what is inside the block.

/// What the label of a block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemKind {
    Private,
    /// Locked with a password of its own: nothing can be signed with it as it is.
    EncryptedPrivate,
    /// The half that belongs to the exchange.
    Public,
    /// A certificate or anything else.
    Other,
}

/// A line of base64 in a PEM block (RFC 7468).
const LINE: usize = 64;

/// The kind of the block a text begins with.
pub fn pem_kind(text: &str) -> Option<PemKind> {
    let block = Block::find(text)?;
    Some(match block.label {
        "ENCRYPTED PRIVATE KEY" => PemKind::EncryptedPrivate,
        _ if block.body.contains("ENCRYPTED") => PemKind::EncryptedPrivate,
        label if label.ends_with("PRIVATE KEY") => PemKind::Private,
        label if label.ends_with("PUBLIC KEY") => PemKind::Public,
        _ => PemKind::Other,
    })
}

/// The block with its line ends, or `None` where it has them, or is no block, or holds more than
/// base64 (a block with a password has headers that must stay as they are).
pub(super) fn mended(text: &str) -> Option<String> {
    let block = Block::find(text)?;
    if has_lines(block.body) {
        let whole = without_written_ends(text);
        return (whole.len() < text.trim().len()).then(|| whole.to_owned());
    }
    let body: String = block
        .body
        .replace("\\r", "")
        .replace("\\n", "")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let base64 = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'=');
    if body.is_empty() || !body.bytes().all(base64) {
        return None;
    }
    let mut out = format!("-----BEGIN {}-----\n", block.label);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {}-----", block.label));
    Some(out)
}

struct Block<'t> {
    label: &'t str,
    body: &'t str,
}

impl<'t> Block<'t> {
    fn find(text: &'t str) -> Option<Self> {
        let after = without_written_ends(text).strip_prefix("-----BEGIN ")?;
        let (label, rest) = after.split_once("-----")?;
        let body = rest.strip_suffix(&format!("-----END {label}-----"))?;
        Some(Self { label, body })
    }
}

/// The text without space around it and without a written `\n` at its end.
fn without_written_ends(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(rest) = text
        .strip_suffix("\\n")
        .or_else(|| text.strip_suffix("\\r"))
    {
        text = rest.trim_end();
    }
    text
}

/// Whether the body stands on lines of its own, none longer than a reader takes.
fn has_lines(body: &str) -> bool {
    let begins = body.starts_with('\n') || body.starts_with("\r\n");
    begins
        && body.ends_with('\n')
        && !body.contains("\\n")
        && body.lines().all(|line| line.trim_end().len() <= 76)
}
