//! Importing keys from other programs' files: preview, all or nothing, undo, and importing again
//! changes nothing.
//!
//! A plan is made from bytes; it shows every draft and what became of every field of the source.
//! Applying it writes one commit. What it added is remembered as a batch, so that it can be undone:
//! keys that were changed since are kept.
//!
//! Deliberately not here: the formats, opening files, and rewriting the source.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use minicbor::{Decoder, Encoder};
use strongroom_domain::{
    AccountLabel, EntryId, EntryKind, Environment, ExchangeId, FieldName, KeyLabel, KeyType,
    MaterialField, WriteId,
};
use strongroom_formats as formats;
use strongroom_formats::What;
use strongroom_secret::{SecretBytes, SecretText};
use strongroom_store::{Fingerprint, LocalSpace};

use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::records::{Draft, KeyError, NewField, NewKey, ReadError, WriteKeyError};
use crate::search::KeyList;

/// What the person says beside the file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// `freqtrade`, `ccxt`, `env` or `csv`; detected without it.
    pub source: Option<String>,
    /// The file's name without its folder.
    pub name_hint: Option<String>,
    /// CSV: column header and the field it holds.
    pub columns: Vec<(String, String)>,
    /// For sources that name none.
    pub exchange: Option<String>,
    pub account: Option<String>,
}

/// What an import would do. It holds the secrets of the source; dropping it wipes them.
#[derive(Debug)]
pub struct ImportPlan {
    source: formats::Source,
    drafts: Vec<PlannedKey>,
    fields: Vec<ImportField>,
    notes: Vec<String>,
}

/// One key of a plan.
#[derive(Debug)]
struct PlannedKey {
    view: ImportDraft,
    new: Option<NewKey>,
}

/// A key of a plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportDraft {
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub account: AccountLabel,
    pub environment: Environment,
    pub fields: Vec<FieldName>,
    /// The same key is recorded already, under this label, or stands earlier in the source.
    pub already: Option<KeyLabel>,
    pub warnings: Vec<String>,
}

/// What became of one field, line or column of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportField {
    /// Path, line or column; never a value.
    pub place: String,
    pub outcome: ImportOutcome,
    /// Where it went, or why not.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportOutcome {
    Taken,
    Ignored,
    NotImported,
}

impl ImportOutcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Ignored => "ignored",
            Self::NotImported => "not-imported",
        }
    }
}

impl ImportPlan {
    /// `freqtrade`, `ccxt`, `env` or `csv`.
    pub fn source(&self) -> &'static str {
        self.source.as_str()
    }

    pub fn drafts(&self) -> impl ExactSizeIterator<Item = &ImportDraft> {
        self.drafts.iter().map(|draft| &draft.view)
    }

    pub fn fields(&self) -> &[ImportField] {
        &self.fields
    }

    /// What a person should know about the whole source.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// `None` if everything was here already.
    pub batch: Option<BatchId>,
    pub added: Vec<ImportedKey>,
    pub already: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedKey {
    pub id: EntryId,
    pub label: KeyLabel,
    /// Index into the plan's drafts.
    pub draft: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportUndone {
    pub removed: usize,
    /// Keys that were changed since the import stay.
    pub kept: usize,
}

/// Names an import for its undo; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchId(EntryId);

impl BatchId {
    pub fn parse(text: &str) -> Option<Self> {
        EntryId::parse(text).ok().map(Self)
    }
}

impl std::fmt::Display for BatchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("this is no file of keys we know; say which kind it is")]
    UnknownSource,
    #[error("there is no such kind of source; it is freqtrade, ccxt, env or csv")]
    NoSuchSource,
    #[error(transparent)]
    Source(#[from] formats::ImportError),
    #[error("no column can hold that field")]
    NoSuchField,
    #[error("there is no import to undo")]
    NoBatch,
    #[error(transparent)]
    Write(#[from] WriteKeyError),
}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Write(error.into())
    }
}

impl From<CommitError> for ImportError {
    fn from(error: CommitError) -> Self {
        Self::Write(error.into())
    }
}

impl OpenVault {
    /// Reads a source and compares it with the vault; changes nothing.
    pub fn plan_import(
        &mut self,
        bytes: &SecretBytes,
        options: &ImportOptions,
    ) -> Result<ImportPlan, ImportError> {
        self.make_ready()?;
        let parsed = parse(bytes, options)?;
        let labels: Vec<String> = parsed
            .drafts
            .iter()
            .map(|draft| draft.label.clone())
            .collect();
        let fields = parsed
            .fields
            .iter()
            .map(|account| field_view(account, &labels))
            .collect();
        let mut seen = Seen::new(self.records.list.as_ref());
        let drafts = parsed
            .drafts
            .into_iter()
            .map(|draft| self.plan_draft(draft, options, &mut seen))
            .collect::<Result<Vec<_>, ReadError>>()?;
        Ok(ImportPlan {
            source: parsed.source,
            drafts,
            fields,
            notes: parsed.notes.iter().map(ToString::to_string).collect(),
        })
    }

