//! `strongroom sign`: requests as exchanges publish them, without a vault and with a key of one.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use strongroom_tests::{Canary, Parts, Sandbox, Vault, product};

/// Binance publishes these with the signature of the order below.
const BINANCE_KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const BINANCE_SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const BINANCE_SIGNATURE: &str = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
/// Kraken the same.
const KRAKEN_SECRET: &str =
    "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const KRAKEN_SIGNATURE: &str =
    "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";
const KRAKEN_ORDER: &[&str] = &[
    "--method",
    "POST",
    "--path",
    "/0/private/AddOrder",
    "--body",
    "ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
    "--nonce",
    "1616492376594",
];

/// Signs with a credential on the standard input; no vault is near.
fn sign(sandbox: &Sandbox, credential: &Value, arguments: &[&str]) -> Output {
    let mut command = sandbox.tool(product());
    command
        .arg("sign")
        .args(arguments)
        .args(["--credential-fd", "0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    // A refusal that comes before the credential is read closes it.
    let _refused_early = input.write_all(credential.to_string().as_bytes());
    drop(input);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn signed(sandbox: &Sandbox, credential: &Value, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    let output = sign(sandbox, credential, &all);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn header<'a>(request: &'a Value, name: &str) -> &'a str {
    let headers = request["headers"].as_array().expect("headers");
    let header = headers.iter().find(|header| header["name"] == name);
    header.expect(name)["value"].as_str().expect("text")
}

#[test]
fn worked_examples_of_the_exchanges_are_met_without_a_vault() {
    let sandbox = Sandbox::with(Parts::Bare);
    let binance = json!({"apiKey": BINANCE_KEY, "secretKey": BINANCE_SECRET});
    let mut order = vec!["--exchange", "binance", "--method", "POST"];
    order.extend(["--path", "/api/v3/order", "--receive-window-ms", "5000"]);
    order.extend(["--timestamp-ms", "1499827319559"]);
    for pair in [
        "symbol=LTCBTC",
        "side=BUY",
        "type=LIMIT",
        "timeInForce=GTC",
        "quantity=1",
        "price=0.1",
    ] {
        order.extend(["--query", pair]);
    }
    let request = signed(&sandbox, &binance, &order);
    let url = request["url"].as_str().expect("an address");
    assert!(
        url.starts_with("https://api.binance.com/api/v3/order?symbol=LTCBTC&"),
        "{url}"
    );
    assert!(url.ends_with(&format!("&signature={BINANCE_SIGNATURE}")));
    assert_eq!(header(&request, "X-MBX-APIKEY"), BINANCE_KEY);
    assert_eq!(request["class"], "trade");
    assert_eq!(request["binding"], "not-call");
    assert!(!request.to_string().contains(BINANCE_SECRET));

    let kraken = json!({"api_key": "A".repeat(56), "api_secret": KRAKEN_SECRET});
    let mut order = vec!["--exchange", "kraken"];
    order.extend(KRAKEN_ORDER);
    let request = signed(&sandbox, &kraken, &order);
    assert_eq!(header(&request, "API-Sign"), KRAKEN_SIGNATURE);
    assert_eq!(
        request["body"],
        "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
    );
    // No agent was started for it, and nothing was written.
    assert_eq!(sandbox.agent_pid(), None);
}

#[test]
fn time_and_nonce_are_made_where_they_are_not_given() {
    let sandbox = Sandbox::with(Parts::Bare);
    let kraken = json!({"apiKey": "A".repeat(56), "secret": KRAKEN_SECRET});
    let balance = ["--exchange", "kraken", "--method", "POST", "--path"];
    let balance = [&balance[..], &["/0/private/Balance"]].concat();
    let request = signed(&sandbox, &kraken, &balance);
    assert_eq!(
        request["body"],
        format!("nonce={}", sandbox.clock().now_ms())
    );
    assert_eq!(request["class"], "read");
    let bitstamp = json!({"apiKey": "a".repeat(32), "secret": "b".repeat(32)});
    let ask = ["--exchange", "bitstamp", "--method", "POST", "--path"];
    let ask = [&ask[..], &["/api/v2/account_balances/"]].concat();
    let nonces = [(); 2].map(|()| {
        let request = signed(&sandbox, &bitstamp, &ask);
        header(&request, "X-Auth-Nonce").to_owned()
    });
    assert_ne!(nonces[0], nonces[1], "a random nonce came twice");
}

#[test]
fn a_shell_gets_a_command_that_curl_understands() {
    let sandbox = Sandbox::with(Parts::Bare);
    let okx = json!({
        "apiKey": "01234567-0123-0123-0123-0123456789ab",
        "secret": "0123456789ABCDEF0123456789ABCDEF",
        "passphrase": "it's \"quoted\" $HOME",
    });
    let mut order = vec!["--exchange", "okx", "--environment", "demo"];
    order.extend(["--method", "POST", "--path", "/api/v5/trade/order"]);
    order.extend(["--body", r#"{"instId":"BTC-USDT","note":"it's"}"#]);
    order.extend(["--format", "curl"]);
    let output = sign(&sandbox, &okx, &order);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // A shell in which curl prints what it was given.
    let script = format!(
        "curl() {{ printf '%s\\n' \"$@\"; }}\n{}",
        text(&output.stdout)
    );
    let ran = sandbox.tool("sh").arg("-c").arg(script).output();
    let words = text(&ran.expect("a shell runs").stdout);
    let lines: Vec<&str> = words.lines().collect();
    assert_eq!(
        lines.last(),
        Some(&"https://www.okx.com/api/v5/trade/order")
    );
    for wanted in [
        "OK-ACCESS-PASSPHRASE: it's \"quoted\" $HOME",
        "x-simulated-trading: 1",
        r#"{"instId":"BTC-USDT","note":"it's"}"#,
    ] {
        assert!(lines.contains(&wanted), "{wanted} is not in {words}");
    }
    let warned = text(&output.stderr);
    assert!(!words.contains("0123456789ABCDEF0123456789ABCDEF"));
    assert!(warned.contains("it trades"), "{warned}");
    assert!(warned.contains("carries apiKey and passphrase"), "{warned}");
}

#[test]
fn what_cannot_be_signed_is_refused_in_a_sentence_that_repeats_no_secret() {
    let sandbox = Sandbox::with(Parts::Bare);
    let key = "A".repeat(56);
    let kraken = json!({"apiKey": key, "secret": KRAKEN_SECRET});
    let swapped = json!({"apiKey": KRAKEN_SECRET, "secret": key});
    let no_secret = json!({"apiKey": key});
    let odd = json!({"apiKey": key, "secret": "hunter22-hunter22"});
    let get = ["--method", "GET", "--path", "/api/v1/user"];
    let post = ["--method", "POST", "--path", "/0/private/Balance"];
    let at = |exchange: &'static str, rest: &[&'static str]| {
        [&["--exchange", exchange][..], rest].concat()
    };
    for (credential, arguments, said) in [
        (&kraken, at("nowhere", &get), "no exchange of this name"),
        (&kraken, at("upbit", &get), "only recognised"),
        (&kraken, at("bitmex", &get), "closed on 2026-09-23"),
        (
            &kraken,
            at("kraken", &[&post[..], &["--environment", "demo"]].concat()),
            "no demo environment",
        ),
        (
            &kraken,
            at(
                "kraken",
                &[&post[..], &["--host", "api.binance.com"]].concat(),
            ),
            "no host",
        ),
        (
            &json!({"apiKey": BINANCE_KEY, "secret": BINANCE_SECRET}),
            at(
                "binance",
                &[
                    "--method",
                    "GET",
                    "--path",
                    "/api/v3/account",
                    "--query",
                    "a=1",
                    "--query",
                    "a=2",
                ],
            ),
            "given twice",
        ),
        (&no_secret, at("kraken", &post), "`secret`"),
        (&swapped, at("kraken", &post), "each other's place"),
        (&odd, at("kraken", &post), "not base64"),
        (&json!(["hunter22"]), at("kraken", &post), "one JSON object"),
        (
            &kraken,
            at(
                "kraken",
                &[&post[..], &["--body", "a=1", "--body-file", "x"]].concat(),
            ),
            "cannot be used with",
        ),
        (
            &kraken,
            at(
                "kraken",
                &[&post[..], &["--body-file", "/no/such/file"]].concat(),
            ),
            "cannot be read",
        ),
        (
            &kraken,
            at("kraken", &[&post[..], &["--key", "x"]].concat()),
            "cannot be used with",
        ),
        (
            &kraken,
            at("kraken", &["--method", "HEAD", "--path", "/0"]),
            "HEAD",
        ),
    ] {
        let output = sign(&sandbox, credential, &arguments);
        let stderr = text(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(stderr.contains(said), "{arguments:?} said: {stderr}");
        for secret in [KRAKEN_SECRET, "hunter22", BINANCE_SECRET] {
            assert!(!stderr.contains(secret), "{stderr}");
        }
    }
}

#[test]
fn a_body_comes_from_a_file_too() {
    let sandbox = Sandbox::with(Parts::Bare);
    let file = sandbox.write_home("order.json", "ordertype=market&pair=XBTUSD");
    let kraken = json!({"apiKey": "A".repeat(56), "secret": KRAKEN_SECRET});
    let file = file.to_str().expect("our paths are text");
    let order = ["--exchange", "kraken", "--method", "POST", "--path"];
    let order = [&order[..], &["/0/private/AddOrder", "--body-file", file]].concat();
    let request = signed(&sandbox, &kraken, &order);
    let body = request["body"].as_str().expect("a body");
    assert!(body.ends_with("&ordertype=market&pair=XBTUSD"), "{body}");
}

#[test]
fn a_key_of_the_vault_signs_after_a_code_and_its_secret_stays() {
    let sandbox = Sandbox::with(Parts::Keyring);
    let vault = Vault::create(&sandbox);
    let secret = Canary::make();
    let bybit = ["add", "grid", "--exchange", "bybit", "--account", "main"];
    vault
        .call(&bybit)
        .field("apiKey", "AbCdEfGhIjKlMnOpQr")
        .field("secret", secret.text())
        .answer()
        .ok();
    let ask = ["sign", "--key", "grid", "--method", "GET", "--path"];
    let ask = [&ask[..], &["/v5/user/query-api"]].concat();
    vault.call(&ask).answer().refused(2);
    let request = vault.call(&ask).with_code().answer().json();
    assert_eq!(request["url"], "https://api.bybit.com/v5/user/query-api");
    assert_eq!(request["class"], "read");
    assert_eq!(request["carries"], json!(["apiKey"]));
    assert_eq!(
        header(&request, "X-BAPI-TIMESTAMP"),
        sandbox.clock().now_ms().to_string()
    );
    assert!(!request.to_string().contains(secret.text()));

    let kraken = ["add", "spot", "--exchange", "kraken", "--account", "main"];
    vault
        .call(&kraken)
        .field("apiKey", &"A".repeat(56))
        .field("secret", KRAKEN_SECRET)
        .answer()
        .ok();
    let order = [&["sign", "--key", "spot"][..], KRAKEN_ORDER].concat();
    let request = vault.call(&order).with_code().answer().json();
    assert_eq!(header(&request, "API-Sign"), KRAKEN_SIGNATURE);

    let log = vault.run(&["audit", "list"]).json();
    let newest = &log["entries"][0];
    assert_eq!(
        (&newest["event"], &newest["label"], &newest["decision"]),
        (&"signed".into(), &"spot".into(), &"allowed".into())
    );
    vault.run(&["archive", "spot"]).ok();
    vault.call(&order).with_code().answer().refused(11);
}
