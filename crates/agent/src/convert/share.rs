//! People and shares: rows and views out, asks in.

use strongroom_domain::share::{History, Reach, Scope};
use strongroom_domain::{AccountLabel, Tag, UtcMs};
use strongroom_vault as vault;
use strongroom_vault::{Contact, ContactId, Grant, OpenVault};
use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault};

use super::{Told, Twin, moment, refused};
use crate::session::Opened;

/// Tags, accounts or keys that are named one by one in a request.
const MOST_NAMED: usize = 1000;

pub(crate) fn contact_view(
    vault: &OpenVault,
    contact: &Contact,
    to_rotate: u32,
) -> wire::ContactView {
    let grant = contact.grant.as_ref();
    wire::ContactView {
        id: contact.id.to_string(),
        name: contact.name.to_string(),
        fingerprint: contact.fingerprint().to_string(),
        card: contact.card.to_text(),
        state: contact.state.to_wire(),
        role: grant.map(|grant| grant.role.to_wire()),
        scope_words: grant
            .map(|grant| vault.scope_words(&grant.scope))
            .unwrap_or_default(),
        scope: grant
            .map(|grant| scope_view(vault, &grant.scope))
            .unwrap_or_default(),
        added_ms: contact.added.ms(),
        shared_ms: contact.shared.map(UtcMs::ms),
        imported_ms: contact.imported().map(UtcMs::ms),
        removed_ms: contact.removed.map(UtcMs::ms),
        to_rotate,
    }
}

pub(crate) fn scope_view(vault: &OpenVault, scope: &Scope) -> wire::ShareScope {
    let names = vault.scope_names(scope);
    // A scope that names thousands of keys does not fit a frame; the words say how many.
    let some = |mut names: Vec<String>| {
        names.truncate(MOST_NAMED);
        names
    };
    wire::ShareScope {
        all: *scope.reach() == Reach::Everything,
        tags: some(names.tags),
        accounts: some(names.accounts),
        keys: some(names.keys),
    }
}

/// Which keys a request means.
pub(crate) fn reach(opened: &mut Opened, scope: &wire::ShareScope) -> Result<Reach, Fault> {
    let named = [&scope.tags, &scope.accounts, &scope.keys];
    if scope.all {
        return match named.iter().all(|names| names.is_empty()) {
            true => Ok(Reach::Everything),
            false => Err(refused(
                "the keys",
                "everything, or what is named; not both",
            )),
        };
    }
    if named.iter().any(|names| names.len() > MOST_NAMED) {
        return Err(refused(
            "the keys",
            format!("at most {MOST_NAMED} names at once"),
        ));
    }
    let tags = scope.tags.iter().map(|tag| Tag::parse(tag));
    let tags = tags
        .collect::<Result<_, _>>()
        .map_err(|why| refused("a tag", why))?;
    let mut accounts = std::collections::BTreeSet::new();
    for name in &scope.accounts {
        let label = AccountLabel::parse(name).map_err(|why| refused("an account", why))?;
        let found = opened.vault.accounts_called(&label).map_err(Told::told)?;
        if found.is_empty() {
            return Err(Fault::new(
                ErrorCode::NotFound,
                "there is no account of that name",
            ));
        }
        accounts.extend(found);
    }
    let keys = scope.keys.iter().map(|key| opened.vault.find_key(key));
    let keys = keys.collect::<Result<_, _>>().map_err(Told::told)?;
    // A scope checks that it names something.
    let scope = Scope::only(tags, accounts, keys, History::Without);
    scope
        .map(|scope| scope.reach().clone())
        .map_err(|why| refused("the keys", why))
}

pub(crate) fn grant(
    opened: &mut Opened,
    role: wire::ShareRole,
    scope: &wire::ShareScope,
) -> Result<Grant, Fault> {
    let scope = match reach(opened, scope)? {
        Reach::Everything => Scope::everything(History::Without),
        Reach::Only {
            tags,
            accounts,
            keys,
        } => Scope::only(tags, accounts, keys, History::Without)
            .map_err(|why| refused("the keys", why))?,
    };
    Ok(Grant {
        role: Twin::from_wire(role),
        scope,
    })
}

pub(crate) fn share_ask(
    opened: &mut Opened,
    ask: &wire::ShareAsk,
) -> Result<vault::ShareAsk, Fault> {
    let to = ask.to.iter().map(|name| contact(opened, name));
    Ok(vault::ShareAsk {
        to: to
            .map(|found| found.map(|contact| contact.id))
            .collect::<Result<Vec<ContactId>, Fault>>()?,
        role: ask.role.map(Twin::from_wire),
        reach: match &ask.scope {
            Some(scope) => Some(reach(opened, scope)?),
            None => None,
        },
        history: match ask.history {
            true => History::With,
            false => History::Without,
        },
        expires: ask
            .expires_ms
            .map(|ms| moment("the end of the share", ms))
            .transpose()?,
        lock: match ask.passphrase {
            true => vault::Lock::Passphrase,
            false => vault::Lock::Recipients,
        },
    })
}

/// An ask as a face would make it, for a share that is to be made again.
pub(crate) fn share_ask_view(vault: &OpenVault, ask: &vault::ShareAsk) -> wire::ShareAsk {
    let scope = ask.reach.clone().map(|reach| match reach {
        Reach::Everything => wire::ShareScope {
            all: true,
            ..wire::ShareScope::default()
        },
        Reach::Only {
            tags,
            accounts,
            keys,
        } => Scope::only(tags, accounts, keys, ask.history)
            .map(|scope| scope_view(vault, &scope))
            .unwrap_or_default(),
    });
    wire::ShareAsk {
        to: ask.to.iter().map(ToString::to_string).collect(),
        role: ask.role.map(Twin::to_wire),
        scope,
        history: ask.history == History::With,
        expires_ms: ask.expires.map(UtcMs::ms),
        passphrase: ask.lock == vault::Lock::Passphrase,
    }
}

pub(crate) fn contact(opened: &mut Opened, selector: &str) -> Result<Contact, Fault> {
    opened.vault.find_contact(selector).map_err(Told::told)
}
