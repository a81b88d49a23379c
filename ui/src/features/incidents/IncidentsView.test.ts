import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { asked, push } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { IncidentView } from "../../backend/generated/wire";
import { clocksOf, filled, inWindow, standsOf } from "./incident.svelte";
import IncidentsView from "./IncidentsView.svelte";

const NOW = Date.now();

function open(place = "", prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(24, NOW) });
  prepare?.(backend);
  const said: string[] = [];
  const props = {
    backend,
    onopenkey: vi.fn(),
    onview: vi.fn(),
    onchanged: vi.fn(),
    onsay: ({ text }: { text: string }) => void said.push(text),
    nowMs: NOW,
  };
  const drawn = render(IncidentsView, { ...props, place });
  const go = (to: string) => drawn.rerender({ ...props, place: to });
  return { backend, props, said, go };
}


/** An incident over the keys of Koinly, opened as the form opens it. */
async function ofKoinly(backend: FakeBackend): Promise<IncidentView> {
  const { playbooks } = await backend.call("playbooks", {});
  const playbook = playbooks.find(({ text }) => text.id === "vendor-breached");
  if (playbook === undefined) {
    throw new Error("no playbook");
  }
  return await backend.call("incident_open", {
    title: "Koinly lost keys",
    playbook: playbook.text,
    whose: { kind: "vendor", name: "Koinly" },
    about: "vendor Koinly",
  });
}

afterEach(() => vi.unstubAllGlobals());

test("a vault without incidents teaches what one is for, and offers to open one", async () => {
  const { props } = open();
  expect(await screen.findByText("Nothing has happened")).toBeTruthy();
  await push("Open incident…");
  expect(props.onview).toHaveBeenCalledWith("incidents", "new");
});

test("opening shows at once which keys are concerned, withdrawing ones first", async () => {
  const { backend, props } = open("new");
  await fireEvent.click(await screen.findByRole("radio", { name: "A vendor was breached" }));
  await fireEvent.input(screen.getByLabelText("Vendor"), { target: { value: "koinly" } });
  const list = await screen.findByRole("table", { name: "Keys, what can withdraw first" });
  const rows = within(list).getAllByRole("row").slice(1);
  const classes = rows.map((row) => /withdraw|trade|read/.exec(row.querySelector(".may")?.textContent ?? "")?.[0]);
  const order = ["withdraw", "trade", "read"];
  expect([...classes].sort((a, b) => order.indexOf(a ?? "") - order.indexOf(b ?? ""))).toEqual(classes);
  expect(asked(backend, "incident_open")).toEqual([]);
  await push(`Open incident over ${rows.length} keys`);
  await waitFor(() => expect(props.onview).toHaveBeenCalledWith("incidents", expect.stringMatching(/^e/)));
  expect(asked(backend, "incident_open")[0]).toMatchObject({
    title: "A vendor was breached: vendor Koinly",
    about: "vendor Koinly",
    whose: { kind: "vendor", name: "Koinly" },
  });
});

