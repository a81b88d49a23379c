//! What works on this machine, and what to do about what does not.
//!
//! Every line is found out by asking, not by guessing from the desktop's name. Not here: using any
//! of it.

use std::sync::atomic::Ordering;

use strongroom_vault::ports::KeyringRefused;
use strongroom_wire::{SelfTest, SelfTestLine};

use crate::agent::Agent;

/// `memory_locked` is what an open vault says of its keys.
pub(crate) fn run(agent: &Agent, memory_locked: Option<bool>) -> SelfTest {
    SelfTest {
        checks: vec![
            keyring(agent),
            notifications(agent),
            clipboard(agent),
            suspend(agent),
            screen_lock(agent),
            line(
                "idle",
                true,
                "the vault locks itself when no command comes for a while",
            ),
            core_dumps(agent),
            memory_lock(memory_locked),
        ],
    }
}

fn line(name: &str, works: bool, detail: impl Into<String>) -> SelfTestLine {
    SelfTestLine {
        name: name.to_owned(),
        works,
        detail: detail.into(),
    }
}

fn keyring(agent: &Agent) -> SelfTestLine {
    match agent.keyring.probe() {
        Ok(()) => line(
            "keyring",
            true,
            "the Secret Service answers and is unlocked",
        ),
        Err(KeyringRefused::Locked) => line(
            "keyring",
            false,
            "the keyring is locked; unlock it in your desktop's own program",
        ),
        Err(_) => line(
            "keyring",
            false,
            "no Secret Service answers on the session bus; start gnome-keyring, KWallet or \
             KeePassXC, or choose the device-secret file",
        ),
    }
}

fn notifications(agent: &Agent) -> SelfTestLine {
    match agent.notifier.server() {
        Ok(server) => line("notifications", true, format!("{server} shows them")),
        Err(_) => line(
            "notifications",
            false,
            "no notification service answers, so reminders cannot be shown; `strongroom \
             expiring` tells what is due",
        ),
    }
}

fn clipboard(agent: &Agent) -> SelfTestLine {
    match agent.clipboard.probe() {
        Ok(()) => line("clipboard", true, "a display holds the clipboard"),
        Err(_) => line(
            "clipboard",
            false,
            "no display answers; an agent that was started before the desktop has none: run \
             `strongroom agent stop` there and any command again",
        ),
    }
}

fn suspend(agent: &Agent) -> SelfTestLine {
    if agent.events.logind.load(Ordering::Relaxed) {
        line(
            "lock-on-suspend",
            true,
            "logind tells before the machine sleeps",
        )
    } else {
        line(
            "lock-on-suspend",
            false,
            "no logind on the system bus, so the vault is not locked before sleep; a shorter \
             auto-lock-minutes helps",
        )
    }
}

fn screen_lock(agent: &Agent) -> SelfTestLine {
    let logind = agent.events.logind.load(Ordering::Relaxed);
    let screen_saver = agent.events.screen_saver.load(Ordering::Relaxed);
    let detail = match (logind, screen_saver) {
        (true, true) => "logind and the screen saver on the session bus are listened to",
        (true, false) => "logind is listened to",
        (false, true) => "the screen saver on the session bus is listened to",
        (false, false) => {
            "neither logind nor a session bus is there, so locking the screen does not lock the \
             vault"
        }
    };
    line("lock-on-screen-lock", logind || screen_saver, detail)
}

fn core_dumps(agent: &Agent) -> SelfTestLine {
    let works = agent.hardened.core_dumps_off && agent.hardened.not_dumpable;
    line(
        "core-dumps",
        works,
        if works {
            "a crash leaves no memory on the disk, and programs of yours cannot trace the agent"
        } else {
            "the system did not let the agent switch core dumps off"
        },
    )
}

fn memory_lock(memory_locked: Option<bool>) -> SelfTestLine {
    match memory_locked {
        Some(true) => line(
            "memory-lock",
            true,
            "the vault's root key cannot be swapped out",
        ),
        Some(false) => line(
            "memory-lock",
            false,
            "the limit on locked memory (ulimit -l) is used up; swapped memory may hold the key",
        ),
        None => line(
            "memory-lock",
            true,
            "known once the vault is unlocked, when there is something to lock",
        ),
    }
}
