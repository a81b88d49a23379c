//! Files: chosen in the desktop's dialog, opened for the agent.
//!
//! A path comes from the page and is the person's own; what stands in the file goes to the agent
//! as a descriptor and never through the page. Not here: what any file means.

use std::cell::RefCell;
use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};

use gtk::prelude::{FileChooserExt, NativeDialogExt};
use gtk::{FileChooserAction, FileChooserNative, ResponseType};
use rustix::fs::OFlags;
use strongroom_wire::{
    ChosenPath, ErrorCode, Fault, ImportFile, ImportPlanView, ImportPreview, PathPurpose,
    SecretField, command,
};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::link;

/// Shows the desktop's dialog and waits for it. Blocks: never on the UI thread.
///
/// GTK's own dialog and not a portal's: it is there wherever the window is, and where a portal
/// shall be used GTK asks it.
///
/// # Errors
/// [`ErrorCode::NoDesktop`] where no dialog can be shown; a path can be typed then.
pub(crate) fn choose(window: &WebviewWindow, purpose: PathPurpose) -> Result<ChosenPath, Fault> {
    let (done, chosen) = channel();
    let over = window.clone();
    let asked = window
        .app_handle()
        .run_on_main_thread(move || show(&over, purpose, done));
    let answer = asked.ok().and_then(|()| chosen.recv().ok());
    let Some(path) = answer else {
        return Err(Fault::new(
            ErrorCode::NoDesktop,
            "no dialog can be shown here; type the path",
        ));
    };
    Ok(ChosenPath {
        path: path.map(|path| path.to_string_lossy().into_owned()),
    })
}

/// The channel hangs up without an answer where the dialog cannot be shown.
fn show(window: &WebviewWindow, purpose: PathPurpose, done: Sender<Option<PathBuf>>) {
    let Ok(over) = window.gtk_window() else {
        return;
    };
    let (title, action, name) = match purpose {
        PathPurpose::Kit => (
            "Where the recovery kit is written",
            FileChooserAction::Save,
            Some("strongroom-recovery-kit.txt"),
        ),
        PathPurpose::AuditLog => (
            "Where the audit log is written",
            FileChooserAction::Save,
            Some("strongroom-audit.jsonl"),
        ),
        PathPurpose::Calendar => (
            "Where the calendar is written",
            FileChooserAction::Save,
            Some("strongroom.ics"),
        ),
        PathPurpose::Evidence => (
            "Where the evidence is written",
            FileChooserAction::Save,
            Some("strongroom-evidence.md"),
        ),
        PathPurpose::ReportMarkdown => report("strongroom-report.md"),
        PathPurpose::ReportCsv => report("strongroom-report.csv"),
        PathPurpose::ReportJson => report("strongroom-report.json"),
        PathPurpose::BackupFolder => (
            "A folder for backups",
            FileChooserAction::SelectFolder,
            None,
        ),
        PathPurpose::Backup => (
            "The folder of a backup",
            FileChooserAction::SelectFolder,
            None,
        ),
        PathPurpose::Import => ("A file to import", FileChooserAction::Open, None),
        PathPurpose::Card => (
            "Where your card is written",
            FileChooserAction::Save,
            Some("strongroom-card.txt"),
        ),
        PathPurpose::CardOpen => ("The card of somebody", FileChooserAction::Open, None),
        PathPurpose::Share => (
            "Where the share is written",
            FileChooserAction::Save,
            Some("keys.strongshare"),
        ),
        PathPurpose::ShareOpen => ("A share that came", FileChooserAction::Open, None),
        PathPurpose::Export => (
            "Where the keys are written",
            FileChooserAction::Save,
            Some("keys.json"),
        ),
        PathPurpose::RotateCsv => rotate_list("strongroom-rotate.csv"),
        PathPurpose::RotateCalendar => rotate_list("strongroom-rotate.ics"),
    };
    let dialog = FileChooserNative::new(Some(title), Some(&over), action, None, None);
    dialog.set_modal(true);
    dialog.set_local_only(true);
    if let Some(name) = name {
        dialog.set_current_name(name);
    }
    // GTK does not keep it: it lives here until it is answered.
    let alive = Rc::new(RefCell::new(Some(dialog.clone())));
    dialog.connect_response(move |dialog, response| {
        let path = (response == ResponseType::Accept)
            .then(|| dialog.filename())
            .flatten();
        let _nobody_waits = done.send(path);
        dialog.destroy();
        alive.borrow_mut().take();
    });
    dialog.show();
}

fn report(name: &'static str) -> (&'static str, FileChooserAction, Option<&'static str>) {
    (
        "Where the report is written",
        FileChooserAction::Save,
        Some(name),
    )
}

fn rotate_list(name: &'static str) -> (&'static str, FileChooserAction, Option<&'static str>) {
    (
        "Where the rotate list is written",
        FileChooserAction::Save,
        Some(name),
    )
}

/// A path that somebody typed or chose, whole.
///
/// # Errors
/// [`ErrorCode::Invalid`] where it begins nowhere.
pub(crate) fn whole(path: &str) -> Result<PathBuf, Fault> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    written_out(path, home.as_deref())
}

