//! The accessibility bus, and what a screen reader is told over it.

use std::process::Stdio;

use serde_json::Value;

use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, wait_for};

/// Debian's place of at-spi2-core's launcher.
const LAUNCHER: &str = "/usr/libexec/at-spi-bus-launcher";

const CONTROLS: &str = include_str!("../programs/controls.py");

/// A control that a window shows, as assistive technology is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// As AT-SPI calls it, such as `push button`.
    pub role: String,
    /// Empty where it has none.
    pub name: String,
}

pub(crate) fn start(sandbox: &Sandbox) -> Owned {
    let mut launcher = sandbox.tool(LAUNCHER);
    launcher
        .args(["--launch-immediately", "--screen-reader=1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let launcher = Owned::start(&mut launcher);
    wait_for("the accessibility bus", Deadline::Long, || {
        sandbox.has_owner("org.a11y.Bus").then_some(())
    });
    launcher
}

impl Sandbox {
    /// What a program shows to be operated, in the order of its windows and pages.
    ///
    /// # Panics
    /// When the bus cannot be asked (python3-gi and gir1.2-atspi-2.0 are needed).
    #[track_caller]
    pub fn controls(&self, program: &str) -> Vec<Control> {
        // Debian's python, where the packages put their modules.
        let mut asking = self.tool("/usr/bin/python3");
        let told = asking.args(["-c", CONTROLS, program]).output();
        let told = told.expect("python runs");
        let list: Value = serde_json::from_slice(&told.stdout).unwrap_or_else(|_| {
            panic!(
                "the accessibility bus: {}",
                String::from_utf8_lossy(&told.stderr)
            )
        });
        let field = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let list = list.as_array().expect("a list of controls");
        list.iter()
            .map(|one| Control {
                role: field(one, "role"),
                name: field(one, "name"),
            })
            .collect()
    }
}
