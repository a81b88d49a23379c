import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import RemindersView from "./RemindersView.svelte";

async function open(keys = 24) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, Date.now()) });
  const onopenkey = vi.fn<(id: string | null) => void>();
  render(RemindersView, { backend, onopenkey });
  if (keys > 0) {
    await screen.findByRole("radiogroup", { name: "Show" });
  }
  return { backend, onopenkey };
}

const list = () => screen.getByRole("group", { name: "What is due, soonest first" });
const rows = () => within(list()).getAllByRole("listitem");
const first = (): HTMLElement => {
  const [row] = rows();
  if (row === undefined) {
    throw new Error("no row");
  }
  return row;
};
const asked = (backend: FakeBackend, command: string) =>
  backend.calls.filter((call) => call.command === command).map((call) => call.request);

async function snoozeFirst(item: string) {
  await fireEvent.keyDown(within(first()).getByRole("button", { name: /^Snooze/ }), {
    key: "Enter",
  });
  await fireEvent.click(await screen.findByRole("menuitem", { name: item }));
}

test("what is due stands soonest first, with its date and its cause", async () => {
  const { backend, onopenkey } = await open();
  expect(first().textContent).toMatch(/Expire|Rotat/);
  const days = backend.rows
    .flatMap((row) => [row.expiry?.days, row.rotation?.days])
    .filter((count) => count !== undefined);
  expect(first().textContent).toContain(String(Math.abs(Math.min(...days))));
  expect(first().textContent).toMatch(/Because of:/);

  await fireEvent.click(within(first()).getAllByRole("button")[0] as HTMLElement);
  expect(onopenkey).toHaveBeenCalledOnce();
});

test("a reminder is snoozed for days, and says until when", async () => {
  const { backend } = await open();
  await snoozeFirst("For 3 days");
  await waitFor(() => expect(first().textContent).toContain("Snoozed until"));
  expect(asked(backend, "reminder_snooze")).toMatchObject([{ hours: 72 }]);
  expect(screen.getByText(/is silent until/)).toBeTruthy();
});

test("hours of one's own are checked before they are sent", async () => {
  const { backend } = await open();
  await snoozeFirst("For some hours…");
  const hours = await screen.findByLabelText("Hours");
  await fireEvent.input(hours, { target: { value: "900" } });
  await fireEvent.click(screen.getByRole("button", { name: "Snooze reminders" }));
  expect(await screen.findByText("Type a whole number of hours from 1 to 720.")).toBeTruthy();
  expect(asked(backend, "reminder_snooze")).toEqual([]);

  await fireEvent.input(hours, { target: { value: "5" } });
  await fireEvent.click(screen.getByRole("button", { name: "Snooze reminders" }));
  await waitFor(() => expect(asked(backend, "reminder_snooze")).toMatchObject([{ hours: 5 }]));
});

test("a refused snooze is told beside its row and stays until it is dismissed", async () => {
  const { backend } = await open();
  backend.instead.reminder_snooze = () => {
    throw fault("refused", "this key has expired; a reminder of that is acknowledged, not snoozed");
  };
  await snoozeFirst("For 1 day");
  const alert = await within(first()).findByRole("alert");
  expect(alert.textContent).toContain("this key has expired");
  await fireEvent.click(within(alert).getByRole("button", { name: "Dismiss this message" }));
  expect(within(first()).queryByRole("alert")).toBeNull();
});

