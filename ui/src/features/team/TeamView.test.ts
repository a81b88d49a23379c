import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { asked, push } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import { fingerprintOf } from "../../backend/fake/team";
import type { Act, ContactView, Outcome, Task } from "../../backend/generated/wire";
import TeamView from "./TeamView.svelte";

const NOW = Date.now();

function open(place = "", options: { people?: number; incoming?: number } = {}, prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(24, NOW), ...options });
  // Small windows end when a test says so.
  backend.instead.open_window = () => ({});
  prepare?.(backend);
  const said: string[] = [];
  const props = {
    backend,
    onopenkey: vi.fn(),
    onview: vi.fn((_view: string, to = "") => void drawn.rerender({ ...props, place: to })),
    onchanged: vi.fn(),
    onsay: ({ text }: { text: string }) => void said.push(text),
    nowMs: NOW,
  };
  const drawn = render(TeamView, { ...props, place });
  const go = (to: string) => drawn.rerender({ ...props, place: to });
  return { backend, props, said, go };
}

/** The small window that was opened last. */
const lastTask = (backend: FakeBackend): Task => {
  const task = asked(backend, "open_window").at(-1)?.task;
  if (task === undefined) {
    throw new Error("no window was opened");
  }
  return task;
};

const lastAct = (backend: FakeBackend): Act => {
  const task = lastTask(backend);
  if (task.kind !== "step-up") {
    throw new Error(`${task.kind} is no act`);
  }
  return task.act;
};

const ends = (backend: FakeBackend, outcome: Outcome) =>
  backend.tell({ kind: "finished", task: lastTask(backend), outcome });

const STEP_UP = { code: { kind: "totp" as const, value: FakeBackend.CODE } };

async function contactOf(backend: FakeBackend, name: string): Promise<ContactView> {
  const { contacts } = await backend.call("contact_list", { offset: 0 });
  const found = contacts.find((one) => one.name.startsWith(name));
  if (found === undefined) {
    throw new Error(`${name} is not known`);
  }
  return found;
}

async function type(label: string | RegExp, value: string) {
  await fireEvent.input(await screen.findByLabelText(label), { target: { value } });
}

async function pick(name: string) {
  const row = await waitFor(() => {
    const found = [...document.querySelectorAll<HTMLElement>("[role=row]")].find((one) => one.textContent.includes(name));
    expect(found).toBeTruthy();
    return found as HTMLElement;
  });
  await fireEvent.click(row);
}

const CARD = (name: string, of = name) =>
  `strongroom-card-1.${btoa(name)}.${fingerprintOf(of).replaceAll(" ", "")}`;

