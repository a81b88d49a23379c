//! Hands the database key to SQLCipher: the one place of this crate with `unsafe`.
//!
//! Deliberately not here: deriving the key, and every pragma. A key given through
//! `PRAGMA key` would pass through the SQL parser and its buffers; `sqlite3_key_v2` takes it
//! straight. Thirty-two raw bytes would be taken for a passphrase and stretched, so the text
//! `x'…'` with 64 hexadecimal digits is given, which SQLCipher uses as the key itself.

use std::ffi::c_int;

use rusqlite::{Connection, ffi};
use strongroom_secret::{Key, Key32};

/// Length of `x'` + 64 digits + `'`.
const KEY_TEXT_BYTES: usize = 67;

/// Gives `key` to the connection, which must not have read a page yet.
///
/// # Errors
/// The result code of SQLite. A wrong key is not found out here but at the first read.
pub(crate) fn give_key(connection: &Connection, key: &Key32) -> Result<(), c_int> {
    let text = key_text(key);
    // EXPOSE: SQLCipher copies the text into memory it locks and wipes itself; ours is wiped when
    // `text` is dropped at the end of this function.
    let bytes = text.expose();
    #[expect(
        unsafe_code,
        reason = "rusqlite offers no call that takes a key without SQL text"
    )]
    // SAFETY: the handle is live for the whole call because `connection` is borrowed; the name is
    // a terminated string; pointer and length describe `bytes`, which outlives the call and is
    // copied by SQLCipher before it returns.
    let code = unsafe {
        ffi::sqlite3_key_v2(
            connection.handle(),
            c"main".as_ptr(),
            bytes.as_ptr().cast(),
            KEY_TEXT_BYTES as c_int,
        )
    };
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(code)
    }
}

/// The key as SQLCipher wants it, written digit by digit into memory that wipes itself.
fn key_text(key: &Key32) -> Key<KEY_TEXT_BYTES> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    Key::filled_by(|text: &mut [u8; KEY_TEXT_BYTES]| {
        text[0] = b'x';
        text[1] = b'\'';
        // EXPOSE: the digits go straight into memory that wipes itself.
        for (index, byte) in key.expose().iter().enumerate() {
            text[2 + 2 * index] = DIGITS[usize::from(byte >> 4)];
            text[3 + 2 * index] = DIGITS[usize::from(byte & 15)];
        }
        text[KEY_TEXT_BYTES - 1] = b'\'';
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_a_blob_literal_of_64_digits() {
        let key = Key32::filled_by(|bytes| {
            for (index, byte) in (0..).zip(bytes.iter_mut()) {
                *byte = index;
            }
        });
        assert_eq!(
            std::str::from_utf8(key_text(&key).expose()).ok(),
            Some("x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'"),
        );
    }
}
