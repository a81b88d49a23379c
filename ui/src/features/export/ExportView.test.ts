import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { asked, push } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import ExportView from "./ExportView.svelte";

const NOW = Date.now();

function open(prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(24, NOW) });
  backend.instead.open_window = () => ({});
  prepare?.(backend);
  const props = { onopenkey: vi.fn(), onview: vi.fn() };
  render(ExportView, { backend, ...props });
  return { backend, ...props };
}

async function type(label: string | RegExp, value: string) {
  await fireEvent.input(await screen.findByLabelText(label), { target: { value } });
}

test("what would leave is told before anything is asked, and what stays is named with its reason", async () => {
  const { backend, onopenkey } = open();
  await screen.findByText("24 keys would leave, with their secrets");
  await fireEvent.click(screen.getByRole("radio", { name: "Table (.csv)" }));
  await waitFor(() => expect(screen.queryByText("24 keys would leave, with their secrets")).toBeNull());
  const list = await screen.findByRole("list", { name: /stay here$/ });
  expect(list.textContent).toContain("It is archived.");
  await fireEvent.click(list.querySelector("button") as HTMLElement);
  expect(onopenkey).toHaveBeenCalledOnce();
  expect(asked(backend, "open_window")).toEqual([]);
});

test("it is asked for only with a word that was typed and a file, and by a window that asks for a code", async () => {
  const { backend } = open();
  await push("Export 24 keys…");
  expect(screen.getByText("Type “export”.")).toBeTruthy();
  expect(screen.getByText("Say where the keys are written.")).toBeTruthy();
  await type("New file for the keys", "/home/ada/keys.json");
  await type(/to say that it is meant$/, "expert");
  await push("Export 24 keys…");
  expect(asked(backend, "open_window")).toEqual([]);
  await type(/to say that it is meant$/, "Export");
  await push("Export 24 keys…");
  const act = { kind: "export" as const, which: { kind: "all" as const }, format: "json" as const, path: "/home/ada/keys.json", keys: 24 };
  const task = { kind: "step-up" as const, act };
  await waitFor(() => expect(asked(backend, "open_window")).toEqual([{ task }]));
  const done = { keys: 24, bytes: 1, left_out: [], left_out_total: 0 };
  backend.tell({ kind: "finished", task, outcome: { kind: "exported", path: act.path, done } });
  await screen.findByText("24 keys are in /home/ada/keys.json, in plaintext. Delete it once it has served.");
});

test("a form that cannot hold them says so, and nothing can be asked for", async () => {
  open();
  await fireEvent.click(screen.getByRole("radio", { name: "freqtrade" }));
  await screen.findByText(/freqtrade's file holds one key/);
  expect(screen.getByRole("button", { name: /^Export 0 keys/ }).hasAttribute("disabled")).toBe(true);
});

test("a window that cannot be opened is told beside the button", async () => {
  const { backend } = open((fake) => {
    fake.instead.open_window = () => {
      throw fault("refused", "the window could not be opened; try again");
    };
  });
  await screen.findByText("24 keys would leave, with their secrets");
  await type("New file for the keys", "/home/ada/keys.json");
  await type(/to say that it is meant$/, "export");
  await push("Export 24 keys…");
  await screen.findByText(/the window could not be opened/);
  expect(asked(backend, "open_window")).toHaveLength(1);
});