test("a vault without people makes a card first, from a name and nothing else", async () => {
  const { backend } = open("", { people: 0 });
  expect(await screen.findByText("Nobody is known yet", { selector: "h2" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Share keys…" }).hasAttribute("disabled")).toBe(true);
  await push("Make card");
  expect(screen.getByText("Say how others know you.")).toBeTruthy();
  await type("Your name, as others see it", " Ada ");
  await push("Make card");
  await screen.findByRole("img", { name: /^Your fingerprint: [A-Z2-7]{4}/ });
  expect(asked(backend, "own_card_set")).toEqual([{ name: "Ada" }]);
});

test("a card is copied, saved to a new file and shown as a code", async () => {
  const { backend, said } = open();
  await push("Save card…");
  await push("Save card");
  expect(screen.getByText("Type the path, or choose it.")).toBeTruthy();
  await type("New file for the card", "/home/ada/card.txt");
  await push("Save card");
  await waitFor(() => expect(said).toContain("Your card is in /home/ada/card.txt."));
  await push("Show QR code");
  await screen.findByRole("img", { name: "QR code of your card" });
  expect(asked(backend, "card_write")).toEqual([{ path: "/home/ada/card.txt" }]);
});

test("a card that is pasted makes a person without a role, whose fingerprint is to be compared", async () => {
  const { backend, said } = open("add");
  await push("Add person");
  expect(screen.getByText("Paste the card.")).toBeTruthy();
  await type("Card", "no card");
  await push("Add person");
  await screen.findByText(/this is no contact card/);
  await type("Card", CARD("Heidi"));
  await push("Add person");
  await screen.findByText(/Nothing is shared with them, and nothing of theirs counts here/);
  expect(said.at(-1)).toContain("Heidi is known now");
  expect(screen.queryByRole("button", { name: "Share with them…" })).toBeNull();
  expect((await contactOf(backend, "Heidi")).state).toBe("pinned");
});

test("a person is verified by typing what they say; one wrong group is named and nothing is sent", async () => {
  const { backend, said } = open();
  await pick("Dana");
  await push("Compare fingerprint…");
  const known = (await contactOf(backend, "Dana")).fingerprint;
  const groups = known.split(" ");
  await type("Fingerprint as they say it", [...groups.slice(0, 3), "0000"].join(" "));
  expect(await screen.findByText(/^Group 4 differs/)).toBeTruthy();
  await push("They are the same");
  expect(asked(backend, "contact_verify")).toEqual([]);
  await type("Fingerprint as they say it", groups.slice(0, 4).join("-").toLowerCase());
  expect(screen.getByText("4 of 8 groups are the same")).toBeTruthy();
  await push("They are the same");
  expect(screen.getByText("Type all eight groups.")).toBeTruthy();
  await type("Fingerprint as they say it", known.toLowerCase());
  await push("They are the same");
  await waitFor(() => expect(said.at(-1)).toMatch(/is verified\.$/));
  expect((await contactOf(backend, "Dana")).state).toBe("verified");
});

test("another key under a known name covers everything until it is decided, and is never taken by itself", async () => {
  const { backend, said } = open("add");
  const before = (await contactOf(backend, "Bob")).fingerprint;
  const fresh = fingerprintOf("Bob again");
  await type("Card", CARD("Bob", "Bob again"));
  await push("Add person");
  const dialog = await screen.findByRole("alertdialog");
  expect(within(dialog).getByRole("img", { name: `Known until now: ${before}` })).toBeTruthy();
  expect(within(dialog).getByRole("img", { name: `On the card that came: ${fresh}` })).toBeTruthy();
  await fireEvent.keyDown(dialog, { key: "Escape" });
  expect(screen.getByRole("alertdialog")).toBeTruthy();
  // Not without the new fingerprint as it was said, and not with the old one.
  await push("Trust new key…");
  expect(screen.getByText(/Type all eight groups of the new fingerprint/)).toBeTruthy();
  await type("New fingerprint as they say it", before);
  expect(screen.getByText(/known until now, not the new one/)).toBeTruthy();
  await push("Trust new key…");
  expect(asked(backend, "open_window")).toEqual([]);
  await type("New fingerprint as they say it", fresh.toLowerCase());
  await push("Trust new key…");
  await waitFor(() => expect(lastAct(backend)).toMatchObject({ kind: "trust-new-key", name: "Bob" }));
  // The window was closed without a code: it stands as before.
  ends(backend, { kind: "cancelled" });
  expect(screen.getByRole("alertdialog")).toBeTruthy();
  expect((await contactOf(backend, "Bob")).fingerprint).toBe(before);
  await push("Keep the key I know");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(said.at(-1)).toBe("Nothing was changed: Bob keeps the known key.");
});

test("a role is given in a window that asks for a code, with the scope that was said", async () => {
  const { backend, said } = open();
  await pick("Eve");
  await push("Give role…");
  await fireEvent.click(screen.getByRole("radio", { name: "Viewer" }));
  await fireEvent.click(screen.getByRole("radio", { name: "Only this" }));
  await push("Give role…");
  expect(screen.getByText("Name a tag, an account or a key.")).toBeTruthy();
  await type(/^Tags/, "desk");
  await fireEvent.keyDown(screen.getByLabelText(/^Tags/), { key: "Enter" });
  await push("Give role…");
  const { fingerprint } = await contactOf(backend, "Eve");
  await waitFor(() =>
    expect(lastAct(backend)).toMatchObject({ kind: "give-role", fingerprint, role: "viewer", scope: { all: false, tags: ["desk"] } }),
  );
  const act = lastAct(backend);
  if (act.kind === "give-role") {
    await backend.call("contact_set", { contact: act.contact, rename: null, role: act.role, scope: act.scope, step_up: STEP_UP });
  }
  ends(backend, { kind: "done" });
  await waitFor(() => expect(said.at(-1)).toBe("Eve is viewer now."));
  await waitFor(() => expect(document.querySelector("[data-person=Eve]")?.textContent).toContain("tag desk"));
});

test("who was removed comes back with a role and a code, and not by their card", async () => {
  const { backend, go } = open();
  const frank = await contactOf(backend, "Frank");
  await go(`person:${frank.id}`);
  await screen.findByText(/^Their role ended with the removal/);
  await push("Take back…");
  await push("Give role…");
  await waitFor(() => expect(lastAct(backend)).toMatchObject({ kind: "give-role", contact: frank.id, role: "auditor" }));
  await backend.call("contact_set", { contact: frank.id, rename: null, role: "auditor", scope: frank.scope, step_up: STEP_UP });
  ends(backend, { kind: "done" });
  await screen.findByRole("button", { name: "Remove person…" });

  expect((await contactOf(backend, "Frank")).removed_ms).toBeNull();
  await backend.call("offboard", { contact: frank.id, step_up: STEP_UP });
  await go("add");
  await type("Card", CARD("Frank"));
  await push("Add person");
  await screen.findByText(/giving them a role again takes them back/i);
});

test("a share says who gets what, class by class, before anything is made", async () => {
  const { backend } = open("share");
  expect(await screen.findByText(/Say with whom\. Then everything/)).toBeTruthy();
  await fireEvent.click(await screen.findByRole("checkbox", { name: /^Bob/ }));
  const told = await screen.findByRole("region", { name: "Who gets what" });
  await waitFor(() => expect(told.textContent).toContain("Bob as trader, over tag arb"));
  const withdraw = told.querySelector("[data-class=withdraw]");
  expect(withdraw?.textContent).toContain("no secret");
  expect(told.querySelector("[data-class=trade]")?.textContent).toContain("Trade the account down to nothing");
  await fireEvent.click(screen.getByRole("radio", { name: "Less than that" }));
  await waitFor(() => expect(told.textContent).toContain("Bob as auditor, over everything"));
  expect(told.textContent).not.toMatch(/[1-9] secret/);
  expect(asked(backend, "open_window")).toEqual([]);
});

test("a share is made in a window that asks for a code, and its file is told", async () => {
  const { backend, said, go } = open("share");
  await fireEvent.click(await screen.findByRole("checkbox", { name: /^Bob/ }));
  await screen.findByRole("grid", { name: "Keys that go along" });
  await push(/^Share \d+ keys…$/);
  expect(screen.getByText("Say where the share is written.")).toBeTruthy();
  await type("New file for the share", "/home/ada/desk.strongshare");
  await push(/^Share \d+ keys…$/);
  const bob = (await contactOf(backend, "Bob")).id;
  const share = { to: [bob], role: null, scope: null, history: false, expires_ms: null, passphrase: false };
  const { agreed } = await backend.call("share_preview", { share, offset: 0 });
  await waitFor(() =>
    expect(lastAct(backend)).toMatchObject({
      kind: "make-share",
      agreed,
      path: "/home/ada/desk.strongshare",
      share: { to: [bob], role: null, scope: null, history: false, passphrase: false },
      brief: { to: ["Bob"], role: "trader" },
    }),
  );
  ends(backend, { kind: "share-made", path: "/home/ada/desk.strongshare", bytes: 1, keys: 8, secrets: 5, passphrase: false });
  expect(await screen.findByText(/only who it is made for can open it/)).toBeTruthy();
  expect(screen.getByText(/no later act takes bytes back/)).toBeTruthy();

  // The next one, with somebody else, begins with its own form.
  const carol = (await contactOf(backend, "Carol")).id;
  await go("");
  await go(`share:${carol}`);
  expect(await screen.findByLabelText("New file for the share")).toBeTruthy();
  expect(screen.queryByText(/only who it is made for can open it/)).toBeNull();
  expect(said).toEqual([]);
  await go("");
  ends(backend, { kind: "share-made", path: "/home/ada/late.strongshare", bytes: 1, keys: 8, secrets: 5, passphrase: false });
  expect(said).toEqual([expect.stringContaining("The share is in /home/ada/late.strongshare.")]);
});

test("who was never compared is pointed out; a first contact goes under a passphrase alone", async () => {
  const { backend } = open("share");
  await fireEvent.click(await screen.findByRole("checkbox", { name: /^Dana/ }));
  expect(screen.getByText(/is not verified: compare the fingerprint first/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("switch", { name: /^A first contact/ }));
  await waitFor(() => expect(asked(backend, "share_preview").at(-1)?.share).toMatchObject({ to: [], passphrase: true, role: "auditor" }));
  expect(await screen.findByText(/^Whoever has file and passphrase/)).toBeTruthy();
});

test("a share that cannot be made so is refused where it would be listed", async () => {
  open("share", {}, (backend) => {
    backend.instead.share_preview = () => {
      throw fault("refused", "Bob cannot be encrypted to");
    };
  });
  await fireEvent.click(await screen.findByRole("checkbox", { name: /^Bob/ }));
  expect(await screen.findByText(/Bob cannot be encrypted to/)).toBeTruthy();
});

async function preview(path = "/home/ada/bob.strongshare", incoming = 24) {
  const opened = open("open", { incoming });
  await type("File", path);
  await push("Preview share");
  return opened;
}

test("suspicious changes stand first, are left out, and are accepted one by one", async () => {
  const { backend } = await preview();
  const first = await screen.findByRole("button", { name: /^Suspicious/ });
  expect(first.getAttribute("aria-pressed")).toBe("true");
  await screen.findByText("It replaces the secret of a key that can withdraw.");
  const before = /Take (\d+) changes/.exec(screen.getByRole("button", { name: /^Take/ }).textContent)?.[1];
  expect(screen.getByText(/^3 changes stay out/)).toBeTruthy();
  await push("Accept this change");
  await waitFor(() => expect(screen.getByText(/^2 changes stay out/)).toBeTruthy());
  expect(asked(backend, "share_accept")).toEqual([{ plan: "share-1", ids: ["r1"], accept: true }]);
  expect(screen.getByRole("button", { name: `Take ${Number(before) + 1} changes…` })).toBeTruthy();
  await push("Leave it out again");
  await waitFor(() => expect(screen.getByText(/^3 changes stay out/)).toBeTruthy());
  // What no honest device makes has no button at all.
  const grid = screen.getByRole("grid", { name: "Changes: Suspicious" });
  await fireEvent.keyDown(grid, { key: "End" });
  await screen.findByText(/This cannot be accepted/);
  expect(screen.queryByRole("button", { name: "Accept this change" })).toBeNull();
  // The yes is to what is accepted now, and to nothing before or after it.
  await push(/^Take \d+ changes…$/);
  await waitFor(() => expect(lastAct(backend)).toMatchObject({ kind: "apply-share", revision: 2, accepted: 0 }));
});

test("a share is taken with a code, tells what became of it, and is undone", async () => {
  const { backend, props, go } = await preview();
  await push(/^Take \d+ changes…$/);
  await waitFor(() => expect(lastAct(backend)).toMatchObject({ kind: "apply-share", plan: "share-1", revision: 0, sender: "Bob", accepted: 0 }));
  expect(asked(backend, "share_apply")).toEqual([]);
  const applied = await backend.call("share_apply", { plan: "share-1", revision: 0, step_up: STEP_UP });
  ends(backend, { kind: "share-applied", applied });
  await screen.findByText("Taken from Bob");
  expect(screen.getByText("3 suspicious changes were left out.")).toBeTruthy();
  expect(props.onchanged).toHaveBeenCalled();
  await push("Undo import");
  expect(screen.getByText(/What was built on since stays/)).toBeTruthy();
  await push("Undo import");
  await screen.findByText(/^Taken back: 2 values restored, 16 keys removed\.$/);
  expect(asked(backend, "share_undo")).toEqual([{ batch: applied.batch }]);

  // The next one begins with an empty field.
  await go("");
  await go("open");
  expect((await screen.findByLabelText<HTMLInputElement>("File")).value).toBe("");
});

test("each refusal of a share is its own sentence", async () => {
  for (const [path, said] of [
    ["/home/ada/missing.strongshare", "There is no such file."],
    ["/home/ada/old.strongshare", "Nothing was taken: it is older than the one imported on 20 Nov 2026"],
    ["/home/ada/locked.strongshare", /opens with a passphrase/],
  ] as const) {
    await preview(path);
    expect(await screen.findByText(said), path).toBeTruthy();
    document.body.innerHTML = "";
  }
});

test("a passphrase is asked for by a window of its own, and a sender who is nobody known is said to be", async () => {
  const { backend } = open("open");
  await push("It has a passphrase…");
  expect(screen.getByText("Say which file.")).toBeTruthy();
  await type("File", "/home/ada/first.strongshare");
  await push("It has a passphrase…");
  await waitFor(() => expect(lastTask(backend)).toEqual({ kind: "open-share", path: "/home/ada/first.strongshare" }));
  const opened = await backend.call("share_file_open", { path: "/home/ada/first.strongshare", passphrase: "copper" });
  ends(backend, { kind: "share-opened", opened });
  await screen.findByText("Nobody you know");
  await push("Add them from this share");
  await waitFor(() => expect(asked(backend, "contact_add")).toEqual([{ card: opened.sender.card }]));
});

test("a thousand changes are drawn as far as they are in sight, and read as they are scrolled to", async () => {
  const { backend } = await preview("/home/ada/bob.strongshare", 1_000);
  await push(/^New 992/);
  const grid = await screen.findByRole("grid", { name: "Changes: New" });
  expect(grid.getAttribute("aria-rowcount")).toBe("993");
  expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
  const read = asked(backend, "share_rows").length;
  await fireEvent.keyDown(grid, { key: "End" });
  grid.scrollTop = 992 * 34;
  await fireEvent.scroll(grid);
  await waitFor(() => expect(asked(backend, "share_rows").at(-1)?.offset).toBe(900));
  expect(asked(backend, "share_rows").length).toBeGreaterThan(read);
});

test("both values of a conflict stand side by side, and one click settles it", async () => {
  const { backend, said } = open("conflicts");
  const row = await waitFor(() => {
    const found = document.querySelector<HTMLElement>("[data-conflict='OKX hedge']");
    expect(found).not.toBeNull();
    return found as HTMLElement;
  });
  expect(row.textContent).toContain("Ada");
  await fireEvent.click(within(row).getByRole("button", { name: "Keep this: Bob as owner of OKX hedge" }));
  await waitFor(() => expect(said.at(-1)).toBe("Owner of OKX hedge is settled."));
  expect(asked(backend, "conflict_resolve")).toEqual([{ choose: [{ entry: "3".padStart(32, "0"), write: "w3b" }] }]);
  await waitFor(() => expect(document.querySelectorAll("[data-conflict]")).toHaveLength(2));
  // A secret is never shown, and can be chosen by whose it is.
  expect(screen.getByRole("button", { name: "Keep this: the secret of you as secret of Binance treasury" })).toBeTruthy();
});

test("removal says what it does and what it does not, and ends in a rotate list", async () => {
  const { backend, said } = open();
  await pick("Bob");
  await push("Remove person…");
  expect(await screen.findByText("It takes nothing back. What they have seen, they know.")).toBeTruthy();
  // What of theirs still works is asked for: a list of people does not tell it of those who are here.
  expect((await contactOf(backend, "Bob")).to_rotate).toBe(0);
  await screen.findByText(/^Removal stops future access\. What they have seen, they know\.\s+Rotate 4 keys\.$/);
  expect(asked(backend, "open_window")).toEqual([]);
  await push("Remove person…");
  await waitFor(() => expect(lastAct(backend)).toMatchObject({ kind: "offboard", name: "Bob" }));
  const bob = await contactOf(backend, "Bob");
  const offboarded = await backend.call("offboard", { contact: bob.id, step_up: STEP_UP });
  ends(backend, { kind: "offboarded", offboarded });
  await screen.findByText("Bob is removed", { selector: "h1" });
  expect(said.at(-1)).toBe("Bob is removed.");
  const grid = await screen.findByRole("grid", { name: "Secrets to be rotated, worst first" });
  const classes = within(grid)
    .getAllByRole("row")
    .slice(1)
    .map((row) => /Withdraw|Trade|Read/.exec(row.textContent)?.[0] ?? "");
  const order = ["Withdraw", "Trade", "Read"];
  expect([...classes].sort((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(classes);
  expect(screen.getByText("4 keys to rotate, 2 to end at the exchange")).toBeTruthy();
  await push("Share again…");
  await screen.findByText("Share keys", { selector: "h1" });
  const carol = await contactOf(backend, "Carol");
  await waitFor(() => expect(asked(backend, "share_preview").at(-1)?.share.to).toEqual([carol.id]));
});

test("the rotate list is written as what its name says, and a refusal stands beside it", async () => {
  const { backend, go } = open();
  const frank = await contactOf(backend, "Frank");
  await go(`rotate:${frank.id}`);
  await push("Write list…");
  await push("Write list");
  expect(screen.getByText("Say where the list is written.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("radio", { name: "Calendar (.ics)" }));
  await type("New file for the list", "/home/ada/frank");
  await push("Write list");
  await screen.findByText("The list is in /home/ada/frank.ics.");
  expect(asked(backend, "rotate_list_export")).toEqual([{ contact: frank.id, path: "/home/ada/frank.ics" }]);
});

test("two hundred people are one table, of which what is in sight is drawn", async () => {
  open("", { people: 200 });
  const grid = await screen.findByRole("grid", { name: "People" });
  expect(grid.getAttribute("aria-rowcount")).toBe("201");
  expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
});

test("what cannot be read says so and is asked for again", async () => {
  const { backend } = open("", {}, (fake) => {
    fake.instead.contact_list = () => {
      throw fault("verifying", "");
    };
  });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.contact_list;
  await push("Try again");
  expect(await screen.findByRole("grid", { name: "People" })).toBeTruthy();
});

test("a vault that is read-only shows people and gives nothing", async () => {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(3, NOW) });
  render(TeamView, { backend, onopenkey: vi.fn(), fixed: "The vault is read-only until the alarm is acknowledged." });
  await screen.findByRole("grid", { name: "People" });
  expect(screen.getByRole("button", { name: "Share keys…" }).hasAttribute("disabled")).toBe(true);
  expect(screen.getByRole("button", { name: "Add person…" }).hasAttribute("disabled")).toBe(true);
});
