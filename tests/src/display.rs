//! A virtual display of the sandbox's own.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::binaries::set_mode;
use crate::owned::Owned;

#[derive(Debug)]
pub(crate) struct Display {
    pub(crate) name: String,
    _server: Owned,
}

impl Display {
    /// Xvfb chooses a free number itself and prints it, so displays never collide.
    pub(crate) fn start(mut server: Command) -> Self {
        if crate::is_root() {
            let sockets = std::path::Path::new("/tmp/.X11-unix");
            if !sockets.exists() {
                std::fs::create_dir_all(sockets).expect("/tmp is writable");
                set_mode(sockets, 0o1777);
            }
        }
        server
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x800x24",
                "-nolisten",
                "tcp",
                "-ac",
            ])
            .stdout(Stdio::piped());
        let mut server = Owned::start(&mut server);
        let output = server.child().stdout.take().expect("the output is a pipe");
        let mut number = String::new();
        BufReader::new(output)
            .read_line(&mut number)
            .expect("Xvfb prints its number");
        let number: u32 = number.trim().parse().expect("Xvfb found a free display");
        Self {
            name: format!(":{number}"),
            _server: server,
        }
    }
}
