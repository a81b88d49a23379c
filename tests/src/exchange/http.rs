//! One request as a server sees it, and an answer as it is sent. HTTP/1.1 and nothing of it that a
//! test does not need.

use std::io::{self, BufRead, BufReader, Read, Write};

/// A request that was read.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub method: String,
    pub host: String,
    pub path: String,
    /// As it stands behind the `?`, not decoded.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// Path and query.
    pub(super) fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut from = BufReader::new(from);
        let mut line = String::new();
        from.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let mut seen = Self {
            method: words.next().unwrap_or_default().to_owned(),
            ..Self::default()
        };
        let target = words.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (seen.path, seen.query) = (path.to_owned(), query.to_owned());
        loop {
            line.clear();
            if from.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(':') {
                let name = name.to_ascii_lowercase();
                seen.headers.push((name, value.trim().to_owned()));
            }
        }
        seen.host = seen.header("host").unwrap_or_default().to_owned();
        let length = seen
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        seen.body = String::from_utf8_lossy(&body).into_owned();
        Ok(seen)
    }
}

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// How many bytes of the body are promised, where that is not its length.
    pub(super) promised: Option<usize>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
            promised: None,
        }
    }

    pub(super) fn write(&self, to: &mut impl Write, now_ms: i64) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Spoken\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = self.promised.unwrap_or(self.body.len());
        head.push_str(&format!(
            "Date: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
            http_date(now_ms)
        ));
        to.write_all(head.as_bytes())?;
        to.write_all(&self.body)?;
        to.flush()
    }
}

/// `Mon, 02 Mar 2026 10:00:00 GMT`.
fn http_date(now_ms: i64) -> String {
    let seconds = now_ms.div_euclid(1000);
    let days = seconds.div_euclid(86_400);
    let (mut year, mut day) = (1970, days);
    let length = |year: i64| {
        if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) {
            366
        } else {
            365
        }
    };
    while day >= length(year) {
        day -= length(year);
        year += 1;
    }
    let february = if length(year) == 366 { 29 } else { 28 };
    let months = [
        ("Jan", 31),
        ("Feb", february),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let mut name = "Jan";
    for (month, days) in months {
        name = month;
        if day < days {
            break;
        }
        day -= days;
    }
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        [usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
    let time = seconds.rem_euclid(86_400);
    format!(
        "{weekday}, {:02} {name} {year} {:02}:{:02}:{:02} GMT",
        day + 1,
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_http_writes_it() {
        assert_eq!(
            http_date(1_772_445_600_000),
            "Mon, 02 Mar 2026 10:00:00 GMT"
        );
        assert_eq!(
            http_date(1_709_164_799_000),
            "Wed, 28 Feb 2024 23:59:59 GMT"
        );
    }
}
