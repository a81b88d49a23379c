//! What must hold of every data file beyond its fields being known.
//!
//! Run by a test, not by the program: the files are part of it and cannot change after it was
//! built.
//!
//! Deliberately not here: whether a fact is true.

use strongroom_domain::{EXCHANGES, ExchangeStatus};

use super::form::{AllowlistKind, ReadingForm};
use super::model::{Call, Detail, Facts, PagePurpose, Reads, Status};
use super::terms::Told;
use crate::probe;

/// Every broken rule as `exchange, field: what`.
pub(super) fn faults(facts: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    let mut fault = |field: &str, what: &str| found.push(format!("{}, {field}: {what}", facts.id));
    hosts(facts, &mut fault);
    fields(facts, &mut fault);
    pages(facts, &mut fault);
    rights(facts, &mut fault);
    calls(facts, &mut fault);
    errors(facts, &mut fault);
    domain(facts, &mut fault);
    clock(facts, &mut fault);
    full(facts, &mut fault);
    texts(facts, &mut fault);
    found
}

type Fault<'a> = &'a mut dyn FnMut(&str, &str);

fn hosts(facts: &Facts, fault: Fault<'_>) {
    for host in &facts.hosts {
        let name = host.name();
        let plain =
            |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-');
        if !host.base.starts_with("https://") {
            fault("hosts", "an address does not begin with https://");
        } else if !name.bytes().all(plain) || !name.contains('.') || name.ends_with('.') {
            fault("hosts", "an address is more than https:// and a name");
        }
    }
}

fn fields(facts: &Facts, fault: Fault<'_>) {
    if facts.fields.is_empty() {
        fault("fields", "none");
    }
    if !facts
        .fields
        .iter()
        .any(|field| field.secret && field.required)
    {
        fault("fields", "no secret is required");
    }
    for (place, field) in facts.fields.iter().enumerate() {
        if facts.fields[..place]
            .iter()
            .any(|other| other.name == field.name)
        {
            fault("fields", "a name stands twice");
        }
        if field.name.is_known() && field.secret != field.name.is_secret() {
            fault("fields", "the domain masks this field otherwise");
        }
    }
}

fn pages(facts: &Facts, fault: Fault<'_>) {
    for page in &facts.pages {
        let printable = page.url.bytes().all(|c| c.is_ascii_graphic());
        if !page.url.starts_with("https://") || !printable {
            fault("pages", "a page is not an https address");
        }
        if page.purposes.is_empty() {
            fault("pages", "a page is for nothing");
        }
    }
}

fn rights(facts: &Facts, fault: Fault<'_>) {
    let rights = &facts.rights;
    for right in rights.always.iter().chain(&rights.reported) {
        if rights.never.contains(right) {
            fault("rights", "a right is said to be there and never there");
        }
    }
    for (place, word) in rights.words.iter().enumerate() {
        if rights.words[..place]
            .iter()
            .any(|other| other.name == word.name)
        {
            fault("rights.words", "a word stands twice");
        }
        if word.name.trim_matches('*').contains('*') {
            fault("rights.words", "a `*` in the middle of a word");
        }
        // A right a word gives must be one whose absence can be told as well.
        for right in &word.rights {
            if !rights.reported.contains(right) && !rights.always.contains(right) {
                fault("rights.words", "a word gives a right that is not reported");
            }
        }
    }
}

fn calls(facts: &Facts, fault: Fault<'_>) {
    for (place, call) in facts.calls.iter().enumerate() {
        if facts.calls[..place]
            .iter()
            .any(|other| other.name == call.name)
        {
            fault("calls", "a name stands twice");
        }
        if !matches!(call.method.as_str(), "GET" | "POST") {
            fault("calls", "a self-check uses GET and POST");
        }
        if !call.path.starts_with('/') || call.path.contains(['?', '#', ' ', '*']) {
            fault("calls", "a path begins with `/` and ends before the query");
        }
        for environment in &call.environments {
            if facts.host_of(*environment).is_none() {
                fault("calls", "a call in an environment without a host");
            }
        }
        if probe::forbidden(facts, &call.method, &call.path).is_some() {
            fault(
                "calls",
                "a self-check would make a call that must never be made",
            );
        }
        form(call, fault);
    }
    for call in &facts.never {
        if !call.path.starts_with('/') {
            fault("never", "a path begins with `/`");
        }
        if call.why.is_empty()
            || !(call.method == "*" || call.method.bytes().all(|c| c.is_ascii_uppercase()))
        {
            fault("never", "a call needs a method and a reason");
        }
    }
}

