//! `strongroom init`: makes a vault.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{
    CreateBegin, CreateBegun, CreateConfirm, CreateConfirmed, ErrorCode, KdfView, KitView, Nothing,
    SecretField, SecretPlace, VaultState, command,
};

use crate::ask::Terminal;
use crate::clock::now_ms;
use crate::confirm::agrees;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::{enrol, values, words};

const AFTER: &str = "\
The vault opens with three things: the password, the device secret this machine keeps, and, as a \
check of presence, a code of the authenticator. The device secret lives in the desktop's keyring. \
Where no keyring answers it can be a file of mode 0600 in your state folder, if you say so: \
whoever has the whole disk then has it too, and needs only the password.

With --json the first line is the authenticator's URI, the code is then read from --totp-fd, and \
the second line is the result. The recovery kit is written to --kit; without it the vault has \
none until `strongroom recovery kit`.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Where this machine keeps the device secret
    #[arg(long, value_name = "PLACE", value_parser = values::place())]
    device_secret: Option<SecretPlace>,
    /// Memory one try of the password takes, in MiB; measured without it
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(64..=2048))]
    kdf_mib: Option<u32>,
    /// Name the authenticator shows; the folder's name without it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write the authenticator's QR code to this new SVG file; delete it after scanning
    #[arg(long, value_name = "FILE")]
    qr: Option<PathBuf>,
    /// Write the recovery kit to this new file, to be printed
    #[arg(long, value_name = "FILE")]
    kit: Option<PathBuf>,
    /// A second folder for the automatic backups, off this disk if possible
    #[arg(long, value_name = "FOLDER")]
    backup_folder: Option<PathBuf>,
}

/// The first line of `init --json`.
#[derive(Serialize)]
struct Enrolment<'a> {
    otpauth: &'a SecretField,
    seed: &'a SecretField,
    kdf: KdfView,
    kdf_ms: u64,
}

pub(crate) fn run(mut arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let status = context.call::<command::status>(Nothing {})?;
    if status.state != VaultState::Absent {
        return Err(Failure::new(
            ErrorCode::VaultExists,
            "there already is a vault in that folder; name another with --vault",
        ));
    }
    let place = match arguments.device_secret {
        Some(place) => place,
        None => chosen_place(context)?,
    };
    let password = context.new_password(
        context.global.password_fd,
        "--password-fd",
        "New password: ",
    )?;
    if !context.output.quiet && !context.output.json {
        context
            .output
            .note("Measuring this machine and deriving the key …");
    }
    let begun = context.call::<command::create_begin>(CreateBegin {
        password,
        place,
        kdf_mib: arguments.kdf_mib,
        name: arguments.name.take(),
    })?;
    if let Some(path) = &arguments.qr {
        enrol::write_picture(path, &begun.otpauth)?;
    }
    show_enrolment(&begun, &arguments, context)?;
    if context.global.totp_fd.is_none() {
        ask_for_the_rest(&mut arguments)?;
    }
    let kit_path = arguments.kit.as_deref().map(absolute).transpose()?;
    let backup_folder = arguments
        .backup_folder
        .as_deref()
        .map(absolute)
        .transpose()?;
    let confirmed = confirm_code(context, kit_path.as_deref(), backup_folder.as_deref())?;
    if context.global.totp_fd.is_none()
        && let Some(kit) = &confirmed.kit
    {
        check_kit(kit)?;
    }
    context
        .output
        .result(&confirmed, |confirmed| said(confirmed, &begun))?;
    Ok(ExitCode::SUCCESS)
}

/// Never a fallback: where the keyring does not answer, the file is chosen in words or not at all.
fn chosen_place(context: &mut Context) -> Result<SecretPlace, Failure> {
    // A vault that is not there yet has no place to look at: the machine itself is asked.
    let test = context.call::<command::self_test>(Nothing {})?;
    let keyring = test.checks.iter().find(|check| check.name == "keyring");
    if keyring.is_none_or(|check| check.works) {
        return Ok(SecretPlace::Keyring);
    }
    let no_keyring = || {
        Failure::new(
            ErrorCode::NoKeyring,
            "no Secret Service answers here, so there is no keyring for the device secret. Start \
             one, or choose the file knowingly with --device-secret file: whoever has this disk \
             then has it too",
        )
    };
    let Some(mut terminal) = Terminal::open() else {
        return Err(no_keyring());
    };
    terminal.say(
        "No Secret Service answers here, so there is no keyring for the device secret.\n\
         It can be kept in a file that only you can read. Whoever has this whole disk then has\n\
         it too and needs only your password; turning the whole disk back is not noticed.\n",
    )?;
    if agrees(&mut terminal, "Keep the device secret in a file?")? {
        Ok(SecretPlace::File)
    } else {
        Err(no_keyring())
    }
}

