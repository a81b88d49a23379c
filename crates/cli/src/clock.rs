//! What time it is. Only for words ("3 days ago") and for dates given as days from now; what is
//! due is the agent's to say.

/// Milliseconds since 1970, UTC.
pub(crate) fn now_ms() -> i64 {
    #[cfg(feature = "test-clock")]
    if let Some(told) = told() {
        return told;
    }
    jiff::Timestamp::now().as_millisecond()
}

/// The tests' clock: a file of ASCII milliseconds under the descriptor that the variable names.
#[cfg(feature = "test-clock")]
fn told() -> Option<i64> {
    use std::os::unix::fs::FileExt;

    let number: i32 = std::env::var("STRONGROOM_TEST_CLOCK_FD")
        .ok()?
        .parse()
        .ok()?;
    // Opened anew: the descriptor itself must stay open for an agent that is started later.
    let file = std::fs::File::open(format!("/proc/self/fd/{number}")).ok()?;
    let mut bytes = [0; 32];
    let length = file.read_at(&mut bytes, 0).ok()?;
    std::str::from_utf8(&bytes[..length])
        .ok()?
        .trim()
        .parse()
        .ok()
}
