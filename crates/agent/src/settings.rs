//! Every setting of a vault as one table, wherever it is kept: with the vault, with its reminders,
//! with its backups, or in the policy of its header.
//!
//! Not here: obeying them.

use std::path::PathBuf;

use strongroom_domain::remind::{LeadDays, QuietHours, RemindSettings, TimeOfDay};
use strongroom_vault::{BackupPolicy, OpenVault, Settings};
use strongroom_wire::{ErrorCode, Fault, Setting, SettingsView};

use crate::convert::{Told, refused};

/// The one setting whose change needs a step-up.
pub(crate) const GRACE: &str = "grace-minutes";
const MOST_GRACE_MINUTES: u32 = OpenVault::MAX_GRACE_S / 60;

/// Name and help, in the order in which they are shown.
const TABLE: &[(&str, &str)] = &[
    (
        "auto-lock-minutes",
        "Minutes without a command after which the vault locks: 1 to 1440.",
    ),
    (
        "lock-on-suspend",
        "Whether the vault locks before the machine sleeps: yes or no.",
    ),
    (
        "lock-on-screen-lock",
        "Whether the vault locks with the screen: yes or no.",
    ),
    (
        "clipboard-seconds",
        "Seconds a copied field stays on the clipboard: 5 to 300.",
    ),
    (
        GRACE,
        "Minutes for which one code covers further acts in the same window: 0 to 10. The command \
         line has no grace. Changing it needs a code.",
    ),
    (
        "proxy",
        "Proxy for asking exchanges, such as http://127.0.0.1:8080, without a password; empty for \
         none. What goes through it stays encrypted.",
    ),
    ("remind", "Whether reminders are shown at all: yes or no."),
    (
        "remind-at",
        "Local time of day at which reminders are shown, such as 09:00.",
    ),
    (
        "lead-days",
        "Days before a due date on which it is told, such as 30,14,7,3,1,0; after it, daily.",
    ),
    (
        "quiet-from",
        "Beginning of the hours in which nothing is shown, such as 22:00; empty for none.",
    ),
    (
        "quiet-to",
        "End of the quiet hours, such as 07:00; what was due meanwhile is shown then.",
    ),
    (
        "names-in-notifications",
        "Whether notifications name the keys, for everybody who sees the screen: yes or no.",
    ),
    (
        "backup-folder",
        "Second destination of the automatic backups, best off this disk; empty for none.",
    ),
    (
        "backup-keep",
        "How many automatic backups are kept in each destination: 1 to 100.",
    ),
];

const MOST_BACKUPS: u32 = 100;

/// The whole table.
///
/// # Errors
/// What is stored cannot be read.
pub(crate) fn view(vault: &mut OpenVault) -> Result<SettingsView, Fault> {
    let settings = vault.settings();
    let grace = vault.grace_s() / 60;
    let backups = vault.backup_policy().map_err(Told::told)?;
    let remind = vault.remind_settings().map_err(Told::told)?;
    let values = Values {
        settings,
        grace,
        remind,
        backups,
    };
    let defaults = Values::default();
    let settings = TABLE
        .iter()
        .map(|(name, help)| Setting {
            name: (*name).to_owned(),
            value: values.get(name),
            default: defaults.get(name),
            help: (*help).to_owned(),
        })
        .collect();
    Ok(SettingsView { settings })
}

/// Sets one value other than the grace.
///
/// # Errors
/// No such setting, or a value it does not take.
pub(crate) fn set(vault: &mut OpenVault, name: &str, value: &str) -> Result<(), Fault> {
    let value = value.trim();
    if Settings::NAMES.contains(&name) {
        return vault
            .set_setting(name, value)
            .map(|_| ())
            .map_err(Told::told);
    }
    if name.starts_with("backup-") {
        let mut policy = vault.backup_policy().map_err(Told::told)?;
        set_backup(&mut policy, name, value)?;
        return vault.set_backup_policy(&policy).map_err(Told::told);
    }
    let mut remind = vault.remind_settings().map_err(Told::told)?;
    set_reminder(&mut remind, name, value)?;
    vault.set_reminder_settings(remind).map_err(Told::told)
}

/// The grace as the policy takes it.
///
/// # Errors
/// Not a number of minutes, or more than may be.
pub(crate) fn grace_seconds(value: &str) -> Result<u32, Fault> {
    value
        .trim()
        .parse()
        .ok()
        .filter(|minutes| *minutes <= MOST_GRACE_MINUTES)
        .map(|minutes: u32| minutes * 60)
        .ok_or_else(|| {
            refused(
                GRACE,
                format!("a whole number from 0 to {MOST_GRACE_MINUTES}"),
            )
        })
}

struct Values {
    settings: Settings,
    grace: u32,
    remind: RemindSettings,
    backups: BackupPolicy,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            grace: OpenVault::DEFAULT_GRACE_S / 60,
            remind: RemindSettings::default(),
            backups: BackupPolicy::default(),
        }
    }
}

