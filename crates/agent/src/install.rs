//! Starting the agent at login, so that reminders come while nothing else of Strongroom runs.
//!
//! Two files of plain text: a systemd user unit for sessions that have it, and an XDG autostart
//! entry for those that do not. Where both are read, the second agent finds the first and ends.
//! Not here: talking to systemd; what is written takes effect at the next login.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::platform::StateFolders;

const UNIT: &str = "systemd/user/strongroom-agent.service";
/// What `systemctl --user enable` would make.
const UNIT_LINK: &str = "systemd/user/graphical-session.target.wants/strongroom-agent.service";
const UNIT_LINK_TARGET: &str = "../strongroom-agent.service";
const AUTOSTART: &str = "autostart/strongroom-agent.desktop";

/// What an installation did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installed {
    /// Written now; with an uninstallation, removed now.
    pub changed: Vec<PathBuf>,
    /// Stood there like that already; with an uninstallation, were not there.
    pub unchanged: Vec<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error("neither XDG_CONFIG_HOME nor HOME names a folder")]
    NoConfigFolder,
    #[error("the program's path cannot be written into a unit file: it holds a control character")]
    OddPath,
    #[error("a file could not be written or removed ({0})")]
    Io(#[from] io::Error),
}

/// Writes unit and autostart entry for the program at `executable`. Doing it again changes
/// nothing.
///
/// # Errors
/// [`InstallError`].
pub fn install(executable: &Path) -> Result<Installed, InstallError> {
    install_in(&config_folder()?, executable)
}

/// Takes away what [`install`] wrote.
///
/// # Errors
/// [`InstallError`].
pub fn uninstall() -> Result<Installed, InstallError> {
    uninstall_in(&config_folder()?)
}

/// Whether the next login starts the agent: the autostart entry, which every desktop reads.
pub fn starts_at_login() -> bool {
    config_folder().is_ok_and(|config| config.join(AUTOSTART).is_file())
}

fn config_folder() -> Result<PathBuf, InstallError> {
    StateFolders::from_environment()
        .map(|folders| folders.config)
        .ok_or(InstallError::NoConfigFolder)
}

fn install_in(config: &Path, executable: &Path) -> Result<Installed, InstallError> {
    let mut done = Installed::default();
    let program = executable
        .to_str()
        .filter(|text| !text.chars().any(char::is_control))
        .ok_or(InstallError::OddPath)?;
    for (name, text) in [(UNIT, unit(program)), (AUTOSTART, autostart(program))] {
        let path = config.join(name);
        if std::fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            done.unchanged.push(path);
            continue;
        }
        make_parent(&path)?;
        std::fs::write(&path, text)?;
        done.changed.push(path);
    }
    let link = config.join(UNIT_LINK);
    if std::fs::read_link(&link).is_ok_and(|target| target == Path::new(UNIT_LINK_TARGET)) {
        done.unchanged.push(link);
    } else {
        make_parent(&link)?;
        remove(&link)?;
        std::os::unix::fs::symlink(UNIT_LINK_TARGET, &link)?;
        done.changed.push(link);
    }
    Ok(done)
}

fn uninstall_in(config: &Path) -> Result<Installed, InstallError> {
    let mut done = Installed::default();
    for name in [UNIT_LINK, UNIT, AUTOSTART] {
        let path = config.join(name);
        if remove(&path)? {
            done.changed.push(path);
        } else {
            done.unchanged.push(path);
        }
    }
    Ok(done)
}

fn make_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => DirBuilder::new().mode(0o700).recursive(true).create(parent),
        None => Ok(()),
    }
}

/// `false` if it was not there.
fn remove(path: &Path) -> io::Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn unit(program: &str) -> String {
    // Inside double quotes systemd reads backslash and quote as C does, and % as a specifier.
    let program = program
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%")
        .replace('$', "$$");
    format!(
        "\
# Written by `strongroom agent install`.
[Unit]
Description=Strongroom agent: reminders for exchange keys, and the vault while it is open
Documentation=man:strongroom(1)
PartOf=graphical-session.target
After=graphical-session.target

[Service]
Type=exec
ExecStart=\"{program}\" agent
Restart=on-failure
RestartSec=5
LimitCORE=0
LimitMEMLOCK=8M
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=graphical-session.target
"
    )
}

fn autostart(program: &str) -> String {
    // In a desktop entry the quoted argument is unescaped twice: as a string and as an argument.
    let mut argument = String::new();
    for letter in program.chars() {
        match letter {
            '"' | '`' | '$' => argument.extend(['\\', '\\', letter]),
            '\\' => argument.push_str("\\\\\\\\"),
            '%' => argument.push_str("%%"),
            _ => argument.push(letter),
        }
    }
    format!(
        "\
# Written by `strongroom agent install`.
[Desktop Entry]
Type=Application
Name=Strongroom agent
Comment=Reminds of exchange keys that are due, also while the vault is locked
Exec=\"{argument}\" agent --serve
Icon=strongroom
NoDisplay=true
X-GNOME-Autostart-enabled=true
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_these() {
        insta::assert_snapshot!("unit", unit("/usr/bin/strongroom"));
        insta::assert_snapshot!("autostart", autostart("/usr/bin/strongroom"));
        let odd = r#"/opt/50% "off" $x\y/strongroom"#;
        insta::assert_snapshot!("unit_of_an_odd_path", unit(odd));
        insta::assert_snapshot!("autostart_of_an_odd_path", autostart(odd));
    }

    #[test]
    fn installing_twice_changes_nothing_and_uninstalling_leaves_nothing() {
        let config = tempfile::tempdir().expect("a folder");
        let program = Path::new("/usr/bin/strongroom");
        for (changed, unchanged) in [(3, 0), (0, 3)] {
            let done = install_in(config.path(), program).expect("installed");
            assert_eq!(
                (done.changed.len(), done.unchanged.len()),
                (changed, unchanged)
            );
        }
        assert!(
            config.path().join(UNIT_LINK).is_file(),
            "the link leads to the unit"
        );
        let moved = install_in(config.path(), Path::new("/opt/strongroom")).expect("installed");
        assert_eq!(moved.changed.len(), 2);
        for (changed, unchanged) in [(3, 0), (0, 3)] {
            let done = uninstall_in(config.path()).expect("uninstalled");
            assert_eq!(
                (done.changed.len(), done.unchanged.len()),
                (changed, unchanged)
            );
        }
        assert!(matches!(
            install_in(config.path(), Path::new("/opt/a\nb")),
            Err(InstallError::OddPath)
        ));
    }
}
