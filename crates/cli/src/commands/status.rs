//! `strongroom status`: how the vault stands and what is due.

use std::process::ExitCode;

use strongroom_wire::{DeviceSecretState, Nothing, StatusView, VaultState, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::{table, words};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let status = context.call::<command::status>(Nothing {})?;
    context
        .output
        .result(&status, |status| page(status, context.output, now_ms()))?;
    Ok(ExitCode::SUCCESS)
}

fn page(status: &StatusView, output: Output, now: i64) -> String {
    let state = match status.state {
        VaultState::Absent => "none in this folder; `strongroom init` makes one".to_owned(),
        VaultState::Locked => "locked".to_owned(),
        VaultState::Unlocked => match status.verified {
            Some(true) => "open, verified".to_owned(),
            _ => "open, being verified".to_owned(),
        },
        VaultState::ReadOnly => output.paint(Tone::Red, "open, read-only"),
    };
    let mut pairs = vec![("Vault", state), ("Folder", sanitise(&status.vault))];
    if let Some(alarm) = &status.alarm {
        pairs.push(("Alarm", output.paint(Tone::Red, &sanitise(alarm))));
    }
    if let Some(keys) = status.keys {
        pairs.push(("Keys", keys.to_string()));
    }
    if status.state != VaultState::Absent {
        pairs.push(("Due", due(status, output)));
    }
    if let Some(next) = status.next_reminder_ms {
        pairs.push(("Next reminder", words::moment(next)));
    }
    if status.state != VaultState::Absent {
        pairs.push(("Device secret", device_secret(status)));
    }
    if let Some(wait) = status.throttled_ms.filter(|wait| *wait > 0) {
        let wait = words::span(i64::try_from(wait).unwrap_or(i64::MAX));
        pairs.push(("Next try", format!("in {wait}, after wrong ones")));
    }
    if let Some(at) = status.auto_lock_at_ms {
        pairs.push(("Locks itself", format!("in {}", words::span(at - now))));
    }
    if matches!(status.state, VaultState::Unlocked | VaultState::ReadOnly) {
        let ago = |at: Option<i64>, never: &str| match at {
            Some(at) => words::ago(at, now),
            None => output.paint(Tone::Amber, never),
        };
        pairs.push(("Last backup", ago(status.last_backup_ms, "never")));
        pairs.push(("Recovery kit tested", ago(status.kit_tested_ms, "never")));
    }
    pairs.push((
        "Agent",
        format!(
            "{}, process {}",
            sanitise(&status.agent_version),
            status.agent_pid
        ),
    ));
    table::pairs(&pairs, output)
}

fn due(status: &StatusView, output: Output) -> String {
    let (Some(due), overdue) = (status.due, status.overdue.unwrap_or(0)) else {
        return "not known while locked without the device secret".to_owned();
    };
    if due == 0 && overdue == 0 {
        return "nothing within 30 days".to_owned();
    }
    let mut text = format!("{} within 30 days", words::plural(i64::from(due), "key"));
    if overdue > 0 {
        text.push_str(", ");
        text.push_str(&output.paint(Tone::Red, &format!("{overdue} overdue")));
    }
    text
}

fn device_secret(status: &StatusView) -> String {
    let place = status.place.map_or("", |place| match place {
        strongroom_wire::SecretPlace::Keyring => " in the keyring",
        strongroom_wire::SecretPlace::File => " in a file",
    });
    match status.device_secret {
        DeviceSecretState::Present => format!("present{place}"),
        DeviceSecretState::Missing => "missing here; the recovery kit opens the vault".to_owned(),
        DeviceSecretState::KeyringLocked => "in the keyring, which is locked".to_owned(),
        DeviceSecretState::NoKeyring => "not reachable: no Secret Service answers".to_owned(),
        DeviceSecretState::Ambiguous => "ambiguous: the keyring holds more than one".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_needs_somebody() {
        let status = StatusView {
            state: VaultState::Unlocked,
            vault: "/home/ada/.local/share/strongroom/vault".to_owned(),
            agent_version: "0.1.0".to_owned(),
            agent_pid: 4242,
            place: Some(strongroom_wire::SecretPlace::Keyring),
            device_secret: DeviceSecretState::Present,
            keys: Some(24),
            due: Some(3),
            overdue: Some(1),
            next_reminder_ms: None,
            auto_lock_at_ms: Some(600_000),
            grace_until_ms: None,
            throttled_ms: None,
            verified: Some(true),
            alarm: None,
            last_backup_ms: None,
            kit_tested_ms: None,
        };
        insta::assert_snapshot!(page(&status, Output::words_only(), 0));
        let locked = StatusView {
            state: VaultState::Locked,
            keys: None,
            due: None,
            overdue: None,
            auto_lock_at_ms: None,
            throttled_ms: Some(8_000),
            verified: None,
            device_secret: DeviceSecretState::KeyringLocked,
            ..status
        };
        insta::assert_snapshot!(page(&locked, Output::words_only(), 0));
    }
}
