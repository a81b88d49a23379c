//! Papers for people: the playbooks of incidents, packs of evidence, reports.
//!
//! Made from what the agent tells its faces, so none of them holds a secret; both faces write the
//! same paper from here. Deliberately not here: asking the agent, and writing any file.

mod evidence;
mod playbook;
mod report;
mod sanitise;
mod words;

pub use evidence::{Clock, Pack};
pub use playbook::{NotAPlaybook, Playbook, built_in, parse, playbooks};
pub use report::{Format, Report, ReportKind, RotateLine};
pub use sanitise::{sanitise, sanitise_lines};
pub use words::{allowlist_summary, environment, standing, state};
