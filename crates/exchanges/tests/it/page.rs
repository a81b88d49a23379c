//! The tables of `docs/exchanges.md` say what the data files say.

use strongroom_exchanges::catalogue::{
    Call, Detail, ExpiryRule, Facts, Reads, RuleKind, Status, Told, all,
};

/// A row of the page.
fn row(facts: &Facts) -> String {
    let name = match &facts.status {
        Status::Active => facts.name.clone(),
        Status::Regional { .. } => format!("{} (regional)", facts.name),
        Status::Closed { on } => format!("{} (closed {on})", facts.name),
    };
    let confidence = format!("{:?}", facts.confidence).to_lowercase();
    format!(
        "| {name} | {} | {confidence} | {} | {} | {} |",
        facts.as_of,
        tells(facts),
        allowlist(facts),
        ends(facts)
    )
}

fn tells(facts: &Facts) -> String {
    if facts.detail == Detail::Recognition {
        return "not asked".to_owned();
    }
    let of_key = |call: &&Call| matches!(call.reads, Reads::Key | Reads::Agents);
    let Some(call) = facts.calls.iter().find(of_key) else {
        return "only whether it works".to_owned();
    };
    let reports = &call.reports;
    let words = [
        (reports.permissions, "rights"),
        (reports.addresses, "addresses"),
        (reports.expiry, "end"),
        (reports.created, "made"),
        (reports.last_used, "last used"),
        (reports.label, "name"),
    ];
    let mut told: Vec<&str> = words
        .iter()
        .filter(|(told, _)| *told != Told::No)
        .map(|(_, word)| *word)
        .collect();
    if reports.restricted == Told::Yes && reports.addresses == Told::No {
        told.insert(1, "whether there is an allowlist");
    }
    told.join(", ")
}

fn allowlist(facts: &Facts) -> String {
    let allowlist = &facts.allowlist;
    match (allowlist.offered, allowlist.most) {
        (Told::No, _) => "none".to_owned(),
        (Told::Unknown, _) => "unknown".to_owned(),
        (Told::Yes, Some(most)) => format!("up to {most}"),
        (Told::Yes, None) => "yes".to_owned(),
    }
}

fn ends(facts: &Facts) -> String {
    let mut words: Vec<String> = facts.expiry.iter().filter_map(ending).collect();
    words.dedup();
    if words.is_empty() {
        "none known".to_owned()
    } else {
        words.join("; ")
    }
}

fn ending(rule: &ExpiryRule) -> Option<String> {
    let days: Vec<String> = rule.days.iter().map(u16::to_string).collect();
    let days = match days.as_slice() {
        [] => "some time".to_owned(),
        _ => format!("{} days", days.join("/")),
    };
    let spared = if rule.without_allowlist {
        " without an allowlist"
    } else {
        ""
    };
    Some(match rule.kind {
        RuleKind::SinceCreation | RuleKind::SessionLife => format!("{days}{spared}"),
        RuleKind::Inactivity => format!("{days} unused{spared}"),
        RuleKind::PasswordChange => format!("{days} after a new password{spared}"),
        RuleKind::ChosenDate => "a chosen date".to_owned(),
        RuleKind::Replaced => "when replaced".to_owned(),
        RuleKind::Closed => "closed".to_owned(),
        RuleKind::Never | RuleKind::NoneKnown => return None,
    })
}

#[test]
fn the_page_about_exchanges_says_what_the_data_files_say() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/exchanges.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let rows: Vec<String> = all().iter().map(row).collect();
    let missing: Vec<&String> = rows
        .iter()
        .filter(|row| !page.lines().any(|line| line == row.as_str()))
        .collect();
    let wanted: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert!(
        missing.is_empty(),
        "the table of docs/exchanges.md should be\n{}",
        wanted.join("\n")
    );
}
