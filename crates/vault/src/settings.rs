//! What a person can set about one vault on this device, except reminders, which are set with
//! their index, backups, which have a policy of their own (`backup_policy.rs`), and the grace of a
//! step-up, which is part of the policy in the header.
//!
//! Deliberately not here: obeying any of it, which is the agent's.

use strongroom_store::LocalSpace;

use crate::audit::EventKind;
use crate::error::CommitError;
use crate::open::OpenVault;

/// The settings with their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Minutes without a command after which the vault locks: 1 to 1440. It cannot be switched off.
    pub auto_lock_minutes: u32,
    /// Seconds a copied field stays on the clipboard: 5 to 300.
    pub clipboard_seconds: u32,
    pub lock_on_suspend: bool,
    pub lock_on_screen_lock: bool,
    /// The way to exchanges, `http://host:port`; none where it is empty. It holds no password: a
    /// setting is shown to whoever asks.
    pub proxy: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            auto_lock_minutes: 15,
            clipboard_seconds: 20,
            lock_on_suspend: true,
            lock_on_screen_lock: true,
            proxy: None,
        }
    }
}

/// A setting's name or value was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingRefused {
    #[error("there is no such setting")]
    Unknown,
    #[error("the value must be a whole number from {least} to {most}")]
    Number { least: u32, most: u32 },
    #[error("the value must be `yes` or `no`")]
    YesOrNo,
    #[error("a proxy is `http://`, a host and a port, without a password; or nothing")]
    Proxy,
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Settings {
    /// Every name, in the order in which they are shown.
    pub const NAMES: &[&str] = &[
        "auto-lock-minutes",
        "clipboard-seconds",
        "lock-on-suspend",
        "lock-on-screen-lock",
        "proxy",
    ];

    /// A value as text; `None` if there is no such setting.
    pub fn get(&self, name: &str) -> Option<String> {
        let yes_or_no = |value| if value { "yes" } else { "no" }.to_owned();
        Some(match name {
            "auto-lock-minutes" => self.auto_lock_minutes.to_string(),
            "clipboard-seconds" => self.clipboard_seconds.to_string(),
            "lock-on-suspend" => yes_or_no(self.lock_on_suspend),
            "lock-on-screen-lock" => yes_or_no(self.lock_on_screen_lock),
            "proxy" => self.proxy.clone().unwrap_or_default(),
            _ => return None,
        })
    }

    /// Takes a value as text.
    ///
    /// # Errors
    /// [`SettingRefused`], with what would be taken.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingRefused> {
        let value = value.trim();
        match name {
            "auto-lock-minutes" => self.auto_lock_minutes = number(value, 1, 1440)?,
            "clipboard-seconds" => self.clipboard_seconds = number(value, 5, 300)?,
            "lock-on-suspend" => self.lock_on_suspend = yes_or_no(value)?,
            "lock-on-screen-lock" => self.lock_on_screen_lock = yes_or_no(value)?,
            "proxy" => self.proxy = proxy(value)?,
            _ => return Err(SettingRefused::Unknown),
        }
        Ok(())
    }
}

fn number(value: &str, least: u32, most: u32) -> Result<u32, SettingRefused> {
    value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or(SettingRefused::Number { least, most })
}

fn proxy(value: &str) -> Result<Option<String>, SettingRefused> {
    if value.is_empty() {
        return Ok(None);
    }
    let rest = value.strip_prefix("http://").ok_or(SettingRefused::Proxy)?;
    let (host, port) = rest.rsplit_once(':').ok_or(SettingRefused::Proxy)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '[' | ']' | ':');
    let port_fits = port.parse::<u16>().is_ok_and(|port| port > 0);
    if host.is_empty() || !host.chars().all(plain) || !port_fits {
        return Err(SettingRefused::Proxy);
    }
    Ok(Some(value.to_owned()))
}

fn yes_or_no(value: &str) -> Result<bool, SettingRefused> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(SettingRefused::YesOrNo),
    }
}

impl OpenVault {
    /// What was set, and the defaults of what was not. A value that this version would not take
    /// counts as not set.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        for name in Settings::NAMES {
            let stored = self.store.local(LocalSpace::Setting, name.as_bytes());
            if let Ok(Some(bytes)) = stored
                && let Ok(text) = std::str::from_utf8(&bytes)
            {
                let _ = settings.set(name, text);
            }
        }
        settings
    }

    /// Sets one value; the log says that settings were changed.
    ///
    /// # Errors
    /// [`SettingRefused`].
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<Settings, SettingRefused> {
        let mut settings = self.settings();
        settings.set(name, value)?;
        let text = settings.get(name).ok_or(SettingRefused::Unknown)?;
        self.commit(EventKind::SettingsChanged.into(), |tx| {
            tx.put_local(LocalSpace::Setting, name.as_bytes(), text.as_bytes())
                .map_err(CommitError::from)
        })?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reads_back_and_odd_values_are_refused() {
        let mut settings = Settings::default();
        for (name, value, taken) in [
            ("auto-lock-minutes", "5", true),
            ("auto-lock-minutes", "0", false),
            ("auto-lock-minutes", "never", false),
            ("clipboard-seconds", "300", true),
            ("clipboard-seconds", "301", false),
            ("lock-on-suspend", "no", true),
            ("lock-on-screen-lock", "false", false),
            ("clipboard-seconds", " 30 ", true),
            ("colour", "red", false),
        ] {
            assert_eq!(
                settings.set(name, value).is_ok(),
                taken,
                "{name} = {value:?}"
            );
            if taken {
                assert_eq!(settings.get(name).as_deref(), Some(value.trim()));
            }
        }
        for name in Settings::NAMES {
            assert!(settings.get(name).is_some(), "{name}");
        }
    }
}
