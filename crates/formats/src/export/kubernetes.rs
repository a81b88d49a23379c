//! Secrets of Kubernetes: one object a key, its fields in base64, which hides nothing.

use data_encoding::BASE64;
use strongroom_secret::SecretBytes;

use super::entry::ExportEntry;
use super::names::{Fits, names};
use super::{Written, keep};

const HEAD: &str = "\
# Exchange keys in plaintext: base64 is a spelling and no encryption.
# Better than a file: strongroom export --format kubernetes --key LABEL --out - | kubectl apply -f -
";

pub(super) fn write(entries: &[ExportEntry]) -> Written {
    let (kept, left_out) = keep(entries, |_| Ok(()));
    let chosen: Vec<&ExportEntry> = kept.iter().map(|index| &entries[*index]).collect();
    let mut text = String::from(HEAD);
    for (entry, name) in chosen.iter().zip(names(&chosen, Fits::Any)) {
        text.push_str("---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: strongroom-");
        text.push_str(name.trim_matches('-'));
        text.push_str("\n  labels:\n    app.kubernetes.io/managed-by: strongroom\n");
        text.push_str("type: Opaque\ndata:\n");
        for field in &entry.fields {
            // Quoted, so that no name is taken for a number or a yes.
            text.push_str("  \"");
            text.push_str(field.name.as_str());
            text.push_str("\": \"");
            // EXPOSE: into the file that the person asked for with a fresh code.
            text.push_str(&BASE64.encode(field.value.expose().as_bytes()));
            text.push_str("\"\n");
        }
    }
    Written {
        bytes: SecretBytes::new(text.into_bytes()),
        left_out,
    }
}
