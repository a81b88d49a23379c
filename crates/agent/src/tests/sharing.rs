//! A yes to a share is a yes to what was shown: another preview and another choice are refused.

use std::fs::File;
use std::os::fd::AsFd;

use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault, command};

use super::{Authenticator, Client, World, key};

/// Somebody with an agent and a vault of their own, and a card.
struct Person {
    world: World,
    client: Client,
    phone: Authenticator,
    card: String,
}

impl Person {
    fn new(name: &str) -> Self {
        let world = World::start();
        let mut client = world.connect();
        let phone = client.create(&world);
        let name = name.to_owned();
        let own = client.call::<command::own_card_set>(wire::OwnCardSet { name });
        Self {
            card: own.expect("a card").card,
            world,
            client,
            phone,
        }
    }

    fn knows(&mut self, other: &Self, name: &str, role: wire::ShareRole) {
        let card = Some(other.card.clone());
        self.client
            .call::<command::contact_add>(wire::ContactAdd { card })
            .expect("is added");
        let scope = wire::ShareScope {
            all: true,
            ..wire::ShareScope::default()
        };
        let step_up = self.phone.step_up(&self.world);
        self.client
            .call::<command::contact_set>(wire::ContactSet {
                contact: name.to_owned(),
                rename: None,
                role: Some(role),
                scope: Some(scope),
                step_up: Some(step_up),
            })
            .expect("a role");
    }

    fn preview(&mut self) -> wire::SharePreview {
        let ask = wire::SharePreviewAsk {
            share: for_bob(),
            offset: 0,
        };
        let preview = self.client.call::<command::share_preview>(ask);
        preview.expect("is previewed")
    }

    fn make(&mut self, agreed: &str, file: &File) -> Result<wire::ShareMade, Fault> {
        let make = wire::ShareMake {
            share: for_bob(),
            agreed: agreed.to_owned(),
            step_up: Some(self.phone.step_up(&self.world)),
        };
        let Client { connection, vault } = &mut self.client;
        connection.call_with_file::<command::share_make>(vault, make, file.as_fd())
    }

    fn apply(&mut self, plan: &str, revision: u64) -> Result<wire::ShareApplied, Fault> {
        let step_up = Some(self.phone.step_up(&self.world));
        self.client.call::<command::share_apply>(wire::ShareApply {
            plan: plan.to_owned(),
            revision,
            step_up,
        })
    }
}

fn for_bob() -> wire::ShareAsk {
    wire::ShareAsk {
        to: vec!["Bob".to_owned()],
        role: None,
        scope: None,
        history: false,
        expires_ms: None,
        passphrase: false,
    }
}

#[test]
fn what_was_not_shown_is_neither_made_nor_merged() {
    let (mut alice, mut bob) = (Person::new("Alice"), Person::new("Bob"));
    alice.knows(&bob, "Bob", wire::ShareRole::Admin);
    // Whatever an auditor sends is suspicious.
    bob.knows(&alice, "Alice", wire::ShareRole::Auditor);
    alice
        .client
        .call::<command::add>(key("grid bot"))
        .expect("added");
    let shown = alice.preview();
    assert_eq!(alice.preview().agreed, shown.agreed, "nothing changed");

    alice
        .client
        .call::<command::add>(key("tax tool"))
        .expect("added");
    let path = alice.world.path("bob.strongshare");
    let file = File::create_new(&path).expect("a file");
    for stale in [&shown.agreed, "", "00"] {
        let refused = alice.make(stale, &file).expect_err("it was not shown");
        assert_eq!(refused.code, ErrorCode::Refused, "{}", refused.message);
        assert_eq!(file.metadata().expect("is there").len(), 0);
    }
    let again = alice.preview();
    assert_eq!((shown.total, again.total), (1, 2));
    let made = alice.make(&again.agreed, &file).expect("is made");
    assert_eq!((made.keys, made.secrets), (2, 2));

    let share = File::open(&path).expect("opens");
    let Client { connection, vault } = &mut bob.client;
    let ask = wire::ShareOpen { passphrase: None };
    let opened = connection.call_with_file::<command::share_open>(vault, ask, share.as_fd());
    let opened = opened.expect("is for him");
    let rows = |bob: &mut Person| {
        let ask = wire::ShareRowsAsk {
            plan: opened.plan.clone(),
            group: Some(wire::ShareGroup::Suspicious),
            offset: 0,
        };
        let rows = bob.client.call::<command::share_rows>(ask);
        rows.expect("are listed")
    };
    let before = rows(&mut bob);
    assert_eq!(before.revision, opened.revision);
    let lot = before.rows.iter().find(|row| row.acceptable);
    let accepted = bob
        .client
        .call::<command::share_accept>(wire::ShareAccept {
            plan: opened.plan.clone(),
            ids: vec![lot.expect("an auditor's key").id.clone()],
            accept: true,
        })
        .expect("is accepted");
    assert_ne!(accepted.revision, opened.revision);
    assert_eq!(rows(&mut bob).revision, accepted.revision);

    // The yes to what was shown before is none to this, and the plan is still held.
    let refused = bob.apply(&opened.plan, opened.revision);
    let refused = refused.expect_err("more was accepted since");
    assert_eq!(refused.code, ErrorCode::Refused, "{}", refused.message);
    let listed = bob.client.call::<command::list>(wire::KeyList::default());
    assert_eq!(listed.expect("is listed").total, 0);
    bob.apply(&opened.plan, accepted.revision)
        .expect("is merged");
    alice.world.stop();
    bob.world.stop();
}
