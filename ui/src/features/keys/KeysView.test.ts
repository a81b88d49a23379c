import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { KeyList, Unlocked } from "../../backend/generated/wire";
import KeysPage from "./KeysPage.svelte";

const NOW = Date.now();

const QUIET: Unlocked = {
  vault_id: "0".repeat(32),
  keys: 0,
  failed_tries: 0,
  recovery_codes_left: 10,
  rollback_alarm: null,
  notes: [],
};

async function open(keys: number, unlocked: Unlocked | null = null) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, NOW), unlocked });
  render(KeysPage, { backend });
  await screen.findByText(/^[0-9,]+ keys?$/);
  return backend;
}

const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);
const chosen = () => rows().find((row) => row.getAttribute("aria-selected") === "true");
const asked = (backend: FakeBackend) =>
  backend.calls.filter(({ command }) => command === "list").map(({ request }) => request as KeyList);

test("each row says what a key is, may do and when it is due", async () => {
  const backend = await open(24);
  const first = backend.rows[0];
  const [row] = rows();
  if (first === undefined || row === undefined) {
    throw new Error("no row");
  }
  expect(row.textContent).toContain(first.label);
  expect(within(row).getByRole("img", { name: /^May: read/ })).toBeTruthy();
  expect(row.textContent).toMatch(/Expire|Rotat/);
});

test("of ten thousand keys only those in sight are drawn and fetched", async () => {
  const backend = await open(10_000);
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toMatch(/^9[0-9]{3}$/);
  expect(rows().length).toBeLessThan(60);
  await waitFor(() => expect(asked(backend).length).toBeGreaterThan(0));
  const fetched = asked(backend).length;
  expect(fetched).toBeLessThan(4);

  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "End" });
  await fireEvent.scroll(grid);
  const last = backend.rows.filter((row) => row.state !== "archived").at(-1);
  await waitFor(() => expect(chosen()?.textContent).toContain(last?.label));
  expect(asked(backend).length).toBeLessThan(fetched + 4);
});

test("arrows and letters move the chosen row", async () => {
  await open(24);
  const grid = screen.getByRole("grid");
  const at = () => chosen()?.getAttribute("aria-rowindex");
  for (const [key, expected] of [
    ["ArrowDown", "3"],
    ["j", "4"],
    ["k", "3"],
    ["ArrowUp", "2"],
    ["ArrowUp", "2"],
    ["Home", "2"],
  ] as const) {
    await fireEvent.keyDown(grid, { key });
    expect(at(), key).toBe(expected);
  }
  expect(grid.getAttribute("aria-activedescendant")).toBe(chosen()?.id);
});

test("the list moves before anything has the focus", async () => {
  await open(24);
  await fireEvent.keyDown(document.body, { key: "j" });
  expect(chosen()?.getAttribute("aria-rowindex")).toBe("3");
});

test("a list that is read again keeps what is in sight until the answer is there", async () => {
  const backend = await open(300);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "End" });
  await fireEvent.scroll(grid);
  const last = backend.rows.filter((row) => row.state !== "archived").at(-1);
  await waitFor(() => expect(chosen()?.textContent).toContain(last?.label));
  const before = asked(backend).length;
  await fireEvent(window, new Event("focus"));
  await waitFor(() => expect(asked(backend).length).toBeGreaterThan(before + 1));
  expect(chosen()?.textContent).toContain(last?.label);
  expect(rows().every((row) => row.getAttribute("aria-busy") === "false")).toBe(true);
});

test("slash leads to the search, which asks the agent; escape clears it", async () => {
  const backend = await open(24);
  await fireEvent.keyDown(document.body, { key: "/" });
  const search = screen.getByRole<HTMLInputElement>("searchbox", { name: "Search keys" });
  expect(document.activeElement).toBe(search);
  await fireEvent.input(search, { target: { value: "kraken" } });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBe("kraken"));
  await waitFor(() => expect(rows().every((row) => row.textContent.includes("Kraken"))).toBe(true));
  await fireEvent.keyDown(search, { key: "Escape" });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBeNull());
});

