//! What is wrong with a page, for those who look and for those who listen.
//!
//! Not here: what should stand in the page; that is what the suites say.

use serde_json::Value;

use crate::wait::{Deadline, wait_for};
use crate::webdriver::Window;

/// The rules of axe-core, as the front end's tests have them.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/node_modules/axe-core/axe.min.js"
);

impl Window {
    /// Waits until what moves or fades in has come to rest: contrast is measured on what stays.
    #[track_caller]
    pub fn wait_until_settled(&self) {
        let moving = "return document.getAnimations().filter(one => \
                      Number.isFinite(one.effect?.getComputedTiming().endTime) && \
                      one.playState === 'running').length";
        wait_for("the end of every movement", Deadline::Short, || {
            (self.run(moving, &[]).ok()? == 0).then_some(())
        });
    }

    /// What axe-core finds wrong, contrast included, and every control without a name.
    ///
    /// # Panics
    /// When the front end's packages are not installed, or no page answers.
    #[track_caller]
    pub fn violations(&self) -> Vec<String> {
        self.wait_until_settled();
        let has_axe = self.run("return typeof axe === 'object'", &[]);
        if has_axe.expect("a page answers") != true {
            let script = std::fs::read_to_string(AXE).expect("run `scripts/ui.sh install`");
            self.run(&script, &[]).expect("axe-core loads");
        }
        let script = "return axe.run().then(found => found.violations.map(one => \
                      `${one.id}: ${one.nodes.map(node => node.html).join(' | ')}`))";
        let told = self.run(script, &[]).expect("axe-core runs");
        let list = told.as_array().expect("a script gives a list");
        let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
        let mut found: Vec<String> = list.iter().map(text).collect();
        found.extend(self.nameless());
        found
    }

    /// The controls in sight to which the web view computes no name.
    fn nameless(&self) -> Vec<String> {
        let script = "const roles = 'button, a[href], input, select, textarea, [tabindex=\"0\"], \
                        [role=button], [role=radio], [role=switch], [role=combobox], [role=menuitem]'; \
                      return [...document.querySelectorAll(roles)].filter(it => \
                        it.getClientRects().length > 0 && it.closest('[aria-hidden=true]') === null)";
        let controls = self.run(script, &[]).expect("a page answers");
        let mut found = Vec::new();
        for control in controls.as_array().expect("a script gives a list") {
            let name = self.accessible_name(control).unwrap_or_default();
            if name.is_empty() {
                let outer = "return arguments[0].outerHTML";
                let told = self.run(outer, std::slice::from_ref(control));
                found.push(format!("no name: {}", told.unwrap_or_default()));
            }
        }
        found
    }
}
