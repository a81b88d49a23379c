//! The agent is killed at random moments of every kind of write. Whatever was acknowledged must be
//! there afterwards, whatever was not may be there whole or not at all, and exactly one of the old
//! and the new password opens the vault.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use strongroom_tests::{
    Agent, Call, Contents, Expected, Parts, Sandbox, Vault, pick, random_while,
};

/// How many kills, over all workers.
const KILLS: usize = 300;
/// At least this share of them must have hit the act itself and not the moment after it.
const INTERRUPTED_AT_LEAST: usize = KILLS / 5;
const WORKERS: usize = 2;

/// Kinds of writes, in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Edit,
    Password,
    Rotate,
    Backup,
    Restore,
    Unlock,
}

const ACTS: [Act; 7] = [
    Act::Add,
    Act::Edit,
    Act::Password,
    Act::Rotate,
    Act::Backup,
    Act::Restore,
    Act::Unlock,
];

/// One vault that is being killed over and over.
struct Worker<'s> {
    vault: Vault<'s>,
    /// How long each act takes, as far as that is known by now.
    durations: [Duration; ACTS.len()],
    /// A backup with what it holds.
    backup: Option<(PathBuf, BTreeMap<String, String>)>,
    number: usize,
}

#[derive(Debug, Default)]
struct Tally {
    begun: AtomicUsize,
    interrupted: AtomicUsize,
    per_act: Mutex<[(usize, usize); ACTS.len()]>,
}

#[test]
fn three_hundred_kills_lose_nothing_that_was_acknowledged() {
    let kills = std::env::var("STRONGROOM_KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    let kills: usize = kills.unwrap_or(KILLS);
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| work(&tally, kills));
        }
    });
    let interrupted = tally.interrupted.load(Ordering::SeqCst);
    report(&tally, kills);
    assert!(tally.begun.load(Ordering::SeqCst) >= kills);
    assert!(
        interrupted * KILLS >= INTERRUPTED_AT_LEAST * kills,
        "only {interrupted} hit an act"
    );
}

#[expect(
    clippy::print_stderr,
    reason = "the numbers of a run are worth reading"
)]
fn report(tally: &Tally, kills: usize) {
    let per_act = tally.per_act.lock().expect("no worker panicked");
    eprintln!("{kills} kills; of each act: begun, interrupted");
    for (act, (begun, interrupted)) in ACTS.iter().zip(per_act.iter()) {
        eprintln!("  {act:?}: {begun}, {interrupted}");
    }
}

fn work(tally: &Tally, kills: usize) {
    let sandbox = Sandbox::with(Parts::Keyring);
    let agent = Agent::start(&sandbox);
    let mut worker = Worker {
        vault: Vault::create(&sandbox),
        durations: [Duration::from_millis(300); ACTS.len()],
        backup: None,
        number: 0,
    };
    agent.kill();
    let mut expected = Expected::settled(Contents::empty(Vault::PASSWORD));
    let mut last = "creation".to_owned();
    while tally.begun.load(Ordering::SeqCst) < kills {
        let agent = Agent::start(&sandbox);
        let contents = worker.find(&expected, &last);
        let place = usize::try_from(pick(ACTS.len() as u64)).expect("a small number");
        expected = worker.kill_during(place, agent, contents, tally);
        last = format!("{:?}", ACTS[place]);
    }
    let _agent = Agent::start(&sandbox);
    worker.find(&expected, &last);
    worker.vault.run(&["audit", "verify"]).ok();
}