test("a search without a match says so and offers to clear it", async () => {
  await open(24);
  const search = screen.getByRole("searchbox");
  await fireEvent.input(search, { target: { value: "no such key" } });
  expect(await screen.findByText("No key matches")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Clear search" }));
  expect(await screen.findByRole("grid")).toBeTruthy();
});

test("an empty vault teaches how to record the first key", async () => {
  await open(0);
  expect(await screen.findByText("No keys yet")).toBeTruthy();
  expect(screen.getByText("strongroom add")).toBeTruthy();
});

test("the views ask for what their names say", async () => {
  const backend = await open(60);
  await fireEvent.click(screen.getByRole("button", { name: /^Due/ }));
  await waitFor(() => expect(asked(backend).at(-1)?.filter.due_within_days).toBe(30));
  await fireEvent.click(screen.getByRole("button", { name: /^Archived/ }));
  await waitFor(() => expect(asked(backend).at(-1)?.filter).toMatchObject({
    archived: true,
    state: "archived",
  }));
  expect(screen.getByRole("button", { name: /^Archived/ }).getAttribute("aria-current")).toBe("page");
  expect(await screen.findByRole("heading", { level: 1, name: "Archived" })).toBeTruthy();
});

test("the vault is locked by the button and by Ctrl+L", async () => {
  const backend = await open(3);
  const locks = () => backend.calls.filter(({ command }) => command === "lock").length;
  await fireEvent.click(screen.getByRole("button", { name: "Lock vault" }));
  await waitFor(() => expect(locks()).toBe(1));
  await fireEvent.keyDown(document.body, { key: "l", ctrlKey: true });
  await waitFor(() => expect(locks()).toBe(2));
});

test("what the unlock had to say is shown once", async () => {
  await open(3, { ...QUIET, failed_tries: 2, notes: ["The recovery kit was never tested."] });
  expect(screen.getByText(/2 wrong tries to unlock since you were last here/)).toBeTruthy();
  expect(screen.getByText("The recovery kit was never tested.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss this message" }));
  expect(screen.queryByText(/wrong tries/)).toBeNull();
});

test("a rollback alarm cannot be dismissed here", async () => {
  await open(3, { ...QUIET, rollback_alarm: "The vault is older than it was." });
  expect(screen.getByRole("alert").textContent).toContain("older than it was");
  expect(screen.queryByRole("button", { name: "Dismiss this message" })).toBeNull();
});

test("a list that cannot be read says why and is asked for again", async () => {
  const backend = new FakeBackend({ window: "main" });
  backend.instead.list = () => {
    throw fault("no-agent", "the agent went away");
  };
  render(KeysPage, { backend });
  expect((await screen.findByRole("alert")).textContent).toContain("The agent cannot be reached");
  delete backend.instead.list;
  await fireEvent.click(screen.getByRole("button", { name: "Read the list again" }));
  expect(await screen.findByRole("grid")).toBeTruthy();
});

test("an answer to an older question is thrown away", async () => {
  const backend = await open(24);
  let release: () => void = () => undefined;
  const slow = new Promise<void>((done) => (release = done));
  const usual = backend.rows;
  backend.instead.list = async (request) => {
    if (request.filter.text === "slow") {
      await slow;
      return { rows: [], total: 0, next: null };
    }
    return { rows: usual.slice(0, 2), total: 2, next: null };
  };
  const search = screen.getByRole("searchbox");
  await fireEvent.input(search, { target: { value: "slow" } });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBe("slow"));
  await fireEvent.input(search, { target: { value: "quick" } });
  await waitFor(() => expect(rows()).toHaveLength(2));
  release();
  await Promise.resolve();
  expect(rows()).toHaveLength(2);
});
