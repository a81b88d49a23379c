//! What an import would do, as a table: every key, and every value of the source with what becomes
//! of it.

use strongroom_wire::ImportPlanView;

use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

pub(super) fn page(plan: &ImportPlanView, output: Output) -> String {
    let mut text = String::new();
    if plan.drafts.is_empty() {
        text.push_str("No key was found in it.\n");
    } else {
        let mut table = Table::new(&[
            "KEY",
            "EXCHANGE",
            "ACCOUNT",
            "ENVIRONMENT",
            "FIELDS",
            "RECORDED",
        ]);
        for draft in &plan.drafts {
            table.row([
                sanitise(&draft.label),
                sanitise(&draft.exchange),
                sanitise(&draft.account),
                words::environment(draft.environment).to_owned(),
                words::names(&draft.fields),
                match &draft.already {
                    Some(label) => format!("already, as {}", sanitise(label)),
                    None => "new".to_owned(),
                },
            ]);
        }
        text.push_str(&table.print(output));
    }
    text.push('\n');
    let mut table = Table::new(&["IN THE FILE", "OUTCOME", "WHERE TO, OR WHY"]);
    for field in &plan.fields {
        let tone = match field.outcome.as_str() {
            "taken" => Tone::Green,
            "not-imported" => Tone::Amber,
            _ => Tone::Quiet,
        };
        table.row([
            sanitise(&field.place),
            output.paint(tone, &field.outcome.replace('-', " ")),
            sanitise(&field.detail),
        ]);
    }
    text.push_str(&table.print(output));
    let warnings = plan.drafts.iter().flat_map(|draft| {
        let label = sanitise(&draft.label);
        draft
            .warnings
            .iter()
            .map(move |warning| format!("{label}: {}", sanitise(warning)))
    });
    let notes = plan.notes.iter().map(|note| sanitise(note));
    for line in warnings.chain(notes) {
        text.push_str(&format!("{} {line}\n", output.paint(Tone::Amber, "note:")));
    }
    text
}