fn form(call: &Call, fault: Fault<'_>) {
    let empty = ReadingForm::default();
    let form = call.form.as_ref().unwrap_or(&empty);
    if call.reads == Reads::Key && form.rights.is_none() {
        fault(
            "calls.form",
            "a call that reads a key needs to know where its rights stand",
        );
    }
    let reported = |told: Told, there: bool, name: &str, fault: &mut dyn FnMut(&str, &str)| {
        if (told != Told::No) != there {
            fault(
                "calls.reports",
                &format!("{name} is said otherwise than it is read"),
            );
        }
    };
    if matches!(call.reads, Reads::Key | Reads::Account) {
        let listed = form.allowlist.as_ref().is_some_and(|allowlist| {
            matches!(
                allowlist.kind,
                AllowlistKind::Commas | AllowlistKind::Strings
            )
        });
        reported(
            call.reports.permissions,
            form.rights.is_some(),
            "permissions",
            fault,
        );
        reported(call.reports.addresses, listed, "addresses", fault);
        reported(
            call.reports.restricted,
            form.allowlist.is_some(),
            "restricted",
            fault,
        );
        reported(
            call.reports.expiry,
            !form.expires.is_empty(),
            "expiry",
            fault,
        );
        reported(
            call.reports.created,
            form.created.is_some(),
            "created",
            fault,
        );
        reported(
            call.reports.last_used,
            form.last_used.is_some(),
            "last-used",
            fault,
        );
        reported(call.reports.label, form.label.is_some(), "label", fault);
    }
}

fn errors(facts: &Facts, fault: Fault<'_>) {
    for rule in &facts.errors {
        if rule.code.is_none() && rule.text.is_none() && rule.status.is_none() {
            fault("errors", "a rule looks at nothing");
        }
        if rule
            .text
            .as_ref()
            .is_some_and(|text| *text != text.to_lowercase())
        {
            fault("errors", "a text is compared in lower case");
        }
        if rule.also.contains(&rule.meaning) {
            fault("errors", "a meaning stands twice");
        }
    }
    if !facts.errors.is_empty() && facts.answers.is_none() {
        fault("answers", "errors, and nowhere to look for them");
    }
}

/// The domain holds ids, names and status for those that may not depend on this crate.
fn domain(facts: &Facts, fault: Fault<'_>) {
    let Some(info) = EXCHANGES.iter().find(|info| info.id == facts.id) else {
        fault("id", "the domain does not know it");
        return;
    };
    if info.name != facts.name {
        fault("name", "the domain has another");
    }
    let agrees = match (&facts.status, info.status) {
        (Status::Closed { on }, ExchangeStatus::Closed { on: domain }) => on.to_string() == domain,
        (Status::Active | Status::Regional { .. }, ExchangeStatus::Active) => true,
        _ => false,
    };
    if !agrees {
        fault("status", "the domain has another");
    }
}

fn clock(facts: &Facts, fault: Fault<'_>) {
    if let Some(clock) = &facts.clock
        && (clock.behind_ms == 0 || clock.ahead_ms == 0)
    {
        fault("clock", "no clock is exact");
    }
}

fn full(facts: &Facts, fault: Fault<'_>) {
    if facts.sources.is_empty() {
        fault("sources", "none");
    }
    if facts.is_closed() && !facts.hosts.is_empty() {
        fault(
            "hosts",
            "a closed exchange may have lost its names to somebody else",
        );
    }
    if facts.detail == Detail::Recognition {
        if !facts.hosts.is_empty() || !facts.calls.is_empty() {
            fault(
                "hosts",
                "nothing is sent to an exchange that is only recognised",
            );
        }
        return;
    }
    let needed = [
        ("hosts", facts.hosts.is_empty() && !facts.is_closed()),
        ("key-types", facts.key_types.is_empty()),
        ("calls", facts.calls.is_empty()),
        ("never", facts.never.is_empty()),
        ("answers", facts.answers.is_none()),
        ("errors", facts.errors.is_empty()),
        ("expiry", facts.expiry.is_empty()),
        ("pages", facts.pages.is_empty()),
        (
            "fields.shapes",
            facts
                .fields
                .iter()
                .any(|field| field.required && field.shapes.is_empty()),
        ),
    ];
    for (field, missing) in needed {
        if missing {
            fault(field, "none");
        }
    }
    for purpose in [PagePurpose::Manage, PagePurpose::Revoke] {
        if facts
            .page(purpose, strongroom_domain::Environment::Production)
            .is_none()
        {
            fault("pages", "none to manage or to revoke keys in production");
        }
    }
}

/// What a person reads: no empty text, no line breaks, sentences with an end.
fn texts(facts: &Facts, fault: Fault<'_>) {
    let forms = facts.calls.iter().filter_map(|call| call.form.as_ref());
    let sentences = facts
        .notes
        .iter()
        .chain(&facts.rights.notes)
        .chain(facts.calls.iter().map(|call| &call.purpose))
        .chain(forms.flat_map(|form| &form.notes));
    for sentence in sentences {
        if !sentence.ends_with('.') || sentence.contains('\n') {
            fault("notes", "a sentence ends with a full stop");
        }
    }
    if facts
        .expiry
        .iter()
        .any(|rule| rule.effect.is_empty() || rule.effect.ends_with('.'))
    {
        fault("expiry", "an effect is a clause without a full stop");
    }
}
