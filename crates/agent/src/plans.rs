//! Plans that wait to be carried out, each bound to the connection that made it: imports, and shares
//! that were opened.
//!
//! A plan may hold the secrets of its source, so it does not wait for long.

/// How long a plan waits.
const LIFE_MS: u64 = 10 * 60 * 1000;
/// Plans of one connection; the oldest gives way.
const MOST_PER_CONNECTION: usize = 4;

#[derive(Debug)]
pub(crate) struct Plans<P> {
    last: u64,
    held: Vec<Held<P>>,
}

impl<P> Default for Plans<P> {
    fn default() -> Self {
        Self {
            last: 0,
            held: Vec::new(),
        }
    }
}

#[derive(Debug)]
struct Held<P> {
    name: String,
    connection: u64,
    until_mono_ms: u64,
    plan: P,
}

impl<P> Plans<P> {
    /// Keeps a plan and gives its name.
    pub(crate) fn keep(&mut self, connection: u64, plan: P, mono_ms: u64) -> String {
        self.forget_old(mono_ms);
        let of_this = |held: &Held<P>| held.connection == connection;
        if self.held.iter().filter(|held| of_this(held)).count() >= MOST_PER_CONNECTION
            && let Some(oldest) = self.held.iter().position(of_this)
        {
            self.held.remove(oldest);
        }
        self.last += 1;
        let name = format!("plan-{}", self.last);
        self.held.push(Held {
            name: name.clone(),
            connection,
            until_mono_ms: mono_ms + LIFE_MS,
            plan,
        });
        name
    }

    /// A plan of this connection that is still held.
    pub(crate) fn get(&mut self, connection: u64, name: &str, mono_ms: u64) -> Option<&P> {
        self.forget_old(mono_ms);
        self.held
            .iter()
            .find(|held| held.connection == connection && held.name == name)
            .map(|held| &held.plan)
    }

    /// The same, for choosing in it.
    pub(crate) fn get_mut(&mut self, connection: u64, name: &str, mono_ms: u64) -> Option<&mut P> {
        self.forget_old(mono_ms);
        self.held
            .iter_mut()
            .find(|held| held.connection == connection && held.name == name)
            .map(|held| &mut held.plan)
    }

    /// The same, for applying it: it can be applied once.
    pub(crate) fn take(&mut self, connection: u64, name: &str, mono_ms: u64) -> Option<P> {
        self.forget_old(mono_ms);
        let place = self
            .held
            .iter()
            .position(|held| held.connection == connection && held.name == name)?;
        Some(self.held.remove(place).plan)
    }

    pub(crate) fn forget_connection(&mut self, connection: u64) {
        self.held.retain(|held| held.connection != connection);
    }

    /// When the next one is to be wiped, in monotonic time.
    pub(crate) fn next_end_mono_ms(&self) -> Option<u64> {
        self.held.iter().map(|held| held.until_mono_ms).min()
    }

    pub(crate) fn forget_old(&mut self, mono_ms: u64) {
        self.held.retain(|held| held.until_mono_ms > mono_ms);
    }
}
