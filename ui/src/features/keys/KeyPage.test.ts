import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { Commands, KeyRow } from "../../backend/generated/wire";
import type { Said } from "../../shell";
import KeyPage from "./KeyPage.svelte";

const NOW = Date.now();

async function open(choose: (row: KeyRow) => boolean, fixed = "") {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(60, NOW) });
  const row = backend.rows.find(choose);
  if (row === undefined) {
    throw new Error("no row");
  }
  const said: Said[] = [];
  const told = {
    onclose: vi.fn(),
    onopenkey: vi.fn(),
    onlens: vi.fn(),
    onhealth: vi.fn(),
    onedit: vi.fn(),
    oncopy: vi.fn(),
    onput: vi.fn(),
  };
  render(KeyPage, {
    backend,
    id: row.id,
    nowMs: NOW,
    fixed,
    revision: 0,
    takesFocus: false,
    onsay: (one: Said) => void said.push(one),
    ...told,
  });
  await screen.findByRole("heading", { level: 2, name: row.label });
  // What lies below the edge comes a frame later.
  await screen.findByRole("heading", { name: "History" });
  return { backend, row, said, told };
}

const requests = <C extends keyof Commands>(backend: FakeBackend, wanted: C) =>
  backend.calls
    .filter(({ command }) => command === wanted)
    .map(({ request }) => request as Commands[C]["request"]);
const usual = (row: KeyRow) =>
  row.state === "active" && row.has_secret && row.exchange === "binance" && !row.conflict;

async function choose(name: string) {
  screen.getByRole("button", { name: "More for this key" }).focus();
  await fireEvent.keyDown(screen.getByRole("button", { name: "More for this key" }), { key: "Enter" });
  const item = await screen.findByRole("menuitem", { name });
  await fireEvent.pointerUp(item);
  await fireEvent.click(item);
}

test("a key's page says everything about it under headings", async () => {
  const { row } = await open(usual);
  const headings = screen.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);
  expect(headings).toEqual(
    expect.arrayContaining(["Credential", "Permissions", "Life", "Addresses", "Used by", "Record", "History"]),
  );
  const table = within(screen.getByRole("table"));
  expect(table.getAllByRole("row")).toHaveLength(9);
  expect(table.getByRole("row", { name: /^Read Yes/ })).toBeTruthy();
  expect(screen.getAllByText(new RegExp(row.exchange_name)).length).toBeGreaterThan(0);
  expect(await screen.findByText("Secret was set")).toBeTruthy();
});

test("each field is copied by its own button, and the secret is shown in a window of its own", async () => {
  const { backend, row, told } = await open(usual);
  await fireEvent.click(screen.getByRole("button", { name: "Copy secret" }));
  expect(told.oncopy).toHaveBeenCalledWith(row.id, row.label, "secret");
  await fireEvent.click(screen.getByRole("button", { name: "Reveal…" }));
  await waitFor(() =>
    expect(requests(backend, "open_window")).toEqual([
      { task: { kind: "reveal", key: row.id, label: row.label, version: null } },
    ]),
  );
});

test("a key is archived, and put back by the message about it", async () => {
  const { backend, row, said } = await open(usual);
  await choose("Archive");
  await waitFor(() => expect(said.at(-1)?.text).toContain(`Archived ${row.label}.`));
  const state = () => backend.rows.find(({ id }) => id === row.id)?.state;
  expect(state()).toBe("archived");
  expect(screen.queryByRole("button", { name: "Copy secret" })).toBeNull();
  said.at(-1)?.act?.run();
  await waitFor(() => expect(state()).toBe("active"));
});

test("what was refused stands on the page until it is dismissed", async () => {
  const { backend } = await open(usual);
  backend.instead.reminder_ack = () => {
    throw fault("refused", "nothing of it is due");
  };
  await choose("Acknowledge what is due");
  expect((await screen.findByRole("alert")).textContent).toContain("nothing of it is due");
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss this message" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("one of two values is kept with one click", async () => {
  const { backend, row } = await open(({ conflict }) => conflict);
  expect(screen.getByText(/two devices said different things/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: /^Keep this\s+“grid bot, moved/ }));
  await waitFor(() => expect(screen.queryByText(/two devices said different things/)).toBeNull());
  expect(requests(backend, "edit")[0]).toMatchObject({ key: row.id, changes: [{ set: "resolve" }] });
});

test("who else trusts an address is looked for, and said how far", async () => {
  const { backend, told } = await open((row) => usual(row) && row.allowlist.kind === "listed");
  const [ask] = screen.getAllByRole("button", { name: /^Who else trusts it/ });
  await fireEvent.click(ask ?? document.body);
  const answer = await screen.findByText(/other keys? trusts? /);
  expect(answer.textContent).toMatch(/\.$/);
  expect(requests(backend, "show").length).toBeGreaterThan(5);
  const found = within(answer.parentElement ?? document.body).queryAllByRole("button");
  if (found[0] !== undefined) {
    await fireEvent.click(found[0]);
    expect(told.onopenkey).toHaveBeenCalled();
  }
});

test("a version's secret is purged in the window for critical acts", async () => {
  const { backend, row } = await open(usual);
  await fireEvent.click(screen.getByRole("button", { name: /^Purge….* the version/ }));
  await waitFor(() =>
    expect(requests(backend, "open_window")[0]?.task).toMatchObject({
      kind: "step-up",
      act: { kind: "purge", key: row.id, what: { kind: "version" } },
    }),
  );
});

test("a read-only vault offers nothing that would change it", async () => {
  await open(usual, "The vault is read-only.");
  expect(screen.getByRole("button", { name: "Edit key" }).hasAttribute("disabled")).toBe(true);
  expect(screen.getByRole("button", { name: /^Purge….* the version/ }).hasAttribute("disabled")).toBe(true);
});

test("what is wrong with the key stands above all, and leads to its findings", async () => {
  const { row, told } = await open((one) => one.excess.includes("trade-unrestricted"));
  const findings = await screen.findByRole("list", { name: "Findings" });
  expect(findings.textContent).toContain("High: may trade from any address");
  await fireEvent.click(screen.getByRole("button", { name: "View in Health" }));
  expect(told.onhealth).toHaveBeenCalledWith(row.id);
});
