//! Exports: keys in, one file out, for people, for bots and for what starts them.
//!
//! What a format cannot say is never bent to fit: such a key is left out, and told with the
//! reason. [`write_archive`] alone leaves nothing out. Deliberately not here: which keys may
//! leave, asking for a code, opening files.

mod archive;
mod archive_plan;
mod bots;
mod csv;
mod entry;
mod env;
mod fields;
mod folder;
mod keepass;
mod kubernetes;
mod names;
mod twin;

use std::fmt;

use strongroom_crypto::{PasswordRefused, Random, check_password};
use strongroom_domain::{Environment, FieldName};
use strongroom_secret::{SecretBytes, SecretText};

use crate::kdbx::KdbxWriteError;

pub(crate) use archive::is_archive;
pub use archive::{
    ARCHIVE_FORM, Archive, ArchiveProblem, MOST_ARCHIVE_BYTES, MOST_ARCHIVE_KEYS, Origin,
    read_archive, write_archive,
};
pub(crate) use archive_plan::plan;
pub use entry::{Details, ExportEntry, ExportVersion};
pub use folder::{FolderFile, compose_secrets, credential_unit, folder_files};

/// A file that keys are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// [`ARCHIVE_FORM`], with everything that is recorded of a key.
    Json,
    /// The same of keys that may be used: what folders of single files are laid out from.
    Files,
    Csv,
    Env,
    Freqtrade,
    Passivbot,
    Ccxt,
    Kubernetes,
    /// A database of KeePass, under a password of its own.
    Kdbx,
}

impl ExportFormat {
    pub const ALL: [Self; 9] = [
        Self::Json,
        Self::Files,
        Self::Csv,
        Self::Env,
        Self::Freqtrade,
        Self::Passivbot,
        Self::Ccxt,
        Self::Kubernetes,
        Self::Kdbx,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Files => "files",
            Self::Csv => "csv",
            Self::Env => "env",
            Self::Freqtrade => "freqtrade",
            Self::Passivbot => "passivbot",
            Self::Ccxt => "ccxt",
            Self::Kubernetes => "kubernetes",
            Self::Kdbx => "kdbx",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Whether it is for keeping and not for using: then a dead key and one without a secret
    /// belong into it too.
    pub fn is_archive(self) -> bool {
        self == Self::Json
    }

    /// Whether the file is encrypted under a password that is given for it.
    pub fn is_encrypted(self) -> bool {
        self == Self::Kdbx
    }

    /// Whether this is a password for a file of this format, or none where it takes none. The
    /// file may be copied and guessed at for ever, so the rule is that of the vault's own.
    ///
    /// # Errors
    /// A password is missing, too weak, or would protect nothing.
    pub fn check_password(self, password: Option<&SecretText>) -> Result<(), ExportError> {
        match (self.is_encrypted(), password) {
            (false, None) => Ok(()),
            (false, Some(_)) => Err(ExportError::NotEncrypted),
            (true, None) => Err(ExportError::NoPassword),
            (true, Some(password)) => Ok(check_password(password)?),
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    pub bytes: SecretBytes,
    /// Entries (by index, ascending) that the format cannot hold, and why.
    pub left_out: Vec<(usize, LeftOut)>,
}

impl Written {
    /// The only entry does not fit.
    fn nothing(why: LeftOut) -> Self {
        Self {
            bytes: SecretBytes::new(Vec::new()),
            left_out: vec![(0, why)],
        }
    }
}

/// Why a format cannot hold a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    #[error("it has no secret here")]
    NoSecret,
    #[error("the format has no place for its field {0}")]
    NoPlace(FieldName),
    #[error("the format has no word for {}", .0.name())]
    Environment(Environment),
    #[error("programs would read its {0} differently")]
    ReadDifferently(FieldName),
    #[error("a spreadsheet would take its {0} for a formula")]
    Formula(FieldName),
    #[error("its label is a word that the program keeps for itself")]
    KeptWord,
    #[error("a tag of it holds a semicolon, at which KeePass would cut the tag in two")]
    Semicolon,
    #[error("a name of it holds a character that KeePass cannot keep")]
    Character,
}

/// Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("a configuration of freqtrade holds one key: name it")]
    OneKey,
    #[error("a file of this format is encrypted: give a password for it")]
    NoPassword,
    #[error("a file of this format is plaintext: a password would protect nothing")]
    NotEncrypted,
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    #[error("this is more than one database holds; export fewer keys at a time")]
    TooLarge,
    #[error(transparent)]
    NotMade(KdbxWriteError),
}

/// What a file is encrypted with.
#[derive(Clone, Copy)]
pub struct Lock<'a> {
    pub password: &'a SecretText,
    pub random: &'a dyn Random,
}

/// Not the password.
impl fmt::Debug for Lock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock").finish_non_exhaustive()
    }
}

/// Writes the entries in a format. One that encrypts takes a lock, and then a second on purpose.
///
/// # Errors
/// [`ExportError`] where the format cannot hold so many, or the lock does not fit it.
pub fn write(
    format: ExportFormat,
    origin: &Origin,
    entries: &[ExportEntry],
    lock: Option<Lock<'_>>,
) -> Result<Written, ExportError> {
    format.check_password(lock.map(|lock| lock.password))?;
    Ok(match format {
        ExportFormat::Json | ExportFormat::Files => Written {
            bytes: write_archive(origin, entries),
            left_out: Vec::new(),
        },
        ExportFormat::Csv => csv::write(entries),
        ExportFormat::Env => env::write(entries),
        ExportFormat::Freqtrade => bots::freqtrade(entries)?,
        ExportFormat::Passivbot => bots::passivbot(entries),
        ExportFormat::Ccxt => bots::ccxt(entries),
        ExportFormat::Kubernetes => kubernetes::write(entries),
        ExportFormat::Kdbx => {
            keepass::write(origin, entries, lock.ok_or(ExportError::NoPassword)?)?
        }
    })
}

/// Which entries can be written, and why the others cannot.
fn keep(
    entries: &[ExportEntry],
    check: impl Fn(&ExportEntry) -> Result<(), LeftOut>,
) -> (Vec<usize>, Vec<(usize, LeftOut)>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let checked = if entry.fields.is_empty() {
            Err(LeftOut::NoSecret)
        } else {
            check(entry)
        };
        match checked {
            Ok(()) => kept.push(index),
            Err(why) => left_out.push((index, why)),
        }
    }
    (kept, left_out)
}
