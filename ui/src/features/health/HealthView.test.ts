import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { asked } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { FindingView, Standing } from "../../backend/generated/wire";
import { isoDate } from "../../components/when";
import HealthView from "./HealthView.svelte";
import { remedyOf } from "./remedy";

const DAY = 86_400_000;

async function open(keys = 24, place = "", prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, Date.now()) });
  prepare?.(backend);
  const told = {
    onopenkey: vi.fn(),
    onview: vi.fn(),
    onlens: vi.fn(),
    onedit: vi.fn(),
    onchanged: vi.fn(),
    onsay: vi.fn(),
  };
  const drawn = render(HealthView, { backend, place, ...told });
  await waitFor(() => expect(backend.calls.some(({ command }) => command === "health")).toBe(true));
  return { backend, told, ...drawn };
}

const list = () => screen.findByRole("group", { name: "Findings, worst first" });
const first = (elements: HTMLElement[]): HTMLElement => {
  const [element] = elements;
  if (element === undefined) {
    throw new Error("nothing there");
  }
  return element;
};
const ofVault = (act: FindingView["act"], rule: string): FindingView => ({
  rule,
  severity: "medium",
  subject: { kind: "vault" },
  name: "the vault",
  reason: "So it is.",
  act,
  remedy: "Do something.",
  standing: { kind: "open" },
});
const alone = (finding: FindingView) => (backend: FakeBackend) => {
  backend.instead.health = () => ({
    score: 92,
    explained: "92 of 100.",
    rules: [
      { rule: finding.rule, severity: finding.severity, title: "is so", why: "It matters.", open: 1, accepted: 0, points: 8 },
    ],
    findings: [finding],
    total: 1,
    next: null,
  });
};

afterEach(() => vi.unstubAllGlobals());

test("findings stand worst first under their severity and rule, with why and what to do", async () => {
  await open();
  const headings = within(await list())
    .getAllByRole("heading", { level: 2 })
    .map(({ textContent }) => textContent.trim());
  expect(headings).toEqual(["Critical", "High", "Medium"]);
  expect(screen.getByText("May withdraw without an allowlist", { selector: "h3" })).toBeTruthy();
  expect(screen.getByText(/it does not come back/)).toBeTruthy();
  expect(screen.getAllByText(/record the addresses it is bound to/).length).toBeGreaterThan(0);
});

test("the ledger adds up to the score", async () => {
  const { backend } = await open();
  const table = await screen.findByRole("table", { name: "Where the points went" });
  const view = await backend.call("health", { offset: 0, about: null });
  const numbers = within(table)
    .getAllByRole("cell")
    .map(({ textContent }) => Number(textContent.replace("−", "-")));
  expect(numbers[0]).toBe(100);
  expect(numbers.at(-1)).toBe(view.score);
  const sum = numbers.slice(0, -1).reduce((total, cell) => total + cell, 0);
  expect(Math.max(0, sum)).toBe(view.score);
  expect(screen.queryByText("It does not go below 0") !== null).toBe(sum < 0);
});

test("the remedy of a key's right opens its editor, the name its page", async () => {
  const { told } = await open();
  await list();
  await fireEvent.click(first(screen.getAllByRole("button", { name: /^Edit allowlist: / })));
  await waitFor(() => expect(told.onedit).toHaveBeenCalledOnce());
  const name = first(screen.getAllByTitle(/^Open /));
  await fireEvent.click(name);
  expect(told.onopenkey).toHaveBeenCalledOnce();
});

