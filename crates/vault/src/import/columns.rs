//! What a person said of the columns of a table, remembered by its header: the next export of the
//! same program is read the same way.
//!
//! Deliberately not here: what columns mean by their usual names (`formats`).

use minicbor::{Decoder, Encoder};
use strongroom_formats as formats;
use strongroom_formats::{ColumnMapping, ColumnUse, HeaderNames, TableHeader};
use strongroom_store::LocalSpace;

use crate::open::OpenVault;
use crate::records::ReadError;

/// What is to be remembered of a table once keys of it are recorded.
#[derive(Debug)]
pub(super) struct ColumnMemory {
    pub(super) hash: [u8; 32],
    pub(super) body: Vec<u8>,
}

impl ColumnMemory {
    /// The columns a person gave a meaning, by their places: a header counts as the same when only
    /// case or punctuation of a name differ.
    pub(super) fn of(table: &TableHeader, said: &[ColumnMapping]) -> Self {
        let is_said = |name: &str| {
            let name = name.to_lowercase();
            said.iter()
                .any(|one| one.column.trim().to_lowercase() == name)
        };
        let columns = table.columns.iter().zip(&table.uses).enumerate();
        let said: Vec<(usize, ColumnUse)> = columns
            .filter(|(_, (name, _))| is_said(name))
            .filter_map(|(at, (_, as_))| Some((at, (*as_)?)))
            .collect();
        Self {
            hash: table.hash,
            body: encode(&said),
        }
    }
}

impl OpenVault {
    /// What was said of such a table when keys of it were last imported; nothing where it was never
    /// seen, or is no table at all.
    pub(super) fn remembered_columns(&self, bytes: &[u8]) -> Result<Vec<ColumnMapping>, ReadError> {
        let Ok(HeaderNames { columns, hash }) = formats::header_names(bytes) else {
            return Ok(Vec::new());
        };
        let row = self.store.local(LocalSpace::ImportColumns, &hash)?;
        let said = row.and_then(|body| decode(&body)).unwrap_or_default();
        let mapping = |(at, as_): (usize, ColumnUse)| {
            let column = columns.get(at)?.clone();
            Some(ColumnMapping { column, as_ })
        };
        Ok(said.into_iter().filter_map(mapping).collect())
    }
}

fn encode(said: &[(usize, ColumnUse)]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(2 + said.len() * 16));
    let sure = "writing to memory cannot fail";
    out.array(said.len() as u64).expect(sure);
    for (at, as_) in said {
        out.array(2).expect(sure);
        out.u64(*at as u64).expect(sure);
        out.str(as_.as_str()).expect(sure);
    }
    out.into_writer()
}

fn decode(body: &[u8]) -> Option<Vec<(usize, ColumnUse)>> {
    let mut input = Decoder::new(body);
    let count = input.array().ok()??;
    (0..count)
        .map(|_| {
            (input.array().ok()? == Some(2)).then_some(())?;
            let at = usize::try_from(input.u64().ok()?).ok()?;
            Some((at, ColumnUse::parse(input.str().ok()?)?))
        })
        .collect()
}
