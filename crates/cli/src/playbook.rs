//! Playbooks: what is to be done in an incident, as files a team can edit.
//!
//! Those of the program are files too, and are printed to be edited. Not here: an incident.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use strongroom_wire::PlaybookText;

use crate::failure::Failure;

/// A playbook as it stands in a file. Fields that are not known are refused: a misspelt one would
/// be a step that nobody sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Playbook {
    pub(crate) id: String,
    pub(crate) title: String,
    /// When it is the right one.
    pub(crate) when: String,
    pub(crate) steps: Vec<String>,
    /// What is to be known in the end.
    pub(crate) questions: Vec<String>,
    /// To those concerned; `{about}`, `{opened}` and `{count}` are filled in, and nothing else.
    pub(crate) message: String,
}

const BUILT_IN: &[(&str, &str)] = &[
    ("key-leaked", include_str!("../playbooks/key-leaked.json")),
    (
        "vendor-breached",
        include_str!("../playbooks/vendor-breached.json"),
    ),
    ("laptop-lost", include_str!("../playbooks/laptop-lost.json")),
    ("person-left", include_str!("../playbooks/person-left.json")),
    (
        "service-dropped",
        include_str!("../playbooks/service-dropped.json"),
    ),
    ("phished", include_str!("../playbooks/phished.json")),
    (
        "exchange-breached",
        include_str!("../playbooks/exchange-breached.json"),
    ),
];

/// Longer than any playbook.
const MOST_BYTES: u64 = 64 * 1024;

/// Every playbook of the program.
pub(crate) fn all() -> impl Iterator<Item = Playbook> {
    BUILT_IN
        .iter()
        .filter_map(|(_, text)| serde_json::from_str(text).ok())
}

/// One of the program by its name, or a file by its path.
pub(crate) fn find(name: &str) -> Result<Playbook, Failure> {
    if let Some((_, text)) = BUILT_IN.iter().find(|(id, _)| *id == name) {
        return parse(text);
    }
    let is_path = name.contains('/') || name.ends_with(".json");
    if !is_path {
        let names: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
        return Err(Failure::invalid(format!(
            "no such playbook; there are {}, or give the path of a file",
            names.join(", ")
        )));
    }
    let text = read(Path::new(name))
        .map_err(|error| Failure::file("the playbook cannot be read", &error))?;
    parse(&text)
}

fn read(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn parse(text: &str) -> Result<Playbook, Failure> {
    let playbook: Playbook = serde_json::from_str(text).map_err(|problem| {
        Failure::invalid(format!(
            "the playbook is not one: {problem}; `strongroom incident playbook key-leaked` prints \
             one to edit"
        ))
    })?;
    if playbook.steps.is_empty() {
        return Err(Failure::invalid("a playbook has at least one step"));
    }
    Ok(playbook)
}

impl Playbook {
    pub(crate) fn text(&self) -> PlaybookText {
        PlaybookText {
            id: self.id.clone(),
            steps: self.steps.clone(),
            questions: self.questions.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_playbook_of_the_program_is_one() {
        assert_eq!(all().count(), BUILT_IN.len());
        for (id, text) in BUILT_IN {
            let playbook = parse(text).expect(id);
            assert_eq!(playbook.id, *id);
            let lines = playbook.steps.iter().chain(&playbook.questions);
            for line in lines {
                assert!(line.chars().count() <= 200, "{id}: {line}");
                assert!(line.ends_with(['.', '?']), "{id}: {line}");
            }
            for word in ["{about}", "{opened}"] {
                assert!(playbook.message.contains(word), "{id} lacks {word}");
            }
        }
    }

    #[test]
    fn what_is_no_playbook_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"id":"a","title":"a","when":"a","steps":[],"questions":[],"message":""}"#,
            r#"{"id":"a","title":"a","when":"a","steps":["b"],"questions":[],"message":"","more":1}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(find("no-such-playbook").is_err());
        assert!(find("./not-there.json").is_err());
    }
}
