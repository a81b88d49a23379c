//! Hyperliquid: an action is signed as Ethereum signs typed data, in one of two ways. What trades
//! is packed and hashed, and the hash is signed; what moves money out or hands out rights is signed
//! field by field, and only the master wallet's signature counts for it.
//!
//! The caller's body is `{"action": {…}}`; nonce, account and signature are put beside it. Members
//! of an action keep their order: it is part of what is hashed. What is sent is the caller's text
//! of the action, and what is signed is read from the same text. `/info` answers without a
//! signature, so it goes out without one.
//!
//! Source: `hyperliquid-dex/hyperliquid-python-sdk`, `hyperliquid/utils/signing.py`.

mod user_signed;

use data_encoding::HEXLOWER;
use strongroom_domain::Environment;

use super::credential::{Credential, FieldRule, from_hex};
use super::draft::Draft;
use super::eip712::{self, Word};
use super::json::{self, Json};
use super::key::{Secp256k1Key, push_hex};
use super::msgpack;
use super::refusal::{CredentialError, SignError};
use super::request::{Method, Moment, NonceKind, Request};
use super::scheme::{self, Scheme, Taken};
use super::signed::Binding;
use super::text_buf::TextBuf;
use super::time::push_number;
use super::{Adapter, production, testnet};

use user_signed::{NOT_SIGNED, UNKNOWN_FIELD, USER_SIGNED, UserSigned};

const PRIVATE_KEY: FieldRule = FieldRule::required(&["privateKey", "agentPrivateKey", "secret"]);
pub(super) const ACCOUNT: FieldRule = FieldRule::required(&["walletAddress", "accountAddress"]);
const VAULT: FieldRule = FieldRule::optional(&["vaultAddress"]);

pub(super) static HYPERLIQUID: Adapter = Adapter {
    exchange: "hyperliquid",
    places: &[
        production("api.hyperliquid.xyz"),
        testnet("api.hyperliquid-testnet.xyz"),
    ],
    fields: &[PRIVATE_KEY, ACCOUNT, VAULT],
    nonce: NonceKind::OptionalCounter,
    binding: Binding::Whole,
    ready: |credential, place| {
        let bytes = from_hex::<32>(
            credential.required(PRIVATE_KEY)?,
            PRIVATE_KEY,
            "64 hex digits",
        )?;
        // EXPOSE: made into a key that is wiped.
        let key = Secp256k1Key::from_bytes(bytes.expose()).ok_or(CredentialError::Malformed {
            field: PRIVATE_KEY.name(),
            expected: "a secp256k1 private key",
        })?;
        // It is not signed, but a key without it cannot be looked up, and a slip shows here.
        from_hex::<20>(credential.required(ACCOUNT)?, ACCOUNT, "an address")?;
        let vault = match credential.optional(VAULT)? {
            // EXPOSE: an address is public.
            Some(vault) => Some(*from_hex::<20>(vault, VAULT, "an address")?.expose()),
            None => None,
        };
        Ok(Box::new(Hyperliquid {
            key,
            vault,
            net: if place.environment == Environment::Production {
                Net::Main
            } else {
                Net::Test
            },
            agent_domain: eip712::domain("Exchange", 1337),
            user_domain: eip712::domain("HyperliquidSignTransaction", USER_CHAIN),
        }))
    },
    rules: rules!("hyperliquid"),
};

/// The address of the agent whose private key a credential holds, `0x` and 40 hex digits. It is
/// public; `None` where the field is not such a key.
pub(super) fn agent_address(credential: &Credential) -> Option<String> {
    let secret = credential.required(PRIVATE_KEY).ok()?;
    let bytes = from_hex::<32>(secret, PRIVATE_KEY, "64 hex digits").ok()?;
    // EXPOSE: made into a key that is wiped; only its public half is told.
    let key = Secp256k1Key::from_bytes(bytes.expose())?;
    Some(format!("0x{}", HEXLOWER.encode(&key.address())))
}

/// The chain that user-signed actions name (Arbitrum Sepolia), as the official SDK does on both
/// nets.
const USER_CHAIN: u64 = 0x66eee;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Net {
    Main,
    Test,
}

struct Hyperliquid {
    key: Secp256k1Key,
    vault: Option<[u8; 20]>,
    net: Net,
    agent_domain: Word,
    user_domain: Word,
}

impl Scheme for Hyperliquid {
    fn write(
        &self,
        request: &Request,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        scheme::only(request, &[Method::Post])?;
        scheme::refuse_query(request)?;
        scheme::check_json(request, RESERVED, Taken::Object)?;
        let body = request
            .body
            .as_deref()
            .ok_or(SignError::BodyShape("object"))?;
        match request.path.as_str() {
            "/info" => {
                let question = json::parse(body)?;
                draft.push_path("/info");
                draft.name_call(&["/info#", named(&question)?]);
                draft.push_body(body);
                draft.json_type();
                Ok(())
            }
            "/exchange" => self.push_action(body, moment, draft),
            _ => Err(SignError::PathForeign("/exchange` and `/info")),
        }
    }
}

/// Beside the action, these are ours to add.
const RESERVED: &[&str] = &["nonce", "signature", "vaultAddress", "expiresAfter"];

/// The type that an action or a question names.
fn named<'a>(value: &'a Json<'_>) -> Result<&'a str, SignError> {
    value
        .member("type")
        .and_then(Json::as_text)
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or(SignError::BodyJson)
}

