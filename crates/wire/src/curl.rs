//! A signed request as a command for `curl`, for a shell.
//!
//! Every word is quoted, so that nothing in a value is read by the shell; and nothing in it is read
//! by curl either: no globbing in the address, no file in place of a body, no redirects, no other
//! protocol. Deliberately not here: running it.

use crate::SignedRequest;

/// One command over several lines, without a line end.
pub fn curl_command(request: &SignedRequest) -> String {
    // EXPOSE: the person asked for the request itself, to send it from elsewhere.
    let url = request.url.secret().expose();
    let mut lines = vec![format!(
        "curl --globoff --proto '=https' --request {}",
        request.method
    )];
    let mut has_type = false;
    for header in &request.headers {
        // EXPOSE: the same.
        let value = header.value.secret().expose();
        has_type |= header.name.eq_ignore_ascii_case("content-type");
        // `Name:` would take curl's own header out; `Name;` sends one that is empty.
        lines.push(if value.is_empty() {
            option("header", &format!("{};", header.name))
        } else {
            option("header", &format!("{}: {value}", header.name))
        });
    }
    let sends_body = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if request.body.is_some() || sends_body {
        if !has_type {
            // curl calls every body a form; some exchanges sign that there is no such header.
            lines.push(option("header", "Content-Type:"));
        }
        // EXPOSE: the same.
        let body = request
            .body
            .as_ref()
            .map_or("", |body| body.secret().expose());
        lines.push(option("data-raw", body));
    }
    lines.push(quoted(url));
    lines.join(" \\\n  ")
}

fn option(name: &str, value: &str) -> String {
    format!("--{name} {}", quoted(value))
}

/// Between single quotes, where a shell reads nothing but the quote itself.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::{Environment, RequestBinding, RequestClass, SignedHeader};
    use strongroom_secret::SecretText;

    fn request(method: &str, headers: &[(&str, &str)], body: Option<&str>) -> SignedRequest {
        let secret = |text: &str| SecretText::new(text.to_owned()).into();
        SignedRequest {
            exchange: "kraken".to_owned(),
            environment: Environment::Production,
            method: method.to_owned(),
            url: secret("https://api.example/a?b=[1-3]&c={d}"),
            headers: headers
                .iter()
                .map(|(name, value)| SignedHeader {
                    name: (*name).to_owned(),
                    value: secret(value),
                })
                .collect(),
            body: body.map(secret),
            class: RequestClass::Read,
            binding: RequestBinding::Whole,
            carries: Vec::new(),
        }
    }

    /// The words a shell makes of the command.
    fn words(request: &SignedRequest) -> Vec<String> {
        let script = format!(
            "curl() {{ printf '%s\\0' \"$@\"; }}\n{}",
            curl_command(request)
        );
        let ran = Command::new("sh").arg("-c").arg(script).output();
        let ran = ran.expect("a shell runs");
        assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
        let text = String::from_utf8(ran.stdout).expect("text");
        text.trim_end_matches('\0')
            .split('\0')
            .map(str::to_owned)
            .collect()
    }

    const FIRST: [&str; 5] = ["--globoff", "--proto", "=https", "--request", "POST"];
    const URL: &str = "https://api.example/a?b=[1-3]&c={d}";

    #[test]
    fn a_shell_reads_every_word_as_it_was_meant() {
        let nasty = "{\"a\":\"it's $HOME `id` \\\\ \n @/etc/passwd\"}";
        let said = words(&request(
            "POST",
            &[
                ("API-Sign", "a'b\"c$d"),
                ("Content-Type", "application/json"),
            ],
            Some(nasty),
        ));
        let mut expected: Vec<&str> = FIRST.to_vec();
        expected.extend(["--header", "API-Sign: a'b\"c$d"]);
        expected.extend(["--header", "Content-Type: application/json"]);
        expected.extend(["--data-raw", nasty, URL]);
        assert_eq!(said, expected);
    }

    #[test]
    fn an_empty_body_is_sent_as_one_and_not_called_a_form() {
        let said = words(&request("POST", &[("X-Empty", "")], None));
        let mut expected: Vec<&str> = FIRST.to_vec();
        expected.extend(["--header", "X-Empty;", "--header", "Content-Type:"]);
        expected.extend(["--data-raw", "", URL]);
        assert_eq!(said, expected);
        let asked = words(&request("GET", &[], None));
        assert_eq!(asked[4..], ["GET".to_owned(), URL.to_owned()]);
    }
}
