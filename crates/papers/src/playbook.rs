//! Playbooks: what is to be done in an incident, as files a team can edit.
//!
//! Those of the program are files too, and are printed to be edited. Not here: an incident, and
//! reading a file of somebody's.

use serde::{Deserialize, Serialize};
use strongroom_wire::PlaybookText;

/// A playbook as it stands in a file. Fields that are not known are refused: a misspelt one would
/// be a step that nobody sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Its name, stable: `key-leaked` …
    pub id: String,
    pub title: String,
    /// When it is the right one.
    pub when: String,
    pub steps: Vec<String>,
    /// What is to be known in the end.
    pub questions: Vec<String>,
    /// To those concerned; `{about}`, `{opened}` and `{count}` are filled in, and nothing else.
    pub message: String,
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

/// Why a file is no playbook.
#[derive(Debug, thiserror::Error)]
pub enum NotAPlaybook {
    #[error(
        "the playbook is not one: {0}; `strongroom incident playbook key-leaked` prints one to edit"
    )]
    Shape(#[from] serde_json::Error),
    #[error("a playbook has at least one step")]
    NoSteps,
}

/// Every playbook of the program.
pub fn playbooks() -> impl Iterator<Item = Playbook> {
    BUILT_IN
        .iter()
        .filter_map(|(_, text)| serde_json::from_str(text).ok())
}

/// One of the program by its name.
pub fn built_in(id: &str) -> Option<Playbook> {
    playbooks().find(|one| one.id == id)
}

/// A playbook of somebody's own.
///
/// # Errors
/// [`NotAPlaybook`], with what it lacks.
pub fn parse(text: &str) -> Result<Playbook, NotAPlaybook> {
    let playbook: Playbook = serde_json::from_str(text)?;
    if playbook.steps.is_empty() {
        return Err(NotAPlaybook::NoSteps);
    }
    Ok(playbook)
}

impl Playbook {
    /// What of it is kept with an incident.
    pub fn text(&self) -> PlaybookText {
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
        assert_eq!(playbooks().count(), BUILT_IN.len());
        for (id, text) in BUILT_IN {
            let playbook = parse(text).expect(id);
            assert_eq!(playbook.id, *id);
            assert_eq!(
                built_in(id).map(|one| one.steps),
                Some(playbook.steps.clone())
            );
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
        assert!(built_in("no-such-playbook").is_none());
    }
}
