//! Where backups go, how many are kept, and how the last ones went: what the health report and the
//! schedule ask.
//!
//! Deliberately not here: making them (`backup.rs`).

use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use strongroom_domain::UtcMs;
use strongroom_store::LocalSpace;

use crate::audit::EventKind;
use crate::backup::{BackupError, Destination};
use crate::error::{CommitError, FileError};
use crate::open::OpenVault;

const POLICY: &[u8] = b"policy";
/// How many are kept in each place unless said otherwise.
const KEEP: u32 = 10;
/// A vault that was written to is backed up at most this often, in milliseconds.
const EVERY_MS: u64 = 24 * 60 * 60 * 1000;
/// Without a good backup for so long, backups are stale.
const STALE_MS: u64 = 7 * EVERY_MS;

/// Where backups go besides the vault folder, and how many are kept in each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupPolicy {
    pub second: Option<PathBuf>,
    pub keep: u32,
}

impl Default for BackupPolicy {
    fn default() -> Self {
        Self {
            second: None,
            keep: KEEP,
        }
    }
}

impl BackupPolicy {
    /// keep (u32, big-endian) ‖ path.
    fn encode(&self) -> Vec<u8> {
        let mut bytes = self.keep.to_be_bytes().to_vec();
        if let Some(second) = &self.second {
            bytes.extend_from_slice(second.as_os_str().as_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (keep, path) = bytes.split_first_chunk::<4>()?;
        let second =
            (!path.is_empty()).then(|| PathBuf::from(std::ffi::OsString::from_vec(path.to_vec())));
        Some(Self {
            second,
            keep: u32::from_be_bytes(*keep),
        })
    }
}

/// How the last tries in one place went; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BackupOutcome {
    pub last_made_ms: u64,
    pub last_failed_ms: u64,
}

impl BackupOutcome {
    pub(crate) fn made_at(now_ms: u64) -> Self {
        Self {
            last_made_ms: now_ms,
            last_failed_ms: 0,
        }
    }

    pub(crate) fn failed_at(now_ms: u64) -> Self {
        Self {
            last_made_ms: 0,
            last_failed_ms: now_ms,
        }
    }

    /// Joined with what was known before. A success ends the failure before it.
    pub(crate) fn after(self, known: Option<&[u8]>) -> Vec<u8> {
        let known = known.and_then(Self::decode).unwrap_or_default();
        let joined = Self {
            // Not the later of the two: the clock may have been wrong then.
            last_made_ms: match self.last_made_ms {
                0 => known.last_made_ms,
                made_ms => made_ms,
            },
            last_failed_ms: self.last_failed_ms,
        };
        [
            joined.last_made_ms.to_be_bytes(),
            joined.last_failed_ms.to_be_bytes(),
        ]
        .concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (made, failed) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            last_made_ms: u64::from_be_bytes(*made),
            last_failed_ms: u64::from_be_bytes(failed.try_into().ok()?),
        })
    }
}

/// How backups stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupHealth {
    pub first: BackupOutcome,
    /// `None` if no second place was chosen.
    pub second: Option<BackupOutcome>,
    /// No place has a backup younger than a week.
    pub stale: bool,
}

impl OpenVault {
    pub fn backup_policy(&self) -> Result<BackupPolicy, BackupError> {
        let row = self.store.local(LocalSpace::Backup, POLICY)?;
        Ok(row
            .and_then(|bytes| BackupPolicy::decode(&bytes))
            .unwrap_or_default())
    }

    /// # Errors
    /// If the second place is inside the vault folder: it would go with it.
    pub fn set_backup_policy(&mut self, policy: &BackupPolicy) -> Result<(), BackupError> {
        if let Some(second) = &policy.second {
            let real = std::fs::canonicalize(second).map_err(|_| BackupError::NoFolder)?;
            if real.starts_with(self.home.folder()) || self.home.folder().starts_with(&real) {
                return Err(FileError::AlreadyThere.into());
            }
        }
        self.commit(EventKind::SettingsChanged.into(), |tx| {
            tx.put_local(LocalSpace::Backup, POLICY, &policy.encode())?;
            Ok::<_, CommitError>(())
        })?;
        self.backups_changed();
        Ok(())
    }

