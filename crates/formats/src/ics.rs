//! A calendar of things to do, as iCalendar (RFC 5545): one VTODO a due moment, with alarms.
//!
//! Due moments are written in UTC, so no time zone and no clock change moves them; the calendar
//! program shows them in local time. Ids are given by the caller and stay the same, so that a file
//! that is read again changes entries and doubles none.
//!
//! Deliberately not here: which moments, and whether their names may leave.

use strongroom_domain::UtcMs;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// Of letters, digits and hyphens; the same for the same thing for ever.
    pub uid: String,
    pub due: UtcMs,
    pub summary: String,
    pub description: String,
    pub urgency: Urgency,
    /// An alarm so many days before it.
    pub alarm_days: Vec<u32>,
}

/// How a calendar ranks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    High,
    Normal,
    Low,
}

/// The most octets of a line, without its end.
const LINE: usize = 75;

/// The file. `made` is when it was written.
pub fn calendar(todos: &[Todo], made: UtcMs) -> Vec<u8> {
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Strongroom//Strongroom//EN");
    out.line("CALSCALE:GREGORIAN");
    for todo in todos {
        out.line("BEGIN:VTODO");
        out.text("UID", &format!("{}@strongroom.invalid", todo.uid));
        out.line(&format!("DTSTAMP:{}", utc(made)));
        out.line(&format!("DUE:{}", utc(todo.due)));
        out.text("SUMMARY", &todo.summary);
        out.text("DESCRIPTION", &todo.description);
        out.line("STATUS:NEEDS-ACTION");
        out.line("CLASS:PRIVATE");
        out.line(match todo.urgency {
            Urgency::High => "PRIORITY:1",
            Urgency::Normal => "PRIORITY:5",
            Urgency::Low => "PRIORITY:9",
        });
        for days in &todo.alarm_days {
            out.line("BEGIN:VALARM");
            out.line("ACTION:DISPLAY");
            out.text("DESCRIPTION", &todo.summary);
            // Related to the end: a to-do without a beginning has no other moment.
            out.line(&match days {
                0 => "TRIGGER;RELATED=END:PT0S".to_owned(),
                days => format!("TRIGGER;RELATED=END:-P{days}D"),
            });
            out.line("END:VALARM");
        }
        out.line("END:VTODO");
    }
    out.line("END:VCALENDAR");
    out.0
}

fn utc(at: UtcMs) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    /// A property whose value is text.
    fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        for character in value.chars() {
            match character {
                '\\' => line.push_str("\\\\"),
                ';' => line.push_str("\\;"),
                ',' => line.push_str("\\,"),
                '\n' => line.push_str("\\n"),
                // A tab is the one control character that text may hold.
                '\t' => line.push('\t'),
                other if other.is_control() => {}
                other => line.push(other),
            }
        }
        self.line(&line);
    }

    /// Folds it: no line is longer than 75 octets, and no character is cut in two.
    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for character in line.chars() {
            let length = character.len_utf8();
            if length > room {
                self.0.extend_from_slice(b"\r\n ");
                // The blank that marks the fold counts.
                room = LINE - 1;
            }
            let mut bytes = [0; 4];
            self.0
                .extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
            room -= length;
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(summary: &str) -> Todo {
        Todo {
            uid: "0a1b-expiry".to_owned(),
            due: UtcMs::from_clock(1_800_000_000_000),
            summary: summary.to_owned(),
            description: "One; two, three\nfour \\ five".to_owned(),
            urgency: Urgency::High,
            alarm_days: vec![7, 0],
        }
    }

    #[test]
    fn a_file_is_this() {
        let made = UtcMs::from_clock(1_790_000_000_000);
        let text = calendar(&[todo("An exchange key expires")], made);
        let text = String::from_utf8(text).expect("text");
        assert!(text.split("\r\n").all(|line| !line.contains(['\r', '\n'])));
        insta::assert_snapshot!(text.replace("\r\n", "\n"));
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_no_character_is_cut() {
        for summary in [
            "x".repeat(300),
            "é€😀".repeat(60),
            "\u{7}\r bell".to_owned(),
        ] {
            let text = calendar(&[todo(&summary)], UtcMs::EPOCH);
            let text = String::from_utf8(text).expect("every character is whole");
            for line in text.split("\r\n") {
                assert!(line.len() <= 75, "{} octets: {line}", line.len());
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
            let unfolded = text.replace("\r\n ", "");
            let wanted: String = summary.chars().filter(|c| !c.is_control()).collect();
            assert!(unfolded.contains(&format!("SUMMARY:{wanted}\r\n")));
        }
    }
}
