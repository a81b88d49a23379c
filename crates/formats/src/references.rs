//! Rewrites a source so that a pointer into the vault stands where each imported value stood.
//!
//! Everything else stays as it is, byte for byte: comments, order, white space, line ends, a byte
//! order mark. The result is read again before it is given out: every other value must be where
//! and what it was, and no imported value may be left anywhere, comments included.
//!
//! Deliberately not here: writing the file, and shredding the old one. Disks, backups and version
//! control may keep copies whatever is written here; the faces say so.

use std::collections::HashMap;

use crate::error::{ImportError, ReferenceError};
use crate::hummingbot::{quoted, read_connector};
use crate::json::read_json;
use crate::leaf::{Leaf, Site, Value};
use crate::plan::{FieldAccount, ImportPlan, NotImported, TakenAs, What};
use crate::text::line_at;
use crate::{
    FieldName, Options, Reference, Source, ccxt, csv, env, freqtrade, gocryptotrader, hummingbot,
    is_encrypted, octobot, passivbot,
};

/// Shortest value looked for all over the rewritten file. Shorter ones stand in ordinary words by
/// chance; they are still replaced where they were taken from.
const SHORTEST_SEARCHED: usize = 8;

/// Under which label a draft was recorded.
#[derive(Clone)]
pub struct Replacement {
    /// Index into the plan's drafts.
    pub draft: usize,
    pub label: String,
}

impl std::fmt::Debug for Replacement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replacement")
            .field("draft", &self.draft)
            .finish_non_exhaustive()
    }
}

/// Whether a source can be rewritten at all: plaintext that a program reads.
pub fn may_be_rewritten(source: Source, bytes: &[u8]) -> Result<(), ReferenceError> {
    if is_encrypted(source, bytes) {
        return Err(ReferenceError::Encrypted);
    }
    if source.is_export() {
        return Err(ReferenceError::Export);
    }
    Ok(())
}

/// The source with each credential field of the named drafts replaced by its [`Reference`]. Drafts
/// that are not named keep their values. `options` must be those the plan was made with.
pub fn references(
    source: Source,
    bytes: &[u8],
    options: &Options,
    replacements: &[Replacement],
) -> Result<Vec<u8>, ReferenceError> {
    may_be_rewritten(source, bytes)?;
    match source {
        Source::Freqtrade => rewrite(
            bytes,
            replacements,
            read_json,
            |leaves| Ok(freqtrade::plan(leaves, options)),
            json_text,
        ),
        Source::Ccxt => rewrite(
            bytes,
            replacements,
            read_json,
            |leaves| Ok(ccxt::plan(leaves, options)),
            json_text,
        ),
        Source::Passivbot => rewrite(
            bytes,
            replacements,
            read_json,
            |leaves| Ok(passivbot::plan(leaves, options)),
            json_text,
        ),
        Source::Octobot => rewrite(
            bytes,
            replacements,
            read_json,
            |leaves| Ok(octobot::plan(leaves, options)),
            json_text,
        ),
        Source::Gocryptotrader => rewrite(
            bytes,
            replacements,
            read_json,
            |leaves| Ok(gocryptotrader::plan(leaves, options)),
            json_text,
        ),
        Source::Hummingbot => rewrite(
            bytes,
            replacements,
            read_connector,
            |leaves| Ok(hummingbot::plan(leaves, options)),
            |reference, _| quoted(reference),
        ),
        Source::Bitwarden | Source::BitwardenCsv | Source::OnePasswordCsv | Source::Strongroom => {
            Err(ReferenceError::Export)
        }
        Source::Keepass => Err(ReferenceError::Encrypted),
        Source::Env => rewrite(
            bytes,
            replacements,
            env::read_env,
            |leaves| Ok(env::plan(leaves, options)),
            env_text,
        ),
        Source::Csv => {
            let table = csv::read_csv(bytes)?;
            let delimiter = char::from(table.delimiter);
            rewrite(
                bytes,
                replacements,
                csv::read_cells,
                |_| csv::plan(&table, options),
                |reference, old| csv_text(reference, old, delimiter),
            )
        }
    }
}

/// A value to be replaced: which leaf, and by what.
struct Edit {
    leaf: usize,
    reference: String,
}

