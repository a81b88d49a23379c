import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { BLOCKED, checkedOf, planOf } from "../../backend/fake/exchange";
import { inventedRows } from "../../backend/fake-keys";
import type { Checked, Commands, KeyRow } from "../../backend/generated/wire";
import KeyExchange from "./KeyExchange.svelte";

const NOW = Date.now();

function open(choose: (row: KeyRow) => boolean = (row) => row.exchange === "binance" && row.has_secret) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(60, NOW) });
  const row = backend.rows.find((one) => one.state === "active" && choose(one));
  if (row === undefined) {
    throw new Error("no row");
  }
  const onanswered = vi.fn();
  const view = backend.find(row.id);
  const page = render(KeyExchange, { backend, view, nowMs: NOW, fixed: "", onanswered });
  return { backend, row, view, onanswered, page };
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const called = <C extends keyof Commands>(backend: FakeBackend, wanted: C) =>
  backend.calls.filter(({ command }) => command === wanted).map(({ request }) => request);

function tells(backend: FakeBackend, row: KeyRow, checked: Checked, kind: "ask-exchange" | "read-answer" = "ask-exchange") {
  const act = { kind, key: row.id, label: row.label, exchange_name: row.exchange_name };
  backend.tell({ kind: "finished", task: { kind: "step-up", act }, outcome: { kind: "checked", checked } });
}

test("what will be sent and what follows from it is said before anything is", async () => {
  const { backend, row } = open();
  expect(screen.getByText(/was never asked about this key/)).toBeTruthy();
  await press("Ask Binance…");
  const panel = within(await screen.findByRole("form", { name: `Ask Binance about ${row.label}` }));
  expect(panel.getByText("GET /sapi/v1/account/apiRestrictions")).toBeTruthy();
  expect(panel.getByText(/^api\.binance\.com gets this request/)).toBeTruthy();
  expect(panel.getByText("Asking counts as a use of the key.")).toBeTruthy();
  expect(panel.getByText(/put off an end by inactivity/)).toBeTruthy();
  expect(panel.getByText(/as of 23 Nov 2026/)).toBeTruthy();
  expect(called(backend, "ask_exchange")).toHaveLength(0);
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Ask Binance" }));
  await press("Cancel");
  expect(screen.queryByRole("form")).toBeNull();
  expect(called(backend, "ask_exchange")).toHaveLength(0);
});

test("where numbers rise, a bot is spoken of", async () => {
  open((row) => row.exchange === "kraken" && row.has_secret);
  await press("Ask Kraken…");
  expect(await screen.findByText(/stop it first/)).toBeTruthy();
});

test("a code is waited for, and the answer comes to stand beside what was recorded", async () => {
  const { backend, row, view, onanswered, page } = open();
  await press("Ask Binance…");
  await screen.findByRole("form");
  await press("Ask Binance");
  expect(await screen.findByText(/asks for a code/)).toBeTruthy();
  const base = checkedOf(view);
  tells(backend, row, {
    ...base,
    ...(base.seen === null ? {} : {}),
    outcome: "answered",
    sentence: "The exchange knows the key, and grants it what nobody here knows: sweep.",
    excess: ["withdraw"],
  });
  const said = await screen.findByRole("alert");
  expect(said.textContent).toContain("The exchange answered");
  expect(said.textContent).toContain("grants more than was recorded: withdraw");
  expect(onanswered).toHaveBeenCalledTimes(1);
  await page.rerender({
    view: {
      ...view,
      row: { ...row, observed: { ...row.declared, withdraw: "yes" } },
      observation: {
        at_ms: NOW - 3 * 86_400_000,
        allowlist: { kind: "unrestricted" },
        expires_ms: null,
        created_ms: null,
        last_used_ms: null,
        label: "grid",
        stopped: null,
        native: ["enableReading", "sweep"],
        unknown_words: ["sweep"],
        drift: ["The allowlist is gone: any address may use the key."],
      },
    },
  });
  expect(screen.getByText(/^3 days ago/)).toBeTruthy();
  expect(screen.getByText("Any address may use the key")).toBeTruthy();
  expect(screen.getByText(/no right is ruled out/)).toBeTruthy();
  expect(screen.getByText(/The allowlist is gone/)).toBeTruthy();
  expect(screen.getAllByRole("img")).toHaveLength(2);
});

test("a window that is closed without a code leads back to the question", async () => {
  const { backend, row } = open();
  backend.instead.ask_exchange = () => ({ kind: "asked" });
  await press("Ask Binance…");
  await screen.findByRole("form");
  await press("Ask Binance");
  await screen.findByText(/asks for a code/);
  const act = { kind: "ask-exchange", key: row.id, label: row.label, exchange_name: "Binance" } as const;
  backend.tell({ kind: "finished", task: { kind: "step-up", act }, outcome: { kind: "cancelled" } });
  expect(await screen.findByRole("form")).toBeTruthy();
});

