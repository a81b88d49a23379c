//! Where a host is found: by the system's own look-up, or on the loopback where a test has put it.

use std::net::SocketAddr;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// An exchange played on this machine. Only where the connection goes is changed by it: the
/// request names the exchange's own host, and so must the certificate.
#[derive(Debug, Clone)]
pub struct Loopback {
    pub(super) address: SocketAddr,
    /// The authority to trust beside the usual ones, PEM.
    pub(super) authority: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a base address is `https://`, an address of the loopback and a port, such as https://127.0.0.1:8443; nothing else can stand in for an exchange"
)]
pub struct LoopbackRefused;

impl Loopback {
    /// Takes `https://127.0.0.1:8443` and its like.
    ///
    /// # Errors
    /// Any other form, a name, and an address that is not of the loopback.
    pub fn parse(text: &str, authority: Option<String>) -> Result<Self, LoopbackRefused> {
        let address = text.strip_prefix("https://").ok_or(LoopbackRefused)?;
        let address = address.strip_suffix('/').unwrap_or(address);
        let address: SocketAddr = address.parse().map_err(|_| LoopbackRefused)?;
        if !address.ip().is_loopback() || address.port() == 0 {
            return Err(LoopbackRefused);
        }
        Ok(Self { address, authority })
    }
}

#[derive(Debug)]
pub(super) struct Finder {
    loopback: Option<SocketAddr>,
    usual: DefaultResolver,
}

impl Finder {
    pub(super) fn new(loopback: Option<&Loopback>) -> Self {
        Self {
            loopback: loopback.map(|loopback| loopback.address),
            usual: DefaultResolver::default(),
        }
    }
}

impl Resolver for Finder {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        // With a proxy it is the proxy that is looked for here; the host is its own to find.
        let Some(address) = self.loopback.filter(|_| config.proxy().is_none()) else {
            return self.usual.resolve(uri, config, timeout);
        };
        let mut found = self.empty();
        found.push(address);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_loopback_stands_in_for_an_exchange() {
        for text in [
            "https://127.0.0.1:8443",
            "https://127.9.9.9:1/",
            "https://[::1]:8443",
        ] {
            assert!(Loopback::parse(text, None).is_ok(), "{text}");
        }
        for text in [
            "http://127.0.0.1:8443",
            "https://127.0.0.1",
            "https://127.0.0.1:0",
            "https://localhost:8443",
            "https://192.0.2.1:8443",
            "https://127.0.0.1:8443/path",
            "https://127.0.0.1:8443@192.0.2.1:443",
            "https://user@127.0.0.1:8443",
            "https://0.0.0.0:8443",
            "https://[::ffff:192.0.2.1]:8443",
            "",
        ] {
            assert!(Loopback::parse(text, None).is_err(), "{text}");
        }
    }
}
