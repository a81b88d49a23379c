//! A message bus of the sandbox's own, that starts no service by itself.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binaries::set_mode;
use crate::owned::Owned;

#[derive(Debug)]
pub(crate) struct Bus {
    pub(crate) address: String,
    _daemon: Owned,
}

/// Which bus it plays; the type stands in its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BusKind {
    Session,
    System,
}

impl Bus {
    /// Starts one whose socket lies in `folder`, with `command` as the account's bare command.
    pub(crate) fn start(kind: BusKind, folder: &Path, mut daemon: Command) -> Self {
        let (name, word) = match kind {
            BusKind::Session => ("session-bus", "session"),
            BusKind::System => ("system-bus", "system"),
        };
        let configuration = folder.join(format!("{name}.conf"));
        let socket = folder.join(name);
        // No service folders: nothing is started on demand, so a test sees what it started.
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>{word}</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
            socket.display()
        );
        std::fs::write(&configuration, text).expect("the folder is writable");
        set_mode(&configuration, 0o644);
        daemon
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped());
        let mut daemon = Owned::start(&mut daemon);
        let output = daemon.child().stdout.take().expect("the output is a pipe");
        let mut address = String::new();
        BufReader::new(output)
            .read_line(&mut address)
            .expect("dbus-daemon prints its address");
        let address = address.trim().to_owned();
        assert!(address.starts_with("unix:"), "dbus-daemon said {address:?}");
        Self {
            address,
            _daemon: daemon,
        }
    }
}