impl Worker<'_> {
    /// Opens the vault and checks what it holds.
    fn find(&mut self, expected: &Expected, what: &str) -> Contents {
        let mut opened = Vec::new();
        let candidates: Vec<String> = expected
            .passwords()
            .into_iter()
            .map(str::to_owned)
            .collect();
        for password in &candidates {
            self.vault.password.clone_from(password);
            let answer = self.vault.unlock();
            if answer.code == 0 {
                opened.push(password.clone());
                self.vault.run(&["lock"]).ok();
            } else {
                answer.refused(5);
            }
        }
        assert_eq!(
            opened.len(),
            1,
            "{what}: of {candidates:?} these open it: {opened:?}"
        );
        self.vault.password.clone_from(&opened[0]);
        self.vault.unlock().ok();
        let list = self.vault.run(&["list"]).json();
        let found = Contents {
            keys: Contents::keys_of(&list),
            password: opened.remove(0),
        };
        expected.settle(found, what)
    }

    /// Begins an act, kills the agent at a random moment of it, and says what may be found.
    fn kill_during(
        &mut self,
        place: usize,
        agent: Agent,
        before: Contents,
        tally: &Tally,
    ) -> Expected {
        self.number += 1;
        let mut after = before.clone();
        let kit = self
            .vault
            .sandbox()
            .home()
            .join(format!("kit-{}", self.number));
        let Some(call) = self.call(ACTS[place], &mut after, &kit) else {
            agent.kill();
            return Expected::settled(before);
        };
        tally.begun.fetch_add(1, Ordering::SeqCst);
        let begun = Instant::now();
        let conversation = call.begin();
        random_while(self.durations[place] * 12 / 10);
        agent.kill();
        let answer = conversation.finish();
        self.vault.sandbox().end_agent();
        let acknowledged = answer.code == 0;
        let mut per_act = tally.per_act.lock().expect("no worker panicked");
        per_act[place].0 += 1;
        if acknowledged {
            self.durations[place] = begun.elapsed();
            if ACTS[place] == Act::Backup {
                let written = answer.json()["written"][0]["path"].clone();
                let path = written.as_str().expect("a backup has a path");
                self.backup = Some((Path::new(path).to_owned(), before.keys.clone()));
            }
        } else {
            // Killed before the client had connected, it started another agent, which is locked.
            let (gone, busy, locked) = (15, 13, 4);
            let expected = [gone, busy, locked].contains(&answer.code);
            assert!(expected, "{:?}: {answer:?}", ACTS[place]);
            // Killed too early for most of the act: the next time a little later.
            self.durations[place] = self.durations[place] * 5 / 4;
            if answer.code != locked {
                per_act[place].1 += 1;
                tally.interrupted.fetch_add(1, Ordering::SeqCst);
            }
        }
        if [Act::Rotate, Act::Restore].contains(&ACTS[place]) {
            // A backup under the old vault key needs the old kit, and one of the database before a
            // restore its header: not what is shown here.
            self.backup = None;
        }
        Expected {
            before,
            after,
            acknowledged,
        }
    }

    /// The command, with what it makes of the contents; nothing where the act has no object yet.
    fn call(&self, act: Act, after: &mut Contents, kit: &Path) -> Option<Call<'_>> {
        let vault = &self.vault;
        let number = self.number;
        let word = format!("w{number}");
        Some(match act {
            Act::Add => {
                let label = format!("key-{number}");
                after.keys.insert(label.clone(), word.clone());
                vault.add(&label).argument("--tag").argument(&word)
            }
            Act::Edit => {
                let place = pick(after.keys.len() as u64);
                let label = after.keys.keys().nth(usize::try_from(place).ok()?)?.clone();
                after.keys.insert(label.clone(), word.clone());
                vault.edit_tags(&label, &word)
            }
            Act::Password => {
                let new = format!("{} {number}", Vault::PASSWORD);
                let call = vault.change_password(&new);
                after.password = new;
                call
            }
            Act::Rotate => vault.rotate_vault_key(kit),
            Act::Backup => vault.call(&["backup"]),
            Act::Restore => {
                let (path, contents) = self.backup.as_ref()?;
                // The present header stays, and with it the present password.
                after.keys.clone_from(contents);
                vault.restore(path, &vault.password)
            }
            Act::Unlock => {
                vault.run(&["lock"]).ok();
                vault.call(&["unlock"]).with_password().with_code()
            }
        })
    }
}