test("a blocked address is no fault of the key: the question goes elsewhere and its answer comes back", async () => {
  const { backend, row, view, onanswered } = open();
  await press("Ask Binance…");
  await screen.findByRole("form");
  tells(backend, row, { ...checkedOf(view), ...BLOCKED });
  const said = await screen.findByRole("alert");
  expect(said.textContent).toContain("It cannot be asked from here");
  expect(said.textContent).toContain("may be perfectly good");
  await press("Copy signed question…");
  await press("Paste its answer…");
  await waitFor(() =>
    expect(called(backend, "open_window")).toEqual(
      ["ask-elsewhere", "read-answer"].map((kind) => ({
        task: { kind: "step-up", act: { kind, key: row.id, label: row.label, exchange_name: "" } },
      })),
    ),
  );
  expect(within(screen.getByRole("list", { name: "What was looked at" })).getAllByRole("listitem")).toHaveLength(3);
  tells(backend, row, { ...checkedOf(view), outcome: "answered" }, "read-answer");
  await waitFor(() => expect(onanswered).toHaveBeenCalledTimes(2));
});

test("a refusal before anything is sent has its words, and nothing is asked", async () => {
  const { backend } = open();
  backend.instead.check_plan = () => {
    throw fault("refused", "Binance closed: nothing is signed for it");
  };
  await press("Ask Binance…");
  expect((await screen.findByRole("alert")).textContent).toContain("closed");
  backend.instead.check_plan = ({ key }) => planOf(backend.find(key));
  backend.instead.ask_exchange = () => {
    throw fault("throttled", "This exchange was asked a moment ago", 2000);
  };
  await press("Ask Binance…");
  await screen.findByRole("form");
  await press("Ask Binance");
  expect((await screen.findByRole("alert")).textContent).toContain("asked a moment ago");
});

test("the words of a refusal are explained without asking anybody", async () => {
  const { backend, row } = open();
  await press("Explain a refusal…");
  await press("Explain refusal");
  expect(screen.getByText("Paste the words of the refusal.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText(/Words of the refusal/), {
    target: { value: '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}' },
  });
  await fireEvent.input(screen.getByLabelText(/Address it was sent from/), { target: { value: "here" } });
  await press("Explain refusal");
  expect(screen.getByText(/An address is written as/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText(/Address it was sent from/), { target: { value: "203.0.113.9" } });
  await press("Explain refusal");
  expect(await screen.findByText(/is not on the key's allowlist/)).toBeTruthy();
  expect(called(backend, "doctor")).toMatchObject([{ key: row.id, address: "203.0.113.9" }]);
  expect(called(backend, "ask_exchange")).toHaveLength(0);
  await press("Close");
  expect(screen.queryByRole("form")).toBeNull();
});

test("another key's answer is not taken for this one's", async () => {
  const { backend, view, onanswered } = open();
  const other = backend.rows.find((one) => one.id !== view.row.id) as KeyRow;
  tells(backend, other, checkedOf(view));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onanswered).not.toHaveBeenCalled();
});

test("an exchange is asked by itself only after a code, and by hand again at once", async () => {
  const { backend, row, view, onanswered, page } = open();
  await press("Ask regularly…");
  const panel = within(await screen.findByRole("form", { name: "Ask Binance regularly" }));
  expect(panel.getByText(/each time as a use of the key/)).toBeTruthy();
  await fireEvent.click(panel.getByRole("radio", { name: "Every 30 days" }));
  await press("Ask every 30 days");
  const act = {
    kind: "schedule-checks",
    key: row.id,
    label: row.label,
    exchange_name: "",
    every_days: 30,
    despite_rising_numbers: false,
  } as const;
  await waitFor(() => expect(called(backend, "open_window")).toEqual([{ task: { kind: "step-up", act } }]));
  backend.tell({ kind: "finished", task: { kind: "step-up", act }, outcome: { kind: "done" } });
  await waitFor(() => expect(onanswered).toHaveBeenCalledTimes(1));
  const failed = { every_days: 30, next_ms: NOW + 86_400_000, last_ms: NOW - 86_400_000, last_outcome: "no-answer" } as const;
  await page.rerender({ view: { ...view, check_schedule: failed } });
  expect(screen.getByText(/Every 30 days, next from/).textContent).toContain("Last 1 day ago: no answer came.");
  await press("Ask by hand only");
  await waitFor(() => expect(called(backend, "check_schedule")).toMatchObject([{ every_days: null, step_up: null }]));
});

test("where numbers rise, it is confirmed that no bot uses the key", async () => {
  open((row) => row.exchange === "kraken" && row.has_secret);
  await press("Ask regularly…");
  await screen.findByRole("form");
  const button = () => screen.getByRole<HTMLButtonElement>("button", { name: "Ask every 7 days" });
  expect(button().disabled).toBe(true);
  await fireEvent.click(screen.getByRole("switch", { name: "No bot uses this key" }));
  expect(button().disabled).toBe(false);
});