    fn plan_draft(
        &self,
        draft: formats::Draft,
        options: &ImportOptions,
        seen: &mut Seen,
    ) -> Result<PlannedKey, ReadError> {
        let exchange = draft.exchange.id.clone();
        let account = draft.account.as_deref().or(options.account.as_deref());
        let account = account
            .and_then(|name| AccountLabel::parse(name).ok())
            .unwrap_or_else(|| AccountLabel::parse("main").expect("a label"));
        let environment = draft.environment.unwrap_or(Environment::Production);
        let mut warnings: Vec<String> = draft.warnings.iter().map(ToString::to_string).collect();
        let fields: Vec<NewField> = draft
            .fields
            .into_iter()
            .map(|field| NewField {
                name: field_name(field.name),
                value: field.value,
            })
            .collect();
        let mut prints = self.fingerprints(&copies(&fields));
        prints.sort_unstable();
        let twin = seen.keys.get(&(exchange.clone(), prints.clone())).cloned();
        let already = match self.already_here(&exchange, &fields)? {
            Some(label) => Some(label),
            None => twin,
        };
        let label = match &already {
            Some(label) => label.clone(),
            None => seen.free_label(&draft.label),
        };
        if already.is_none() {
            seen.keys.insert((exchange.clone(), prints), label.clone());
        }
        if already.is_none() {
            warnings.extend(self.partly_here(&exchange, &fields)?);
        }
        let names = fields.iter().map(|field| field.name.clone()).collect();
        let key_type = key_type(&fields);
        let mut new = NewKey::new(
            label.clone(),
            exchange.clone(),
            account.clone(),
            environment,
        );
        new.key_type = key_type;
        new.fields = fields;
        let view = ImportDraft {
            label,
            exchange,
            account,
            environment,
            fields: names,
            already,
            warnings,
        };
        Ok(PlannedKey {
            view,
            new: Some(new),
        })
    }

    /// The label of a key of the same exchange that holds all of these fields.
    fn already_here(
        &self,
        exchange: &ExchangeId,
        fields: &[NewField],
    ) -> Result<Option<KeyLabel>, ReadError> {
        let fields = copies(fields);
        for key in self.holders_of(&fields)? {
            let row = self.records.list.as_ref().and_then(|list| list.get(key));
            if let Some(row) = row.filter(|row| row.exchange == *exchange) {
                return Ok(Some(row.label.clone()));
            }
        }
        Ok(None)
    }

    /// The API key alone is known with another secret.
    fn partly_here(
        &self,
        exchange: &ExchangeId,
        fields: &[NewField],
    ) -> Result<Option<String>, ReadError> {
        let named: Vec<MaterialField> = copies(fields)
            .into_iter()
            .filter(|one| one.name == FieldName::API_KEY)
            .collect();
        if named.is_empty() {
            return Ok(None);
        }
        let list = self.records.list.as_ref();
        let known = self.holders_of(&named)?.into_iter().find_map(|key| {
            let row = list?.get(key)?;
            (row.exchange == *exchange).then(|| row.label.clone())
        });
        Ok(known.map(|label| {
            format!("The same apiKey is recorded under \"{label}\" with another secret.")
        }))
    }

    /// Records what a plan has and the vault has not, in one commit.
    pub fn apply_import(&mut self, plan: ImportPlan, by: Client) -> Result<Imported, ImportError> {
        self.make_ready()?;
        let mut draft = Draft::new(self)?;
        let (mut added, mut already) = (Vec::new(), 0);
        for (number, planned) in plan.drafts.into_iter().enumerate() {
            let Some(new) = planned.new else { continue };
            // The vault may have changed since the plan was made.
            let here = self.already_here(&new.exchange, &new.fields)?;
            if planned.view.already.is_some() || here.is_some() {
                already += 1;
                continue;
            }
            let label = new.label.clone();
            let (id, _) = self.draft_key(&mut draft, new)?;
            draft.forget();
            added.push(ImportedKey {
                id,
                label,
                draft: number,
            });
        }
        if added.is_empty() {
            return Ok(Imported {
                batch: None,
                added,
                already,
            });
        }
        let batch = self.make_batch_id()?;
        let writes: Vec<(EntryId, WriteId)> = draft.write_ids().collect();
        let body = encode_batch(&added, &writes);
        draft.put_local(LocalSpace::ImportBatch, batch.0.as_bytes(), Some(body));
        let event = AuditEvent::from(EventKind::Imported).detail(Detail::Count(added.len() as u64));
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        Ok(Imported {
            batch: Some(batch),
            added,
            already,
        })
    }