test("a name that means nobody, or none at all, is said beside it", async () => {
  const { backend } = open("new");
  await fireEvent.click(await screen.findByRole("radio", { name: "A vendor was breached" }));
  await push("Open incident");
  expect(screen.getByText("Name the vendor.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("Vendor"), { target: { value: "nobody" } });
  expect(await screen.findByText(/Nobody is recorded under this name/)).toBeTruthy();
  expect(asked(backend, "incident_open")).toEqual([]);
});

test("a leaked key is an incident of its own", async () => {
  const { backend } = open("new");
  const label = backend.rows[2]?.label ?? "";
  await fireEvent.click(await screen.findByRole("radio", { name: "A key leaked" }));
  await fireEvent.input(screen.getByLabelText("Key"), { target: { value: label } });
  await push("Open incident over 1 key");
  await waitFor(() =>
    expect(asked(backend, "incident_open")[0]?.whose).toEqual({ kind: "keys", keys: [label] }),
  );
});

test("containing says first what will be gone, and is one act for all", async () => {
  const { backend, said, go } = open();
  const incident = await ofKoinly(backend);
  await go(incident.id);
  const living = incident.keys.filter(({ state }) => state !== "revoked" && state !== "archived").length;
  await push(`Contain ${living} keys…`);
  expect(screen.getByText(/Nothing is ended at an exchange by this/)).toBeTruthy();
  expect(asked(backend, "incident_contain")).toEqual([]);
  await push(`Contain ${living} keys`);
  await waitFor(() => expect(said.at(-1)).toContain(`${living} keys are contained`));
  await waitFor(() => expect(document.querySelectorAll("[data-stands=contained]")).toHaveLength(living));
  expect(screen.getAllByText(/^contained /).length).toBe(living);
});

test("a key is confirmed dead by a second look, and its clock stops", async () => {
  const { backend, said, go } = open();
  const incident = await ofKoinly(backend);
  await backend.call("incident_contain", { incident: incident.id });
  await go(incident.id);
  const first = incident.keys.find(({ state }) => state === "active")?.label ?? "";
  await push(`Confirm dead: ${first}`);
  expect(asked(backend, "revoke").every(({ step }) => step === "begin")).toBe(true);
  await push("Confirm it is dead");
  await waitFor(() => expect(said.at(-1)).toBe(`${first} is revoked and no longer due.`));
});

test("a note is about a key or the whole, with a date if something is left to do", async () => {
  const { backend, go } = open();
  const incident = await ofKoinly(backend);
  await go(incident.id);
  const [key] = incident.keys;
  await screen.findByText("Nothing is written yet.", { exact: false });
  await push("Write into log");
  expect(screen.getByText("Say what was seen or done.")).toBeTruthy();
  await push(`Note… Note about ${key?.label ?? ""}`);
  await fireEvent.input(screen.getByLabelText("What was seen or done"), { target: { value: " history is clean " } });
  await fireEvent.input(screen.getByLabelText(/^To be done by/), { target: { value: "31 Jan" } });
  await push("Write into log");
  expect(screen.getByText(/Give a date as year-month-day/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText(/^To be done by/), { target: { value: "2099-01-31" } });
  await push("Write into log");
  await screen.findByText("history is clean");
  const [sent] = asked(backend, "incident_note");
  expect(sent).toMatchObject({ incident: incident.id, key: key?.id, text: "history is clean" });
  expect(new Date((sent?.due_ms ?? 0) + 1).getDate()).toBe(1);
});

test("it is closed with what it came of and with follow-ups, none of them written twice", async () => {
  const { backend, said, go } = open();
  const incident = await ofKoinly(backend);
  await backend.call("incident_contain", { incident: incident.id });
  await go(incident.id);
  await push("Close incident…");
  await push("Close incident");
  expect(screen.getByText(/Answer one of the questions/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText(/^What let it happen\?/), { target: { value: "their support tool" } });
  await push("Add follow-up");
  await push("Close incident");
  expect(screen.getByText("Say what is to be done, and by when.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("Follow-up 1"), { target: { value: "ask for their logs" } });
  await fireEvent.input(screen.getByLabelText("By, follow-up 1"), { target: { value: "2099-01-31" } });
  backend.instead.incident_close = () => {
    throw fault("disk-full", "");
  };
  await push("Close incident");
  expect(await screen.findByText(/The disk is full/)).toBeTruthy();
  delete backend.instead.incident_close;
  await push("Close incident");
  await waitFor(() => expect(said.at(-1)).toContain("The incident is closed"));
  expect(asked(backend, "incident_note")).toHaveLength(1);
  expect(asked(backend, "incident_close").at(-1)).toEqual({
    incident: incident.id,
    root_cause: "What let it happen?\ntheir support tool",
  });
  expect(await screen.findByRole("heading", { name: "What it came of" })).toBeTruthy();
});

test("the evidence goes to files that are named, and a refusal stands beside the path", async () => {
  const { backend, go } = open();
  const incident = await ofKoinly(backend);
  await go(incident.id);
  await push("Write evidence…");
  await push("Write evidence");
  expect(screen.getByText("Say where the evidence is written.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("New file for the evidence"), { target: { value: "koinly.md" } });
  await push("Write evidence");
  expect(await screen.findByText(/name the file with its whole path/)).toBeTruthy();
  await push("Choose…");
  await waitFor(() => expect(asked(backend, "choose_path")).toEqual([{ purpose: "evidence" }]));
  await push("Write evidence");
  expect(await screen.findByText(/strongroom-evidence\.json/)).toBeTruthy();
});

test("the message is filled in and copied", async () => {
  const written = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: written } });
  const { backend, go } = open();
  const incident = await ofKoinly(backend);
  await go(incident.id);
  await push("Copy message");
  expect(await screen.findByText("Copied")).toBeTruthy();
  const [text] = written.mock.calls[0] as [string];
  expect(text).toContain("vendor Koinly");
  expect(text).toContain(`${incident.total} keys`);
  expect(text).not.toContain("{");
});

test("the list tells open from closed, leads to each by keys, and shows what is to be ended", async () => {
  const { backend, props, go } = open();
  const incident = await ofKoinly(backend);
  await backend.call("incident_contain", { incident: incident.id });
  await go("new");
  await go("");
  expect(await screen.findByRole("heading", { name: /^Keys still to be ended \d+$/ })).toBeTruthy();
  await fireEvent.keyDown(document.body, { key: "j" });
  expect(document.activeElement?.textContent).toContain("Koinly lost keys");
  await fireEvent.click(document.activeElement as Element);
  expect(props.onview).toHaveBeenLastCalledWith("incidents", incident.id);
});

test("an answer that does not come is said, and asked for again", async () => {
  const { backend } = open("", (fake) => {
    fake.instead.incident_list = () => {
      throw fault("verifying", "");
    };
  });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.incident_list;
  await push("Try again");
  expect(await screen.findByText("Nothing has happened")).toBeTruthy();
});

test("what is said to who has a terminal is left out where there is a button for it", () => {
  for (const [step, shown] of [
    ["Contain every key: `strongroom incident contain`.", "Contain every key."],
    ["Rotate it: `strongroom rotate start`, so that nothing stops.", "Rotate it, so that nothing stops."],
    ["Ask the exchange.", "Ask the exchange."],
  ] as const) {
    expect(inWindow(step)).toBe(shown);
  }
});

test("clocks follow from the log, and only what was done counts", () => {
  const entry = (event: string, utc_ms: number, decision = "allowed") => ({
    seq: utc_ms,
    utc_ms,
    device: "",
    actor: "",
    client: "",
    event,
    entry_id: "a",
    label: null,
    decision,
  });
  const clocks = clocksOf([
    entry("revocation-begun", 1),
    entry("revocation-confirmed", 2, "denied"),
    entry("revocation-begun", 3),
  ]);
  expect(clocks.get("a")).toEqual({ containedMs: 3, deadMs: null });
  const backend = new FakeBackend({ window: "main" });
  return backend.call("keys_of", { whose: { kind: "all" }, ever: true, offset: 0 }).then(({ keys }) => {
    const [key] = keys;
    if (key === undefined) {
      throw new Error("no key");
    }
    const never = { containedMs: null, deadMs: null };
    expect(standsOf({ ...key, state: "active", rotation: null }, never)).toBe("open");
    expect(standsOf({ ...key, state: "revoked" }, never)).toBe("retired");
    expect(standsOf({ ...key, state: "revoked" }, { containedMs: 1, deadMs: 2 })).toBe("dead");
    expect(filled("{about} {count}", { about: "x", total: 3, opened_ms: 0 } as IncidentView)).toBe("x 3");
  });
});

test("a vendor's page leads to an incident over what it ever held", async () => {
  open("new:vendor:Koinly");
  expect(await screen.findByRole("table", { name: "Keys, what can withdraw first" })).toBeTruthy();
  expect((screen.getByLabelText("Vendor") as HTMLInputElement).value).toBe("Koinly");
  expect(screen.getByRole("radio", { name: "A vendor was breached" }).getAttribute("aria-checked")).toBe("true");
});