test("an acknowledged date reminds no more and is found under its own heading", async () => {
  await open();
  await fireEvent.click(within(first()).getByRole("button", { name: /^Acknowledge/ }));
  await waitFor(() => expect(first().textContent).toContain("Acknowledged"));
  await fireEvent.click(screen.getByRole("radio", { name: /^Snoozed/ }));
  expect(await screen.findByText("No reminder is snoozed.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("radio", { name: /^Acknowledged/ }));
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
});

test("arrows and letters go from key to key", async () => {
  await open();
  const keys = rows().map((row) => within(row).getAllByRole("button")[0] as HTMLElement);
  for (const [key, at] of [
    ["j", 0],
    ["ArrowDown", 1],
    ["j", 2],
    ["k", 1],
    ["ArrowUp", 0],
    ["ArrowUp", 0],
  ] as const) {
    await fireEvent.keyDown(document.activeElement as Element, { key });
    expect(document.activeElement, key).toBe(keys[at]);
  }
});

test("without a date anywhere the page says how one gets one", async () => {
  await open(0);
  expect(await screen.findByText("Nothing is due")).toBeTruthy();
});

test("an index that cannot be read is said, and not shown as nothing", async () => {
  const backend = new FakeBackend({ window: "main", rows: [] });
  backend.instead.reminder_list = () => ({
    reminders: [],
    total: 0,
    next_ms: null,
    limited: true,
  });
  render(RemindersView, { backend, onopenkey: () => undefined });
  expect(await screen.findByText(/could not be read/)).toBeTruthy();
  expect(screen.queryByText("Nothing is due")).toBeNull();
});

test("settings of reminders are saved in place, and a refusal stands beside them", async () => {
  const { backend } = await open();
  const at = await screen.findByLabelText("Time of day");
  await fireEvent.input(at, { target: { value: "7.30" } });
  await fireEvent.change(at);
  expect(await screen.findByText("Not saved: a time of day is written 09:00.")).toBeTruthy();
  await fireEvent.input(at, { target: { value: "07:30" } });
  await fireEvent.keyDown(at, { key: "Enter" });
  await waitFor(() =>
    expect(asked(backend, "setting_set").at(-1)).toEqual({ name: "remind-at", value: "07:30" }),
  );

  await fireEvent.click(await screen.findByRole("button", { name: "14 days before" }));
  await waitFor(() =>
    expect(asked(backend, "setting_set").at(-1)).toEqual({
      name: "lead-days",
      value: "30,7,3,1,0",
    }),
  );
  await fireEvent.click(screen.getByRole("button", { name: "Reset to default: Days ahead" }));
  await waitFor(() =>
    expect(asked(backend, "setting_set").at(-1)).toEqual({
      name: "lead-days",
      value: "30,14,7,3,1,0",
    }),
  );
});

test("quiet hours begin as a night, and both ends can be changed", async () => {
  const { backend } = await open();
  await fireEvent.click(await screen.findByRole("switch", { name: "Quiet hours" }));
  const to = await screen.findByLabelText("To");
  expect((to as HTMLInputElement).value).toBe("07:00");
  expect(asked(backend, "setting_set")).toEqual([
    { name: "quiet-from", value: "22:00" },
    { name: "quiet-to", value: "07:00" },
  ]);
  await fireEvent.click(screen.getByRole("switch", { name: "Quiet hours" }));
  await waitFor(() => expect(screen.queryByLabelText("To")).toBeNull());
});

test("a test says which server took the notification, or that nobody answers", async () => {
  const { backend } = await open();
  const button = await screen.findByRole("button", { name: "Send a test notification" });
  await fireEvent.click(button);
  expect(await screen.findByText(/^gnome-shell 48.4 took it/)).toBeTruthy();
  backend.instead.reminder_test = () => {
    throw fault("no-desktop", "no notification service");
  };
  await fireEvent.click(button);
  expect(await screen.findByText(/No notification service answers/)).toBeTruthy();
});

test("each leads to where it is done: a rotation, a key, a vendor", async () => {
  const told = { onopenkey: vi.fn(), onview: vi.fn() };
  const backend = new FakeBackend({ window: "main" });
  const list = await backend.call("reminder_list", {});
  const [some] = list.reminders;
  if (some === undefined) {
    throw new Error("nothing is due");
  }
  const of = (kind: typeof some.kind, id: string, label: string) => ({ ...some, kind, id, label });
  backend.instead.reminder_list = () => ({
    ...list,
    reminders: [of("rotation", "1", "grid"), of("expiry", "2", "tax"), of("review", "3", "Acme")],
    total: 3,
  });
  render(RemindersView, { backend, ...told });
  await fireEvent.click(await screen.findByRole("button", { name: "grid" }));
  expect(told.onopenkey).toHaveBeenLastCalledWith("1", "rotation");
  await fireEvent.click(screen.getByRole("button", { name: "tax" }));
  expect(told.onopenkey).toHaveBeenLastCalledWith("2");
  await fireEvent.click(screen.getByRole("button", { name: "Acme" }));
  expect(told.onview).toHaveBeenCalledWith("holders", "vendor:Acme");
});