    /// The keys that an import added and that are still here.
    pub fn import_keys(&mut self, batch: BatchId) -> Result<Vec<ImportedKey>, ImportError> {
        self.make_ready()?;
        let batch = self.read_batch(batch)?;
        let list = self.records.list.as_ref();
        let listed = batch.keys.into_iter().filter_map(|(draft, id)| {
            let label = list?.get(id)?.label.clone();
            Some(ImportedKey { id, label, draft })
        });
        Ok(listed.collect())
    }

    /// Takes back an import, the latest if none is named. A key that was changed since stays. The
    /// others are deleted: their secrets stay sealed until they are purged by id, so that an undo
    /// after the source was rewritten loses nothing.
    pub fn undo_import(
        &mut self,
        batch: Option<BatchId>,
        by: Client,
    ) -> Result<ImportUndone, ImportError> {
        self.make_ready()?;
        let id = match batch {
            Some(batch) => batch,
            None => self.latest_batch()?.ok_or(ImportError::NoBatch)?,
        };
        let batch = self.read_batch(id)?;
        let mut draft = Draft::new(self)?;
        let mut undone = ImportUndone {
            removed: 0,
            kept: 0,
        };
        for (_, key) in &batch.keys {
            draft.load(*key)?;
            if draft.record(*key).is_none() {
                continue;
            }
            let written: Vec<WriteId> = draft.replica.writes().map(|write| write.id).collect();
            if written.iter().all(|write| batch.writes.contains(write)) {
                let deletion = Self::deletion(&draft, *key);
                draft.set(EntryKind::Key, *key, &deletion)?;
                draft.changed(*key);
                undone.removed += 1;
            } else {
                undone.kept += 1;
            }
            draft.forget();
        }
        draft.put_local(LocalSpace::ImportBatch, id.0.as_bytes(), None);
        let count = Detail::Count(undone.removed as u64);
        let event = AuditEvent::from(EventKind::ImportUndone).detail(count);
        let ready = draft.finish();
        self.write_draft(event, by, ready)?;
        Ok(undone)
    }

    fn latest_batch(&self) -> Result<Option<BatchId>, ImportError> {
        let rows = self
            .store
            .local_rows(LocalSpace::ImportBatch)
            .map_err(ReadError::from)?;
        Ok(rows
            .last()
            .and_then(|row| EntryId::from_slice(&row.name))
            .map(BatchId))
    }

    fn read_batch(&self, batch: BatchId) -> Result<Batch, ImportError> {
        let row = self
            .store
            .local(LocalSpace::ImportBatch, batch.0.as_bytes());
        let bytes = row.map_err(ReadError::from)?.ok_or(ImportError::NoBatch)?;
        decode_batch(&bytes).ok_or(ImportError::Write(
            KeyError::Read(ReadError::Damaged).into(),
        ))
    }

    /// Time first, so that the latest stands last.
    fn make_batch_id(&self) -> Result<BatchId, CommitError> {
        let mut id = self.ports.make_id()?;
        id[..8].copy_from_slice(&self.ports.clock.utc_ms().to_be_bytes());
        Ok(BatchId(EntryId::from_bytes(id)))
    }
}

/// What the drafts of a plan so far, and the vault, take up.
struct Seen {
    labels: HashSet<String>,
    /// The next number to try behind a label that is taken.
    numbers: HashMap<String, usize>,
    keys: BTreeMap<(ExchangeId, Vec<Fingerprint>), KeyLabel>,
}

impl Seen {
    fn new(list: Option<&KeyList>) -> Self {
        let rows = list.map(KeyList::rows).unwrap_or_default();
        let labels = rows.iter().map(|row| row.label.to_string()).collect();
        Self {
            labels,
            numbers: HashMap::new(),
            keys: BTreeMap::new(),
        }
    }

    /// A label no other key has, so that it can be named in a reference.
    fn free_label(&mut self, wanted: &str) -> KeyLabel {
        let base = KeyLabel::parse(wanted)
            .unwrap_or_else(|_| KeyLabel::parse("Imported key").expect("a label"));
        let kept: String = base.as_str().chars().take(KeyLabel::MOST - 8).collect();
        let number = self.numbers.entry(base.to_string()).or_insert(1);
        loop {
            let text = match *number {
                1 => base.to_string(),
                number => format!("{} {number}", kept.trim_end()),
            };
            *number += 1;
            if self.labels.insert(text.clone()) {
                return KeyLabel::parse(&text).unwrap_or(base);
            }
        }
    }
}

/// What an import wrote.
struct Batch {
    keys: Vec<(usize, EntryId)>,
    writes: BTreeSet<WriteId>,
}

