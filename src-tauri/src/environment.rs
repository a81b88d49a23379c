//! Variables that would let another program steer the web view.
//!
//! Not here: what a program that runs as the same user can do anyway (see the threat model).

/// Each opens the pages to automation or inspection, in release builds of the libraries too.
const BACK_DOORS: &[&str] = &[
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS",
];

/// Starts this program anew without the variables, if one is set. Taking them out of a running
/// process would race with threads that read the environment.
///
/// # Errors
/// When the program cannot be started again; it must not go on.
pub(crate) fn close_back_doors() -> Result<(), String> {
    // A build that a test drives is steered by just these.
    if cfg!(feature = "e2e") || !is_steered(|name| std::env::var_os(name).is_some()) {
        return Ok(());
    }
    let here = std::env::current_exe().map_err(|problem| format!("no own path: {problem}"))?;
    let mut anew = std::process::Command::new(here);
    anew.args(std::env::args_os().skip(1));
    for name in BACK_DOORS {
        anew.env_remove(name);
    }
    let problem = std::os::unix::process::CommandExt::exec(&mut anew);
    Err(format!(
        "the environment opens the window to other programs, and it could not be closed: {problem}"
    ))
}

fn is_steered(is_set: impl Fn(&str) -> bool) -> bool {
    BACK_DOORS.iter().any(|name| is_set(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_is_enough_and_others_do_not_matter() {
        assert!(is_steered(|name| name == "TAURI_WEBVIEW_AUTOMATION"));
        assert!(is_steered(|name| name == "WEBKIT_INSPECTOR_SERVER"));
        assert!(!is_steered(|name| name == "DISPLAY"));
    }
}