/// Writes a new file for its owner alone. One that is there already is left alone and refused.
///
/// # Errors
/// What kept it from being written; then nothing of it is left.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    use std::io::Write;
    filled(path, |mut file: &File| {
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|problem| unwritable(&problem))
    })
}

/// The same, where somebody else fills the new file: nothing of it is left if they refuse.
///
/// # Errors
/// What kept it from being made, or the refusal of who fills it.
pub(crate) fn filled<R>(
    path: &Path,
    fill: impl FnOnce(&File) -> Result<R, Fault>,
) -> Result<R, Fault> {
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|problem| unwritable(&problem))?;
    fill(&file).inspect_err(|_| {
        // Half a file would look like a whole one.
        let _ = std::fs::remove_file(path);
    })
}

fn unwritable(problem: &std::io::Error) -> Fault {
    use std::io::ErrorKind;
    match problem.kind() {
        ErrorKind::AlreadyExists => Fault::new(
            ErrorCode::Invalid,
            "there is a file of that name already; name another",
        ),
        ErrorKind::NotFound => Fault::new(ErrorCode::NotFound, "there is no such folder"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Fault::new(ErrorCode::ReadOnly, "the folder may not be written")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Fault::new(ErrorCode::DiskFull, "the disk is full")
        }
        _ => Fault::new(ErrorCode::Invalid, "the file could not be written"),
    }
}

/// Opens the file and asks the agent what it would take from it. Blocks.
///
/// # Errors
/// What kept the file from being read, or the agent's refusal.
pub(crate) fn import(
    app: &AppHandle,
    request: ImportFile,
    password: Option<SecretField>,
) -> Result<ImportPlanView, Fault> {
    let path = whole(&request.path)?;
    let file = open(&path)?;
    let preview = ImportPreview {
        source: request.source,
        name_hint: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned()),
        columns: request.columns,
        exchange: request.exchange,
        account: request.account,
        source_password: password,
        // The window for it asks for a password alone; the command line takes a key file too.
        source_key_file: None,
    };
    app.state::<crate::commands::Agent>()
        .link
        .call_with_file::<command::import_preview>(preview, file.as_fd(), &link::start_if_absent())
}

/// An absolute path, with `~/` for the home folder: there is no folder that a window stands in.
fn written_out(path: &str, home: Option<&Path>) -> Result<PathBuf, Fault> {
    let typed = Path::new(path.trim());
    let whole = match (typed.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => typed.to_owned(),
    };
    if whole.is_absolute() {
        Ok(whole)
    } else {
        Err(Fault::new(
            ErrorCode::Invalid,
            "name the file with its whole path, from / or ~ on",
        ))
    }
}

/// A regular file, for reading; a pipe or a device is not waited for.
pub(crate) fn open(path: &Path) -> Result<File, Fault> {
    use std::io::ErrorKind;
    let refused = |why: &str| Fault::new(ErrorCode::Invalid, why);
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = File::options()
        .read(true)
        .custom_flags(nonblocking)
        .open(path)
        .map_err(|problem| match problem.kind() {
            ErrorKind::NotFound => Fault::new(ErrorCode::NotFound, "there is no such file"),
            ErrorKind::PermissionDenied => {
                Fault::new(ErrorCode::ReadOnly, "the file may not be read")
            }
            _ => refused("the file could not be opened"),
        })?;
    match file.metadata() {
        Ok(found) if found.is_file() => Ok(file),
        _ => Err(refused("that is not a file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_whole_or_begins_at_home() {
        let home = Path::new("/home/ada");
        for (typed, path) in [
            ("/etc/keys.json", Some("/etc/keys.json")),
            (" /a b/c ", Some("/a b/c")),
            ("~/bot/config.json", Some("/home/ada/bot/config.json")),
            ("keys.json", None),
            ("", None),
            ("~bob/keys.json", None),
        ] {
            let whole = written_out(typed, Some(home)).ok();
            assert_eq!(whole, path.map(PathBuf::from), "{typed}");
        }
        assert!(written_out("~/x", None).is_err());
    }

    #[test]
    fn a_new_file_is_its_owners_alone_and_an_old_one_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("strongroom-files-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("report.md");
        write_new(&path, b"first").expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let again = write_new(&path, b"second").expect_err("refused");
        assert!(again.message.contains("already"), "{}", again.message);
        assert_eq!(std::fs::read(&path).expect("read"), b"first");
        let nowhere = write_new(&folder.join("no/where.md"), b"").expect_err("refused");
        assert_eq!(nowhere.code, ErrorCode::NotFound);
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn only_a_file_is_opened() {
        let file = std::env::current_exe().expect("a path");
        assert!(open(&file).is_ok());
        assert!(open(Path::new("/")).is_err(), "a folder");
        assert!(open(Path::new("/dev/null")).is_err(), "a device");
        assert!(open(Path::new("/nowhere/at/all")).is_err());
    }
}
