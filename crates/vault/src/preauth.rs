//! The throttle: how many wrong tries there were and how long the next one has to wait.
//!
//! It is kept in `preauth.state` and mirrored beside the device secret; the stricter of the two
//! counts, so that putting back an older file gains nothing. It never wipes data: whoever can
//! lock the owner out by typing nonsense must not be able to do more than that.
//!
//! Deliberately not here: what counts as a wrong try (`unlock.rs`, `stepup.rs`).

use data_encoding::BASE64;
use minicbor::{Decoder, Encoder};
use strongroom_crypto::{CborError, DeviceKeys, FixedPart, canonical, mac, mac_ok};
use strongroom_secret::SecretText;

use crate::error::FileError;
use crate::home::Home;
use crate::layout;
use crate::place::DevicePlace;
use crate::ports::{ItemName, Lookup, Moment, Ports, Purpose};

const FREE_TRIES: u32 = 3;
const MOST_WAIT_MS: u64 = 900_000;
const MOST_BYTES: usize = 512;
const DOMAIN: &str = "strongroom/v1/preauth-state";
/// Stands for the MAC where there is no device secret.
const NO_MAC: [u8; 32] = [0; 32];

/// Wrong tries of one kind, and when the last one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    pub(crate) count: u32,
    last: Moment,
}

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    Password,
    Code,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throttle {
    pub(crate) password: Tries,
    pub(crate) code: Tries,
    /// Wrong tries of either kind since the last unlock, for the audit log.
    pub(crate) since_unlock: u32,
}

impl Tries {
    const NONE: Self = Self {
        count: 0,
        last: Moment {
            utc_ms: 0,
            mono_ms: 0,
            boot_id: [0; 16],
        },
    };

    /// 3 free, then 1 s, doubling to 900 s.
    fn delay_ms(self) -> u64 {
        let Some(beyond) = self.count.checked_sub(FREE_TRIES) else {
            return 0;
        };
        1000_u64
            .checked_shl(beyond.min(32))
            .unwrap_or(MOST_WAIT_MS)
            .min(MOST_WAIT_MS)
    }

    fn wait_ms(self, now: &Moment) -> u64 {
        let delay = self.delay_ms();
        // Within one boot the monotonic clock tells, which nobody can set.
        let elapsed = if now.boot_id == self.last.boot_id {
            now.mono_ms.saturating_sub(self.last.mono_ms)
        } else {
            now.utc_ms.saturating_sub(self.last.utc_ms)
        };
        delay.saturating_sub(elapsed)
    }

    /// Across boots there is only the time of day. If that went back, the whole delay is waited
    /// for from now on, or the owner would wait for the lost time as well.
    fn rebased(self, now: &Moment) -> Self {
        let went_back = now.boot_id != self.last.boot_id && now.utc_ms < self.last.utc_ms;
        if went_back && self.count > 0 {
            Self { last: *now, ..self }
        } else {
            self
        }
    }

    fn stricter(self, other: Self, now: &Moment) -> Self {
        match self.count.cmp(&other.count) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal if other.wait_ms(now) > self.wait_ms(now) => other,
            std::cmp::Ordering::Equal => self,
        }
    }

    fn write(self, out: &mut Encoder<Vec<u8>>) {
        let written = out
            .array(4)
            .and_then(|out| out.u32(self.count))
            .and_then(|out| out.u64(self.last.utc_ms))
            .and_then(|out| out.u64(self.last.mono_ms))
            .and_then(|out| out.bytes(&self.last.boot_id));
        written.map(drop).expect("writing to memory cannot fail");
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        if decoder.array()? != Some(4) {
            return Err(CborError::Malformed);
        }
        let count = decoder.u32()?;
        let (utc_ms, mono_ms) = (decoder.u64()?, decoder.u64()?);
        let boot_id = decoder
            .bytes()?
            .try_into()
            .map_err(|_| CborError::Malformed)?;
        Ok(Self {
            count,
            last: Moment {
                utc_ms,
                mono_ms,
                boot_id,
            },
        })
    }
}

