//! Suspend and screen lock, as the system bus (logind) and the session bus (screen savers) tell.
//!
//! Not here: what is locked then, which the settings of each vault decide. Where neither bus
//! answers, [`SessionEvents`] says so and the self-test tells the person.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::Type;
use zbus::zvariant::{OwnedFd, OwnedValue};

/// Something happened that a vault may want to be locked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionEvent {
    AboutToSleep,
    Awake,
    ScreenLocked,
}

/// Which of the two sources are listened to now.
#[derive(Debug, Default)]
pub(crate) struct SessionEvents {
    pub(crate) logind: AtomicBool,
    pub(crate) screen_saver: AtomicBool,
    /// How often it was asked to look for missing sources again.
    tries: Mutex<u64>,
    try_again: Condvar,
}

impl SessionEvents {
    /// Looks again for a source that did not answer or went away. Called at every unlock, so that
    /// nothing wakes up for it in between and no vault is open longer than needed without it.
    pub(crate) fn look_again(&self) {
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.try_again.notify_all();
    }

    fn tries(&self) -> u64 {
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_past(&self, seen: u64) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        while *tries == seen {
            tries = self
                .try_again
                .wait(tries)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

const STACK: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);
const LOGIND: &str = "org.freedesktop.login1";
const SCREEN_SAVERS: [&str; 2] = ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"];

/// Listens on both buses, each on a thread of its own, and calls `tell`. On suspend the machine is
/// held back until `tell` has returned.
pub(crate) fn watch_session(tell: Arc<dyn Fn(SessionEvent) + Send + Sync>) -> Arc<SessionEvents> {
    let events = Arc::new(SessionEvents::default());
    for (name, watch) in [
        ("logind", watch_logind as fn(&_, &_) -> zbus::Result<()>),
        ("screen-saver", watch_screen_saver),
    ] {
        let tell = Arc::clone(&tell);
        let events = Arc::clone(&events);
        let _ = std::thread::Builder::new()
            .name(name.to_owned())
            .stack_size(STACK)
            .spawn(move || {
                loop {
                    let seen = events.tries();
                    // Ends when there is no such bus or it goes away; the flags say so.
                    let _ = watch(&events, &*tell);
                    events.wait_past(seen);
                }
            });
    }
    events
}

/// Marks a source as listened to for as long as it lives.
struct Listening<'a>(&'a AtomicBool);

impl<'a> Listening<'a> {
    fn on(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::Relaxed);
        Self(flag)
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

type Tell = dyn Fn(SessionEvent) + Send + Sync;

fn watch_logind(events: &SessionEvents, tell: &Tell) -> zbus::Result<()> {
    let bus = connection::Builder::system()?
        .method_timeout(PATIENCE)
        .build()?;
    let messages = subscribe(
        &bus,
        &[
            "type='signal',sender='org.freedesktop.login1',\
             interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
            "type='signal',sender='org.freedesktop.login1',\
             interface='org.freedesktop.login1.Session',member='Lock'",
            "type='signal',sender='org.freedesktop.login1',\
             interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',\
             arg0='org.freedesktop.login1.Session'",
        ],
    )?;
    // A bus without logind has nobody to tell of sleep.
    DBusProxy::new(&bus)?.get_name_owner(LOGIND.try_into()?)?;
    let _listening = Listening::on(&events.logind);
    let mut delay = delay_sleep(&bus);
    for message in messages {
        let message = message?;
        let header = message.header();
        match header.member().map(|member| member.as_str()) {
            Some("PrepareForSleep") => {
                if message.body().deserialize()? {
                    tell(SessionEvent::AboutToSleep);
                    delay = None;
                } else {
                    delay = delay.or_else(|| delay_sleep(&bus));
                    tell(SessionEvent::Awake);
                }
            }
            Some("Lock") if is_ours(&bus, header.path().map(|path| path.as_str())) => {
                tell(SessionEvent::ScreenLocked);
            }
            Some("PropertiesChanged")
                if says_locked(&message)
                    && is_ours(&bus, header.path().map(|path| path.as_str())) =>
            {
                tell(SessionEvent::ScreenLocked);
            }
            _ => {}
        }
    }
    drop(delay);
    Ok(())
}

fn watch_screen_saver(events: &SessionEvents, tell: &Tell) -> zbus::Result<()> {
    let bus = connection::Builder::session()?
        .method_timeout(PATIENCE)
        .build()?;
    let messages = subscribe(
        &bus,
        &[
            "type='signal',interface='org.freedesktop.ScreenSaver',member='ActiveChanged'",
            "type='signal',interface='org.gnome.ScreenSaver',member='ActiveChanged'",
        ],
    )?;
    // A bus without a screen saver has nobody to tell of the lock screen.
    let proxy = DBusProxy::new(&bus)?;
    if SCREEN_SAVERS.iter().all(|name| {
        name.to_owned()
            .try_into()
            .is_ok_and(|name| proxy.get_name_owner(name).is_err())
    }) {
        return Ok(());
    }
    let _listening = Listening::on(&events.screen_saver);
    for message in messages {
        let message = message?;
        let header = message.header();
        let active = header
            .member()
            .is_some_and(|member| member.as_str() == "ActiveChanged")
            && message.body().deserialize::<bool>().unwrap_or(false);
        if active {
            tell(SessionEvent::ScreenLocked);
        }
    }
    Ok(())
}

/// The signals that fit any of the rules, and nothing else the bus may say.
fn subscribe(
    bus: &Connection,
    rules: &[&str],
) -> zbus::Result<impl Iterator<Item = zbus::Result<zbus::Message>> + use<>> {
    let proxy = DBusProxy::new(bus)?;
    let messages = MessageIterator::from(bus);
    for rule in rules {
        proxy.add_match_rule((*rule).try_into()?)?;
    }
    Ok(messages.filter(|message| {
        message
            .as_ref()
            .map_or(true, |message| message.message_type() == Type::Signal)
    }))
}

/// Holds suspend back until it is dropped. A logind that refuses is no reason not to lock.
fn delay_sleep(bus: &Connection) -> Option<OwnedFd> {
    let reply = bus
        .call_method(
            Some(LOGIND),
            "/org/freedesktop/login1",
            Some("org.freedesktop.login1.Manager"),
            "Inhibit",
            &("sleep", "Strongroom", "Lock the vault", "delay"),
        )
        .ok()?;
    reply.body().deserialize().ok()
}

/// A session of another user is not our business. Where logind does not say whose it is, it is
/// taken for ours: locking once too often harms nobody.
fn is_ours(bus: &Connection, session: Option<&str>) -> bool {
    let Some(session) = session else {
        return false;
    };
    let user = bus
        .call_method(
            Some(LOGIND),
            session,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &("org.freedesktop.login1.Session", "User"),
        )
        .ok()
        .and_then(|reply| reply.body().deserialize::<OwnedValue>().ok())
        .and_then(|user| <(u32, zbus::zvariant::OwnedObjectPath)>::try_from(user).ok());
    user.is_none_or(|(uid, _)| uid == rustix::process::geteuid().as_raw())
}

fn says_locked(message: &zbus::Message) -> bool {
    type Changed = (
        String,
        std::collections::HashMap<String, OwnedValue>,
        Vec<String>,
    );
    message
        .body()
        .deserialize::<Changed>()
        .is_ok_and(|(_, changed, _)| {
            changed
                .get("LockedHint")
                .and_then(|value| bool::try_from(value).ok())
                .unwrap_or(false)
        })
}
