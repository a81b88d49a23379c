//! The network worker: sends one signed request to an exchange, reads the answer and says what it
//! tells of the key.
//!
//! It is a process of its own for this one question, started by the agent. It has no key and no
//! vault, an empty environment, and nothing open but the pipe it is asked through; what it reads
//! comes from the network, so nobody believes it further than the form of its report.

use std::io::{self, Write};
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use strongroom_exchanges::catalogue::{self, Facts, Reads};
use strongroom_exchanges::net::{self, Loopback, Outgoing, Way};
use strongroom_exchanges::reading::{self, Asked, ReadError, Reading, SeenExpiry, Standing};
use strongroom_exchanges::refusal::{Meaning, Refusal};
use strongroom_exchanges::{Tri, UtcMs, Verb};
use strongroom_secret::{SecretBytes, close_inherited_descriptors};
use strongroom_wire::{
    ErrorCode, LoopbackExchange, NotAnswered, Permissions, SecretField, Seen, SeenAllowlist,
    Unreadable, WorkerAct, WorkerOutcome, WorkerReport, WorkerRequest, WorkerTask, parse_payload,
    read_frame, write_frame,
};

use crate::failure::Failure;
use crate::link::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: Arguments, _: &mut Context) -> Result<ExitCode, Failure> {
    narrow();
    let broken = |_| Failure::new(ErrorCode::Internal, "the worker was not asked in its form");
    let payload = read_frame(&mut io::stdin().lock()).map_err(broken)?;
    let task: WorkerTask = parse_payload(&payload).map_err(broken)?;
    drop(payload);
    let report = answered(task);
    let mut stdout = io::stdout().lock();
    write_frame(&mut stdout, &report).map_err(broken)?;
    stdout
        .flush()
        .map_err(|error| Failure::file("the report cannot be written", &error))?;
    Ok(ExitCode::SUCCESS)
}

/// What this process never needs it gives away before it reads anything. Each is one fence more;
/// where the system has none of them the others stand.
fn narrow() {
    close_inherited_descriptors(None);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let _ = rustix::thread::set_no_new_privs(true);
    // No file is ever written here, and the report goes into a pipe.
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Fsize, none);
    let seconds = Rlimit {
        current: Some(20),
        maximum: Some(20),
    };
    let _ = setrlimit(Resource::Cpu, seconds);
}

fn answered(task: WorkerTask) -> WorkerReport {
    let unknown = WorkerReport {
        server_ms: None,
        outcome: WorkerOutcome::NotAnswered {
            why: NotAnswered::Stranger,
        },
    };
    let Some(facts) = catalogue::facts(&task.exchange) else {
        return unknown;
    };
    let Some(call) = facts.call(&task.call) else {
        return unknown;
    };
    let (status, server_ms, body) = match task.act {
        WorkerAct::Read { answer } => (None, None, answer.into_secret().into_bytes()),
        WorkerAct::Send {
            request,
            loopback,
            proxy,
            deadline_ms,
        } => {
            let deadline = Duration::from_millis(u64::from(deadline_ms));
            match sent(facts, request, loopback, proxy, deadline) {
                Ok(came) => (Some(came.status), came.server_ms, came.body),
                Err(why) => {
                    return WorkerReport {
                        server_ms: None,
                        outcome: WorkerOutcome::NotAnswered { why },
                    };
                }
            }
        }
    };
    let asked = Asked {
        key: task.key.as_deref(),
        agent: task.agent.as_deref(),
        received: UtcMs::parse(task.now_ms).unwrap_or(UtcMs::EPOCH),
        status,
    };
    WorkerReport {
        server_ms,
        outcome: outcome(facts, &call.name, call.reads, &body, &asked),
    }
}

fn sent(
    facts: &'static Facts,
    request: WorkerRequest,
    loopback: Option<LoopbackExchange>,
    proxy: Option<SecretField>,
    deadline: Duration,
) -> Result<net::Incoming, NotAnswered> {
    // The host of another exchange is as much a stranger as any other.
    if !facts.hosts.iter().any(|host| host.name() == request.host) {
        return Err(NotAnswered::Stranger);
    }
    let loopback = loopback
        .map(|loopback| Loopback::parse(&loopback.url, loopback.authority))
        .transpose()
        .map_err(|_| NotAnswered::Stranger)?;
    let outgoing = Outgoing {
        method: request.method,
        host: request.host,
        target: request.target.into_secret(),
        headers: request
            .headers
            .into_iter()
            .map(|header| (header.name, header.value.into_secret()))
            .collect(),
        body: request.body.map(SecretField::into_secret),
    };
    let way = Way {
        loopback,
        proxy: proxy.map(SecretField::into_secret),
    };
    net::send(&outgoing, &way, deadline).map_err(not_answered)
}

