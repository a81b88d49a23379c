//! Keys: rows and views out, drafts and changes in.

use std::collections::BTreeSet;

use strongroom_domain as domain;
use strongroom_domain::{
    AccountLabel, Allowlist, ConsumerName, CredentialVersion, Days, ExchangeId, ExpiryCause,
    FieldName, IpRule, KeyLabel, KeySummary, Line, NamedHost, Notes, PermissionSet, RotationPolicy,
    Tag, Tri, UtcMs, Verb, WriteId,
};
use strongroom_vault as vault;
use strongroom_wire as wire;
use strongroom_wire::Fault;

use super::{LocalTime, Twin, refused};

pub(crate) fn permissions_view(verbs: [Tri; 8]) -> wire::Permissions {
    let [
        read,
        spot,
        margin,
        derivatives,
        transfer,
        withdraw,
        sub_accounts,
        key_admin,
    ] = verbs.map(Twin::to_wire);
    wire::Permissions {
        read,
        spot,
        margin,
        derivatives,
        transfer,
        withdraw,
        sub_accounts,
        key_admin,
    }
}

pub(crate) fn permission_set(
    permissions: wire::Permissions,
    native: &[String],
) -> Result<PermissionSet, Fault> {
    let mut set = PermissionSet::unknown();
    for (verb, answer) in [
        (Verb::Read, permissions.read),
        (Verb::Spot, permissions.spot),
        (Verb::Margin, permissions.margin),
        (Verb::Derivatives, permissions.derivatives),
        (Verb::Transfer, permissions.transfer),
        (Verb::Withdraw, permissions.withdraw),
        (Verb::SubAccounts, permissions.sub_accounts),
        (Verb::KeyAdmin, permissions.key_admin),
    ] {
        set = set.with(verb, Tri::from_wire(answer));
    }
    Ok(set.with_native(lines("native permission", native)?))
}

pub(crate) fn allowlist_summary(summary: domain::AllowlistSummary) -> wire::AllowlistSummary {
    match summary {
        domain::AllowlistSummary::Unrestricted => wire::AllowlistSummary::Unrestricted {},
        domain::AllowlistSummary::Unknown => wire::AllowlistSummary::Unknown {},
        domain::AllowlistSummary::Listed(rules) => wire::AllowlistSummary::Listed { rules },
    }
}

pub(crate) fn row(summary: &KeySummary, local: &LocalTime) -> wire::KeyRow {
    wire::KeyRow {
        id: summary.id.to_string(),
        label: summary.label.to_string(),
        exchange: summary.exchange.as_str().to_owned(),
        exchange_name: summary.exchange.display_name().to_owned(),
        account: summary
            .account_label
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        environment: summary.environment.to_wire(),
        state: summary.state.to_wire(),
        compromised: summary.compromised.is_some(),
        declared: permissions_view(summary.declared),
        observed: summary.observed.map(permissions_view),
        allowlist: allowlist_summary(summary.allowlist),
        expiry: summary.expiry.map(|due| local.due(due)),
        rotation: summary.rotation.map(|due| local.due(due)),
        last_rotated_ms: summary.last_rotated.ms(),
        tags: summary.tags.iter().map(ToString::to_string).collect(),
        consumers: summary.consumers.iter().map(ToString::to_string).collect(),
        conflict: summary.conflict,
        has_secret: summary.has_secret,
        excess: summary.excess().into_iter().map(Twin::to_wire).collect(),
    }
}

pub(crate) fn allowlist_view(allowlist: &Allowlist) -> wire::Allowlist {
    match allowlist {
        Allowlist::Unrestricted => wire::Allowlist::Unrestricted {},
        Allowlist::Unknown => wire::Allowlist::Unknown {},
        Allowlist::Listed(rules) => wire::Allowlist::Listed {
            rules: rules
                .iter()
                .map(|rule| wire::IpRule {
                    address: rule.to_string(),
                    host: rule.host().map(ToString::to_string),
                })
                .collect(),
        },
    }
}

