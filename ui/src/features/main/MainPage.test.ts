import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeBackend } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { Commands, KeyList, Unlocked } from "../../backend/generated/wire";
import { ROUTES } from "../../routes";
import MainPage from "./MainPage.svelte";

const NOW = Date.now();

const QUIET: Unlocked = {
  vault_id: "0".repeat(32),
  keys: 0,
  failed_tries: 0,
  recovery_codes_left: 10,
  rollback_alarm: null,
  notes: [],
};

interface More {
  unlocked?: Unlocked;
  prepare?: (backend: FakeBackend) => void;
}

async function open(keys: number, { unlocked, prepare }: More = {}) {
  const rows = inventedRows(keys, NOW);
  const backend = new FakeBackend({ window: "main", rows, unlocked: unlocked ?? null });
  prepare?.(backend);
  render(MainPage, { backend, routes: ROUTES });
  await screen.findByText(/^[0-9,]+ keys?$/, {}, { timeout: 10_000 });
  return backend;
}

const requests = <C extends keyof Commands>(backend: FakeBackend, wanted: C) =>
  backend.calls
    .filter(({ command }) => command === wanted)
    .map(({ request }) => request as Commands[C]["request"]);
const asked = (backend: FakeBackend): KeyList | undefined =>
  requests(backend, "list")
    .filter(({ limit }) => limit > 1)
    .at(-1);

test("the views beside the list have their counts and ask for what they say", async () => {
  const backend = await open(60);
  const views = screen.getByRole("navigation", { name: "Views" });
  const live = backend.rows.filter(({ state }) => state !== "archived").length;
  const all = await within(views).findByRole("button", { name: `All keys ${live}` });
  expect(all.getAttribute("aria-current")).toBe("page");
  await fireEvent.click(within(views).getByRole("button", { name: /^No allowlist/ }));
  await waitFor(() => expect(asked(backend)?.filter.unrestricted).toBe(true));
  const exchange = await screen.findByRole("button", { name: /^Kraken/ });
  await fireEvent.click(exchange);
  await waitFor(() =>
    expect(asked(backend)?.filter).toMatchObject({ unrestricted: true, exchange: "kraken" }),
  );
  expect(exchange.getAttribute("aria-pressed")).toBe("true");
  await fireEvent.click(exchange);
  await waitFor(() => expect(asked(backend)?.filter.exchange).toBeNull());
});

test("health stands among the views with how much is open and how bad the worst is", async () => {
  await open(24);
  const others = screen.getByRole("navigation", { name: "More" });
  const health = await within(others).findByRole("button", {
    name: /^Health\s+[0-9]+ open findings, the worst is critical$/,
  });
  await fireEvent.click(health);
  expect(await screen.findByRole("group", { name: "Findings, worst first" })).toBeTruthy();
  expect(health.getAttribute("aria-current")).toBe("page");
});

test("the vault is locked by the button and by Ctrl+L", async () => {
  const backend = await open(3);
  await fireEvent.click(screen.getByRole("button", { name: "Lock vault" }));
  await waitFor(() => expect(requests(backend, "lock")).toHaveLength(1));
  await fireEvent.keyDown(document.body, { key: "l", ctrlKey: true });
  await waitFor(() => expect(requests(backend, "lock")).toHaveLength(2));
});

test("what the unlock had to say is shown once", async () => {
  await open(3, {
    unlocked: { ...QUIET, failed_tries: 2, notes: ["The recovery kit was never tested."] },
  });
  expect(screen.getByText(/2 wrong tries to unlock since you were last here/)).toBeTruthy();
  expect(screen.getByText("The recovery kit was never tested.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss this message" }));
  expect(screen.queryByText(/wrong tries/)).toBeNull();
});

test("an alarm cannot be dismissed: it has its own act, and nothing can be changed before", async () => {
  const backend = await open(3, {
    prepare: (fake) => {
      fake.status = { ...fake.status, state: "read-only", alarm: "The vault is older than it was." };
    },
  });
  expect(screen.getByRole("alert").textContent).toContain("older than it was");
  expect(screen.queryByRole("button", { name: "Dismiss this message" })).toBeNull();
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Record a key" }).hasAttribute("disabled")).toBe(true),
  );
  await fireEvent.click(screen.getByRole("button", { name: "Acknowledge alarm…" }));
  await waitFor(() =>
    expect(requests(backend, "open_window")).toEqual([
      { task: { kind: "step-up", act: { kind: "acknowledge-alarm" } } },
    ]),
  );
});

