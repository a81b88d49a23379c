//! Makes a new database of version 4.1: Argon2id, ChaCha20, authenticated blocks, no compression.
//!
//! Every field of a credential, and the notes, are protected values. Which exchange, account and
//! environment a key is for stands beside them under those names, so that an import finds it all
//! again.

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use strongroom_crypto::{ForeignKdfError, Random};
use strongroom_domain::{
    AccountLabel, Environment, ExchangeId, KeyLabel, MaterialField, Notes, Tag, UtcMs,
};
use strongroom_secret::{Key, SecretText};
use zeroize::Zeroizing;

use super::blocks::BlockKeys;
use super::contents::write_inner_header;
use super::database::{Database, Entry, Expiry, Protection, Standing};
use super::header::{self, Header};
use super::moment::written_moment;
use super::stream::{InnerStream, StreamKind};
use super::{
    Credentials, KdbxError, KdbxWriteError, MAX_CONTENT_BYTES, MAX_FILE_BYTES, cipher,
    encryption_key, open,
};

/// Names that KeePass, or a reader of ours, gives a meaning of their own.
const RESERVED: [&str; 8] = [
    "title",
    "username",
    "password",
    "url",
    "notes",
    "exchange",
    "account",
    "environment",
];

/// A key for the database.
#[derive(Clone, Copy)]
pub struct NewEntry<'a> {
    pub label: &'a KeyLabel,
    pub exchange: &'a ExchangeId,
    pub account: Option<&'a AccountLabel>,
    pub environment: Environment,
    /// Each name once.
    pub fields: &'a [MaterialField],
    /// Where the exchange's site manages its keys.
    pub url: Option<&'a str>,
    pub notes: Option<&'a Notes>,
    pub tags: &'a BTreeSet<Tag>,
    pub created: Option<UtcMs>,
    pub expires: Option<UtcMs>,
}

