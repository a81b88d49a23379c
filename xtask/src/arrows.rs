//! Who may depend on whom: the arrow table of ARCHITECTURE.md, compared with `cargo metadata`.
//!
//! Only normal dependencies count: tests and build scripts may use anything. The same bans on
//! outside crates stand in `deny.toml`; here they are checked without another program.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace;

/// Package on the left, the packages of ours it may use on the right. What is not listed is
/// forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    ("secret", &[]),
    ("domain", &["secret"]),
    ("crypto", &["secret"]),
    ("store", &["domain", "crypto", "secret"]),
    ("exchanges", &["domain", "secret"]),
    ("formats", &["domain", "crypto", "secret"]),
    (
        "vault",
        &[
            "domain",
            "crypto",
            "store",
            "exchanges",
            "formats",
            "secret",
        ],
    ),
    ("wire", &["secret"]),
    ("agent", &["wire", "vault", "domain", "secret"]),
    ("papers", &["wire"]),
    ("client", &["wire", "secret"]),
    (
        "cli",
        &[
            "client",
            "papers",
            "wire",
            "secret",
            "agent",
            "exchanges",
            "formats",
        ],
    ),
    ("desktop", &["client", "papers", "wire", "secret"]),
];

/// Development tools: they may use anything, and nothing may use them.
const TOOLS: &[&str] = &["strongroom-tests", "xtask"];

/// Outside crates that only some of ours may name. Plain hashes (sha2) are not in the list: the
/// store hashes its buckets with them and no key is involved.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("tauri", &["desktop"]),
    ("rusqlite", &["store"]),
    ("libsqlite3-sys", &["store"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("aes", &["formats"]),
    ("aes-gcm", &["formats"]),
    ("argon2", &["crypto"]),
    ("cbc", &["formats"]),
    ("chacha20poly1305", &["crypto"]),
    ("curve25519-dalek", &["crypto"]),
    ("scrypt", &["crypto", "formats"]),
    ("ed25519-dalek", &["crypto", "exchanges", "formats"]),
    ("hkdf", &["crypto", "exchanges", "formats"]),
    ("hmac", &["crypto", "exchanges", "formats"]),
    ("sha1", &["crypto", "exchanges", "formats"]),
    ("k256", &["exchanges"]),
    ("p256", &["exchanges"]),
    ("rsa", &["exchanges"]),
    ("pbkdf2", &["formats"]),
    ("roxmltree", &["formats"]),
    ("salsa20", &["formats"]),
    ("sha3", &["exchanges", "formats"]),
    ("ureq", &["exchanges"]),
    ("rustls", &["exchanges"]),
    ("rustls-native-certs", &["exchanges"]),
    ("webpki-root-certs", &["exchanges"]),
    ("totp-rs", &["crypto"]),
    ("getrandom", &["crypto", "agent", "cli"]),
    ("zeroizing-alloc", &["secret"]),
    ("notify-rust", &["agent"]),
    ("arboard", &["agent"]),
    ("secret-service", &["agent"]),
];

/// Each package of the workspace with the names of its normal dependencies.
type Manifests = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn run() -> Result<(), String> {
    let broken = violations(&manifests()?);
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("\n  {}", broken.join("\n  ")))
    }
}

fn manifests() -> Result<Manifests, String> {
    let text = workspace::output(
        env!("CARGO"),
        &[
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--locked",
            "--offline",
        ],
    )?;
    let metadata: serde_json::Value =
        serde_json::from_str(&text).map_err(|problem| format!("cargo metadata: {problem}"))?;
    let mut manifests = Manifests::new();
    for package in metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?
    {
        let name = package["name"]
            .as_str()
            .ok_or("a package without a name")?
            .to_owned();
        let uses = package["dependencies"]
            .as_array()
            .ok_or("a package without dependencies")?;
        let normal = uses.iter().filter(|used| used["kind"].is_null());
        let names = normal
            .filter_map(|used| used["name"].as_str())
            .map(str::to_owned)
            .collect();
        manifests.insert(name, names);
    }
    Ok(manifests)
}

/// Every arrow that the table does not allow, in words.
fn violations(manifests: &Manifests) -> Vec<String> {
    let mut broken = Vec::new();
    for (package, uses) in manifests {
        if TOOLS.contains(&package.as_str()) {
            continue;
        }
        let short = package.strip_prefix("strongroom-").unwrap_or(package);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == short) else {
            broken.push(format!("{package} has no line in the arrow table"));
            continue;
        };
        for used in uses {
            if TOOLS.contains(&used.as_str()) {
                broken.push(format!(
                    "{package} uses {used}, which is a development tool"
                ));
            } else if let Some(ours) = used.strip_prefix("strongroom-") {
                if !allowed.contains(&ours) {
                    broken.push(format!("{package} may not depend on {used}"));
                }
            } else if let Some(holders) = holders_of(used)
                && !holders.contains(&short)
            {
                broken.push(format!(
                    "{package} may not use {used}: only {}",
                    holders.join(", ")
                ));
            }
        }
    }
    broken
}

/// Who may name this outside crate; `None` when anyone may. Every `tauri…` crate counts as tauri.
fn holders_of(outside: &str) -> Option<&'static [&'static str]> {
    let name = if outside.starts_with("tauri") {
        "tauri"
    } else {
        outside
    };
    WRAPPERS
        .iter()
        .find(|(wrapped, _)| *wrapped == name)
        .map(|(_, holders)| *holders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(package: &str, uses: &[&str], expected: &[&str]) {
        let uses = uses.iter().map(|used| (*used).to_owned()).collect();
        let manifests = Manifests::from([(package.to_owned(), uses)]);
        assert_eq!(violations(&manifests), expected, "{package}");
    }

    #[test]
    fn this_workspace_keeps_to_the_arrow_table() {
        let manifests = manifests().expect("cargo metadata answers");
        assert!(
            manifests.len() >= 13,
            "only {} packages seen",
            manifests.len()
        );
        assert_eq!(violations(&manifests), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_named() {
        check(
            "strongroom-cli",
            &["strongroom-vault"],
            &["strongroom-cli may not depend on strongroom-vault"],
        );
        check(
            "strongroom-domain",
            &["strongroom-crypto", "strongroom-secret"],
            &["strongroom-domain may not depend on strongroom-crypto"],
        );
        check(
            "strongroom-wallet",
            &[],
            &["strongroom-wallet has no line in the arrow table"],
        );
        check(
            "strongroom-vault",
            &["xtask"],
            &["strongroom-vault uses xtask, which is a development tool"],
        );
    }

    #[test]
    fn an_outside_crate_in_the_wrong_place_is_named() {
        check(
            "strongroom-vault",
            &["rusqlite"],
            &["strongroom-vault may not use rusqlite: only store"],
        );
        check(
            "strongroom-agent",
            &["tauri-plugin-dialog"],
            &["strongroom-agent may not use tauri-plugin-dialog: only desktop"],
        );
        check("strongroom-crypto", &["argon2", "hmac"], &[]);
        check("xtask", &["rusqlite", "clap"], &[]);
    }
}
