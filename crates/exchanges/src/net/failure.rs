//! Why no answer came. Nothing of the request, the answer or the way stands in it.

use std::io;

use ureq::Timeout;

/// A closed set, so that a worker can tell it without words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnswered {
    #[error("the host is not one of the exchange's that this version knows")]
    Stranger,
    #[error("the request cannot be sent in this form")]
    Request,
    #[error("the name of the exchange cannot be looked up; look whether this machine is online")]
    NotFound,
    #[error("no connection can be made; look whether this machine is online")]
    NoConnection,
    #[error("the proxy is not one, or does not let this through")]
    Proxy,
    #[error("no answer came in time; ask again later")]
    TimedOut,
    #[error(
        "the answer came from somebody who cannot prove to be the exchange: somebody stands in between, such as a proxy that looks inside, or this machine's clock is far off"
    )]
    Certificate,
    #[error("no encrypted connection could be agreed on")]
    Tls,
    #[error("the exchange points to another address; it is not followed")]
    Redirect,
    #[error("the answer is longer than any answer about a key; it was not read to its end")]
    TooLong,
    #[error("the connection ended in the middle of the answer; ask again")]
    Cut,
    #[error("what came back is not HTTP")]
    NotHttp,
}

impl NotAnswered {
    /// Whether nothing of the request can have left.
    pub(super) fn is_before_sending(self) -> bool {
        matches!(self, Self::NotFound | Self::NoConnection)
    }

    pub(super) fn from_client(error: &ureq::Error) -> Self {
        use ureq::Error as E;
        match error {
            E::HostNotFound => Self::NotFound,
            E::ConnectionFailed | E::Timeout(Timeout::Resolve | Timeout::Connect) => {
                Self::NoConnection
            }
            E::Timeout(_) => Self::TimedOut,
            E::BodyExceedsLimit(_) | E::LargeResponseHeader(..) => Self::TooLong,
            E::TooManyRedirects | E::RedirectFailed => Self::Redirect,
            E::InvalidProxyUrl | E::ConnectProxyFailed(_) => Self::Proxy,
            E::Rustls(error) => Self::from_tls(error),
            E::Tls(_) => Self::Tls,
            E::Io(error) => Self::from_io(error),
            E::Http(_) | E::BadUri(_) | E::RequireHttpsOnly(_) => Self::Request,
            _ => Self::NotHttp,
        }
    }

    fn from_io(error: &io::Error) -> Self {
        let inside = error.get_ref();
        if let Some(tls) = inside.and_then(|inside| inside.downcast_ref::<rustls::Error>()) {
            return Self::from_tls(tls);
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown => Self::NoConnection,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            _ => Self::Cut,
        }
    }

    fn from_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                Self::Certificate
            }
            _ => Self::Tls,
        }
    }
}
