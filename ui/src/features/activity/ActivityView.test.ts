import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { AuditEntry, AuditList } from "../../backend/generated/wire";
import { t } from "../../i18n/en";
import ActivityView from "./ActivityView.svelte";
import { GROUPS, sentence } from "./events";

async function open() {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(24, Date.now()) });
  const onopenkey = vi.fn<(id: string | null) => void>();
  render(ActivityView, { backend, onopenkey });
  await screen.findByRole("grid");
  return { backend, onopenkey };
}

const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);
const asked = (backend: FakeBackend) =>
  backend.calls
    .filter(({ command }) => command === "audit_list")
    .map(({ request }) => request as AuditList);
const entry = (event: string, decision = "allowed"): AuditEntry => ({
  seq: 1,
  utc_ms: 0,
  device: "",
  actor: "person",
  client: "desktop",
  event,
  entry_id: null,
  label: null,
  decision,
});

test("entries are sentences, newest first", async () => {
  await open();
  expect(rows()[0]?.textContent).toContain("Unlocked the vault");
  expect(rows()[0]?.textContent).toContain("workstation");
  expect(screen.getByText(/^1,284 entries, the newest/)).toBeTruthy();
});

test("every event has words and stands in one group", () => {
  const grouped = Object.values(GROUPS).flat();
  expect([...grouped].sort()).toEqual(Object.keys(t.activity.events).sort());
  expect(new Set(grouped).size).toBe(grouped.length);
  expect(sentence(entry("revealed", "denied"))).toBe("Refused: showing a secret");
  expect(sentence(entry("backed-up", "failed"))).toBe("Failed: backing the vault up");
  expect(sentence(entry("teleported"))).toContain("teleported");
});

test("what was refused is marked in words, not by colour alone", async () => {
  await open();
  const refused = rows().find((row) => row.textContent?.includes("Refused:"));
  expect(refused).toBeDefined();
  expect(within(refused as HTMLElement).getByText("It was asked for and not done.")).toBeTruthy();
});

test("the key of an entry opens its page, by mouse and by Enter", async () => {
  const { onopenkey } = await open();
  const [link] = screen.getAllByTitle(/^Open /);
  await fireEvent.click(link as HTMLElement);
  expect(onopenkey).toHaveBeenCalledTimes(1);

  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "j" });
  await fireEvent.keyDown(grid, { key: "Enter" });
  expect(onopenkey).toHaveBeenCalledTimes(2);
});

test("older entries come when the end is near", async () => {
  const { backend } = await open();
  expect(asked(backend)).toHaveLength(1);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "End" });
  await fireEvent.scroll(grid);
  await waitFor(() => expect(asked(backend).at(-1)?.before_seq).toBe(1_084));
});

/** Rows without their roles, whose names take long to find. */
const texts = () =>
  [...document.querySelectorAll("[role=grid] [data-key]")].map((row) => row.textContent ?? "");

test("one event is asked of the agent", async () => {
  const { backend } = await open();
  await choose("Kind", "Copied a field to the clipboard");
  await waitFor(() => expect(asked(backend).at(-1)?.event).toBe("copied"));
  await waitFor(() => expect(texts().every((text) => /opied|opying/.test(text))).toBe(true));
});

test("a group of events and a text are looked for in what was read", async () => {
  const { backend } = await open();
  await choose("Kind", "All: backups and restores");
  await waitFor(() => expect(asked(backend).at(-1)?.event).toBeNull());
  await waitFor(() => expect(texts().every((text) => /back|made/i.test(text))).toBe(true));

  await choose("Kind", "Everything");
  const text = screen.getByLabelText("Search what is shown");
  await fireEvent.input(text, { target: { value: "thinkpad" } });
  await waitFor(() => expect(texts().every((text) => text.includes("thinkpad"))).toBe(true));
});

test("a key that is not known is told beside its field", async () => {
  const { backend } = await open();
  const key = screen.getByLabelText("Key: label or id");
  await fireEvent.input(key, { target: { value: "no such key" } });
  await fireEvent.keyDown(key, { key: "Enter" });
  expect(await screen.findByText("No key has this label or id.")).toBeTruthy();
  expect(asked(backend).at(-1)?.key).toBe("no such key");
  await fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(rows().length).toBeGreaterThan(10));
});

test("the proof says its claim, its root and what was seen before", async () => {
  await open();
  await fireEvent.click(screen.getByRole("button", { name: "Verify log" }));
  expect(await screen.findByText(/hash to the root in the state record/)).toBeTruthy();
  expect(screen.getByText(/^9c4f1b7a/)).toBeTruthy();
  expect(screen.getAllByText("1,281").length).toBeGreaterThan(0);
  expect(screen.getByRole("button", { name: "Verify again" })).toBeTruthy();
});

test("a log that does not verify says what that means", async () => {
  const { backend } = await open();
  backend.instead.audit_verify = () => {
    throw fault("corrupt", "the audit log does not verify");
  };
  await fireEvent.click(screen.getByRole("button", { name: "Verify log" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Not verified");
  expect(alert.textContent).toContain("changed outside of Strongroom");
});

test("the log is exported to a file that is typed or chosen", async () => {
  const { backend } = await open();
  await fireEvent.click(screen.getByRole("button", { name: "Export log…" }));
  await fireEvent.click(await screen.findByRole("button", { name: "Write export" }));
  expect(await screen.findByText("Say where the file goes.")).toBeTruthy();
  const path = screen.getByLabelText("New file");
  await fireEvent.input(path, { target: { value: "/missing/log.jsonl" } });
  await fireEvent.click(screen.getByRole("button", { name: "Write export" }));
  expect(await screen.findByText(/The folder for that file is not there/)).toBeTruthy();
  await fireEvent.input(path, { target: { value: "/home/ada/log.jsonl" } });
  await fireEvent.click(screen.getByRole("button", { name: "Write export" }));
  expect(await screen.findByText("Wrote 214 KiB to /home/ada/log.jsonl")).toBeTruthy();
  expect(backend.calls.filter(({ command }) => command === "audit_export")).toHaveLength(2);
});

async function choose(label: string, option: string) {
  await fireEvent.keyDown(screen.getByLabelText(new RegExp(`^${label}:`)), { key: "Enter" });
  const list = await waitFor(() => {
    const open = document.querySelector<HTMLElement>("[role=listbox]");
    expect(open).not.toBeNull();
    return open as HTMLElement;
  });
  await fireEvent.pointerUp(within(list).getByText(option));
  await waitFor(() => expect(document.querySelector("[role=listbox]")).toBeNull());
}