impl Hyperliquid {
    fn push_action(
        &self,
        body: &str,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<(), SignError> {
        let mut text = None;
        json::scan(body, |name, value| {
            if name != "action" {
                return Err(SignError::BodyShape("object with the member `action` only"));
            }
            text = Some(value);
            Ok(())
        })?;
        let text = text.ok_or(SignError::BodyShape("object with the member `action`"))?;
        let action = json::parse(text)?;
        let name = named(&action)?;
        let nonce = match moment.nonce {
            "" => moment.now_ms,
            _ => scheme::counter(moment)?
                .parse()
                .map_err(|_| SignError::Nonce("a whole number"))?,
        };
        draft.push_path("/exchange");
        draft.name_call(&["/exchange#", name]);
        if NOT_SIGNED.contains(&name) {
            return Err(SignError::NotCanonical(
                "this action of Hyperliquid is for the master wallet and is not signed here",
            ));
        }
        let from = draft.here();
        let message = match USER_SIGNED.iter().find(|known| known.action == name) {
            Some(known) => self.user_signed(known, &action, text, nonce, moment, draft)?,
            None => self.packed(&action, text, nonce, moment, draft)?,
        };
        let digest = eip712::keccak(draft.signed_apart(message));
        let signature = self.key.sign_digest(&digest);
        draft.push(",\"signature\":{\"r\":\"0x");
        push_hex(&signature.r, &mut draft.text);
        draft.push("\",\"s\":\"0x");
        push_hex(&signature.s, &mut draft.text);
        draft.push("\",\"v\":");
        push_number(&mut draft.text, signature.v.into());
        draft.push("}}");
        draft.body_since(from);
        draft.json_type();
        Ok(())
    }

    /// Begins the body. What is to be signed is the hash of the packed action, in the name of a
    /// phantom agent.
    fn packed(
        &self,
        action: &Json<'_>,
        text: &str,
        nonce: u64,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<Vec<u8>, SignError> {
        let expires =
            scheme::window(moment, u32::MAX)?.map(|window| moment.now_ms + u64::from(window));
        let connection = connection(action, nonce, self.vault.as_ref(), expires)?;
        let source = match self.net {
            Net::Main => "a",
            Net::Test => "b",
        };
        let agent = eip712::structure(
            "Agent(string source,bytes32 connectionId)",
            &[eip712::text(source), connection],
        );

        let body = &mut draft.text;
        body.push_str("{\"action\":");
        body.push_str(text);
        push_nonce(body, nonce);
        if let Some(vault) = &self.vault {
            body.push_str(",\"vaultAddress\":\"0x");
            push_hex(vault, body);
            body.push('"');
        }
        if let Some(expires) = expires {
            body.push_str(",\"expiresAfter\":");
            push_number(body, expires);
        }
        Ok(eip712::message(&self.agent_domain, &agent))
    }

    /// Begins the body. What is to be signed are the action's fields one by one. Net, chain and time
    /// are added to it.
    fn user_signed(
        &self,
        known: &UserSigned,
        action: &Json<'_>,
        text: &str,
        nonce: u64,
        moment: &Moment<'_>,
        draft: &mut Draft,
    ) -> Result<Vec<u8>, SignError> {
        scheme::refuse_window(moment)?;
        let net = match self.net {
            Net::Main => "Mainnet",
            Net::Test => "Testnet",
        };
        let Json::Object(members) = action else {
            return Err(SignError::BodyShape("object as `action`"));
        };
        let ours = ["signatureChainId", "hyperliquidChain", known.time];
        for (name, _) in members {
            if let Some(ours) = ours.into_iter().find(|ours| ours == name) {
                return Err(SignError::Reserved(ours));
            }
            // A member that is not signed could be changed on the way.
            if *name != "type" && !known.fields.iter().any(|(field, _)| field == name) {
                return Err(UNKNOWN_FIELD);
            }
        }
        let mut words = Vec::with_capacity(known.fields.len() + 2);
        words.push(eip712::text(net));
        for (field, kind) in known.fields {
            words.push(kind.word(action.member(field).ok_or(UNKNOWN_FIELD)?)?);
        }
        words.push(eip712::number(nonce));
        let structure = eip712::structure(&known.type_text(), &words);

        let body = &mut draft.text;
        body.push_str("{\"action\":{");
        body.push_str(scheme::members(text));
        body.push_str(",\"signatureChainId\":\"0x66eee\",\"hyperliquidChain\":\"");
        body.push_str(net);
        body.push_str("\",\"");
        body.push_str(known.time);
        body.push_str("\":");
        push_number(body, nonce);
        body.push('}');
        push_nonce(body, nonce);
        Ok(eip712::message(&self.user_domain, &structure))
    }
}

/// The hash of a packed action with what stands beside it; it names the phantom agent's connection.
pub(super) fn connection(
    action: &Json<'_>,
    nonce: u64,
    vault: Option<&[u8; 20]>,
    expires: Option<u64>,
) -> Result<Word, SignError> {
    let mut packed = Vec::with_capacity(256);
    msgpack::push(&mut packed, action)?;
    packed.extend_from_slice(&nonce.to_be_bytes());
    match vault {
        None => packed.push(0),
        Some(vault) => {
            packed.push(1);
            packed.extend_from_slice(vault);
        }
    }
    if let Some(expires) = expires {
        packed.push(0);
        packed.extend_from_slice(&expires.to_be_bytes());
    }
    Ok(eip712::keccak(&packed))
}

fn push_nonce(body: &mut TextBuf, nonce: u64) {
    body.push_str(",\"nonce\":");
    push_number(body, nonce);
}
