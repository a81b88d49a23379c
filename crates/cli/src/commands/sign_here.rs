//! Signing without a vault, with a credential that was handed over for this once.
//!
//! Not here: the options (`sign`) and every rule of signing (`exchanges`).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use strongroom_exchanges::Environment as Place;
use strongroom_exchanges::sign::{self, Binding, Class, Credential, Method, Moment, Request};
use strongroom_formats::ExchangeId;
use strongroom_secret::SecretText;
use strongroom_wire::{
    Environment, ErrorCode, RequestBinding, RequestClass, Sign, SignedHeader, SignedRequest,
};

use super::fields::parse_object;
use crate::clock;
use crate::failure::Failure;

/// More than any exchange takes.
const LONGEST_BODY: u64 = 64 * 1024;

/// The body in a file, or on the standard input.
pub(super) fn body_of(file: &Path) -> Result<String, Failure> {
    let unreadable =
        |error: io::Error| Failure::file("--body-file: the file cannot be read", &error);
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().take(LONGEST_BODY + 1).read_to_end(&mut bytes)
    } else {
        let file = File::open(file).map_err(unreadable)?;
        file.take(LONGEST_BODY + 1).read_to_end(&mut bytes)
    };
    if read.map_err(unreadable)? as u64 > LONGEST_BODY {
        return Err(Failure::invalid("--body-file: more than 64 KiB"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::invalid("--body-file: not UTF-8 text"))
}

/// Signs with the fields of a JSON object.
pub(super) fn sign(
    exchange: &str,
    environment: Environment,
    ask: Sign,
    credential: &SecretText,
) -> Result<SignedRequest, Failure> {
    let invalid = |refused: &dyn std::fmt::Display| Failure::invalid(refused.to_string());
    let exchange = ExchangeId::parse(exchange).map_err(|refused| invalid(&refused))?;
    let place = place(environment);
    let host = ask.host.as_deref();
    sign::place(exchange.as_str(), place, host).map_err(|refused| invalid(&refused))?;
    let fields = parse_object(credential, "--credential-fd")?;
    let fields = fields
        .into_iter()
        .map(|field| (field.name, field.value.into_secret()));
    let credential = Credential::new(fields.collect());
    let signer = sign::signer(exchange.as_str(), place, host, &credential)
        .map_err(|refused| invalid(&refused))?;
    let now_ms = match ask.timestamp_ms {
        Some(told) => told,
        None => u64::try_from(clock::now_ms()).unwrap_or_default(),
    };
    let mut random = [0; 48];
    getrandom::fill(&mut random)
        .map_err(|_| Failure::new(ErrorCode::Internal, "the system gave no randomness"))?;
    let (for_nonce, for_blinding) = random.split_at(16);
    let nonce = match ask.nonce {
        Some(told) => told,
        None => sign::adapter(exchange.as_str()).map_or_else(String::new, |adapter| {
            let random = for_nonce.try_into().expect("16 of 48 bytes");
            adapter.nonce().spell(now_ms, random)
        }),
    };
    let request = Request {
        method: Method::parse(&ask.method)
            .ok_or_else(|| Failure::invalid("--method: there is no such method"))?,
        path: ask.path,
        query: ask
            .query
            .into_iter()
            .map(|pair| (pair.name, pair.value))
            .collect(),
        body: ask.body,
    };
    let moment = Moment {
        now_ms,
        nonce: &nonce,
        receive_window_ms: ask.receive_window_ms,
        blinding: for_blinding.try_into().expect("32 of 48 bytes"),
    };
    let signed = signer
        .sign(&request, &moment)
        .map_err(|refused| invalid(&refused))?;
    let carries = signed.carries(&credential);
    let url = ["https://", signed.host(), signed.target()].concat();
    Ok(SignedRequest {
        exchange: exchange.as_str().to_owned(),
        environment,
        method: signed.method().as_str().to_owned(),
        url: SecretText::new(url).into(),
        headers: signed
            .headers()
            .map(|header| SignedHeader {
                name: header.name.to_owned(),
                // EXPOSE: to be printed; the person asked for the request.
                value: SecretText::new(header.value.expose().to_owned()).into(),
            })
            .collect(),
        // EXPOSE: the same.
        body: signed
            .body()
            .map(|body| SecretText::new(body.expose().to_owned()).into()),
        class: class(signed.class()),
        binding: binding(signed.binding()),
        carries: carries.into_iter().map(str::to_owned).collect(),
    })
}

pub(super) fn place(environment: Environment) -> Place {
    match environment {
        Environment::Production => Place::Production,
        Environment::Testnet => Place::Testnet,
        Environment::Demo => Place::Demo,
        Environment::Development => Place::Development,
    }
}

fn class(class: Class) -> RequestClass {
    match class {
        Class::Read => RequestClass::Read,
        Class::Cancel => RequestClass::Cancel,
        Class::Trade => RequestClass::Trade,
        Class::Transfer => RequestClass::Transfer,
        Class::Withdraw => RequestClass::Withdraw,
        Class::AccountAdmin => RequestClass::AccountAdmin,
        Class::Unknown => RequestClass::Unknown,
    }
}

fn binding(binding: Binding) -> RequestBinding {
    match binding {
        Binding::Whole => RequestBinding::Whole,
        Binding::NotMethod => RequestBinding::NotMethod,
        Binding::NotBody => RequestBinding::NotBody,
        Binding::NotParameters => RequestBinding::NotParameters,
        Binding::NotCall => RequestBinding::NotCall,
    }
}