impl Values {
    fn get(&self, name: &str) -> String {
        let quiet = |end: fn(&QuietHours) -> TimeOfDay| {
            self.remind
                .quiet
                .as_ref()
                .map_or_else(String::new, |hours| end(hours).to_string())
        };
        match name {
            GRACE => self.grace.to_string(),
            "remind" => yes_or_no(self.remind.enabled),
            "remind-at" => self.remind.fire_at.to_string(),
            "lead-days" => {
                let days: Vec<String> = self
                    .remind
                    .leads
                    .days()
                    .map(|day| day.to_string())
                    .collect();
                days.join(",")
            }
            "quiet-from" => quiet(|hours| hours.from),
            "quiet-to" => quiet(|hours| hours.to),
            "names-in-notifications" => yes_or_no(self.remind.names),
            "backup-folder" => self
                .backups
                .second
                .as_deref()
                .map_or_else(String::new, |path| path.to_string_lossy().into_owned()),
            "backup-keep" => self.backups.keep.to_string(),
            name => self.settings.get(name).unwrap_or_default(),
        }
    }
}

fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

fn parse_yes_or_no(name: &str, value: &str) -> Result<bool, Fault> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(refused(name, "yes or no")),
    }
}

fn set_backup(policy: &mut BackupPolicy, name: &str, value: &str) -> Result<(), Fault> {
    match name {
        "backup-folder" if value.is_empty() => policy.second = None,
        "backup-folder" => {
            let path = PathBuf::from(value);
            if !path.is_absolute() {
                return Err(refused(name, "an absolute path, or empty for none"));
            }
            policy.second = Some(path);
        }
        "backup-keep" => {
            policy.keep = value
                .parse()
                .ok()
                .filter(|keep| (1..=MOST_BACKUPS).contains(keep))
                .ok_or_else(|| refused(name, format!("a whole number from 1 to {MOST_BACKUPS}")))?;
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

fn set_reminder(settings: &mut RemindSettings, name: &str, value: &str) -> Result<(), Fault> {
    let time = |text: &str| TimeOfDay::parse(text).map_err(|why| refused(name, why));
    match name {
        "remind" => settings.enabled = parse_yes_or_no(name, value)?,
        "remind-at" => settings.fire_at = time(value)?,
        "names-in-notifications" => settings.names = parse_yes_or_no(name, value)?,
        "lead-days" => {
            let days = value
                .split(',')
                .map(|day| day.trim().parse::<u32>())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| refused(name, "numbers of days with commas between them"))?;
            settings.leads = LeadDays::parse(&days).map_err(|why| refused(name, why))?;
        }
        "quiet-from" | "quiet-to" if value.is_empty() => settings.quiet = None,
        // One end alone is set first; hours that begin and end together are no hours.
        "quiet-from" => {
            let from = time(value)?;
            let to = settings.quiet.map_or(from, |hours| hours.to);
            settings.quiet = Some(QuietHours { from, to });
        }
        "quiet-to" => {
            let to = time(value)?;
            let from = settings.quiet.map_or(to, |hours| hours.from);
            settings.quiet = Some(QuietHours { from, to });
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

fn unknown() -> Fault {
    Fault::new(
        ErrorCode::NotFound,
        "there is no such setting; `strongroom settings` lists them",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_table_has_a_default() {
        let defaults = Values::default();
        for (name, help) in TABLE {
            let value = defaults.get(name);
            let may_be_empty =
                matches!(*name, "quiet-from" | "quiet-to" | "backup-folder" | "proxy");
            assert!(may_be_empty || !value.is_empty(), "{name}");
            assert!(help.ends_with('.'), "{name}");
        }
        for name in Settings::NAMES {
            assert!(TABLE.iter().any(|(known, _)| known == name), "{name}");
        }
    }

    #[test]
    fn reminder_and_backup_settings_take_what_they_say() {
        let mut values = Values::default();
        for (name, value, taken) in [
            ("remind-at", "07:30", true),
            ("remind-at", "7.30", false),
            ("lead-days", "10, 2,0", true),
            ("lead-days", "soon", false),
            ("quiet-from", "22:00", true),
            ("quiet-to", "07:00", true),
            ("names-in-notifications", "yes", true),
            ("names-in-notifications", "true", false),
            ("remind", "no", true),
            ("colour", "red", false),
        ] {
            let set = set_reminder(&mut values.remind, name, value);
            assert_eq!(set.is_ok(), taken, "{name} = {value}");
            if taken {
                assert_eq!(values.get(name), value.replace(' ', ""), "{name}");
            }
        }
        for (name, value, taken) in [
            ("backup-keep", "0", false),
            ("backup-keep", "3", true),
            ("backup-folder", "stick", false),
            ("backup-folder", "/media/stick", true),
            ("backup-folder", "", true),
        ] {
            let set = set_backup(&mut values.backups, name, value);
            assert_eq!(set.is_ok(), taken, "{name} = {value}");
        }
    }

    #[test]
    fn the_grace_is_bounded() {
        for (value, seconds) in [
            ("0", Some(0)),
            ("10", Some(600)),
            ("11", None),
            ("-1", None),
        ] {
            assert_eq!(grace_seconds(value).ok(), seconds, "{value}");
        }
    }
}
