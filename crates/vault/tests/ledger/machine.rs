//! Any order of using a vault, crashing, copying its files and putting old ones back: no committed
//! write is lost, no rollback is accepted silently, no step is used twice.

use std::path::PathBuf;

use proptest::prelude::*;
use strongroom_crypto::Header;
use strongroom_secret::SecretText;
use strongroom_vault::{LockedVault, OpenVault, Presence, Trust};

use crate::desk::{Desk, PASSWORD, copy_folder, text};
use crate::support::{edit, edited};

#[derive(Debug, Clone)]
enum Act {
    /// Unlocks if it is locked.
    Unlock,
    /// Tries the code that was accepted last once more.
    Replay,
    Lock,
    /// Dropped without a lock, as by a kill.
    Crash,
    Edit,
    /// The agent's timer.
    AnchorWhenDue,
    ChangePassword,
    RotateKey,
    CopyFiles,
    /// Puts a copy back while the vault is locked.
    PutBack(usize),
    BackUp,
    Restore(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Unlock),
        1 => Just(Act::Replay),
        3 => Just(Act::Lock),
        3 => Just(Act::Crash),
        8 => Just(Act::Edit),
        2 => Just(Act::AnchorWhenDue),
        1 => Just(Act::ChangePassword),
        2 => Just(Act::RotateKey),
        3 => Just(Act::CopyFiles),
        3 => any::<usize>().prop_map(Act::PutBack),
        2 => Just(Act::BackUp),
        1 => any::<usize>().prop_map(Act::Restore),
    ]
}

/// What a state of the files says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Says {
    value: u32,
    audit_size: u64,
    password: String,
    key_gen: u32,
    hdr_rev: u64,
    /// Every change that led here, each with a number of its own. Two states of the same sizes that
    /// came about on two ways differ in it, as they differ in the head of their audit log.
    trail: Vec<u32>,
}

#[derive(Debug)]
struct Copy {
    folder: PathBuf,
    says: Says,
}

struct Model {
    desk: Desk,
    locked: Option<LockedVault>,
    vault: Option<OpenVault>,
    /// What the files say now.
    now: Says,
    /// The last state that this device has seen and anchored, under whichever key.
    anchored: Says,
    accepted: Option<SecretText>,
    copies: Vec<Copy>,
    backups: Vec<Copy>,
    serial: u32,
}

impl Model {
    fn new() -> Self {
        let desk = Desk::new();
        let (mut vault, locked) = desk.create();
        let accepted = Some(desk.code());
        edit(&mut vault, 1);
        vault.flush_anchor().expect("the keyring takes it");
        let now = Says {
            value: 1,
            audit_size: vault.audit_size(),
            password: PASSWORD.to_owned(),
            key_gen: 1,
            hdr_rev: 0,
            trail: vec![1],
        };
        let mut model = Self {
            desk,
            locked: Some(locked),
            vault: Some(vault),
            anchored: now.clone(),
            now,
            accepted,
            copies: Vec::new(),
            backups: Vec::new(),
            serial: 1,
        };
        model.now.hdr_rev = model.hdr_rev();
        model.anchored = model.now.clone();
        model
    }

    fn hdr_rev(&self) -> u64 {
        Header::parse(&self.desk.file("vault.hdr"))
            .expect("a header")
            .rev()
    }

