//! From bytes to a plan: what each key of the source would become, and which are here already.

use std::collections::{BTreeMap, HashMap, HashSet};

use strongroom_domain::{
    AccountLabel, Environment, ExchangeId, FieldName, KeyLabel, KeyState, KeyType, MaterialField,
};
use strongroom_formats as formats;
use strongroom_formats::What;
use strongroom_secret::{SecretBytes, SecretText};
use strongroom_store::Fingerprint;

use super::ImportError;
use super::columns::ColumnMemory;
use super::view::{ImportDraft, ImportField, ImportOptions, ImportOutcome, ImportPlan, PlannedKey};
use crate::open::OpenVault;
use crate::records::{NewField, NewKey, ReadError};
use crate::search::KeyList;

/// Told where nothing was said of the columns and something was said before.
const REMEMBERED: &str = "the columns were read as they were said to be when a table with this \
                          header was last imported";

impl OpenVault {
    /// Reads a source and compares it with the vault; changes nothing.
    pub fn plan_import(
        &mut self,
        bytes: &SecretBytes,
        options: &ImportOptions,
    ) -> Result<ImportPlan, ImportError> {
        self.make_ready()?;
        let (parsed, said) = self.parse(bytes, options)?;
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
        let mut notes: Vec<String> = parsed.notes.iter().map(ToString::to_string).collect();
        let is_remembered = options.columns.is_empty() && !said.is_empty();
        if is_remembered {
            notes.push(REMEMBERED.to_owned());
        }
        let to_remember = parsed.table.filter(|_| !options.columns.is_empty());
        Ok(ImportPlan {
            source: parsed.source,
            drafts,
            fields,
            notes,
            columns: to_remember.map(|table| ColumnMemory::of(&table, &said)),
        })
    }

    /// The source as it is understood, and what was said of its columns, now or before.
    fn parse(
        &self,
        bytes: &SecretBytes,
        options: &ImportOptions,
    ) -> Result<(formats::ImportPlan, Vec<formats::ColumnMapping>), ImportError> {
        // EXPOSE: the source is read; what is taken of it goes into memory that wipes itself.
        let bytes = bytes.expose();
        let source = match options.source.as_deref() {
            Some(name) => formats::Source::parse(name).ok_or(ImportError::NoSuchSource)?,
            None => formats::detect(bytes, options.name_hint.as_deref())
                .ok_or(ImportError::UnknownSource)?,
        };
        let columns = match (source, options.columns.as_slice()) {
            (formats::Source::Csv, []) => self.remembered_columns(bytes)?,
            (_, said) => mappings(said)?,
        };
        let options = formats::Options {
            exchange: options.exchange.clone(),
            account: options.account.clone(),
            columns: columns.clone(),
        };
        Ok((formats::parse(source, bytes, &options)?, columns))
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
        let mut fields: Vec<NewField> = draft
            .fields
            .into_iter()
            .map(|field| NewField {
                name: field_name(field.name),
                value: field.value,
            })
            .collect();
        let mut record = draft.record;
        if let Some(record) = &mut record {
            let own = std::mem::take(&mut record.other_fields).into_iter();
            fields.extend(own.map(|field| NewField {
                name: field.name,
                value: field.value,
            }));
        }
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
        if let Some(record) = record {
            complete(&mut new, *record);
        }
        let view = ImportDraft {
            label,
            exchange,
            account,
            environment,
            fields: names,
            already,
            warnings,
        };
        Ok(PlannedKey { view, new })
    }

    /// The label of a key of the same exchange that holds all of these fields.
    pub(super) fn already_here(
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

/// What an archive of ours tells of a key beside its credential.
fn complete(new: &mut NewKey, record: formats::DraftRecord) {
    let details = record.details;
    new.key_type = details.key_type;
    new.declared = details.declared;
    new.allowlist = details.allowlist;
    new.expiry = details.expiry;
    new.rotation = details.rotation;
    new.created = details.created;
    new.purpose = details.purpose;
    new.owner = details.owner;
    new.consumers = details.consumers;
    new.tags = details.tags;
    new.notes = details.notes;
    new.compromised = record.compromised;
    new.state = match record.state {
        // The secret that was in use is the one that is taken.
        KeyState::Rotating | KeyState::Draining => KeyState::Active,
        state => state,
    };
}

fn mappings(said: &[(String, String)]) -> Result<Vec<formats::ColumnMapping>, ImportError> {
    let mapping = |(column, field): &(String, String)| {
        let as_ = formats::ColumnUse::parse(field).ok_or(ImportError::NoSuchField)?;
        Ok(formats::ColumnMapping {
            column: column.clone(),
            as_,
        })
    };
    said.iter().map(mapping).collect()
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
                formats::TakenAs::Record => "the record",
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
