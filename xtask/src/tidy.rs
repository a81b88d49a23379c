//! House rules that neither the compiler nor clippy sees.
//!
//! Not here: formatting (`cargo fmt`), spelling (`typos`), who depends on whom (`arrows`).

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::workspace;

/// Past this many lines a file is a smell: reported, not refused.
const LONG_FILE: usize = 400;

/// How far above a call that opens a secret its reason may stand: a statement that rustfmt broke
/// over a few lines has it before its first.
const REASON_WITHIN: usize = 5;

/// Released migrations with their hashes; a released migration is never edited.
const RELEASED: &str = "crates/store/migrations/released.sha256";

const RUST_FOLDERS: &[&str] = &["crates", "src-tauri", "tests", "xtask"];

pub(crate) fn run() -> Result<(), String> {
    for long in long_files() {
        crate::say(&long);
    }
    let broken = violations();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("\n  {}", broken.join("\n  ")))
    }
}

/// Every broken rule, as `path:line: what`.
fn violations() -> Vec<String> {
    let mut broken = Vec::new();
    for path in RUST_FOLDERS
        .iter()
        .flat_map(|folder| workspace::files(folder, "rs"))
    {
        let shown = workspace::shown(&path);
        match std::fs::read_to_string(&path) {
            Ok(text) => broken.extend(rust_file(&shown, &text)),
            Err(problem) => broken.push(format!("{shown}: {problem}")),
        }
    }
    for path in ["ts", "svelte", "css"]
        .iter()
        .flat_map(|kind| workspace::files("ui/src", kind))
    {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        broken.extend(unfinished(&workspace::shown(&path), &text));
    }
    broken.extend(dependency_reasons());
    broken.extend(released_migrations());
    broken
}

fn rust_file(shown: &str, text: &str) -> Vec<String> {
    let mut broken = unfinished(shown, text);
    if !text.trim_start().starts_with("//!") {
        broken.push(format!(
            "{shown}:1: a module starts with `//!`: what it is and what is not in it"
        ));
    }
    broken.extend(exposures_without_reason(shown, text));
    broken
}

/// Marks of unfinished work. The words are put together here so that this file does not hold them.
fn unfinished(shown: &str, text: &str) -> Vec<String> {
    let marks = [
        ["to", "do!("].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
    ];
    let mut broken = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // iCalendar has a component whose name ends in one of them.
        let stands = |mark: &&String| {
            let mut places = line.match_indices(mark.as_str());
            places.any(|(at, _)| !line[..at].ends_with(char::is_alphabetic))
        };
        if let Some(mark) = marks.iter().find(stands) {
            broken.push(format!(
                "{shown}:{}: unfinished work is marked with {mark}",
                number + 1
            ));
        }
    }
    broken
}

/// Calls that open a secret without a comment that says why. Tests are left out: what they open
/// are invented values.
fn exposures_without_reason(shown: &str, text: &str) -> Vec<String> {
    let call = [".expo", "se()"].concat();
    let lines: Vec<&str> = text.lines().collect();
    let not_shipped = ["/tests/", "/examples/", "/benches/"];
    let is_test_file =
        shown.starts_with("tests/") || not_shipped.iter().any(|folder| shown.contains(folder));
    let product = lines
        .iter()
        .position(|line| line.trim() == "#[cfg(test)]")
        .unwrap_or(lines.len());
    let mut broken = Vec::new();
    for (at, line) in lines
        .iter()
        .enumerate()
        .take(if is_test_file { 0 } else { product })
    {
        if !line.contains(&call) || line.trim_start().starts_with("//") {
            continue;
        }
        let above = &lines[at.saturating_sub(REASON_WITHIN)..=at];
        if !above.iter().any(|near| near.contains("// EXPOSE:")) {
            broken.push(format!(
                "{shown}:{}: a secret is opened without `// EXPOSE:` and why",
                at + 1
            ));
        }
    }
    broken
}

/// Outside dependencies without a reason beside them, in the manifests of what is shipped.
fn dependency_reasons() -> Vec<String> {
    let mut broken = Vec::new();
    for folder in ["crates", "src-tauri"] {
        for path in workspace::files(folder, "toml") {
            if path.file_name().is_some_and(|name| name == "Cargo.toml") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                broken.extend(manifest_without_reasons(&workspace::shown(&path), &text));
            }
        }
    }
    broken
}

