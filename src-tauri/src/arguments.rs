//! What the window is started with.
//!
//! Not here: a parser for more than one option; the command line has that.

use std::ffi::OsString;
use std::path::PathBuf;

use strongroom_wire::Arrival;

use crate::arrival;

pub(crate) const HELP: &str = "\
usage: strongroom-desktop [--vault FOLDER] [--key ID | --due]

Opens the window on a vault: the one in FOLDER, or that of STRONGROOM_VAULT, or the
usual one of this user. The agent is started if none runs. Once the vault is open it
shows the key with this id, or what is due.";

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Absolute and without links, as the command line names it to the agent too.
    pub(crate) vault: PathBuf,
    pub(crate) arrival: Arrival,
}

impl Arguments {
    /// `None` when help is asked for.
    ///
    /// # Errors
    /// What is not understood, in a sentence.
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Option<Self>, String> {
        let mut named = None;
        let mut arrival = Arrival::default();
        let mut left = arguments.into_iter();
        while let Some(argument) = left.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(None),
                Some("--vault") => {
                    named = Some(left.next().ok_or("--vault needs a folder")?);
                }
                Some("--due") => arrival.due = true,
                Some("--key") => {
                    let id = left.next().and_then(|id| id.into_string().ok());
                    let id = id.filter(|id| arrival::is_key_id(id));
                    arrival.key = Some(id.ok_or("--key needs the id of a key: 32 digits")?);
                }
                _ => return Err("an argument is not understood; try --help".to_owned()),
            }
        }
        let vault = match named {
            Some(folder) => PathBuf::from(folder),
            None => strongroom_client::usual_vault()
                .ok_or("there is no home folder: name the vault with --vault FOLDER")?,
        };
        let vault = strongroom_client::one_name(&vault)
            .map_err(|problem| format!("the vault's folder has no absolute path: {problem}"))?;
        Ok(Some(Self { vault, arrival }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expected: Result<Option<&str>, ()>) {
        let parsed = Arguments::parse(arguments.iter().map(OsString::from));
        let vault = parsed.map(|some| some.map(|arguments| arguments.vault));
        let expected = expected.map(|some| some.map(PathBuf::from));
        assert_eq!(vault.map_err(|_| ()), expected, "{arguments:?}");
    }

    #[test]
    fn a_vault_is_named_and_nothing_else_is_taken() {
        check(&["--vault", "/v"], Ok(Some("/v")));
        check(&["--help"], Ok(None));
        check(&["--vault"], Err(()));
        check(&["--vualt", "/v"], Err(()));
        check(&["/v"], Err(()));
        check(&["--vault", "/v", "--due"], Ok(Some("/v")));
        check(&["--key", "binance"], Err(()));
        check(&["--key"], Err(()));
    }

    #[test]
    fn a_relative_folder_is_made_absolute() {
        let parsed = Arguments::parse(["--vault".into(), "v".into()]);
        let vault = parsed.expect("understood").expect("not help").vault;
        assert!(vault.is_absolute() && vault.ends_with("v"));
    }
}