    fn number(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// Notes that the files are in a state in which they never were.
    fn step(&mut self) {
        let number = self.number();
        self.now.trail.push(number);
    }

    /// Reads what the files say after something was done, to the open vault or without it.
    fn look(&mut self) {
        let before = (self.now.hdr_rev, self.now.audit_size, self.now.key_gen);
        self.now.hdr_rev = self.hdr_rev();
        if let Some(vault) = &self.vault {
            self.now.audit_size = vault.audit_size();
            self.now.key_gen = vault.key_gen();
        }
        if before != (self.now.hdr_rev, self.now.audit_size, self.now.key_gen) {
            self.step();
        }
        let Some(vault) = &self.vault else { return };
        assert_eq!(edited(vault), self.now.value, "a committed write was lost");
        if vault.anchor_due_in_ms().is_none() {
            self.anchored = self.now.clone();
        }
    }

    fn fresh_code(&mut self) -> SecretText {
        let code = self.desk.fresh_code();
        self.accepted = Some(self.desk.code());
        code
    }

    /// Whether this device has seen something that the files do not have.
    fn is_older_than_seen(&self) -> bool {
        let (now, seen) = (&self.now, &self.anchored);
        now.key_gen < seen.key_gen || !now.trail.starts_with(&seen.trail)
    }

    fn unlock(&mut self) {
        if self.vault.is_some() {
            return;
        }
        let older = self.is_older_than_seen();
        let locked = self.locked.get_or_insert_with(|| self.desk.find());
        let code = self.desk.fresh_code();
        self.accepted = Some(self.desk.code());
        let opened = self.desk.unlock_with(locked, &self.now.password, &code);
        let mut vault = match opened {
            Ok(vault) => vault,
            // The secret of an older key generation is gone: that, too, is not silent.
            Err(error) => {
                assert!(older, "the newest state does not open: {error}");
                self.give_up();
                return;
            }
        };
        if !older {
            assert_eq!(
                vault.trust(),
                Trust::Verified,
                "{:?} after {:?}",
                self.now,
                self.anchored
            );
        } else {
            assert_eq!(
                vault.trust(),
                Trust::RolledBack,
                "an older state was accepted: {:?} after {:?}",
                self.now,
                self.anchored
            );
            assert!(vault.set_setting("auto-lock-minutes", "3").is_err());
            let code = self.desk.fresh_code();
            self.accepted = Some(self.desk.code());
            let step_up = vault
                .step_up(Presence::Totp(&code), None)
                .expect("a fresh code");
            vault.acknowledge_rollback(&step_up).expect("acknowledged");
        }
        self.vault = Some(vault);
        self.look();
        assert_eq!(self.anchored, self.now, "a good unlock is anchored");
    }

    /// Puts back the newest copy that still opens; the files that were there are of no use.
    fn give_up(&mut self) {
        self.locked = None;
        let newest = self.copies.pop();
        if let Some(copy) = newest {
            self.put(&copy);
        }
    }

    fn put(&mut self, copy: &Copy) {
        self.locked = None;
        std::fs::remove_dir_all(self.desk.folder()).expect("removed");
        copy_folder(&copy.folder, &self.desk.folder());
        self.now = copy.says.clone();
    }

    fn copy_to(&mut self, kind: &str) -> PathBuf {
        let number = self.number();
        self.desk.root.path().join(format!("{kind}-{number}"))
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Unlock => self.unlock(),
            Act::Replay => {
                if let Some(vault) = &mut self.vault {
                    let code = self.accepted.as_ref().expect("one was accepted");
                    assert!(
                        vault.step_up(Presence::Totp(code), None).is_err(),
                        "a step was used twice"
                    );
                    self.look();
                } else if let Some(code) = &self.accepted
                    && !self.is_older_than_seen()
                {
                    let locked = self.locked.get_or_insert_with(|| self.desk.find());
                    let opened = self.desk.unlock_with(locked, &self.now.password, code);
                    assert!(opened.is_err(), "a step was used twice");
                    self.desk.clock.pass(1_000_000);
                    self.look();
                }
            }
            Act::Lock => {
                if let Some(vault) = self.vault.take() {
                    self.now.audit_size = vault.audit_size() + 1;
                    self.step();
                    vault.lock().expect("locks");
                    self.now.hdr_rev = self.hdr_rev();
                    self.anchored = self.now.clone();
                }
            }
            Act::Crash => {
                self.vault = None;
                self.locked = None;
            }
            Act::Edit => {
                let Some(vault) = &mut self.vault else { return };
                self.serial += 1;
                self.now.value = self.serial % 1400 + 1;
                edit(vault, self.now.value);
                self.look();
            }
            Act::AnchorWhenDue => {
                self.desk.clock.pass(5_000);
                let Some(vault) = &mut self.vault else { return };
                if vault.anchor_due_in_ms() == Some(0) {
                    vault.flush_anchor().expect("the keyring takes it");
                    self.look();
                }
            }
            Act::ChangePassword => self.change_password(),
            Act::RotateKey => self.rotate(),
            Act::CopyFiles => {
                let folder = self.copy_to("copy");
                copy_folder(&self.desk.folder(), &folder);
                self.copies.push(Copy {
                    folder,
                    says: self.now.clone(),
                });
            }
            Act::PutBack(which) => {
                if self.vault.is_none() && !self.copies.is_empty() {
                    let copy = self.copies.remove(which % self.copies.len());
                    self.put(&copy);
                    self.copies.push(copy);
                }
            }
            Act::BackUp => {
                let Some(vault) = &mut self.vault else { return };
                let report = vault.back_up().expect("is tried");
                let made = report.made.first().expect("made").path.clone();
                let folder = self.copy_to("backup");
                copy_folder(&made, &folder);
                self.backups.push(Copy {
                    folder,
                    says: self.now.clone(),
                });
                self.desk.clock.pass(1000);
                self.look();
            }
            Act::Restore(which) => self.restore(which),
        }
    }