fn show_enrolment(
    begun: &CreateBegun,
    arguments: &Arguments,
    context: &Context,
) -> Result<(), Failure> {
    if context.output.json {
        return context.output.json(&Enrolment {
            otpauth: &begun.otpauth,
            seed: &begun.seed,
            kdf: begun.kdf,
            kdf_ms: begun.kdf_ms,
        });
    }
    match Terminal::open() {
        Some(mut terminal) => enrol::show(&mut terminal, &begun.otpauth, &begun.seed),
        None if arguments.qr.is_some() => Ok(()),
        None => Err(Failure::invalid(
            "there is no terminal to show the QR code on: name a file with --qr, or use --json",
        )),
    }
}

/// Interactively the kit and the second backup folder are asked for, because a vault without
/// them is one mishap from being lost.
fn ask_for_the_rest(arguments: &mut Arguments) -> Result<(), Failure> {
    let Some(mut terminal) = Terminal::open() else {
        return Ok(());
    };
    if arguments.kit.is_none() {
        terminal.say(
            "The recovery kit opens the vault, with the password, when this machine or the\n\
             authenticator is lost. It is a text file to print and then delete.\n",
        )?;
        let answer = terminal.question("Write it to (Enter for none): ")?;
        arguments.kit = Some(answer)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
    }
    if arguments.backup_folder.is_none() {
        let answer =
            terminal.question("Second folder for backups, off this disk (Enter for none): ")?;
        arguments.backup_folder = Some(answer)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
    }
    Ok(())
}

/// On a terminal a mistyped code is asked again; a script has one try.
fn confirm_code(
    context: &mut Context,
    kit_path: Option<&str>,
    backup_folder: Option<&str>,
) -> Result<CreateConfirmed, Failure> {
    loop {
        let outcome = code_typed_back(context).and_then(|code| {
            context.call::<command::create_confirm>(CreateConfirm {
                code,
                kit_path: kit_path.map(str::to_owned),
                backup_folder: backup_folder.map(str::to_owned),
            })
        });
        match outcome {
            Err(failure)
                if failure.code() == ErrorCode::WrongCredentials
                    && context.global.totp_fd.is_none() =>
            {
                context.output.failure(&failure);
            }
            other => return other,
        }
    }
}

fn code_typed_back(context: &mut Context) -> Result<SecretField, Failure> {
    if let Some(number) = context.global.totp_fd {
        return Ok(context.descriptors.line(number, "--totp-fd")?.into());
    }
    let mut terminal = Terminal::required("give the first code through --totp-fd N")?;
    Ok(terminal.secret("Code it shows now: ")?.into())
}

/// A kit that nobody looked at is no kit: one group of one code is typed back from it.
pub(super) fn check_kit(kit: &KitView) -> Result<(), Failure> {
    let Some(mut terminal) = Terminal::open() else {
        return Ok(());
    };
    terminal.say(&format!(
        "\nThe recovery kit is in {}. Print it, keep its two pages apart, and delete the file.\n",
        sanitise(&kit.path)
    ))?;
    let Some((number, group)) = a_group_of(Path::new(&kit.path)) else {
        return Ok(());
    };
    let question = format!("Type the first group of recovery code {number} from it: ");
    for _ in 0..3 {
        let typed = terminal.question(&question)?;
        if typed.eq_ignore_ascii_case(&group) {
            return terminal.say("It matches.\n");
        }
        terminal.say("It does not match.\n")?;
    }
    terminal.say("Look at the file again before you rely on it: `strongroom recovery test`.\n")
}

/// One code's number and first group, as the kit's second page has them.
fn a_group_of(kit: &Path) -> Option<(usize, String)> {
    let text = strongroom_secret::SecretText::new(std::fs::read_to_string(kit).ok()?);
    let wanted = usize::try_from(now_ms() / 1000 % 10).ok()? + 1;
    // EXPOSE: the person is about to compare one group of it with the paper.
    let line = text.expose().lines().find_map(|line| {
        let (number, code) = line.trim().split_once(char::is_whitespace)?;
        (number.parse() == Ok(wanted)).then(|| code.trim())
    })?;
    let group = line.split('-').next()?.to_owned();
    Some((wanted, group))
}

fn said(confirmed: &CreateConfirmed, begun: &CreateBegun) -> String {
    let mut text = format!(
        "The vault is made, and open. One try of the password takes {} MiB and {} ms here.",
        begun.kdf.memory_mib, begun.kdf_ms
    );
    for note in &confirmed.notes {
        text.push('\n');
        text.push_str(&sanitise(note));
    }
    match &confirmed.kit {
        Some(kit) => text.push_str(&format!(
            "\nRecovery kit {} with {}: {}",
            sanitise(&kit.fingerprint),
            words::plural(i64::from(kit.recovery_codes), "recovery code"),
            sanitise(&kit.path)
        )),
        None => text.push_str(
            "\nIt has no recovery kit: if this machine or the authenticator is lost, so is the \
             vault.\nMake one with `strongroom recovery kit FILE`.",
        ),
    }
    text
}
