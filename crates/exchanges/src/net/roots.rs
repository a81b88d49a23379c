//! Whose word counts for who an exchange is: the authorities this machine trusts, and those that
//! come with the program, for machines that have none.

use ureq::tls::{Certificate, PemItem, parse_pem};

use super::place::Loopback;

pub(super) fn trusted(loopback: Option<&Loopback>) -> Vec<Certificate<'static>> {
    // Files of the store that cannot be read are not trusted; that is all they are.
    let store = rustls_native_certs::load_native_certs();
    let machine = store.certs.iter();
    let own = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let mut all: Vec<Certificate<'static>> = machine
        .chain(own)
        .map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned())
        .collect();
    let authority = loopback.and_then(|loopback| loopback.authority.as_deref());
    for item in authority
        .into_iter()
        .flat_map(|pem| parse_pem(pem.as_bytes()))
    {
        if let Ok(PemItem::Certificate(certificate)) = item {
            all.push(certificate);
        }
    }
    all
}
