//! Random requests from a seed, so that a failure can be had again.

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// Marsaglia's xorshift64*.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).expect("an index")]
    }

    pub(crate) fn text(&mut self, alphabet: &[u8], length: u64) -> String {
        (0..length)
            .map(|_| char::from(self.one_of(alphabet)))
            .collect()
    }

    pub(crate) fn letters(&mut self, length: u64) -> String {
        self.text(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            length,
        )
    }

    pub(crate) fn hex(&mut self, length: u64) -> String {
        self.text(b"0123456789abcdef", length)
    }

    /// Some name-value pairs whose names differ; `alphabet` beside letters and digits.
    pub(crate) fn pairs(&mut self, least: u64, alphabet: &str) -> Vec<(String, String)> {
        let whole = format!("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789.-_{alphabet}");
        let count = least + self.below(6);
        (0..count)
            .map(|place| {
                let length = 1 + self.below(8);
                let name = format!("{}{place}", self.text(b"abcdefghijkmnopqrst", length));
                let length = 1 + self.below(14);
                (name, self.text(whole.as_bytes(), length))
            })
            .collect()
    }

    /// Between 2017 and 2033, where milliseconds have thirteen digits.
    pub(crate) fn time(&mut self) -> u64 {
        1_500_000_000_000 + self.below(500_000_000_000)
    }
}

/// A compact JSON object of texts; the alphabets used here need no escapes.
pub(crate) fn object(pairs: &[(String, String)]) -> String {
    let members: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("\"{name}\":\"{value}\""))
        .collect();
    format!("{{{}}}", members.join(","))
}