fn encode_batch(added: &[ImportedKey], writes: &[(EntryId, WriteId)]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(
        16 + added.len() * 24 + writes.len() * 17,
    ));
    let sure = "writing to memory cannot fail";
    out.array(2).expect(sure);
    out.array(added.len() as u64).expect(sure);
    for key in added {
        out.array(2).expect(sure);
        out.u64(key.draft as u64).expect(sure);
        out.bytes(key.id.as_bytes()).expect(sure);
    }
    out.array(writes.len() as u64).expect(sure);
    for (_, write) in writes {
        out.bytes(write.as_bytes()).expect(sure);
    }
    out.into_writer()
}

fn decode_batch(bytes: &[u8]) -> Option<Batch> {
    let mut input = Decoder::new(bytes);
    (input.array().ok()? == Some(2)).then_some(())?;
    let mut keys = Vec::new();
    for _ in 0..input.array().ok()?? {
        (input.array().ok()? == Some(2)).then_some(())?;
        let draft = usize::try_from(input.u64().ok()?).ok()?;
        keys.push((draft, EntryId::from_slice(input.bytes().ok()?)?));
    }
    let mut writes = BTreeSet::new();
    for _ in 0..input.array().ok()?? {
        writes.insert(WriteId::from_slice(input.bytes().ok()?)?);
    }
    Some(Batch { keys, writes })
}

fn parse(bytes: &SecretBytes, options: &ImportOptions) -> Result<formats::ImportPlan, ImportError> {
    // EXPOSE: the source is read; what is taken of it goes into memory that wipes itself.
    let bytes = bytes.expose();
    let source = match options.source.as_deref() {
        Some(name) => formats::Source::parse(name).ok_or(ImportError::NoSuchSource)?,
        None => formats::detect(bytes, options.name_hint.as_deref())
            .ok_or(ImportError::UnknownSource)?,
    };
    let columns = options
        .columns
        .iter()
        .map(|(column, field)| {
            let as_ = formats::ColumnUse::parse(field).ok_or(ImportError::NoSuchField)?;
            Ok(formats::ColumnMapping {
                column: column.clone(),
                as_,
            })
        })
        .collect::<Result<Vec<_>, ImportError>>()?;
    let options = formats::Options {
        exchange: options.exchange.clone(),
        account: options.account.clone(),
        columns,
    };
    Ok(formats::parse(source, bytes, &options)?)
}

/// The fields for looking up who holds them, without taking them.
fn copies(fields: &[NewField]) -> Vec<MaterialField> {
    fields
        .iter()
        .map(|field| MaterialField {
            name: field.name.clone(),
            // EXPOSE: fingerprinted as it would be recorded, without the white space around it.
            value: SecretText::new(field.value.expose().trim().to_owned()),
        })
        .filter(|field| !field.value.is_empty())
        .collect()
}

fn field_name(name: formats::FieldName) -> FieldName {
    FieldName::parse(name.as_str()).expect("every field of an importer has a name of ours")
}

fn key_type(fields: &[NewField]) -> KeyType {
    let has = |name: FieldName| fields.iter().any(|field| field.name == name);
    let pem = fields.iter().any(|field| {
        // EXPOSE: to see whether it is a PEM block.
        field
            .value
            .expose()
            .trim_start()
            .starts_with("-----BEGIN EC")
    });
    if pem {
        KeyType::Ecdsa
    } else if has(FieldName::WALLET_ADDRESS) && has(FieldName::PRIVATE_KEY) {
        KeyType::AgentWallet
    } else if has(FieldName::PASSPHRASE) {
        KeyType::Passphrase
    } else {
        KeyType::Hmac
    }
}

fn field_view(account: &formats::FieldAccount, labels: &[String]) -> ImportField {
    let place = if account.where_.name.is_empty() {
        format!("line {}", account.where_.line)
    } else {
        format!("{} (line {})", account.where_.name, account.where_.line)
    };
    let (outcome, detail) = match account.what {
        What::Taken { draft, field } => {
            let key = labels.get(draft).map_or("a key", String::as_str);
            let what = match field {
                formats::TakenAs::Credential(name) => name.as_str(),
                formats::TakenAs::Exchange => "exchange",
                formats::TakenAs::Account => "account",
                formats::TakenAs::Environment => "environment",
                formats::TakenAs::Label => "label",
            };
            (ImportOutcome::Taken, format!("{what} of \"{key}\""))
        }
        What::Ignored { reason } => (ImportOutcome::Ignored, reason.to_string()),
        What::NotImported { reason } => (ImportOutcome::NotImported, reason.to_string()),
    };
    ImportField {
        place,
        outcome,
        detail,
    }
}
