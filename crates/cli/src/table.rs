//! Tables that line up by what a terminal shows, not by bytes.
//!
//! Not here: what stands in them. Cells are sanitised before they come here, and may hold colour.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::output::{Output, Tone};

/// A last column narrower than this is not broken: it would become a tower of words.
const NARROWEST: usize = 24;

/// Rows under a head. A column that has nothing in any row is left out.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// Measured when it comes in: a long list's rows come while the agent makes the next ones.
#[derive(Debug)]
struct Cell {
    text: String,
    width: usize,
}

impl Cell {
    fn new(text: String) -> Self {
        let width = width(&text);
        Self { text, width }
    }
}

impl Table {
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut row = Vec::with_capacity(self.head.len());
        row.extend(cells.into_iter().take(self.head.len()).map(Cell::new));
        row.resize_with(self.head.len(), || Cell::new(String::new()));
        self.rows.push(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn print(&self, output: Output) -> String {
        let used: Vec<(usize, usize)> = (0..self.head.len())
            .filter_map(|column| {
                let widest = self.rows.iter().map(|row| row[column].width).max();
                let widest = widest.filter(|widest| *widest > 0)?;
                Some((column, widest.max(width(self.head[column]))))
            })
            .collect();
        let mut text = String::new();
        let mut head = String::new();
        for (column, width) in &used {
            pad(
                &mut head,
                self.head[*column],
                width - self.head[*column].len() + 2,
            );
        }
        let _ = writeln!(text, "{}", output.paint(Tone::Quiet, head.trim_end()));
        let Some(((last, _), others)) = used.split_last() else {
            return text;
        };
        // Only the last column is broken into lines: it is the one that holds sentences.
        let before: usize = others.iter().map(|(_, width)| width + 2).sum();
        let room = output
            .columns()
            .filter(|columns| *columns >= before + NARROWEST)
            .map_or(usize::MAX, |columns| columns - before);
        for row in &self.rows {
            let begun = text.len();
            for (column, width) in others {
                let cell = &row[*column];
                pad(&mut text, &cell.text, width - cell.width + 2);
            }
            let cell = &row[*last];
            if cell.width <= room {
                text.push_str(&cell.text);
            } else {
                let mut lines = broken(&cell.text, room).into_iter();
                text.push_str(&lines.next().unwrap_or_default());
                for line in lines {
                    let _ = write!(text, "\n{:before$}{line}", "");
                }
            }
            text.truncate(begun + text[begun..].trim_end().len());
            text.push('\n');
        }
        text
    }
}

/// Names and values in two columns, the names quiet.
pub(crate) fn pairs(pairs: &[(&str, String)], output: Output) -> String {
    let widest = pairs.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in pairs {
        let name = output.paint(Tone::Quiet, &padded(name, widest));
        let mut lines = value.lines();
        let _ = writeln!(text, "{name}  {}", lines.next().unwrap_or_default());
        for line in lines {
            let _ = writeln!(text, "{:widest$}  {line}", "");
        }
    }
    text
}

/// Broken between words; a cell with colour in it is left whole.
fn broken(text: &str, room: usize) -> Vec<String> {
    if width(text) <= room || text.contains('\x1b') {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |line| width(line));
        if last > 0 && last + 1 + width(word) > room {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn padded(text: &str, to: usize) -> String {
    let mut padded = String::new();
    pad(&mut padded, text, to.saturating_sub(width(text)));
    padded
}

/// Appends a text and so many spaces.
fn pad(out: &mut String, text: &str, spaces: usize) {
    out.push_str(text);
    out.extend(std::iter::repeat_n(' ', spaces));
}

/// Columns of the terminal, without the colour codes.
pub(crate) fn width(text: &str) -> usize {
    // Most of what is printed, and quickly told.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    if !text.contains('\x1b') {
        return text.width();
    }
    let mut shown = String::new();
    let mut inside = false;
    for c in text.chars() {
        match (inside, c) {
            (false, '\x1b') => inside = true,
            (true, 'm') => inside = false,
            (true, _) => {}
            (false, c) => shown.push(c),
        }
    }
    shown.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_broken_between_words() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("unbreakable", 3), ["unbreakable"]);
        assert_eq!(broken("", 3), [""]);
    }

    #[test]
    fn columns_line_up_by_display_width() {
        let mut table = Table::new(&["LABEL", "NOTHING", "EXCHANGE"]);
        for (label, exchange) in [
            ("東京", "binance"),
            ("Köln", "\x1b[31mokx\x1b[0m"),
            ("long-label", "kraken"),
        ] {
            table.row([label.to_owned(), String::new(), exchange.to_owned()]);
        }
        let printed = table.print(Output::words_only());
        let at: Vec<usize> = printed
            .lines()
            .map(|line| {
                let last = line.split_whitespace().last().expect("a cell");
                width(line) - width(last)
            })
            .collect();
        assert_eq!(at, [12, 12, 12, 12], "{printed}");
        assert!(!printed.contains("NOTHING"));
    }
}
