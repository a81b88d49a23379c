//! Giving keys out as a file: intent first, one code for all, nothing left out in silence, and
//! everything back by an import.

use strongroom_domain::{Allowlist, ConsumerName, KeyState, Notes, Tag, UtcMs};
use strongroom_secret::SecretBytes;
use strongroom_vault::{
    Decision, Detail, ExportFormat, ExportWhich, Exported, ImportOptions, ImportSource, KeyChange,
    NotExported, OpenVault, SourceKey, TakeError,
};

use crate::desk::Desk;
use crate::{CLI, add, field, last_events, new_key, step_up};

fn tag(text: &str) -> Tag {
    Tag::parse(text).expect("a tag")
}

fn export(
    desk: &Desk,
    vault: &mut OpenVault,
    which: &ExportWhich,
    format: ExportFormat,
    agreed: usize,
) -> Result<Exported, NotExported> {
    let proof = step_up(desk, vault);
    vault
        .draft_export(which, format, agreed, &proof, CLI)?
        .write(None)
}

fn why(exported: &Exported) -> Vec<(String, String)> {
    let pair = |key: &strongroom_vault::LeftOutKey| (key.label.to_string(), key.why.clone());
    exported.left_out.iter().map(pair).collect()
}

#[test]
fn the_intent_names_every_key_before_one_is_opened() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let ids = [add(&mut vault, "a", "s1"), add(&mut vault, "b", "s2")];
    let size = vault.audit_size();
    let exported = export(&desk, &mut vault, &ExportWhich::All, ExportFormat::Json, 2);
    assert_eq!(exported.expect("leaves").keys, 2);
    let entries = vault.audit_entries(size, 10).expect("reads");
    let told: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event.word() == "exported")
        .map(|entry| (entry.detail, entry.entry_id, entry.decision))
        .collect();
    let one = |id| (Detail::None, Some(id), Decision::Allowed);
    assert_eq!(
        told,
        [
            (Detail::Count(2), None, Decision::Allowed),
            one(ids[0]),
            one(ids[1])
        ]
    );
}

#[test]
fn what_may_be_used_by_nobody_leaves_in_an_archive_only() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    add(&mut vault, "in use", "s1");
    let revoked = add(&mut vault, "revoked", "s2");
    let leaked = add(&mut vault, "leaked", "s3");
    for (key, change) in [
        (revoked, KeyChange::State(KeyState::Revoked)),
        (leaked, KeyChange::Compromised(Some(UtcMs::EPOCH))),
    ] {
        vault.edit_key(key, vec![change], CLI).expect("is recorded");
    }
    let mut empty = new_key("elsewhere", "s4");
    empty.fields.clear();
    vault.add_key(empty, CLI).expect("is recorded");

    let plan = vault
        .plan_export(&ExportWhich::All, ExportFormat::Env)
        .expect("a plan");
    assert_eq!((plan.keys, plan.left_out.len()), (1, 3));
    let exported = export(&desk, &mut vault, &ExportWhich::All, ExportFormat::Env, 1);
    let exported = exported.expect("leaves");
    let told = [
        ("elsewhere", "no secret is recorded for this key"),
        (
            "leaked",
            "this key is marked as compromised; rotate it, or take the mark away to use it",
        ),
        (
            "revoked",
            "this key is revoked; a revoked key is not given out",
        ),
    ];
    let told = told.map(|(label, why)| (label.to_owned(), why.to_owned()));
    assert_eq!(why(&exported), told);
    let text = String::from_utf8(exported.bytes.expose().to_vec()).expect("text");
    assert!(text.contains("s1") && !text.contains("s2") && !text.contains("s3"));

    let whole = export(&desk, &mut vault, &ExportWhich::All, ExportFormat::Json, 4);
    let whole = whole.expect("leaves");
    assert_eq!((whole.keys, whole.left_out.len()), (4, 0));

    // Named, it is an error, and that somebody tried is in the log.
    let named = ExportWhich::Keys(vec![revoked]);
    let refused = export(&desk, &mut vault, &named, ExportFormat::Env, 1);
    assert!(matches!(
        refused,
        Err(NotExported::Take(TakeError::Revoked))
    ));
    let last = vault
        .audit_entries(vault.audit_size() - 1, 1)
        .expect("reads")
        .remove(0);
    assert_eq!(
        (last.event.word(), last.decision),
        ("exported", Decision::Denied)
    );
}