test("a finding is accepted with a reason until the end of a day, and withdrawn", async () => {
  const { backend, told } = await open();
  await list();
  const button = first(screen.getAllByRole("button", { name: /^Accept… .* may withdraw/ }));
  const label = button.getAttribute("aria-label")?.replace(/^Accept… (.*) may withdraw.*/, "$1");
  await fireEvent.click(button);
  await fireEvent.input(screen.getByLabelText("Reason"), { target: { value: " cold desk, watched " } });
  await fireEvent.click(screen.getByRole("button", { name: "Accept finding" }));
  const section = await screen.findByRole("region", { name: "Accepted" });
  expect(section.textContent).toContain("cold desk, watched");
  expect(section.textContent).toContain(label);
  await waitFor(() => expect(told.onchanged).toHaveBeenCalledOnce());
  const [sent] = asked(backend, "health_accept");
  expect(sent).toMatchObject({ rule: "withdraw-unlisted", reason: "cold desk, watched" });
  expect(isoDate(sent?.until_ms ?? 0)).toBe(isoDate(Date.now() + 90 * DAY));
  expect(new Date((sent?.until_ms ?? 0) + 1).getHours()).toBe(0);
  await fireEvent.click(within(section).getByRole("button", { name: /^Withdraw: / }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Accepted" })).toBeNull());
  expect(asked(backend, "health_unaccept")).toEqual([{ rule: "withdraw-unlisted", subject: sent?.subject }]);
  expect(screen.getByText(/^Open again: /)).toBeTruthy();
});

test("values that would be refused have words before they are sent", async () => {
  const { backend } = await open();
  await list();
  await fireEvent.click(first(screen.getAllByRole("button", { name: /^Accept… / })));
  const submit = screen.getByRole("button", { name: "Accept finding" });
  await fireEvent.click(submit);
  expect(screen.getByText("Say why this is all right.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("Reason"), { target: { value: "watched" } });
  const until = screen.getByLabelText("Until");
  for (const [value, words] of [
    ["soon", /Give a date as year-month-day/],
    ["2026-02-30", /Give a date as year-month-day/],
    [isoDate(Date.now() - DAY), /That day is over/],
    [isoDate(Date.now() + 400 * DAY), /A year at most/],
  ] as const) {
    await fireEvent.input(until, { target: { value } });
    await fireEvent.click(submit);
    expect(screen.getByText(words), value).toBeTruthy();
  }
  expect(asked(backend, "health_accept")).toEqual([]);
});

test("what the agent refuses is told beside the finding and stays until dismissed", async () => {
  const { backend, told } = await open();
  const findings = await list();
  backend.instead.health_accept = () => {
    throw fault("invalid", "the reason is too long");
  };
  await fireEvent.click(first(screen.getAllByRole("button", { name: /^Accept… / })));
  await fireEvent.input(screen.getByLabelText("Reason"), { target: { value: "watched" } });
  await fireEvent.click(screen.getByRole("button", { name: "Accept finding" }));
  const alert = await within(findings).findByRole("alert");
  expect(alert.textContent).toContain("the reason is too long");
  expect(screen.getByLabelText("Reason")).toBeTruthy();
  expect(told.onchanged).not.toHaveBeenCalled();
  await fireEvent.click(within(alert).getByRole("button", { name: "Dismiss this message" }));
  expect(within(findings).queryByRole("alert")).toBeNull();
});

test("an answer that does not come is said, and asked for again", async () => {
  const { backend } = await open(24, "", (fake) => {
    fake.instead.health = () => {
      throw fault("verifying", "");
    };
  });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.health;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await list()).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("arrows and letters go from finding to finding", async () => {
  await open();
  const rows = within(await list()).getAllByRole("listitem");
  for (const [key, at] of [
    ["j", 0],
    ["ArrowDown", 1],
    ["j", 2],
    ["k", 1],
    ["ArrowUp", 0],
    ["ArrowUp", 0],
  ] as const) {
    await fireEvent.keyDown(document.activeElement as Element, { key });
    expect(rows[at]?.contains(document.activeElement), key).toBe(true);
  }
});

test("with a key it shows that key's findings alone, and the way back", async () => {
  const rows = inventedRows(24, Date.now());
  const row = rows.find(({ excess }) => excess.includes("trade-unrestricted"));
  const { backend, told } = await open(24, row?.id);
  const items = within(await list()).getAllByRole("listitem");
  for (const item of items) {
    expect(item.textContent).toContain(row?.label);
  }
  expect(asked(backend, "health").at(-1)?.about).toBe(row?.id);
  expect(screen.getByText(`Only findings of ${row?.label}`)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Show every finding" }));
  expect(told.onview).toHaveBeenCalledWith("health");
});

test("a vault without findings teaches what is looked at", async () => {
  await open(0);
  expect(await screen.findByText("Nothing is wrong here")).toBeTruthy();
});

test("the vault's own remedies: a backup, the kit, the self-test", async () => {
  const backup = await open(3, "", alone(ofVault("backup", "backups-stale")));
  await fireEvent.click(await screen.findByRole("button", { name: "Back up now: This vault" }));
  await waitFor(() => expect(backup.told.onsay).toHaveBeenCalledOnce());
  backup.backend.instead.backup = () => ({ written: [], failed: ["The disk is full."] });
  await fireEvent.click(screen.getByRole("button", { name: "Back up now: This vault" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
  backup.unmount();

  const kit = await open(3, "", alone(ofVault("test-kit", "kit-untested")));
  await fireEvent.click(await screen.findByRole("button", { name: "Test kit…: This vault" }));
  await waitFor(() => expect(asked(kit.backend, "open_window")).toEqual([{ task: { kind: "test-kit" } }]));
  kit.unmount();

  const lock = await open(3, "", alone(ofVault("auto-lock", "auto-lock-missing")));
  await fireEvent.click(await screen.findByRole("button", { name: "Open self-test: This vault" }));
  expect(lock.told.onview).toHaveBeenCalledWith("settings", "selfTest");
});

test("what needs rotating, revoking or another look at a vendor leads to where that is done", async () => {
  const of = (act: FindingView["act"], rule: string): FindingView => ({
    ...ofVault(act, rule),
    subject: { kind: "entry", id: "7" },
    name: "okx grid",
  });
  for (const [act, button] of [
    ["rotate", "Start rotation…: okx grid"],
    ["revoke", "Revoke now…: okx grid"],
  ] as const) {
    const drawn = await open(3, "", alone(of(act, "some-rule")));
    await fireEvent.click(await screen.findByRole("button", { name: button }));
    expect(drawn.told.onopenkey).toHaveBeenCalledWith("7", act === "rotate" ? "rotation" : "revocation");
    drawn.unmount();
  }
  const { told } = await open(3, "", alone({ ...of("review-vendor", "review-overdue"), name: "Acme" }));
  await fireEvent.click(await screen.findByRole("button", { name: "Review vendor: Acme" }));
  expect(told.onview).toHaveBeenCalledWith("holders", "vendor:Acme");
});

test("an acceptance whose day is over is open again and says so", async () => {
  const standing: Standing = { kind: "lapsed", reason: "for the audit", until_ms: Date.now() - DAY };
  await open(3, "", alone({ ...ofVault("backup", "backups-stale"), standing }));
  expect(await screen.findByText(/^It was accepted until .*: for the audit$/)).toBeTruthy();
});

test("every act has a remedy", () => {
  const acts: FindingView["act"][] = [
    "edit-allowlist",
    "edit-permissions",
    "check",
    "rotate",
    "revoke",
    "show",
    "edit-consumers",
    "backup",
    "test-kit",
    "auto-lock",
    "update",
    "review-vendor",
  ];
  for (const act of acts) {
    const remedy = remedyOf(ofVault(act, "some-rule"));
    expect("title" in remedy ? remedy.title : "words", act).not.toBe("");
  }
});
