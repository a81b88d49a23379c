//! A playbook by its name or from a file.
//!
//! Not here: the playbooks themselves, which both faces have (`strongroom-papers`).

use std::io;
use std::path::Path;

use strongroom_papers::{Playbook, built_in, parse, playbooks};

use crate::failure::Failure;

/// Longer than any playbook.
const MOST_BYTES: u64 = 64 * 1024;

/// One of the program by its name, or a file by its path.
pub(crate) fn find(name: &str) -> Result<Playbook, Failure> {
    if let Some(found) = built_in(name) {
        return Ok(found);
    }
    let is_path = name.contains('/') || name.ends_with(".json");
    if !is_path {
        let names: Vec<String> = playbooks().map(|one| one.id).collect();
        return Err(Failure::invalid(format!(
            "no such playbook; there are {}, or give the path of a file",
            names.join(", ")
        )));
    }
    let text = read(Path::new(name))
        .map_err(|error| Failure::file("the playbook cannot be read", &error))?;
    parse(&text).map_err(|problem| Failure::invalid(problem.to_string()))
}

fn read(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_playbook_that_is_not_there_is_refused_with_those_there_are() {
        let refused = find("no-such-playbook").expect_err("refused");
        assert!(refused.to_string().contains("vendor-breached"));
        assert!(find("./not-there.json").is_err());
        assert!(find("key-leaked").is_ok());
    }
}
