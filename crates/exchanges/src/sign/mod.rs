//! Signing requests as each exchange wants them, and telling from the signed bytes what they do.
//!
//! A request comes in as its parts, with the time and the nonce as arguments; what comes out is to
//! be sent as it is. Everything that has two readings is refused: the class of a request is worth
//! something only if the exchange reads the same request.
//!
//! Deliberately not here: sending, clocks, randomness, and who may do what. There is also no way to
//! sign bytes of one's own: what cannot be told apart is not signed.
//!
//! A new exchange is one file here, one file of rules under `data/classes/`, and one line in
//! [`ADAPTERS`].

/// The rules of an exchange, read when they are first asked for.
macro_rules! rules {
    ($exchange:literal) => {
        std::sync::LazyLock::new(|| {
            super::class::Rules::parse(include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/data/classes/",
                $exchange,
                ".json"
            )))
            .expect("a test reads every rules file")
        })
    };
}

mod class;
mod credential;
mod draft;
mod encode;
mod form;
mod json;
mod key;
mod names;
mod ready;
mod refusal;
mod request;
mod scheme;
mod signed;
#[cfg(test)]
mod tests;
mod text_buf;
mod time;

mod binance;
mod bitfinex;
mod bitget;
mod bitmex;
mod bitstamp;
mod bybit;
mod coinbase;
mod cryptocom;
mod deribit;
mod eip712;
mod gate;
mod gemini;
mod htx;
mod hyperliquid;
mod kraken;
mod krakenfutures;
mod kucoin;
mod mexc;
mod msgpack;
mod okx;

use std::fmt;
use std::sync::LazyLock;

use strongroom_domain::Environment;
use strongroom_secret::SecretBytes;

pub use class::Class;
pub use credential::{Credential, FieldRule};
pub use ready::{NotReady, place, signer};
pub use refusal::{CredentialError, SignError};
pub use request::{Method, Moment, NonceKind, Request};
pub use signed::{Binding, Header, Signed, Text};

use class::Rules;
use draft::Draft;
use scheme::Scheme;

/// A host of an exchange and the world it belongs to. The first of an environment is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub environment: Environment,
    pub host: &'static str,
}

const fn production(host: &'static str) -> Place {
    Place {
        environment: Environment::Production,
        host,
    }
}

const fn testnet(host: &'static str) -> Place {
    Place {
        environment: Environment::Testnet,
        host,
    }
}

const fn demo(host: &'static str) -> Place {
    Place {
        environment: Environment::Demo,
        host,
    }
}

/// Makes a credential ready for one place.
type Ready = fn(&Credential, Place) -> Result<Box<dyn Scheme>, CredentialError>;

/// How one exchange's requests are signed.
pub struct Adapter {
    exchange: &'static str,
    places: &'static [Place],
    fields: &'static [FieldRule],
    nonce: NonceKind,
    binding: Binding,
    ready: Ready,
    rules: LazyLock<Rules>,
}

/// The exchanges whose requests can be signed, by id.
pub static ADAPTERS: [&Adapter; 19] = [
    &binance::BINANCE,
    &binance::BINANCE_US,
    &bitfinex::BITFINEX,
    &bitget::BITGET,
    &bitmex::BITMEX,
    &bitstamp::BITSTAMP,
    &bybit::BYBIT,
    &coinbase::COINBASE,
    &cryptocom::CRYPTO_COM,
    &deribit::DERIBIT,
    &gate::GATE,
    &gemini::GEMINI,
    &htx::HTX,
    &hyperliquid::HYPERLIQUID,
    &kraken::KRAKEN,
    &krakenfutures::KRAKEN_FUTURES,
    &kucoin::KUCOIN,
    &mexc::MEXC,
    &okx::OKX,
];

/// The adapter of an exchange by its id, such as `binance`.
pub fn adapter(exchange: &str) -> Option<&'static Adapter> {
    ADAPTERS
        .iter()
        .copied()
        .find(|adapter| adapter.exchange == exchange)
}

