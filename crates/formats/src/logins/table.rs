//! Password managers' tables: 1Password's and Bitwarden's CSV, one item a row.
//!
//! Bitwarden puts the fields a person added into one cell, a line `name: value` each; every such
//! line is a value of its own here.
//!
//! Deliberately not here: tables of keys (`csv`), and which item is one.

use std::borrow::Cow;

use super::{Custom, Item, Kept};
use crate::collect::Collector;
use crate::csv::{Cell, Table, read_csv};
use crate::error::{CsvProblem, ImportError};
use crate::field::squeezed;
use crate::leaf::{Leaf, Site, Value};
use crate::plan::{Ignored, ImportPlan, NotImported, Note};
use crate::text::MAX_LEAVES;
use crate::{Options, Source};

/// Which manager's table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manager {
    Bitwarden,
    OnePassword,
}

impl Manager {
    /// Columns that no other table has all of, squeezed.
    const fn telling(self) -> &'static [&'static str] {
        match self {
            Self::Bitwarden => &["type", "name", "loginuri", "loginusername", "loginpassword"],
            Self::OnePassword => &["title", "url", "username", "password", "otpauth"],
        }
    }

    const fn source(self) -> Source {
        match self {
            Self::Bitwarden => Source::BitwardenCsv,
            Self::OnePassword => Source::OnePasswordCsv,
        }
    }

    fn role(self, column: &str) -> Role {
        match (self, squeezed(column).as_str()) {
            (Self::Bitwarden, "name") | (Self::OnePassword, "title") => Role::Title,
            (Self::Bitwarden, "loginuri") | (Self::OnePassword, "url") => Role::Address,
            (Self::Bitwarden, "loginusername") | (Self::OnePassword, "username") => Role::Username,
            (Self::Bitwarden, "loginpassword") | (Self::OnePassword, "password") => Role::Password,
            (Self::Bitwarden, "logintotp") | (Self::OnePassword, "otpauth") => Role::SecondFactor,
            (_, "notes") => Role::Notes,
            (Self::Bitwarden, "fields") => Role::Fields,
            _ => Role::Detail,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Title,
    Address,
    Username,
    Password,
    SecondFactor,
    Notes,
    Fields,
    Detail,
}

/// A cell, or a line of the cell with a person's own fields.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ItemCell {
    cell: Cell,
    /// The name of a field in a cell of several.
    field: Option<String>,
}

impl Site for ItemCell {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// The manager that wrote a table.
pub(crate) fn manager_of(bytes: &[u8]) -> Option<Manager> {
    let table = read_csv(bytes).ok()?;
    [Manager::Bitwarden, Manager::OnePassword]
        .into_iter()
        .find(|manager| is_of(*manager, &table))
}

fn is_of(manager: Manager, table: &Table<'_>) -> bool {
    let columns: Vec<String> = table.header.iter().map(|name| squeezed(name)).collect();
    manager
        .telling()
        .iter()
        .all(|telling| columns.iter().any(|column| column == telling))
}

pub(crate) fn plan(
    bytes: &[u8],
    manager: Manager,
    options: &Options,
) -> Result<ImportPlan, ImportError> {
    let table = read_csv(bytes)?;
    if !is_of(manager, &table) {
        return Err(ImportError::Csv {
            line: table.header_line,
            problem: CsvProblem::OtherHeader,
        });
    }
    let roles: Vec<Role> = table
        .header
        .iter()
        .map(|column| manager.role(column))
        .collect();
    let leaves = item_leaves(&table, &roles)?;
    let mut collector = Collector::over(&leaves);
    collector.note(Note::PlaintextExport);
    let mut from = 0;
    while from < leaves.len() {
        let row = leaves[from].place.cell.row;
        let of_row = leaves[from..]
            .iter()
            .take_while(|leaf| leaf.place.cell.row == row);
        let to = from + of_row.count();
        item(from..to, &leaves, &roles, options, &mut collector);
        from = to;
    }
    Ok(collector.finish(manager.source(), |place| {
        let column = table.header.get(place.cell.column);
        let column = column.map_or_else(
            || format!("column {}", place.cell.column + 1),
            |name| name.trim().to_owned(),
        );
        match &place.field {
            Some(field) => format!("{column}: {field}"),
            None => column,
        }
    }))
}

fn item<'l, 'a>(
    cells: std::ops::Range<usize>,
    leaves: &'l [Leaf<'a, ItemCell>],
    roles: &[Role],
    options: &Options,
    collector: &mut Collector<'l, 'a, ItemCell>,
) {
    let found = leaves[cells.start].place.cell.of;
    if found != roles.len() {
        for index in cells {
            let is_empty = leaves[index].value.as_text() == Some("");
            if is_empty {
                collector.ignore(index, Ignored::Empty);
            } else {
                let expected = roles.len();
                collector.refuse(index, NotImported::WrongCellCount { found, expected });
            }
        }
        return;
    }
    let mut item = Item {
        place: Kept::InUse,
        ..Item::default()
    };
    for index in cells {
        let place = &leaves[index].place;
        match roles[place.cell.column] {
            Role::Title => item.title = Some(index),
            Role::Address => item.addresses.push(index),
            Role::Username => item.username = Some(index),
            Role::Password => item.password = Some(index),
            Role::SecondFactor => item.second_factor = Some(index),
            Role::Notes => item.notes = Some(index),
            Role::Fields if place.field.is_some() => item.custom.push(Custom {
                name: place.field.clone().unwrap_or_default(),
                value: index,
            }),
            Role::Fields | Role::Detail => item.details.push(index),
        }
    }
    item.finish(leaves, options.account.as_deref(), collector);
}

/// The cells, with those of several fields taken apart.
fn item_leaves<'a>(
    table: &Table<'a>,
    roles: &[Role],
) -> Result<Vec<Leaf<'a, ItemCell>>, ImportError> {
    let mut leaves = Vec::with_capacity(table.cells.len());
    for cell in &table.cells {
        let Value::Text(text) = &cell.value else {
            continue;
        };
        let whole = |value| Leaf {
            place: ItemCell {
                cell: cell.place,
                field: None,
            },
            line: cell.line,
            span: cell.span.clone(),
            value,
        };
        let has_fields = roles.get(cell.place.column) == Some(&Role::Fields);
        if !has_fields || text.trim().is_empty() {
            leaves.push(whole(Value::Text(text.clone())));
            continue;
        }
        let first = leaves.len();
        for (number, line) in text.lines().enumerate() {
            let named = line.split_once(": ");
            // A further line belongs to the value before it: keys in PEM have many.
            if named.is_none()
                && leaves.len() > first
                && let Some(Leaf {
                    value: Value::Text(before),
                    ..
                }) = leaves.last_mut()
            {
                let before = before.to_mut();
                before.push('\n');
                before.push_str(line);
                continue;
            }
            let (field, value) = match named {
                Some((name, value)) => (Some(name.trim().to_owned()), value),
                None => (None, line),
            };
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            leaves.push(Leaf {
                place: ItemCell {
                    cell: cell.place,
                    field,
                },
                line: cell.line.saturating_add(number),
                span: cell.span.clone(),
                value: Value::Text(Cow::Owned(value.to_owned())),
            });
        }
        if leaves.len() > MAX_LEAVES {
            return Err(ImportError::TooMany);
        }
    }
    Ok(leaves)
}