impl Throttle {
    const NONE: Self = Self {
        password: Tries::NONE,
        code: Tries::NONE,
        since_unlock: 0,
    };

    /// What file and mirror say together. A MAC of another device or a forged one does not count:
    /// it must not keep the owner waiting, and whoever can forge it can as well remove it, against
    /// which the mirror stands. What was written without a device secret counts as it stands: we
    /// write that ourselves while the keyring is locked, and those tries were made.
    pub(crate) fn load(
        home: &Home,
        place: &DevicePlace,
        ports: &Ports,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
    ) -> Self {
        let file = layout::read(home.folder(), layout::PREAUTH, MOST_BYTES).ok();
        let file = file
            .and_then(|bytes| Self::open(&bytes, keys))
            .unwrap_or(Self::NONE);
        let mirror = match place.get(ports, &item(fixed)) {
            Lookup::Value(text) => text,
            _ => return file,
        };
        // EXPOSE: the mirror holds counters, no secret.
        let mirror = BASE64.decode(mirror.expose().trim_end().as_bytes()).ok();
        let mirror = mirror
            .and_then(|bytes| Self::open(&bytes, keys))
            .unwrap_or(Self::NONE);
        file.stricter(mirror, &ports.now())
    }

    /// To be written if it differs.
    pub(crate) fn rebased(self, now: &Moment) -> Self {
        let (password, code) = (self.password.rebased(now), self.code.rebased(now));
        Self {
            password,
            code,
            ..self
        }
    }

    /// Milliseconds until a try is taken.
    pub(crate) fn wait_ms(&self, now: &Moment) -> u64 {
        self.password.wait_ms(now).max(self.code.wait_ms(now))
    }

    /// Milliseconds until a code is taken, where no password is asked.
    pub(crate) fn code_wait_ms(&self, now: &Moment) -> u64 {
        self.code.wait_ms(now)
    }

    pub(crate) fn count(&mut self, tried: Tried, now: Moment) {
        let tries = match tried {
            Tried::Password => &mut self.password,
            Tried::Code => &mut self.code,
        };
        *tries = Tries {
            count: tries.count.saturating_add(1),
            last: now,
        };
        self.since_unlock = self.since_unlock.saturating_add(1);
    }

    /// After an unlock.
    pub(crate) fn cleared() -> Self {
        Self::NONE
    }

    /// After a step-up: what was shown begins anew, what was not asked for stays counted, and how
    /// many tries there were is still told at the next unlock.
    pub(crate) fn after_step_up(self, with_password: bool) -> Self {
        Self {
            password: match with_password {
                true => Tries::NONE,
                false => self.password,
            },
            code: Tries::NONE,
            since_unlock: self.since_unlock,
        }
    }

    pub(crate) fn is_clear(&self) -> bool {
        *self == Self::NONE
    }

    /// Writes the file alone.
    pub(crate) fn save_file(
        &self,
        home: &Home,
        keys: Option<&DeviceKeys>,
    ) -> Result<(), FileError> {
        home.replace(layout::PREAUTH, &self.seal(keys))
    }

    /// Writes file and mirror. One of the two is enough: where neither can be written no try may
    /// be taken, or trying would be free.
    pub(crate) fn save(
        &self,
        home: &Home,
        place: &DevicePlace,
        ports: &Ports,
        fixed: &FixedPart,
        keys: Option<&DeviceKeys>,
    ) -> Result<(), FileError> {
        let text = SecretText::new(BASE64.encode(&self.seal(keys)));
        let mirrored = place.set(ports, &item(fixed), &text).is_ok();
        match self.save_file(home, keys) {
            Err(error) if !mirrored => Err(error),
            _ => Ok(()),
        }
    }

