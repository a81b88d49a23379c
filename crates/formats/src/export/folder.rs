//! Folders of single files, one a field, for what hands files to programs: systemd and Docker.
//!
//! A file's name is made of letters, digits and underscores only, and its content is the value and
//! nothing else. Deliberately not here: making folders and files.

use std::collections::HashSet;
use std::fmt::Write as _;

use strongroom_domain::FieldName;
use strongroom_secret::SecretText;

use super::LeftOut;
use super::entry::ExportEntry;
use super::names::{Fits, field_words, names};

/// One file of such a folder.
#[derive(Debug)]
pub struct FolderFile<'a> {
    /// Such as `binance_main_api_key`.
    pub name: String,
    /// Index of the entry it is of.
    pub entry: usize,
    pub field: &'a FieldName,
    pub value: &'a SecretText,
}

/// The files of these entries, and which entries have none.
pub fn folder_files(entries: &[ExportEntry]) -> (Vec<FolderFile<'_>>, Vec<(usize, LeftOut)>) {
    let (kept, mut left_out) = super::keep(entries, |_| Ok(()));
    let chosen: Vec<&ExportEntry> = kept.iter().map(|index| &entries[*index]).collect();
    let mut files = Vec::new();
    let mut taken = HashSet::new();
    for (index, name) in kept.into_iter().zip(names(&chosen, Fits::Any)) {
        let entry = &entries[index];
        let of_entry: Vec<FolderFile<'_>> = entry
            .fields
            .iter()
            .map(|field| FolderFile {
                name: format!("{name}_{}", field_words(&field.name)).replace('-', "_"),
                entry: index,
                field: &field.name,
                value: &field.value,
            })
            .collect();
        let mut names = HashSet::new();
        let twice = of_entry
            .iter()
            .find(|file| taken.contains(&file.name) || !names.insert(file.name.clone()));
        match twice {
            Some(file) => left_out.push((index, LeftOut::NoPlace(file.field.clone()))),
            None => {
                taken.extend(names);
                files.extend(of_entry);
            }
        }
    }
    left_out.sort_by_key(|(index, _)| *index);
    (files, left_out)
}

/// What a unit of systemd says to be given these files, which lie in `folder` (absolute).
pub fn credential_unit(files: &[FolderFile<'_>], folder: &str, setting: &str) -> String {
    let mut text = String::from(
        "# For a drop-in of the unit that gets the keys: systemctl edit NAME.service\n\
         # Its program finds each file in the folder that $CREDENTIALS_DIRECTORY names.\n\
         [Service]\n",
    );
    // A percent sign would begin a specifier.
    let folder = folder.replace('%', "%%");
    for file in files {
        let _ = writeln!(text, "{setting}={0}:{folder}/{0}", file.name);
    }
    text
}

/// The `secrets` of a compose file that lies beside these files.
pub fn compose_secrets(files: &[FolderFile<'_>]) -> String {
    let mut text = String::from(
        "# To be taken into compose.yaml; a service that names one of them under `secrets:` finds it\n\
         # in /run/secrets. For a swarm: docker secret create NAME FILE\n\
         secrets:\n",
    );
    for file in files {
        let _ = writeln!(text, "  {0}:\n    file: ./{0}", file.name);
    }
    text
}