#[test]
fn nothing_leaves_that_was_not_agreed_to() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    add(&mut vault, "a", "s1");
    let size = vault.audit_size();
    let all = ExportWhich::All;
    for (which, format, agreed) in [
        (&all, ExportFormat::Json, 2),
        (&all, ExportFormat::Json, 0),
        (&ExportWhich::Tag(tag("none")), ExportFormat::Json, 0),
        (&ExportWhich::Keys(Vec::new()), ExportFormat::Json, 0),
    ] {
        let refused = export(&desk, &mut vault, which, format, agreed);
        assert!(matches!(
            refused,
            Err(NotExported::Changed { .. } | NotExported::Nothing)
        ));
    }
    add(&mut vault, "b", "s2");
    let refused = export(&desk, &mut vault, &all, ExportFormat::Freqtrade, 2);
    assert!(matches!(refused, Err(NotExported::Format(_))));
    let entries = vault.audit_entries(size, 100).expect("reads");
    assert!(entries.iter().all(|entry| entry.event.word() != "exported"));
    // A step-up of another session is none.
    let other = Desk::new();
    let (mut stranger, _locked) = other.create();
    let proof = step_up(&other, &mut stranger);
    let refused = vault.draft_export(&all, ExportFormat::Json, 2, &proof, CLI);
    assert!(matches!(refused, Err(NotExported::StepUp(_))));
}

#[test]
fn a_file_that_could_not_be_written_is_in_the_log_too() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    vault.export_failed(3, CLI).expect("is recorded");
    let last = vault
        .audit_entries(vault.audit_size() - 1, 1)
        .expect("reads")
        .remove(0);
    assert_eq!(
        (last.detail, last.decision),
        (Detail::Count(3), Decision::Failed)
    );
}

#[test]
fn an_archive_brings_everything_into_another_vault() {
    let desk = Desk::new();
    let (mut vault, _locked) = desk.create();
    let mut new = new_key("Größte \"Kasse\"", "s1");
    new.fields.push(field("subaccountId", "7"));
    new.tags = [tag("grid")].into();
    new.notes = Notes::parse("two\nlines").ok();
    new.allowlist = Allowlist::Unrestricted;
    new.created = Some(UtcMs::EPOCH.plus_days(19_000));
    new.consumers = vec![ConsumerName::parse("freqtrade").expect("a name")];
    let id = vault.add_key(new, CLI).expect("is recorded").id;
    let archived = add(&mut vault, "put away", "s2");
    vault.archive_key(archived, CLI).expect("is archived");
    let before = vault.show_key(id).expect("shown");
    let exported = export(&desk, &mut vault, &ExportWhich::All, ExportFormat::Json, 2);
    let exported = exported.expect("leaves");

    let other = Desk::new();
    let (mut there, _locked) = other.create();
    let options = ImportOptions::default();
    let plan = |vault: &mut OpenVault, bytes: &SecretBytes| {
        let bytes = SecretBytes::new(bytes.expose().to_vec());
        let source = ImportSource::read(bytes, &options, SourceKey::default()).expect("is read");
        vault.plan_import(&source, &options).expect("is planned")
    };
    let planned = plan(&mut there, &exported.bytes);
    assert_eq!(planned.source(), "strongroom");
    let imported = there.apply_import(planned, CLI).expect("is imported");
    assert_eq!(imported.added.len(), 2);
    let after = there.show_key(imported.added[0].id).expect("shown");
    assert_eq!(after.record.label, before.record.label);
    assert_eq!(after.record.declared, before.record.declared);
    assert_eq!(after.record.allowlist, before.record.allowlist);
    assert_eq!(after.record.tags, before.record.tags);
    assert_eq!(after.record.notes, before.record.notes);
    assert_eq!(after.record.created, before.record.created);
    assert_eq!(after.consumers[0].0, before.consumers[0].0);
    let names = |view: &strongroom_vault::KeyView| {
        view.record.current().map(|version| version.fields.clone())
    };
    assert_eq!(names(&after), names(&before));
    let put_away = there.show_key(imported.added[1].id).expect("shown");
    assert_eq!(put_away.record.state, KeyState::Archived);
    // The same again records nothing, and what goes out again is the same keys.
    let planned = plan(&mut there, &exported.bytes);
    let again = there.apply_import(planned, CLI).expect("nothing to do");
    assert_eq!((again.added.len(), again.already), (0, 2));
    assert_eq!(last_events(&there, 1), ["imported"]);
}
