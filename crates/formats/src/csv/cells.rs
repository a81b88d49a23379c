//! Reads a table separated by commas, semicolons or tabs into cells with their places (RFC 4180).
//!
//! The crate `csv` is not used outside tests: replacing a secret by a reference needs the bytes of
//! each cell, which it does not give.
//!
//! Deliberately not here: what a column means.

use std::borrow::Cow;

use crate::error::{CsvProblem, ImportError};
use crate::leaf::{Leaf, Site, Value};
use crate::text::{MAX_LEAVES, read_text};

pub(crate) const MAX_COLUMNS: usize = 256;

pub(crate) type CsvLeaf<'a> = Leaf<'a, Cell>;

/// Row and column from 0; the header is not a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) row: usize,
    pub(crate) column: usize,
    /// Cells in this row.
    pub(crate) of: usize,
}

impl Site for Cell {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

pub(crate) struct Table<'a> {
    pub(crate) delimiter: u8,
    pub(crate) header: Vec<Cow<'a, str>>,
    pub(crate) header_line: u32,
    /// Every cell of every row, in order.
    pub(crate) cells: Vec<CsvLeaf<'a>>,
}

/// Blank lines are no rows. A first line `sep=;`, as spreadsheets write it, names the delimiter.
pub(crate) fn read_csv(bytes: &[u8]) -> Result<Table<'_>, ImportError> {
    let text = read_text(bytes)?;
    let mut reader = Reader {
        body: text.body,
        at: 0,
        line: 1,
        delimiter: b',',
    };
    reader.delimiter = match reader.named_delimiter() {
        Some(named) => named,
        None => detect_delimiter(text.body),
    };
    let mut header = Vec::new();
    let mut header_line = 1;
    let mut cells = Vec::new();
    let mut row = 0;
    let mut has_header = false;
    while let Some(record) = reader.record()? {
        if !has_header {
            header_line = record.first().map_or(1, |cell| cell.line);
            header = record.into_iter().map(|cell| cell.text).collect();
            has_header = true;
            continue;
        }
        let of = record.len();
        for (column, cell) in record.into_iter().enumerate() {
            cells.push(Leaf {
                place: Cell { row, column, of },
                line: cell.line,
                span: cell.start + text.skipped..cell.end + text.skipped,
                value: Value::Text(cell.text),
            });
        }
        if cells.len() > MAX_LEAVES {
            return Err(ImportError::TooMany);
        }
        row += 1;
    }
    Ok(Table {
        delimiter: reader.delimiter,
        header,
        header_line,
        cells,
    })
}

/// The cells alone. The header is not compared: nothing in it is ever replaced.
pub(crate) fn read_cells(bytes: &[u8]) -> Result<Vec<CsvLeaf<'_>>, ImportError> {
    Ok(read_csv(bytes)?.cells)
}

struct RawCell<'a> {
    text: Cow<'a, str>,
    line: u32,
    start: usize,
    end: usize,
}

struct Reader<'a> {
    body: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
}

impl<'a> Reader<'a> {
    fn named_delimiter(&mut self) -> Option<u8> {
        let line = self.body.lines().next()?;
        let named = line
            .strip_prefix("sep=")
            .or_else(|| line.strip_prefix("SEP="))?;
        let [delimiter @ (b',' | b';' | b'\t')] = named.as_bytes() else {
            return None;
        };
        self.at = self.body.find('\n').map_or(self.body.len(), |end| end + 1);
        self.line = 2;
        Some(*delimiter)
    }

    /// The cells of the next line that is not blank.
    fn record(&mut self) -> Result<Option<Vec<RawCell<'a>>>, ImportError> {
        self.skip_blank_lines();
        if self.at == self.body.len() {
            return Ok(None);
        }
        let mut record = Vec::new();
        loop {
            let cell = self.cell()?;
            record.push(cell);
            if record.len() > MAX_COLUMNS {
                return Err(self.problem(CsvProblem::TooManyColumns));
            }
            if self.peek() == Some(self.delimiter) {
                self.at += 1;
                continue;
            }
            self.end_line();
            return Ok(Some(record));
        }
    }

    fn skip_blank_lines(&mut self) {
        while let Some(b'\n' | b'\r') = self.peek() {
            self.end_line();
        }
    }

    /// Past one line break: `\n`, `\r\n` or a lone `\r`.
    fn end_line(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
            if self.peek() != Some(b'\n') {
                return;
            }
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line = self.line.saturating_add(1);
        }
    }

    fn cell(&mut self) -> Result<RawCell<'a>, ImportError> {
        let (start, line) = (self.at, self.line);
        let text = if self.peek() == Some(b'"') {
            self.quoted()?
        } else {
            let delimiter = self.delimiter;
            let ends = |byte: u8| byte == delimiter || matches!(byte, b'\n' | b'\r');
            let rest = &self.body[self.at..];
            let length = rest.bytes().position(ends).unwrap_or(rest.len());
            self.at += length;
            Cow::Borrowed(&rest[..length])
        };
        Ok(RawCell {
            text,
            line,
            start,
            end: self.at,
        })
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, ImportError> {
        let opened = self.line;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.body[self.at..];
            let Some(length) = rest.find('"') else {
                self.line = opened;
                return Err(self.problem(CsvProblem::UnclosedQuote));
            };
            let piece = &rest[..length];
            let breaks = piece.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self
                .line
                .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            self.at += length + 1;
            if self.peek() == Some(b'"') {
                text.push_str(piece);
                text.push('"');
                self.at += 1;
                continue;
            }
            let ends = match self.peek() {
                None | Some(b'\n' | b'\r') => true,
                Some(byte) => byte == self.delimiter,
            };
            if !ends {
                return Err(self.problem(CsvProblem::AfterQuote));
            }
            if text.is_empty() {
                return Ok(Cow::Borrowed(piece));
            }
            text.push_str(piece);
            return Ok(Cow::Owned(text));
        }
    }

    fn peek(&self) -> Option<u8> {
        self.body.as_bytes().get(self.at).copied()
    }

    fn problem(&self, problem: CsvProblem) -> ImportError {
        ImportError::Csv {
            line: self.line,
            problem,
        }
    }
}

/// The delimiter that makes the most cells of the first line that is not blank; a comma if none
/// makes two. Only that line is looked at, so that nothing in a row can change the answer.
fn detect_delimiter(body: &str) -> u8 {
    let header = body.trim_start_matches(['\n', '\r']);
    let line = header.split(['\n', '\r']).next().unwrap_or(header);
    let counts = [b',', b';', b'\t'].map(|delimiter| (delimiter, cells_of(line, delimiter)));
    let most = counts.iter().map(|(_, cells)| *cells).max().unwrap_or(1);
    counts
        .iter()
        .find(|(_, cells)| *cells == most)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

/// How many cells a line begins. A quote opens a quoted cell only as its first character.
fn cells_of(line: &str, delimiter: u8) -> usize {
    let mut cells = 1;
    let mut begins = true;
    let mut quoted_cell = false;
    let mut in_quotes = false;
    for byte in line.bytes() {
        if begins {
            quoted_cell = byte == b'"';
        }
        if byte == b'"' && quoted_cell {
            in_quotes = !in_quotes;
        }
        begins = byte == delimiter && !in_quotes;
        cells += usize::from(begins);
    }
    cells
}