pub(crate) fn allowlist(allowlist: &wire::Allowlist) -> Result<Allowlist, Fault> {
    let rules = match allowlist {
        wire::Allowlist::Unrestricted {} => return Ok(Allowlist::Unrestricted),
        wire::Allowlist::Unknown {} => return Ok(Allowlist::Unknown),
        wire::Allowlist::Listed { rules } => rules,
    };
    let rules = rules
        .iter()
        .map(|rule| {
            let host = rule
                .host
                .as_deref()
                .map(NamedHost::parse)
                .transpose()
                .map_err(|why| refused("host of an allowlist", why))?;
            let rule = IpRule::parse(&rule.address).map_err(|why| refused("allowlist", why))?;
            Ok(rule.named(host))
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    Allowlist::listed(rules).map_err(|why| refused("allowlist", why))
}

pub(crate) fn expiry_view(cause: ExpiryCause) -> wire::ExpiryCause {
    match cause {
        ExpiryCause::Fixed { at } => wire::ExpiryCause::Fixed { at_ms: at.ms() },
        ExpiryCause::DaysSinceCreation { days } => {
            wire::ExpiryCause::DaysSinceCreation { days: days.get() }
        }
        ExpiryCause::Inactivity { days } => wire::ExpiryCause::Inactivity { days: days.get() },
        ExpiryCause::NoAllowlist { days } => wire::ExpiryCause::NoAllowlist { days: days.get() },
        ExpiryCause::PasswordChange { at } => wire::ExpiryCause::PasswordChange { at_ms: at.ms() },
        ExpiryCause::SessionLife { days } => wire::ExpiryCause::SessionLife { days: days.get() },
    }
}

pub(crate) fn expiry(causes: &[wire::ExpiryCause]) -> Result<Vec<ExpiryCause>, Fault> {
    causes
        .iter()
        .map(|cause| {
            Ok(match *cause {
                wire::ExpiryCause::Fixed { at_ms } => ExpiryCause::Fixed {
                    at: moment("expiry", at_ms)?,
                },
                wire::ExpiryCause::DaysSinceCreation { days: number } => {
                    ExpiryCause::DaysSinceCreation {
                        days: days("expiry", number)?,
                    }
                }
                wire::ExpiryCause::Inactivity { days: number } => ExpiryCause::Inactivity {
                    days: days("expiry", number)?,
                },
                wire::ExpiryCause::NoAllowlist { days: number } => ExpiryCause::NoAllowlist {
                    days: days("expiry", number)?,
                },
                wire::ExpiryCause::SessionLife { days: number } => ExpiryCause::SessionLife {
                    days: days("expiry", number)?,
                },
                wire::ExpiryCause::PasswordChange { at_ms } => ExpiryCause::PasswordChange {
                    at: moment("expiry", at_ms)?,
                },
            })
        })
        .collect()
}

pub(crate) fn moment(what: &str, ms: i64) -> Result<UtcMs, Fault> {
    UtcMs::parse(ms).map_err(|why| refused(what, why))
}

pub(crate) fn days(what: &str, number: u32) -> Result<Days, Fault> {
    Days::parse(number).map_err(|why| refused(what, why))
}

pub(crate) fn line(what: &str, text: &str) -> Result<Line, Fault> {
    Line::parse(text).map_err(|why| refused(what, why))
}

pub(crate) fn lines(what: &str, texts: &[String]) -> Result<Vec<Line>, Fault> {
    texts.iter().map(|text| line(what, text)).collect()
}

pub(crate) fn exchange(text: &str) -> Result<ExchangeId, Fault> {
    ExchangeId::parse(text).map_err(|why| refused("exchange", why))
}

/// Everything about one key but its secret.
pub(crate) fn key_view(view: &vault::KeyView, local: &LocalTime) -> wire::KeyView {
    let record = &view.record;
    wire::KeyView {
        row: row(&view.row, local),
        key_type: record.key_type.to_wire(),
        purpose: record.purpose.as_ref().map(ToString::to_string),
        owner: record.owner.as_ref().map(ToString::to_string),
        notes: record.notes.as_ref().map(ToString::to_string),
        notes_warning: view.notes_warning.map(|warning| warning.to_string()),
        allowlist: allowlist_view(&record.allowlist),
        native_permissions: record
            .declared
            .native()
            .iter()
            .map(ToString::to_string)
            .collect(),
        expiry_causes: record.expiry.iter().copied().map(expiry_view).collect(),
        rotation_override: record.rotation.over().map(Days::get),
        rotation_days: record.rotation_days().get(),
        created_ms: record.created.ms(),
        last_used_ms: record.last_used_anywhere().map(UtcMs::ms),
        observed_ms: record.observation.as_ref().map(|seen| seen.at.ms()),
        observation: record
            .observation
            .as_ref()
            .map(|seen| observed_view(view, seen)),
        check_schedule: view
            .schedule
            .map(|schedule| schedule_view(record.id, schedule)),
        compromised_since_ms: record.compromised.map(UtcMs::ms),
        fields: record.current().map(fields_view).unwrap_or_default(),
        versions: record
            .versions
            .iter()
            .map(|version| wire::VersionView {
                id: version.id.to_string(),
                state: version.state.to_wire(),
                made_ms: version.made.ms(),
                purged: version.purged,
                fields: fields_view(version),
            })
            .collect(),
        conflicts: view
            .conflicts
            .iter()
            .map(|conflict| wire::Conflict {
                register: conflict.register.name().to_owned(),
                values: conflict
                    .values
                    .iter()
                    .map(|value| wire::ConflictValue {
                        write_id: value.write.to_string(),
                        value: value.words.clone(),
                        at_ms: value.at.ms(),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn observed_view(view: &vault::KeyView, seen: &domain::Observation) -> wire::Observed {
    let native = view
        .record
        .observed
        .as_ref()
        .map_or(&[][..], PermissionSet::native);
    let words = |words: &[Line]| words.iter().map(ToString::to_string).collect();
    wire::Observed {
        at_ms: seen.at.ms(),
        allowlist: match (&seen.allowlist, seen.restricted) {
            (Allowlist::Listed(rules), _) => wire::SeenAllowlist::Listed {
                addresses: rules.iter().map(ToString::to_string).collect(),
                unread: 0,
            },
            (_, Tri::Yes) => wire::SeenAllowlist::Restricted {},
            (_, Tri::No) => wire::SeenAllowlist::Unrestricted {},
            (_, Tri::Unknown) => wire::SeenAllowlist::Unknown {},
        },
        expires_ms: seen.expires.map(UtcMs::ms),
        created_ms: seen.created.map(UtcMs::ms),
        last_used_ms: seen.last_used.map(UtcMs::ms),
        label: seen.label.as_ref().map(ToString::to_string),
        stopped: seen.stopped.as_ref().map(ToString::to_string),
        native: words(native),
        unknown_words: words(&view.unknown_words),
        drift: view.drift.iter().map(domain::Drift::words).collect(),
    }
}

fn schedule_view(key: domain::EntryId, schedule: domain::CheckSchedule) -> wire::CheckScheduleView {
    wire::CheckScheduleView {
        every_days: schedule.every.get(),
        next_ms: schedule.next(key).ms(),
        last_ms: schedule.last.map(|last| last.at.ms()),
        last_outcome: schedule.last.map(|last| last.ended.to_wire()),
    }
}

fn fields_view(version: &CredentialVersion) -> Vec<wire::FieldView> {
    version
        .fields
        .iter()
        .map(|field| wire::FieldView {
            name: field.name.as_str().to_owned(),
            secret: field.secret,
        })
        .collect()
}

/// A new key as the vault takes it.
pub(crate) fn new_key(add: wire::KeyAdd) -> Result<vault::NewKey, Fault> {
    let declared = permission_set(add.declared, &add.native_permissions)?;
    let mut key = vault::NewKey::new(
        KeyLabel::parse(&add.label).map_err(|why| refused("label", why))?,
        exchange(&add.exchange)?,
        account(&add.account)?,
        domain::Environment::from_wire(add.environment),
    );
    key.key_type = domain::KeyType::from_wire(add.key_type);
    key.fields = new_fields(add.fields)?;
    key.declared = declared;
    key.allowlist = allowlist(&add.allowlist)?;
    key.expiry = expiry(&add.expiry)?;
    key.rotation = rotation(add.rotation_days)?;
    key.created = add.created_ms.map(|ms| moment("created", ms)).transpose()?;
    key.purpose = optional_line("purpose", add.purpose.as_deref())?;
    key.owner = optional_line("owner", add.owner.as_deref())?;
    key.consumers = consumers(&add.consumers)?;
    key.tags = tags(&add.tags)?;
    key.notes = notes(add.notes.as_deref())?;
    Ok(key)
}

pub(crate) fn new_fields(fields: Vec<wire::FieldInput>) -> Result<Vec<vault::NewField>, Fault> {
    fields
        .into_iter()
        .map(|field| {
            Ok(vault::NewField {
                name: field_name(&field.name)?,
                value: field.value.into_secret(),
            })
        })
        .collect()
}

pub(crate) fn field_name(name: &str) -> Result<FieldName, Fault> {
    FieldName::parse(name).map_err(|why| refused("field name", why))
}

pub(crate) fn key_change(change: wire::Change) -> Result<vault::KeyChange, Fault> {
    use vault::KeyChange as To;
    use wire::Change as From;
    Ok(match change {
        From::Label { value } => {
            To::Label(KeyLabel::parse(&value).map_err(|why| refused("label", why))?)
        }
        From::Exchange { value } => To::Exchange(exchange(&value)?),
        From::Account { value } => To::Account(account(&value)?),
        From::Environment { value } => To::Environment(Twin::from_wire(value)),
        From::KeyType { value } => To::KeyType(Twin::from_wire(value)),
        From::Declared { value } => To::Declared(permission_set(value, &[])?),
        From::NativePermissions { value } => {
            To::NativePermissions(lines("native permission", &value)?)
        }
        From::Allowlist { value } => To::Allowlist(allowlist(&value)?),
        From::Expiry { value } => To::Expiry(expiry(&value)?),
        From::Rotation { days } => To::Rotation(rotation(days)?),
        From::Created { at_ms } => To::Created(moment("created", at_ms)?),
        From::LastUsed { at_ms } => To::LastUsed(moment("last used", at_ms)?),
        From::Purpose { value } => To::Purpose(optional_line("purpose", value.as_deref())?),
        From::Owner { value } => To::Owner(optional_line("owner", value.as_deref())?),
        From::Consumers { value } => To::Consumers(consumers(&value)?),
        From::Tags { value } => To::Tags(tags(&value)?),
        From::Notes { value } => To::Notes(notes(value.as_deref())?),
        From::State { value } => To::State(Twin::from_wire(value)),
        From::Compromised { since_ms } => To::Compromised(
            since_ms
                .map(|ms| moment("compromised since", ms))
                .transpose()?,
        ),
        From::Resolve { write_id } => To::Resolve(
            WriteId::parse(&write_id).map_err(|why| refused("the value to choose", why))?,
        ),
    })
}

pub(crate) fn key_filter(filter: &wire::KeyFilter) -> Result<vault::KeyFilter, Fault> {
    Ok(vault::KeyFilter {
        text: filter.text.clone(),
        exchange: filter.exchange.as_deref().map(exchange).transpose()?,
        account: filter.account.as_deref().map(account).transpose()?,
        environment: filter.environment.map(Twin::from_wire),
        state: filter.state.map(Twin::from_wire),
        permission: filter.permission.map(Twin::from_wire),
        tag: filter
            .tag
            .as_deref()
            .map(Tag::parse)
            .transpose()
            .map_err(|why| refused("tag", why))?,
        consumer: filter
            .consumer
            .as_deref()
            .map(ConsumerName::parse)
            .transpose()
            .map_err(|why| refused("consumer", why))?,
        due_within_days: filter.due_within_days,
        archived: filter.archived,
        over_permissive: filter.over_permissive,
        unrestricted: filter.unrestricted,
    })
}

pub(crate) fn key_sort(sort: wire::KeySort) -> vault::KeySort {
    match sort {
        wire::KeySort::Due => vault::KeySort::Due,
        wire::KeySort::Label => vault::KeySort::Label,
        wire::KeySort::Exchange => vault::KeySort::Exchange,
        wire::KeySort::Created => vault::KeySort::Created,
    }
}

fn account(text: &str) -> Result<AccountLabel, Fault> {
    AccountLabel::parse(text).map_err(|why| refused("account", why))
}

fn rotation(number: Option<u32>) -> Result<RotationPolicy, Fault> {
    Ok(match number {
        None => RotationPolicy::Default,
        Some(number) => RotationPolicy::Every(days("rotation", number)?),
    })
}

fn optional_line(what: &str, text: Option<&str>) -> Result<Option<Line>, Fault> {
    text.map(|text| line(what, text)).transpose()
}

fn consumers(names: &[String]) -> Result<Vec<ConsumerName>, Fault> {
    names
        .iter()
        .map(|name| ConsumerName::parse(name).map_err(|why| refused("consumer", why)))
        .collect()
}

fn tags(tags: &[String]) -> Result<BTreeSet<Tag>, Fault> {
    tags.iter()
        .map(|tag| Tag::parse(tag).map_err(|why| refused("tag", why)))
        .collect()
}

fn notes(text: Option<&str>) -> Result<Option<Notes>, Fault> {
    text.map(Notes::parse)
        .transpose()
        .map_err(|why| refused("notes", why))
}