/// The database as bytes, opened again and compared. `written` is the moment that stands in it
/// where a key has none of its own; apart from what `random` gives it is the same each time.
pub fn write(
    entries: &[NewEntry<'_>],
    password: &SecretText,
    written: UtcMs,
    random: &dyn Random,
) -> Result<Vec<u8>, KdbxWriteError> {
    if password.is_empty() {
        return Err(KdbxWriteError::EmptyPassword);
    }
    let seeds = Seeds::make(random)?;
    let mut contents = contents(entries, written, &seeds, random)?;
    let header = header::write(&seeds.master, &seeds.nonce, &seeds.salt);
    let credentials = Credentials {
        password: Some(password),
        key_file: None,
    };
    let outline = Header::read(&header).map_err(|_| KdbxWriteError::NotTheSame)?;
    let composite = credentials
        .composite()
        .map_err(|_| KdbxWriteError::EmptyPassword)?;
    let transformed = outline
        .kdf
        .derive(&composite)
        .map_err(|refused| match refused {
            KdbxError::Kdf(ForeignKdfError::NoMemory) => KdbxWriteError::NoMemory,
            _ => KdbxWriteError::NotTheSame,
        })?;
    let key = encryption_key(&seeds.master, &transformed);
    cipher::encrypt(&seeds.nonce, &key, &mut contents);

    let keys = BlockKeys::derive(&seeds.master, &transformed);
    let mut file = Vec::with_capacity(header.len() + contents.len() + 4096);
    file.extend_from_slice(&header);
    file.extend_from_slice(&Sha256::digest(&header));
    file.extend_from_slice(&keys.header_mac(&header));
    keys.split(&contents, &mut file);
    if file.len() > MAX_FILE_BYTES {
        return Err(KdbxWriteError::TooLarge);
    }

    let again = open(&file, &credentials).map_err(|refused| match refused {
        KdbxError::Kdf(ForeignKdfError::NoMemory) => KdbxWriteError::NoMemory,
        _ => KdbxWriteError::NotTheSame,
    })?;
    if reads_back(&again, entries) {
        Ok(file)
    } else {
        Err(KdbxWriteError::NotTheSame)
    }
}

/// Neither labels nor values.
impl fmt::Debug for NewEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEntry")
            .field("exchange", self.exchange)
            .field("environment", &self.environment)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// What is drawn for one file.
struct Seeds {
    master: [u8; 32],
    salt: [u8; 32],
    nonce: [u8; 12],
    stream: Key<64>,
}

impl Seeds {
    fn make(random: &dyn Random) -> Result<Self, KdbxWriteError> {
        let (mut master, mut salt, mut nonce) = ([0; 32], [0; 32], [0; 12]);
        random.fill(&mut master)?;
        random.fill(&mut salt)?;
        random.fill(&mut nonce)?;
        Ok(Self {
            master,
            salt,
            nonce,
            stream: Key::try_filled_by(|key| random.fill(key))?,
        })
    }
}

/// The inner header and the document.
fn contents(
    entries: &[NewEntry<'_>],
    written: UtcMs,
    seeds: &Seeds,
    random: &dyn Random,
) -> Result<Zeroizing<Vec<u8>>, KdbxWriteError> {
    let mut document = DocumentWriter {
        // Grown in one piece, so that no copy is left behind when it is moved.
        out: Zeroizing::new(Vec::with_capacity(
            4096 + entries.iter().map(most_bytes).sum::<usize>(),
        )),
        // EXPOSE: it is the key of the protected values, and stands in the encrypted contents.
        stream: InnerStream::new(StreamKind::ChaCha20, seeds.stream.expose()),
        written,
    };
    // EXPOSE: likewise.
    write_inner_header(
        &mut document.out,
        StreamKind::CHACHA20,
        seeds.stream.expose(),
    );
    document.document(entries, random)?;
    if document.out.len() > MAX_CONTENT_BYTES {
        return Err(KdbxWriteError::TooLarge);
    }
    Ok(document.out)
}

/// No entry is longer than this: escapes lengthen a character sixfold, Base64 by a third.
fn most_bytes(entry: &NewEntry<'_>) -> usize {
    let names = entry.label.as_str().len()
        + entry.exchange.as_str().len()
        + entry.account.map_or(0, |account| account.as_str().len())
        + entry.url.map_or(0, str::len)
        + entry
            .tags
            .iter()
            .map(|tag| tag.as_str().len() + 1)
            .sum::<usize>();
    let protected = entry.notes.map_or(0, |notes| notes.as_str().len())
        + entry
            .fields
            .iter()
            .map(|field| field.value.len())
            .sum::<usize>();
    2048 + names * 6 + protected * 2 + entry.fields.len() * 256
}

struct DocumentWriter {
    out: Zeroizing<Vec<u8>>,
    stream: InnerStream,
    written: UtcMs,
}

impl DocumentWriter {
    fn document(
        &mut self,
        entries: &[NewEntry<'_>],
        random: &dyn Random,
    ) -> Result<(), KdbxWriteError> {
        self.raw(
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<KeePassFile><Meta>",
        );
        self.raw("<Generator>Strongroom</Generator><DatabaseName>Strongroom</DatabaseName>");
        self.raw("<MemoryProtection><ProtectTitle>False</ProtectTitle>");
        self.raw("<ProtectUserName>False</ProtectUserName><ProtectPassword>True</ProtectPassword>");
        self.raw(
            "<ProtectURL>False</ProtectURL><ProtectNotes>True</ProtectNotes></MemoryProtection>",
        );
        self.raw("<RecycleBinEnabled>True</RecycleBinEnabled></Meta><Root><Group><UUID>");
        self.raw(&make_uuid(random)?);
        self.raw("</UUID><Name>Strongroom</Name><Notes></Notes><IconID>48</IconID>");
        self.times(self.written, None);
        self.raw("<IsExpanded>True</IsExpanded>");
        for entry in entries {
            self.entry(entry, random)?;
        }
        self.raw("</Group><DeletedObjects></DeletedObjects></Root></KeePassFile>\n");
        Ok(())
    }

    fn entry(&mut self, entry: &NewEntry<'_>, random: &dyn Random) -> Result<(), KdbxWriteError> {
        self.raw("<Entry><UUID>");
        self.raw(&make_uuid(random)?);
        self.raw("</UUID><IconID>0</IconID><Tags>");
        for (index, tag) in entry.tags.iter().enumerate() {
            if tag.as_str().contains(';') {
                return Err(KdbxWriteError::Tag);
            }
            if index > 0 {
                self.raw(";");
            }
            self.escaped(tag.as_str())?;
        }
        self.raw("</Tags>");
        self.times(entry.created.unwrap_or(self.written), entry.expires);
        self.plain("Title", entry.label.as_str())?;
        self.plain("UserName", "")?;
        self.protected("Password", "")?;
        self.plain("URL", entry.url.unwrap_or_default())?;
        self.protected("Notes", entry.notes.map_or("", |notes| notes.as_str()))?;
        self.plain("exchange", entry.exchange.as_str())?;
        if let Some(account) = entry.account {
            self.plain("account", account.as_str())?;
        }
        self.plain("environment", entry.environment.name())?;
        for field in entry.fields {
            // EXPOSE: encrypted into the document, which is encrypted as a whole.
            self.protected(&field_key(field.name.as_str()), field.value.expose())?;
        }
        self.raw("</Entry>");
        Ok(())
    }

    fn times(&mut self, created: UtcMs, expires: Option<UtcMs>) {
        self.raw("<Times>");
        let modified = written_moment(self.written);
        for (name, moment) in [
            ("CreationTime", &written_moment(created)),
            ("LastModificationTime", &modified),
            ("LastAccessTime", &modified),
            ("LocationChanged", &modified),
            ("ExpiryTime", &written_moment(expires.unwrap_or(created))),
        ] {
            self.raw(&format!("<{name}>{moment}</{name}>"));
        }
        self.raw(match expires {
            Some(_) => "<Expires>True</Expires>",
            None => "<Expires>False</Expires>",
        });
        self.raw("<UsageCount>0</UsageCount></Times>");
    }

    fn plain(&mut self, key: &str, value: &str) -> Result<(), KdbxWriteError> {
        self.raw("<String><Key>");
        self.escaped(key)?;
        self.raw("</Key><Value>");
        self.escaped(value)?;
        self.raw("</Value></String>");
        Ok(())
    }

    fn protected(&mut self, key: &str, value: &str) -> Result<(), KdbxWriteError> {
        self.raw("<String><Key>");
        self.escaped(key)?;
        self.raw("</Key><Value Protected=\"True\">");
        let mut value = Zeroizing::new(value.as_bytes().to_vec());
        self.stream
            .apply(&mut value)
            .map_err(|_| KdbxWriteError::TooLarge)?;
        self.raw(&BASE64.encode(&value));
        self.raw("</Value></String>");
        Ok(())
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn escaped(&mut self, text: &str) -> Result<(), KdbxWriteError> {
        for character in text.chars() {
            match character {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                _ if is_refused(character) => return Err(KdbxWriteError::Character),
                _ => self.raw(character.encode_utf8(&mut [0; 4])),
            }
        }
        Ok(())
    }
}

/// XML has no place for these, however they are written.
pub(crate) fn is_refused(character: char) -> bool {
    character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
}

fn make_uuid(random: &dyn Random) -> Result<String, KdbxWriteError> {
    let mut uuid = [0; 16];
    random.fill(&mut uuid)?;
    Ok(BASE64.encode(&uuid))
}

/// The name of a field in the database: its own, unless that means something else there.
pub(crate) fn field_key(name: &str) -> String {
    if RESERVED.contains(&name.to_lowercase().as_str()) {
        format!("{name} (field)")
    } else {
        name.to_owned()
    }
}

/// Whether the database holds these entries and nothing else.
fn reads_back(database: &Database, entries: &[NewEntry<'_>]) -> bool {
    database.entries.len() == entries.len()
        && database.attachments.is_empty()
        && database
            .entries
            .iter()
            .zip(entries)
            .all(|(read, meant)| is_same(read, meant))
}

fn is_same(read: &Entry, meant: &NewEntry<'_>) -> bool {
    // EXPOSE: compared with what was meant.
    let says = |name: &str, text: &str| {
        read.string(name)
            .is_some_and(|value| value.expose() == text)
    };
    let fields_are_there = meant.fields.iter().all(|field| {
        let key = field_key(field.name.as_str());
        read.strings.iter().any(|string| {
            string.name == key
                && string.protection == Protection::Protected
                && string.value.ct_eq(&field.value)
        })
    });
    let account_is_there = match meant.account {
        Some(account) => says("account", account.as_str()),
        None => read.string("account").is_none(),
    };
    let count = 7 + usize::from(meant.account.is_some()) + meant.fields.len();
    let whole_second = |moment: UtcMs| UtcMs::parse(moment.ms() / 1000 * 1000).ok();
    let expiry = meant
        .expires
        .and_then(whole_second)
        .map_or(Expiry::Never, Expiry::At);
    let tags = meant.tags.iter().map(|tag| tag.as_str());
    fields_are_there
        && account_is_there
        && read.strings.len() == count
        && read.standing == Standing::Live
        && says("Title", meant.label.as_str())
        && says("URL", meant.url.unwrap_or_default())
        && says("Notes", meant.notes.map_or("", |notes| notes.as_str()))
        && says("exchange", meant.exchange.as_str())
        && says("environment", meant.environment.name())
        && read.tags.iter().map(String::as_str).eq(tags)
        && read.expiry == expiry
        && read.history.is_empty()
        && read.others.is_empty()
}
