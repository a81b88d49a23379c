//! Who the programs run as: the person who started the tests, or, when that is root, a user made
//! for it, because root ignores file modes.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

const NAME: &str = "strongroom-test";

/// The user that product programs and their surroundings run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
    other_than_us: bool,
}

impl Account {
    /// The account of this run, made on first use.
    ///
    /// # Panics
    /// When the tests run as root and the user cannot be made.
    pub fn of_the_tests() -> Self {
        static ACCOUNT: OnceLock<Account> = OnceLock::new();
        *ACCOUNT.get_or_init(|| {
            if !is_root() {
                return Self {
                    uid: rustix::process::getuid().as_raw(),
                    gid: rustix::process::getgid().as_raw(),
                    other_than_us: false,
                };
            }
            if lookup().is_none() {
                // Two test programs may get here at once: whoever is second finds the user made.
                let _made_or_there = Command::new("useradd")
                    .args([
                        "--system",
                        "--no-create-home",
                        "--shell",
                        "/usr/sbin/nologin",
                    ])
                    .args(["--user-group", NAME])
                    .output();
            }
            let (uid, gid) = lookup().expect("the user strongroom-test can be made with useradd");
            Self {
                uid,
                gid,
                other_than_us: true,
            }
        })
    }

    /// Lets a program run as this account.
    pub fn run(self, command: &mut Command) {
        if self.other_than_us {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Hands a file or folder to this account.
    ///
    /// # Panics
    /// When it is not ours to give.
    pub fn own(self, path: &Path) {
        if self.other_than_us {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .expect("root may give files away");
        }
    }
}

/// Whether the tests themselves run as root, which the memory scan and a small disk need.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn lookup() -> Option<(u32, u32)> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = passwd
        .lines()
        .find(|line| line.split(':').next() == Some(NAME))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
