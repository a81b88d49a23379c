//! What holds for any database: nothing of it is lost, and every field has one account.

use proptest::prelude::*;
use strongroom_formats::kdbx::Credentials;
use strongroom_formats::kdbx::{Protection, unlock};
use strongroom_formats::{Options, Source, parse};

use super::common::{open_with, secret};
use super::maker::{Maker, PASSWORD};

#[derive(Debug, Clone)]
struct Given {
    fields: Vec<(String, String, bool)>,
    tags: Vec<String>,
    attachments: usize,
    older: usize,
}

fn given() -> impl Strategy<Value = Given> {
    let name =
        "Title|UserName|Password|URL|Notes|API Key|secret|exchange|account|otp|[a-z é<&]{1,8}";
    let value = "binance|Kraken main|https://www\\.okx\\.com|[ -~é🔑]{0,24}|[A-Za-z0-9]{64}";
    let field = (name, value, any::<bool>());
    let fields = prop::collection::vec(field, 0..8);
    let tags = prop::collection::vec("[a-z]{1,6}|api|testnet", 0..3);
    (fields, tags, 0..3_usize, 0..3_usize).prop_map(|(fields, tags, attachments, older)| Given {
        fields,
        tags,
        attachments,
        older,
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn document(entries: &[Given]) -> String {
    let mut xml = "<KeePassFile><Meta/><Root><Group><Name>Root</Name>".to_owned();
    for entry in entries {
        xml += "<Entry>";
        xml += &format!("<Tags>{}</Tags>", entry.tags.join(";"));
        for (name, value, is_protected) in &entry.fields {
            let value = if *is_protected {
                format!("<Value Protected=\"True\">[[{value}]]</Value>")
            } else {
                format!("<Value>{}</Value>", escaped(value))
            };
            xml += &format!("<String><Key>{}</Key>{value}</String>", escaped(name));
        }
        for number in 0..entry.attachments {
            xml += &format!("<Binary><Key>{number}</Key><Value Ref=\"{number}\"/></Binary>");
        }
        xml += "<History>";
        xml +=
            &"<Entry><String><Key>x</Key><Value Protected=\"True\">[[y]]</Value></String></Entry>"
                .repeat(entry.older);
        xml += "</History></Entry>";
    }
    xml + "</Group></Root></KeePassFile>"
}

proptest! {
    #[test]
    fn nothing_is_lost_and_all_is_accounted_for_once(
        entries in prop::collection::vec(given(), 0..4),
        kind in 0..4_usize,
    ) {
        // The maker's own brackets cannot stand in a value.
        prop_assume!(entries.iter().all(|entry| entry.fields.iter().all(|(_, value, _)| !value.contains("[[") && !value.contains("]]") && !value.ends_with(']') && !value.starts_with('['))));
        let xml = document(&entries);
        let maker = match kind {
            0 => Maker::four(&xml),
            1 => Maker::four(&xml).aes().gzip(),
            2 => Maker::three(&xml),
            _ => Maker::three(&xml).gzip(),
        };
        let bytes = maker.make();
        let database = open_with(&bytes, PASSWORD).expect("it opens");
        prop_assert_eq!(database.entries.len(), entries.len());
        for (read, given) in database.entries.iter().zip(&entries) {
            let strings: Vec<(String, String, bool)> = read
                .strings
                .iter()
                .map(|string| {
                    let is_protected = string.protection == Protection::Protected;
                    // EXPOSE: tests compare what was read.
                    (string.name.clone(), string.value.expose().to_owned(), is_protected)
                })
                .collect();
            prop_assert_eq!(&strings, &given.fields);
            prop_assert_eq!(&read.tags, &given.tags);
            prop_assert_eq!(read.attachments.len(), given.attachments);
            prop_assert_eq!(read.history.len(), given.older);
        }

        let password = secret(PASSWORD);
        let credentials = Credentials { password: Some(&password), key_file: None };
        let opened = unlock(&bytes, &credentials).expect("it opens");
        // EXPOSE: it is parsed.
        let plan = parse(Source::Keepass, opened.expose(), &Options::default()).expect("a plan");
        let expected: usize = entries
            .iter()
            .map(|given| given.fields.len() + usize::from(!given.tags.is_empty()) + given.attachments + given.older)
            .sum();
        prop_assert_eq!(plan.fields.len(), expected);
    }
}