    fn stricter(self, other: Self, now: &Moment) -> Self {
        Self {
            password: self.password.stricter(other.password, now),
            code: self.code.stricter(other.code, now),
            since_unlock: self.since_unlock.max(other.since_unlock),
        }
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::new());
        out.array(3)
            .map(drop)
            .expect("writing to memory cannot fail");
        self.password.write(&mut out);
        self.code.write(&mut out);
        out.u32(self.since_unlock)
            .map(drop)
            .expect("writing to memory cannot fail");
        out.into_writer()
    }

    fn read_body(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        if decoder.array()? != Some(3) {
            return Err(CborError::Malformed);
        }
        let (password, code) = (Tries::read(decoder)?, Tries::read(decoder)?);
        Ok(Self {
            password,
            code,
            since_unlock: decoder.u32()?,
        })
    }

    /// MAC (or 32 zero bytes where there is no key) ‖ body.
    fn seal(&self, keys: Option<&DeviceKeys>) -> Vec<u8> {
        let body = self.body();
        let tag = keys.map_or(NO_MAC, |keys| mac(keys.preauth(), DOMAIN, &body));
        [tag.as_slice(), &body].concat()
    }

    fn open(bytes: &[u8], keys: Option<&DeviceKeys>) -> Option<Self> {
        let (tag, body) = bytes.split_first_chunk::<32>()?;
        if let Some(keys) = keys
            && *tag != NO_MAC
            && !mac_ok(keys.preauth(), DOMAIN, body, tag)
        {
            return None;
        }
        canonical(body, Self::read_body, Self::body).ok()
    }
}

fn item(fixed: &FixedPart) -> ItemName {
    ItemName {
        vault_id: *fixed.vault_id(),
        key_gen: fixed.key_gen(),
        purpose: Purpose::Throttle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(utc_ms: u64, mono_ms: u64, boot: u8) -> Moment {
        Moment {
            utc_ms,
            mono_ms,
            boot_id: [boot; 16],
        }
    }

    #[test]
    fn three_tries_are_free_and_then_the_wait_doubles() {
        for (count, seconds) in [
            (0, 0),
            (2, 0),
            (3, 1),
            (4, 2),
            (5, 4),
            (12, 512),
            (13, 900),
            (14, 900),
            (u32::MAX, 900),
        ] {
            let tries = Tries {
                count,
                last: at(0, 0, 1),
            };
            assert_eq!(tries.wait_ms(&at(0, 0, 1)), seconds * 1000, "{count} tries");
        }
    }

    #[test]
    fn setting_the_time_of_day_shortens_no_wait() {
        let tries = Tries {
            count: 6,
            last: at(1_000_000, 50_000, 1),
        };
        let check = |now, wait| assert_eq!(tries.wait_ms(&now), wait, "{now:?}");
        check(at(1_000_000, 50_000, 1), 8000);
        check(at(9_000_000, 50_000, 1), 8000);
        check(at(1_000_000, 55_000, 1), 3000);
        check(at(1_003_000, 10, 2), 5000);
        check(at(900_000, 10, 2), 8000);
        check(at(1_008_000, 10, 2), 0);
    }

    #[test]
    fn a_state_reads_back_and_a_changed_one_does_not() {
        let ds = strongroom_secret::Key32::filled_by(|ds| ds.fill(4));
        let keys = DeviceKeys::derive_from(&ds, &[1; 16]);
        let mut throttle = Throttle::NONE;
        throttle.count(Tried::Password, at(1, 2, 3));
        throttle.count(Tried::Code, at(4, 5, 6));
        let sealed = throttle.seal(Some(&keys));
        assert_eq!(Throttle::open(&sealed, Some(&keys)), Some(throttle));
        assert_eq!(Throttle::open(&sealed, None), Some(throttle));
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(Throttle::open(&changed, Some(&keys)), None, "byte {index}");
        }
        let plain = throttle.seal(None);
        assert_eq!(Throttle::open(&plain, Some(&keys)), Some(throttle));
        assert_eq!(Throttle::open(&plain, None), Some(throttle));
        let other = strongroom_secret::Key32::filled_by(|ds| ds.fill(5));
        let other = DeviceKeys::derive_from(&other, &[1; 16]);
        assert_eq!(Throttle::open(&sealed, Some(&other)), None);
    }
}