fn not_answered(why: net::NotAnswered) -> NotAnswered {
    use net::NotAnswered as Theirs;
    match why {
        Theirs::Stranger => NotAnswered::Stranger,
        Theirs::Request => NotAnswered::Request,
        Theirs::NotFound => NotAnswered::NotFound,
        Theirs::NoConnection => NotAnswered::NoConnection,
        Theirs::Proxy => NotAnswered::Proxy,
        Theirs::TimedOut => NotAnswered::TimedOut,
        Theirs::Certificate => NotAnswered::Certificate,
        Theirs::Tls => NotAnswered::Tls,
        Theirs::Redirect => NotAnswered::Redirect,
        Theirs::TooLong => NotAnswered::TooLong,
        Theirs::Cut => NotAnswered::Cut,
        Theirs::NotHttp => NotAnswered::NotHttp,
    }
}

fn outcome(
    facts: &'static Facts,
    call: &str,
    reads: Reads,
    body: &SecretBytes,
    asked: &Asked<'_>,
) -> WorkerOutcome {
    // EXPOSE: read into types that hold nothing secret; the bytes are wiped with this process.
    let body = body.expose();
    if reads == Reads::Uid {
        return match reading::read_uid(facts, call, body, asked) {
            Ok(uid) => WorkerOutcome::Uid { uid },
            Err(unread) => failed(unread),
        };
    }
    match reading::read(facts, call, body, asked) {
        Ok(reading) => WorkerOutcome::Seen {
            seen: seen(reading),
        },
        Err(unread) => failed(unread),
    }
}

fn failed(unread: ReadError) -> WorkerOutcome {
    let why = match unread {
        ReadError::Refused(refusal) => return refused(&refusal),
        ReadError::TooLong { .. } => Unreadable::TooLong,
        ReadError::Empty => Unreadable::Empty,
        ReadError::WebPage => Unreadable::WebPage,
        ReadError::Cut => Unreadable::Cut,
        ReadError::NotJson => Unreadable::NotJson,
        ReadError::TooDeep => Unreadable::TooDeep,
        ReadError::NameTwice => Unreadable::NameTwice,
        ReadError::Form { .. } | ReadError::NoSuchCall => Unreadable::Form,
        ReadError::WhichKey => Unreadable::WhichKey,
        ReadError::NotListed => Unreadable::NotListed,
    };
    WorkerOutcome::Unreadable { why }
}

fn refused(refusal: &Refusal) -> WorkerOutcome {
    let number = |meaning: &Meaning| {
        let place = Meaning::ALL.iter().position(|one| one == meaning);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(u8::MAX)
    };
    let address: Option<IpAddr> = refusal.address;
    WorkerOutcome::Refused {
        meaning: number(&refusal.meaning),
        also: refusal.also.iter().map(number).collect(),
        address,
    }
}

/// No more of a list leaves than a person would look at; a frame has room for it.
const MOST: usize = 200;

fn seen(reading: Reading) -> Seen {
    let words = |words: &mut dyn Iterator<Item = String>| words.take(MOST).collect::<Vec<_>>();
    Seen {
        permissions: permissions(&reading),
        native: words(&mut reading.permissions.native().iter().map(ToString::to_string)),
        unknown_words: words(&mut reading.unknown_words.iter().map(ToString::to_string)),
        allowlist: match &reading.allowlist {
            reading::SeenAllowlist::Listed { rules, unread } => SeenAllowlist::Listed {
                addresses: words(&mut rules.iter().map(ToString::to_string)),
                unread: u32::try_from(unread + rules.len().saturating_sub(MOST))
                    .unwrap_or(u32::MAX),
            },
            reading::SeenAllowlist::Restricted => SeenAllowlist::Restricted {},
            reading::SeenAllowlist::Unrestricted => SeenAllowlist::Unrestricted {},
            reading::SeenAllowlist::Unknown => SeenAllowlist::Unknown {},
        },
        expiry: match reading.expiry {
            SeenExpiry::At(at) => strongroom_wire::SeenExpiry::At { at_ms: at.ms() },
            SeenExpiry::Never => strongroom_wire::SeenExpiry::Never {},
            SeenExpiry::NotReported => strongroom_wire::SeenExpiry::NotReported {},
        },
        created_ms: reading.created.map(UtcMs::ms),
        last_used_ms: reading.last_used.map(UtcMs::ms),
        label: reading.label.as_ref().map(ToString::to_string),
        stopped: match &reading.standing {
            Standing::Stopped(word) => Some(word.to_string()),
            Standing::Working | Standing::NotReported => None,
        },
        notes: words(&mut reading.notes.iter().map(|note| (*note).to_owned())),
    }
}

fn permissions(reading: &Reading) -> Permissions {
    let of = |verb| match reading.permissions.get(verb) {
        Tri::Yes => strongroom_wire::Tri::Yes,
        Tri::No => strongroom_wire::Tri::No,
        Tri::Unknown => strongroom_wire::Tri::Unknown,
    };
    Permissions {
        read: of(Verb::Read),
        spot: of(Verb::Spot),
        margin: of(Verb::Margin),
        derivatives: of(Verb::Derivatives),
        transfer: of(Verb::Transfer),
        withdraw: of(Verb::Withdraw),
        sub_accounts: of(Verb::SubAccounts),
        key_admin: of(Verb::KeyAdmin),
    }
}
