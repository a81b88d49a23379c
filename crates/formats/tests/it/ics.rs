//! Calendars, read by a program that is not ours.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use strongroom_domain::UtcMs;
use strongroom_formats::ics::{Todo, Urgency, calendar};

/// What the `icalendar` package reads; `None` where the suite that installs it does not run.
fn read(file: &[u8]) -> Option<Value> {
    let python = std::env::var_os("STRONGROOM_ICALENDAR_PYTHON")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/ics_read.py");
    let mut peer = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut input = peer.stdin.take().expect("it is piped");
    input.write_all(file).expect("it reads");
    drop(input);
    let output = peer.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the package refused the file");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

#[test]
fn another_program_reads_what_was_written() {
    let names = [
        "An exchange key expires",
        "Rotate \"grid; main\", soon",
        "back\\slash and a long name: ".to_owned().leak(),
        "größe 😀 ".repeat(30).leak(),
    ];
    let todos: Vec<Todo> = names
        .iter()
        .enumerate()
        .map(|(number, name)| Todo {
            uid: format!("{number:032x}-expiry"),
            // A leap day, the hour a clock change leaves out, and the ends of the calendar.
            due: UtcMs::parse(
                [1_835_395_200_000, 1_806_197_400_000, 0, 253_370_678_400_000][number],
            )
            .expect("a date"),
            summary: name.trim().to_owned(),
            description: format!("Why: {name}\n\nWhat to do, step by step;\tthen tell."),
            urgency: [Urgency::High, Urgency::Normal, Urgency::Low, Urgency::High][number],
            alarm_days: vec![30, 7, 0],
        })
        .collect();
    let file = calendar(&todos, UtcMs::from_clock(1_800_000_000_000));
    let Some(found) = read(&file) else {
        return;
    };
    assert_eq!(found["version"], "2.0");
    assert_eq!(found["errors"], json!([]));
    let found = found["todos"].as_array().expect("a list");
    assert_eq!(found.len(), todos.len());
    for (todo, read) in todos.iter().zip(found) {
        assert_eq!(read["uid"], format!("{}@strongroom.invalid", todo.uid));
        assert_eq!(
            (&read["due_ms"], &read["utc"]),
            (&json!(todo.due.ms()), &json!(true))
        );
        assert_eq!(read["summary"], todo.summary);
        assert_eq!(read["description"], todo.description);
        assert_eq!(read["status"], "NEEDS-ACTION");
        let alarms = read["alarms"].as_array().expect("alarms");
        let before: Vec<f64> = alarms
            .iter()
            .filter_map(|one| one["before_s"].as_f64())
            .collect();
        assert_eq!(before, [30.0, 7.0, 0.0].map(|days| days * 86_400.0));
        for alarm in alarms {
            assert_eq!(
                (&alarm["action"], &alarm["related"]),
                (&json!("DISPLAY"), &json!("END"))
            );
            assert_eq!(alarm["description"], todo.summary);
        }
    }
}