fn manifest_without_reasons(shown: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim();
        }
        let counts = section == "[dependencies]" && line.contains('=') && !line.starts_with('#');
        if counts && !line.starts_with("strongroom-") && !line.contains("# ") {
            broken.push(format!(
                "{shown}:{}: a dependency without its reason",
                number + 1
            ));
        }
    }
    broken
}

fn released_migrations() -> Vec<String> {
    let root = workspace::root();
    let list = std::fs::read_to_string(root.join(RELEASED)).unwrap_or_default();
    let mut broken = Vec::new();
    for line in list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
    {
        let Some((sum, name)) = line.split_once("  ") else {
            broken.push(format!("{RELEASED}: `{line}` is not `hash  file`"));
            continue;
        };
        let path = root.join("crates/store/migrations").join(name);
        match hash_of(&path) {
            Some(found) if found == sum => {}
            Some(_) => broken.push(format!(
                "{name}: a released migration was edited; add a new one"
            )),
            None => broken.push(format!("{name}: a released migration is gone")),
        }
    }
    broken
}

/// SHA-256 of a file in hex, or `None` when it cannot be read.
pub(crate) fn hash_of(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(
        Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    )
}

fn long_files() -> Vec<String> {
    let mut long = Vec::new();
    for path in RUST_FOLDERS
        .iter()
        .flat_map(|folder| workspace::files(folder, "rs"))
    {
        let lines = std::fs::read_to_string(&path)
            .unwrap_or_default()
            .lines()
            .count();
        if lines > LONG_FILE {
            long.push(format!("{}: {lines} lines", workspace::shown(&path)));
        }
    }
    long
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expected: &[&str]) {
        assert_eq!(rust_file(name, text), expected, "{text}");
    }

    #[test]
    fn this_repository_is_tidy() {
        assert_eq!(violations(), Vec::<String>::new());
    }

    #[test]
    fn a_module_without_a_head_is_named() {
        check("a.rs", "//! What it is.\n", &[]);
        check(
            "a.rs",
            "fn main() {}\n",
            &["a.rs:1: a module starts with `//!`: what it is and what is not in it"],
        );
    }

    #[test]
    fn unfinished_work_is_named() {
        let text = format!("//! Head.\nfn late() {{ {}) }}\n", ["to", "do!("].concat());
        let found = rust_file("a.rs", &text);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.rs:2: unfinished work"));
        let part_of_a_name = format!("//! Head.\n// V{} and a word\n", ["TO", "DO"].concat());
        check("a.rs", &part_of_a_name, &[]);
    }

    #[test]
    fn opening_a_secret_needs_a_reason_close_by() {
        let call = ["let k = key.expo", "se();"].concat();
        let missing = ["a.rs:2: a secret is opened without `// EXPOSE:` and why"];
        check("a.rs", &format!("//! Head.\n{call}\n"), &missing);
        check(
            "a.rs",
            &format!("//! Head.\n// EXPOSE: the cipher takes bytes.\n{call}\n"),
            &[],
        );
        check(
            "a.rs",
            &format!("//! Head.\n#[cfg(test)]\nmod tests {{\n{call}\n}}\n"),
            &[],
        );
        check("tests/src/a.rs", &format!("//! Head.\n{call}\n"), &[]);
    }

    #[test]
    fn a_dependency_without_a_reason_is_named() {
        let text = "[dependencies]\nserde.workspace = true\nclap = \"4\" # arguments\n\
                    strongroom-wire.workspace = true\n[dev-dependencies]\ninsta = \"1\"\n";
        let expected = ["c/Cargo.toml:2: a dependency without its reason"];
        assert_eq!(manifest_without_reasons("c/Cargo.toml", text), expected);
    }

    #[test]
    fn the_hash_is_sha_256() {
        let licence = workspace::root().join("rustfmt.toml");
        let sum = hash_of(&licence).expect("the file is there");
        assert_eq!(sum.len(), 64);
        assert_eq!(hash_of(Path::new("/nowhere/at/all")), None);
    }
}
