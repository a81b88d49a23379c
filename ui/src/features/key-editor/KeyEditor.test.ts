import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import { EXCHANGES } from "../../backend/fake/exchanges";
import { viewOf } from "../../backend/fake/key-view";
import type { Commands, KeyView } from "../../backend/generated/wire";
import type { Editing } from "../../shell";
import KeyEditor from "./KeyEditor.svelte";

const NOW = Date.now();

function someKey(): KeyView {
  const row = inventedRows(24, NOW).find(({ allowlist }) => allowlist.kind === "listed");
  if (row === undefined) {
    throw new Error("no row");
  }
  return viewOf(row);
}

function open(editing: Editing) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(24, NOW) });
  const told = { onclose: vi.fn(), onsaved: vi.fn(), onguard: vi.fn() };
  render(KeyEditor, { backend, editing, exchanges: EXCHANGES, facets: null, fixed: "", nowMs: NOW, ...told });
  return { backend, told };
}

const requests = <C extends keyof Commands>(backend: FakeBackend, wanted: C) =>
  backend.calls
    .filter(({ command }) => command === wanted)
    .map(({ request }) => request as Commands[C]["request"]);
const type = (role: "textbox" | "combobox", name: string, value: string) =>
  fireEvent.input(screen.getByRole(role, { name }), { target: { value } });

test("an edit sends only what was changed", async () => {
  const key = someKey();
  const { backend, told } = open({ kind: "edit", key });
  await type("textbox", "Label", "renamed");
  await fireEvent.click(screen.getByRole("radio", { name: "Testnet" }));
  await fireEvent.click(screen.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(told.onsaved).toHaveBeenCalled());
  expect(requests(backend, "edit")).toEqual([
    {
      key: key.row.id,
      changes: [
        { set: "label", value: "renamed" },
        { set: "environment", value: "testnet" },
      ],
    },
  ]);
});

test("what is missing is said beside its field, which takes the focus", async () => {
  const { backend } = open({ kind: "new" });
  await fireEvent.click(screen.getByRole("button", { name: "Continue to secret…" }));
  expect(await screen.findByText("Give it a label.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Label" }));
  expect(requests(backend, "open_window")).toHaveLength(0);
  await type("textbox", "Label", "okx-grid");
  expect(screen.queryByText("Give it a label.")).toBeNull();
});

test("eight verbs are answered by the keyboard or all at once", async () => {
  open({ kind: "new" });
  const group = screen.getByRole("radiogroup", { name: "Withdraw" });
  const [yes, , unknown] = group.querySelectorAll<HTMLInputElement>("input");
  expect(unknown?.checked).toBe(true);
  await fireEvent.click(screen.getByRole("button", { name: "Read only" }));
  expect(group.querySelectorAll<HTMLInputElement>("input")[1]?.checked).toBe(true);
  await fireEvent.click(yes ?? document.body);
  expect(yes?.checked).toBe(true);
});

test("addresses are pasted as lines and judged one by one", async () => {
  open({ kind: "new" });
  await fireEvent.click(screen.getByRole("radio", { name: "Only these" }));
  const [first] = screen.getAllByRole("textbox", { name: "Address or network" });
  await fireEvent.paste(first ?? document.body, {
    clipboardData: { getData: () => "203.0.113.7 VPS-1\n203.0.113.0/8\n" },
  });
  const addresses = screen.getAllByRole<HTMLInputElement>("textbox", { name: "Address or network" });
  expect(addresses.map(({ value }) => value)).toEqual(["203.0.113.7", "203.0.113.0/8"]);
  expect(screen.getAllByRole<HTMLInputElement>("textbox", { name: "Host" })[0]?.value).toBe("VPS-1");
  await fireEvent.click(screen.getByRole("button", { name: "Continue to secret…" }));
  expect(await screen.findByText(/bits set behind its prefix/)).toBeTruthy();
});

test("a refusal of the agent stays until it is dismissed, and nothing typed is lost", async () => {
  const { backend, told } = open({ kind: "edit", key: someKey() });
  backend.instead.edit = () => {
    throw fault("invalid", "label: it is taken");
  };
  await type("textbox", "Label", "renamed");
  await fireEvent.keyDown(screen.getByRole("textbox", { name: "Label" }), { key: "Enter", ctrlKey: true });
  expect((await screen.findByRole("alert")).textContent).toContain("label: it is taken");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Label" }).value).toBe("renamed");
  expect(told.onsaved).not.toHaveBeenCalled();
});

test("escape leaves at once where nothing was typed, and asks where something was", async () => {
  const { told } = open({ kind: "edit", key: someKey() });
  const label = screen.getByRole("textbox", { name: "Label" });
  await fireEvent.keyDown(label, { key: "Escape" });
  expect(told.onclose).toHaveBeenCalledTimes(1);
  await fireEvent.input(label, { target: { value: "renamed" } });
  await fireEvent.keyDown(label, { key: "Escape" });
  expect(await screen.findByRole("alertdialog", { name: "Leave without saving?" })).toBeTruthy();
  expect(told.onclose).toHaveBeenCalledTimes(1);
});

test("a window for the secret that was closed leaves the draft as it is", async () => {
  const { backend } = open({ kind: "new" });
  backend.instead.open_window = () => ({});
  await type("textbox", "Label", "okx-grid");
  await type("combobox", "Exchange", "OKX");
  await type("combobox", "Account", "main");
  await fireEvent.click(screen.getByRole("button", { name: "Continue to secret…" }));
  expect(await screen.findByText(/typed in the window beside this one/)).toBeTruthy();
  const [opened] = requests(backend, "open_window");
  if (opened === undefined) {
    throw new Error("no window");
  }
  backend.tell({ kind: "finished", task: opened.task, outcome: { kind: "cancelled" } });
  expect(await screen.findByText(/Your draft is still here/)).toBeTruthy();
});