test("a copy that needs a code is counted down when the small window is done", async () => {
  const backend = await open(3);
  const row = backend.rows.find(({ has_secret }) => has_secret);
  if (row === undefined) {
    throw new Error("no row");
  }
  const { id: key, label } = row;
  const act = { kind: "copy" as const, key, label, field: "secret" };
  backend.tell({
    kind: "finished",
    task: { kind: "step-up", act },
    outcome: { kind: "copied", key, field: "secret", clears_after_s: 20 },
  });
  expect(await screen.findByText(`Copied Secret of ${label}. Cleared in 20 s`)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Clear now" }));
  await waitFor(() => expect(requests(backend, "copy_clear")).toHaveLength(1));
  expect(await screen.findByText(`Secret of ${label} is cleared from the clipboard.`)).toBeTruthy();
});

test("a grace is shown and ended", async () => {
  const backend = await open(3, {
    prepare: (fake) => {
      fake.status = { ...fake.status, grace_until_ms: Date.now() + 240_000 };
    },
  });
  await fireEvent.click(await screen.findByRole("button", { name: "End now" }));
  await waitFor(() => expect(requests(backend, "step_up_end")).toHaveLength(1));
  expect(await screen.findByText("Secrets need a code again.")).toBeTruthy();
});

test("a notification leads to its key", async () => {
  const backend = await open(24);
  const row = backend.rows[4];
  backend.tell({ kind: "arrived", arrival: { key: row?.id ?? "", due: false, created: false } });
  expect(await screen.findByRole("heading", { level: 2, name: row?.label ?? "" })).toBeTruthy();
  backend.tell({ kind: "arrived", arrival: { key: null, due: true, created: false } });
  await waitFor(() => expect(asked(backend)?.filter.due_within_days).toBe(30));
});

test("a new key is recorded in the window for its secret, and opened then", async () => {
  const backend = await open(3);
  await fireEvent.keyDown(document.body, { key: "n", ctrlKey: true });
  await fireEvent.input(await screen.findByRole("textbox", { name: "Label" }), {
    target: { value: "okx-grid" },
  });
  await fireEvent.input(screen.getByRole("combobox", { name: "Exchange" }), { target: { value: "okx" } });
  await fireEvent.input(screen.getByRole("combobox", { name: "Account" }), { target: { value: "main" } });
  await fireEvent.click(screen.getByRole("button", { name: "Continue to secret…" }));
  await waitFor(() =>
    expect(requests(backend, "open_window")[0]?.task).toMatchObject({
      kind: "add-key",
      draft: { label: "okx-grid", exchange: "okx", account: "main", allowlist: { kind: "unknown" } },
    }),
  );
  expect(await screen.findByRole("heading", { level: 2, name: "okx-grid" }, { timeout: 4_000 })).toBeTruthy();
  expect(screen.getByText("Recorded okx-grid.")).toBeTruthy();
});

test("what was typed in the editor is not lost without being asked about", async () => {
  await open(3);
  await fireEvent.keyDown(document.body, { key: "n", ctrlKey: true });
  const label = await screen.findByRole("textbox", { name: "Label" });
  await fireEvent.input(label, { target: { value: "okx-grid" } });
  await fireEvent.click(screen.getByRole("button", { name: /^Archived/ }));
  const dialog = await screen.findByRole("alertdialog", { name: "Leave without saving?" });
  await fireEvent.click(within(dialog).getByRole("button", { name: "Keep editing" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Label" }).value).toBe("okx-grid");
  await fireEvent.click(screen.getByRole("button", { name: /^Archived/ }));
  await fireEvent.click(await screen.findByRole("button", { name: "Discard changes" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Archived" })).toBeTruthy();
});

test("behind a question that covers the window no shortcut opens anything, but the vault can be locked", async () => {
  const backend = await open(3);
  await fireEvent.keyDown(document.body, { key: "n", ctrlKey: true });
  await fireEvent.input(await screen.findByRole("textbox", { name: "Label" }), { target: { value: "okx-grid" } });
  await fireEvent.click(screen.getByRole("button", { name: /^Archived/ }));
  await screen.findByRole("alertdialog", { name: "Leave without saving?" });
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  expect(screen.queryByRole("combobox", { name: "Command palette" })).toBeNull();
  await fireEvent.keyDown(document.body, { key: "l", ctrlKey: true });
  await waitFor(() => expect(requests(backend, "lock")).toHaveLength(1));
});

test("the palette finds keys, views and acts", async () => {
  const backend = await open(24);
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByRole("combobox", { name: "Command palette" });
  await fireEvent.input(input, { target: { value: "kraken" } });
  await waitFor(() => expect(asked(backend)?.filter.text).toBe("kraken"));
  const option = await screen.findByRole("option", { name: /^Kraken treasury/ });
  await fireEvent.click(option);
  expect(await screen.findByRole("heading", { level: 2, name: /^Kraken/ })).toBeTruthy();
});

test("a status that does not come has words, and is asked for again", async () => {
  const backend = await open(3);
  backend.instead.status = () => {
    throw { code: "no-agent", message: "it went away" };
  };
  await fireEvent(window, new Event("focus"));
  expect(await screen.findByText(/The agent cannot be reached/)).toBeTruthy();
  delete backend.instead.status;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByText(/The agent cannot be reached/)).toBeNull());
});