fn rewrite<P: Site>(
    bytes: &[u8],
    replacements: &[Replacement],
    read: impl for<'b> Fn(&'b [u8]) -> Result<Vec<Leaf<'b, P>>, ImportError>,
    plan: impl Fn(&[Leaf<'_, P>]) -> Result<ImportPlan, ImportError>,
    write: impl Fn(&str, &str) -> String,
) -> Result<Vec<u8>, ReferenceError> {
    let leaves = read(bytes)?;
    let plan = plan(&leaves)?;
    let edits = edits(&plan, replacements)?;
    if !edits.is_empty()
        && let Some(line) = unclosed(&plan)
    {
        return Err(ReferenceError::Unclosed { line });
    }

    let mut rewritten = Vec::with_capacity(bytes.len());
    let mut kept_to = 0;
    for edit in &edits {
        let span = leaves[edit.leaf].span.clone();
        rewritten.extend_from_slice(&bytes[kept_to..span.start]);
        let old =
            std::str::from_utf8(&bytes[span.clone()]).map_err(|_| ReferenceError::NotTheSame)?;
        rewritten.extend_from_slice(write(&edit.reference, old).as_bytes());
        kept_to = span.end;
    }
    rewritten.extend_from_slice(&bytes[kept_to..]);

    let again = read(&rewritten).map_err(|_| ReferenceError::NotTheSame)?;
    if !reads_back(&leaves, &again, &edits) {
        return Err(ReferenceError::NotTheSame);
    }
    if let Some(line) = left_over(&plan, replacements, &rewritten) {
        return Err(ReferenceError::StillThere { line });
    }
    Ok(rewritten)
}

/// The first line that opens what is never closed. A quote put anywhere behind it would close it.
fn unclosed(plan: &ImportPlan) -> Option<u32> {
    let opens = |account: &&FieldAccount| {
        let What::NotImported { reason } = account.what else {
            return false;
        };
        matches!(
            reason,
            NotImported::UnclosedQuote | NotImported::UnclosedPem
        )
    };
    plan.fields
        .iter()
        .find(opens)
        .map(|account| account.where_.line)
}

/// What to replace, in the order of the source.
fn edits(plan: &ImportPlan, replacements: &[Replacement]) -> Result<Vec<Edit>, ReferenceError> {
    let mut labels: HashMap<usize, &str> = HashMap::new();
    for Replacement { draft, label } in replacements {
        if *draft >= plan.drafts.len() {
            return Err(ReferenceError::NoSuchDraft { draft: *draft });
        }
        if labels.insert(*draft, label).is_some() {
            return Err(ReferenceError::TwoLabels { draft: *draft });
        }
    }
    let mut edits = Vec::new();
    for (leaf, account) in plan.fields.iter().enumerate() {
        let What::Taken {
            draft,
            field: TakenAs::Credential(field),
        } = account.what
        else {
            continue;
        };
        let Some(label) = labels.get(&draft) else {
            continue;
        };
        let reference = Reference::new(label, field.as_str())
            .ok_or(ReferenceError::Label { draft })?
            .to_string();
        edits.push(Edit { leaf, reference });
    }
    Ok(edits)
}

/// Whether the rewritten source has the same values in the same places, but for the edits.
fn reads_back<P: Site>(before: &[Leaf<'_, P>], after: &[Leaf<'_, P>], edits: &[Edit]) -> bool {
    let mut edits = edits.iter().peekable();
    before.len() == after.len()
        && before
            .iter()
            .zip(after)
            .enumerate()
            .all(|(index, (old, new))| {
                let edit = edits.next_if(|edit| edit.leaf == index);
                let value_fits = match edit {
                    None => new.value.same(&old.value),
                    Some(edit) => {
                        matches!(&new.value, Value::Text(text) if *text == edit.reference)
                    }
                };
                new.place.same(&old.place) && value_fits
            })
}

/// The first line of the text in which a replaced secret is still found.
fn left_over(plan: &ImportPlan, replacements: &[Replacement], rewritten: &[u8]) -> Option<u32> {
    let secrets: Vec<&str> = replacements
        .iter()
        .flat_map(|replacement| &plan.drafts[replacement.draft].fields)
        .filter(|field| is_secret(field.name))
        // EXPOSE: searched for in the rewritten file, so that none stays in it.
        .flat_map(|field| searched_parts(field.value.expose()))
        .collect();
    // Found by their first bytes, so that a file is read once however many secrets it held.
    let mut by_start: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for secret in &secrets {
        let secret = secret.as_bytes();
        by_start
            .entry(&secret[..SHORTEST_SEARCHED])
            .or_default()
            .push(secret);
    }
    let at = rewritten
        .windows(SHORTEST_SEARCHED)
        .enumerate()
        .find_map(|(at, start)| {
            let candidates = by_start.get(start)?;
            candidates
                .iter()
                .any(|secret| rewritten[at..].starts_with(secret))
                .then_some(at)
        })?;
    Some(line_at(rewritten, at))
}

/// Addresses, user names and account numbers are no secrets; they may stand elsewhere.
fn is_secret(field: FieldName) -> bool {
    match field {
        FieldName::Uid | FieldName::AccountId | FieldName::WalletAddress | FieldName::Login => {
            false
        }
        FieldName::ApiKey
        | FieldName::Secret
        | FieldName::Passphrase
        | FieldName::PrivateKey
        | FieldName::Token
        | FieldName::Twofa => true,
    }
}

/// A value as one part, or the lines of a PEM block, each of which gives it away.
fn searched_parts(value: &str) -> impl Iterator<Item = &str> {
    value
        .lines()
        .map(str::trim)
        .filter(|line| line.len() >= SHORTEST_SEARCHED && !line.starts_with("-----"))
}

/// A JSON string.
fn json_text(reference: &str, _old: &str) -> String {
    let mut text = String::with_capacity(reference.len() + 2);
    text.push('"');
    for c in reference.chars() {
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

/// A value of a `.env` line: without quotes where every reader takes it so, otherwise in single
/// quotes, or in double quotes if it has a single one itself.
fn env_text(reference: &str, old: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@+".contains(c);
    if !old.starts_with(['\'', '"']) && reference.chars().all(plain) {
        return reference.to_owned();
    }
    if !reference.contains('\'') {
        return format!("'{reference}'");
    }
    let mut text = String::from("\"");
    for c in reference.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

/// A cell, in quotes if it was or has to be.
fn csv_text(reference: &str, old: &str, delimiter: char) -> String {
    if old.starts_with('"') || reference.contains([delimiter, '"']) {
        format!("\"{}\"", reference.replace('"', "\"\""))
    } else {
        reference.to_owned()
    }
}