    fn change_password(&mut self) {
        if self.vault.is_none() {
            return;
        }
        let code = self.fresh_code();
        let number = self.number();
        let vault = self.vault.as_mut().expect("open");
        let step_up = vault
            .step_up(Presence::Totp(&code), Some(&text(&self.now.password)))
            .expect("a fresh code and the password");
        let new = format!("violet tractor number {number} sings");
        vault
            .change_password(&step_up, &text(&new))
            .expect("changes");
        self.now.password = new;
        self.look();
    }

    fn rotate(&mut self) {
        if self.vault.is_none() {
            return;
        }
        let kit = self.copy_to("kit");
        let code = self.fresh_code();
        let vault = self.vault.as_mut().expect("open");
        let step_up = vault
            .step_up(Presence::Totp(&code), Some(&text(&self.now.password)))
            .expect("a fresh code and the password");
        vault.rotate_vault_key(&step_up, &kit).expect("rotates");
        // The new key is anchored at once, whatever waits of the backup that follows it: from now
        // on a copy from under the old key is an older state.
        let key_gen = vault.key_gen();
        self.step();
        self.anchored.key_gen = key_gen;
        self.anchored.trail.clone_from(&self.now.trail);
        self.look();
    }

    fn restore(&mut self, which: usize) {
        if self.vault.is_none() || self.backups.is_empty() {
            return;
        }
        let index = which % self.backups.len();
        let code = self.fresh_code();
        let vault = self.vault.as_mut().expect("open");
        let step_up = vault
            .step_up(Presence::Totp(&code), None)
            .expect("a fresh code");
        let backup = &self.backups[index];
        let restored = vault.restore(&step_up, &backup.folder);
        if backup.says.key_gen == vault.key_gen() {
            restored.expect("is taken up");
            self.now.value = backup.says.value;
            self.step();
        } else {
            restored.expect_err("is of another key");
            // The step-up has moved the header on; the anchor learns of that with the next state.
            vault.flush_anchor().expect("the keyring takes it");
        }
        self.look();
    }
}

/// More with `PROPTEST_CASES`, which a run before a release sets.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is asked of the environment"
)]
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_rolled_back_in_silence_or_used_twice(
        acts in proptest::collection::vec(act(), 5..40),
    ) {
        let mut model = Model::new();
        for act in acts {
            model.act(act);
        }
        model.act(Act::Crash);
        model.unlock();
    }
}
