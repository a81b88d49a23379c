//! A virtual display of the sandbox's own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binaries::set_mode;
use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::wait::{Deadline, wait_for};

#[derive(Debug)]
pub(crate) struct Display {
    pub(crate) name: String,
    _server: Owned,
}

impl Display {
    /// Xvfb chooses a free number itself and prints it, so displays never collide.
    pub(crate) fn start(mut server: Command) -> Self {
        if crate::is_root() {
            let sockets = Path::new("/tmp/.X11-unix");
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

impl Sandbox {
    /// Waits until a window of this name is on the display.
    ///
    /// # Panics
    /// When none comes, or xdotool is not installed.
    #[track_caller]
    pub fn wait_for_window(&self, name: &str) {
        wait_for(&format!("the window {name}"), Deadline::Long, || {
            let found = self
                .tool("xdotool")
                .args(["search", "--onlyvisible", "--name", name])
                .output()
                .expect("xdotool is installed");
            (!found.stdout.is_empty()).then_some(())
        });
    }

    /// Photographs the display once it has come to rest: a web view paints a moment after its
    /// window is there.
    ///
    /// # Panics
    /// When ImageMagick is not installed, or the picture cannot be kept.
    pub fn photograph(&self, path: &Path) {
        /// A display with nothing on it is a much smaller file.
        const SOMETHING_ON_IT: usize = 8000;
        /// So many pictures in a row are the same: what is on it may still be fetched. More of them
        /// would take longer than a blinking caret stays as it is.
        const AT_REST: u32 = 5;
        let shot = self.root().join("shot.png");
        let (mut before, mut same) = (Vec::new(), 0);
        let rested = wait_for("a picture at rest", Deadline::Long, || {
            let now = self.picture(&shot);
            same = if now == before { same + 1 } else { 0 };
            before = now;
            (same >= AT_REST && before.len() > SOMETHING_ON_IT).then(|| std::mem::take(&mut before))
        });
        std::fs::write(path, rested).expect("the picture's folder is writable");
    }

    /// The same at once, of what does not rest.
    ///
    /// # Panics
    /// When no picture can be taken.
    pub fn photograph_now(&self, path: &Path) {
        let picture = self.picture(&self.root().join("shot.png"));
        std::fs::write(path, picture).expect("the picture's folder is writable");
    }

    fn picture(&self, shot: &Path) -> Vec<u8> {
        let taken = self
            .tool("import")
            .args(["-window", "root"])
            .arg(shot)
            .status();
        assert!(
            taken.expect("ImageMagick is installed").success(),
            "no picture was taken"
        );
        std::fs::read(shot).expect("the picture was written")
    }
}