/// What is public of a credential, as a self-check fills it in: the key's id, the account's
/// address, and the agent's own, which follows from its private key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicParts {
    pub key: Option<String>,
    pub account: Option<String>,
    pub agent: Option<String>,
}

impl Adapter {
    /// The public parts of a credential.
    pub fn public_parts(&self, credential: &Credential) -> PublicParts {
        let plain = |rule| {
            let value = credential.optional(rule).ok().flatten()?;
            // EXPOSE: the public half of the key, which travels with every request.
            Some(value.expose().to_owned())
        };
        if self.exchange == hyperliquid::HYPERLIQUID.exchange {
            return PublicParts {
                key: None,
                account: plain(hyperliquid::ACCOUNT),
                agent: hyperliquid::agent_address(credential),
            };
        }
        PublicParts {
            key: plain(credential::API_KEY),
            ..PublicParts::default()
        }
    }

    pub fn exchange(&self) -> &'static str {
        self.exchange
    }

    /// The hosts it signs for.
    pub fn places(&self) -> &'static [Place] {
        self.places
    }

    /// The fields of a credential it uses.
    pub fn fields(&self) -> &'static [FieldRule] {
        self.fields
    }

    pub fn nonce(&self) -> NonceKind {
        self.nonce
    }

    /// What its signatures tie together.
    pub fn binding(&self) -> Binding {
        self.binding
    }

    /// Makes a credential ready to sign for a host of an environment; `None` is its default host.
    ///
    /// # Errors
    /// A missing or malformed field, and a place the exchange does not have.
    pub fn signer(
        &'static self,
        environment: Environment,
        host: Option<&str>,
        credential: &Credential,
    ) -> Result<Signer, CredentialError> {
        let mut places = self
            .places
            .iter()
            .filter(|place| place.environment == environment)
            .peekable();
        if places.peek().is_none() {
            return Err(CredentialError::Environment(environment.name()));
        }
        let place = places
            .find(|place| host.is_none_or(|host| host == place.host))
            .ok_or(CredentialError::Host)?;
        Ok(Signer {
            adapter: self,
            place: *place,
            scheme: (self.ready)(credential, *place)?,
        })
    }

    /// What a call does, by the rules: `GET`, `/api/v3/account`. For calls that the body names, the
    /// name follows after `#`.
    pub fn class(&self, method: Method, call: &str) -> Class {
        self.rules.class(method, call)
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adapter").field(&self.exchange).finish()
    }
}

/// A credential that is ready to sign for one place.
pub struct Signer {
    adapter: &'static Adapter,
    place: Place,
    scheme: Box<dyn Scheme>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer")
            .field(&self.adapter.exchange)
            .finish()
    }
}

impl Signer {
    pub fn place(&self) -> Place {
        self.place
    }

    /// The exact bytes whose signature [`Signer::sign`] puts into a request.
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn canonical(
        &self,
        request: &Request,
        moment: &Moment<'_>,
    ) -> Result<SecretBytes, SignError> {
        self.sign(request, moment)
            .map(|signed| signed.draft.copy_message())
    }

    /// Signs a request and says what it does.
    ///
    /// # Errors
    /// Whatever could be read in two ways, is not covered by the signature, or belongs to the
    /// adapter.
    pub fn sign(&self, request: &Request, moment: &Moment<'_>) -> Result<Signed, SignError> {
        encode::check_path(&request.path)?;
        time::check(moment.now_ms)?;
        // Written where it stays: it is large enough for moving it to show beside a MAC.
        let mut signed = Signed {
            method: request.method,
            host: self.place.host,
            class: Class::Unknown,
            binding: self.adapter.binding,
            draft: Draft::with_room(self.scheme.room(request.checked_size()?)),
        };
        self.scheme.write(request, moment, &mut signed.draft)?;
        let call = signed.draft.call();
        signed.class = self.adapter.rules.class(request.method, call);
        Ok(signed)
    }
}