    pub fn backup_health(&self) -> Result<BackupHealth, BackupError> {
        let outcome = |destination: Destination| -> Result<BackupOutcome, BackupError> {
            let row = self
                .store
                .local(LocalSpace::Backup, destination.word().as_bytes())?;
            Ok(row
                .and_then(|bytes| BackupOutcome::decode(&bytes))
                .unwrap_or_default())
        };
        let first = outcome(Destination::First)?;
        let second = match self.backup_policy()?.second {
            Some(_) => Some(outcome(Destination::Second)?),
            None => None,
        };
        let now_ms = self.ports.clock.utc_ms();
        let places = [Some(first), second];
        let stale = places
            .into_iter()
            .flatten()
            .all(|place| is_older(place.last_made_ms, STALE_MS, now_ms));
        Ok(BackupHealth {
            first,
            second,
            stale,
        })
    }

    /// When backups are stale, or since when, unless one is made before: a week after the newest
    /// one in any place. Where there is none, a week after this device was let in.
    pub(crate) fn backups_stale_at(&self) -> Result<UtcMs, BackupError> {
        let health = self.backup_health()?;
        let now_ms = self.ports.clock.utc_ms();
        let places = [Some(health.first), health.second];
        let made = places.into_iter().flatten().map(|place| place.last_made_ms);
        // One from a time that has not come says nothing of its age.
        let newest = made.filter(|made| (1..=now_ms).contains(made)).max();
        let enrolled = || {
            let devices = self.devices().into_iter();
            let mut ours = devices.filter(|device| device.this_device);
            ours.find_map(|device| device.enrolled_ms).unwrap_or(0)
        };
        let since = newest.unwrap_or_else(enrolled);
        Ok(UtcMs::from_clock(since.saturating_add(STALE_MS + 1)))
    }

    /// Whether a backup should be made now: the last one is a day old, or failed in some place.
    pub fn backup_is_due(&self) -> Result<bool, BackupError> {
        let health = self.backup_health()?;
        let now_ms = self.ports.clock.utc_ms();
        let places = [Some(health.first), health.second];
        Ok(places
            .into_iter()
            .flatten()
            .any(|place| is_older(place.last_made_ms, EVERY_MS, now_ms)))
    }
}

/// Whether a backup is older than `most_ms`. One from a time that has not come says nothing of its
/// age: a clock that was wrong must not put backups off for years.
fn is_older(made_ms: u64, most_ms: u64, now_ms: u64) -> bool {
    now_ms
        .checked_sub(made_ms)
        .is_none_or(|age_ms| age_ms > most_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_and_outcomes_read_back() {
        let policies = [
            BackupPolicy::default(),
            BackupPolicy {
                second: Some(PathBuf::from("/media/stick/été")),
                keep: 3,
            },
        ];
        for policy in policies {
            assert_eq!(BackupPolicy::decode(&policy.encode()), Some(policy));
        }
        let made = BackupOutcome::made_at(5).after(None);
        let failed = BackupOutcome::failed_at(6).after(Some(&made));
        assert_eq!(
            BackupOutcome::decode(&failed),
            Some(BackupOutcome {
                last_made_ms: 5,
                last_failed_ms: 6
            })
        );
        // After the clock was put right.
        let earlier = BackupOutcome::made_at(3).after(Some(&made));
        assert_eq!(
            BackupOutcome::decode(&earlier),
            Some(BackupOutcome::made_at(3))
        );
        assert!(is_older(11, 100, 10));
        assert!(!is_older(10, 100, 10));
        let made = BackupOutcome::made_at(7).after(Some(&failed));
        assert_eq!(
            BackupOutcome::decode(&made),
            Some(BackupOutcome::made_at(7))
        );
    }
}
