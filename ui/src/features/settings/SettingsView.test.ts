import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { Act, Outcome, Task } from "../../backend/generated/wire";
import SettingsView from "./SettingsView.svelte";

Element.prototype.scrollIntoView ??= () => undefined;

async function open(change: (backend: FakeBackend) => void = () => undefined) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(8, Date.now()) });
  change(backend);
  const onview = vi.fn<(view: string) => void>();
  render(SettingsView, { backend, onview });
  await screen.findByLabelText("Lock when unused");
  return { backend, onview };
}

const section = (name: string) => screen.getByRole("region", { name });
const asked = (backend: FakeBackend, command: string) =>
  backend.calls.filter((call) => call.command === command).map((call) => call.request);
const press = async (name: string, within_: HTMLElement = document.body) =>
  await fireEvent.click(await within(within_).findByRole("button", { name }));
const type = async (label: string, value: string) =>
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
const stepUp = (act: Act): Task => ({ kind: "step-up", act });
const finish = (backend: FakeBackend, task: Task, outcome: Outcome) =>
  backend.tell({ kind: "finished", task, outcome });

test("a number is saved when it is left, and the refusal stands beside it", async () => {
  const { backend } = await open();
  const minutes = screen.getByLabelText("Lock when unused");
  await fireEvent.input(minutes, { target: { value: "9999" } });
  await fireEvent.change(minutes);
  expect(await screen.findByText("Not saved: a whole number from 1 to 1440.")).toBeTruthy();
  expect((minutes as HTMLInputElement).value).toBe("9999");

  await fireEvent.input(minutes, { target: { value: "5" } });
  await fireEvent.keyDown(minutes, { key: "Enter" });
  expect(await screen.findByText("Saved")).toBeTruthy();
  expect(asked(backend, "setting_set").at(-1)).toEqual({ name: "auto-lock-minutes", value: "5" });

  await press("Reset to default: Lock when unused");
  await waitFor(() => expect((minutes as HTMLInputElement).value).toBe("15"));
});

test("Escape brings back what stood there", async () => {
  const { backend } = await open();
  const seconds = screen.getByLabelText("Clear the clipboard after");
  await fireEvent.input(seconds, { target: { value: "1" } });
  await fireEvent.keyDown(seconds, { key: "Escape" });
  expect((seconds as HTMLInputElement).value).toBe("20");
  expect(asked(backend, "setting_set")).toEqual([]);
});

test("what a setting needs of the machine stands beside it", async () => {
  await open();
  const locking = section("Locking");
  await within(locking).findByText("Does not work here");
  expect(within(locking).getAllByText("Works here")).toHaveLength(2);
  expect(locking.textContent).toContain("Neither logind nor a session bus is there");
  await fireEvent.click(within(locking).getByRole("switch", { name: "Lock before sleep" }));
  await waitFor(() =>
    expect(
      within(locking).getByRole("switch", { name: "Lock before sleep" }).getAttribute("aria-checked"),
    ).toBe("false"),
  );
});

test("the grace is changed with a code in the other window", async () => {
  const { backend } = await open();
  const minutes = screen.getByLabelText("One code counts for");
  await fireEvent.input(minutes, { target: { value: "5" } });
  await fireEvent.change(minutes);
  expect(await screen.findByText("Waiting for your code in the other window")).toBeTruthy();
  const task = stepUp({ kind: "grace-minutes", minutes: "5" });
  expect(asked(backend, "open_window")).toEqual([{ task }]);
  finish(backend, task, { kind: "cancelled" });
  await waitFor(() =>
    expect(screen.queryByText("Waiting for your code in the other window")).toBeNull(),
  );
  await waitFor(() =>
    expect((screen.getByLabelText("One code counts for") as HTMLInputElement).value).toBe("2"),
  );
});

test("a setting that this page does not know is shown as it stands", async () => {
  await open((backend) => {
    backend.instead.settings = () => ({
      settings: [
        { name: "auto-lock-minutes", value: "15", default: "15", help: "Minutes." },
        { name: "night-mode", value: "moon", default: "sun", help: "What shines." },
      ],
    });
  });
  const others = section("Other settings");
  expect(within(others).getByLabelText("Night mode")).toBeTruthy();
  expect(others.textContent).toContain("What shines.");
  expect(within(others).getByRole("button", { name: "Reset to default: Night mode" })).toBeTruthy();
});

test("a backup is made now, and a folder that failed is named", async () => {
  const { backend } = await open();
  await press("Back up now", section("Backups"));
  expect(await screen.findByText("1 backup made and verified.")).toBeTruthy();

  await press("Into another folder…");
  await type("Folder for this backup", "/media/stick");
  await press("Back up now", screen.getByRole("form"));
  expect(await screen.findByText(/Not made: the folder named/)).toBeTruthy();
  expect(asked(backend, "backup")).toEqual([{ folder: null }, { folder: "/media/stick" }]);
});

test("a restore says what is lost, and is done in the small window", async () => {
  const { backend } = await open();
  const [restore] = await within(section("Backups")).findAllByRole("button", { name: /^Restore the/ });
  await fireEvent.click(restore as HTMLElement);
  const form = screen.getByRole("form");
  expect(form.textContent).toContain("kept aside");
  await press("Restore backup", form);
  await waitFor(() => expect(asked(backend, "open_window")).toHaveLength(1));
  const { task } = asked(backend, "open_window")[0] as { task: Task };
  finish(backend, task, { kind: "restored", keys: 7, kept_aside: "/home/ada/aside" });
  expect(await screen.findByText("Restored. The vault holds 7 keys.")).toBeTruthy();
  expect(screen.getByText("The vault from before is kept in /home/ada/aside")).toBeTruthy();
});

test("Escape leaves a question and gives the focus back", async () => {
  await open();
  const button = await within(section("Devices")).findByRole("button", { name: "Remove thinkpad" });
  button.focus();
  await fireEvent.click(button);
  const form = screen.getByRole("form");
  expect(form.contains(document.activeElement)).toBe(true);
  await fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("form")).toBeNull());
  expect(document.activeElement).toBe(button);
});

test("a device is removed with a code, never this one", async () => {
  const { backend } = await open();
  const devices = section("Devices");
  expect(await within(devices).findByText("This device")).toBeTruthy();
  expect(within(devices).queryByRole("button", { name: "Remove workstation" })).toBeNull();
  expect(within(devices).getByText("Damaged")).toBeTruthy();
  await press("Remove thinkpad", devices);
  await press("Remove device", devices);
  await waitFor(() => expect(asked(backend, "open_window")).toHaveLength(1));
  const { task } = asked(backend, "open_window")[0] as { task: Task };
  finish(backend, task, { kind: "done" });
  expect(await screen.findByText("thinkpad is removed.")).toBeTruthy();
});

test("the kit is tested and made anew, and each outcome is said", async () => {
  const { backend } = await open();
  const recovery = section("Recovery kit");
  await within(recovery).findByText("KX4M-7Q2P");
  await press("Test kit…", recovery);
  finish(backend, { kind: "test-kit" }, { kind: "kit-tested", works: false, fingerprint: "" });
  expect(await within(recovery).findByRole("alert")).toBeTruthy();

  await press("New kit…", recovery);
  await press("Make kit", recovery);
  expect(await screen.findByText("Say where the kit is written.")).toBeTruthy();
  await type("New file for the kit", "/home/ada/kit.txt");
  await press("Make kit", recovery);
  const task = stepUp({ kind: "new-kit", path: "/home/ada/kit.txt" });
  await waitFor(() => expect(asked(backend, "open_window").at(-1)).toEqual({ task }));
  const kit = { path: "/home/ada/kit.txt", fingerprint: "AB-CD", recovery_codes: 10 };
  finish(backend, task, { kind: "kit", kit });
  expect(await within(recovery).findByText(/Kit AB-CD with 10 recovery codes/)).toBeTruthy();
});

test("a vault without a kit says what that means", async () => {
  await open((backend) => {
    backend.instead.device_list = () => ({ devices: [] });
  });
  expect((await screen.findByText(/This vault has no recovery kit/)).textContent).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Test kit…" })).toBeNull();
});

test("after a rotation of the vault key it is said who enrols again and whether it is backed up", async () => {
  const { backend } = await open();
  await press("Rotate vault key…");
  await type("New file for the new kit", "/home/ada/kit.txt");
  await press("Rotate vault key");
  const task = stepUp({ kind: "rotate-vault-key", kit_path: "/home/ada/kit.txt" });
  await waitFor(() => expect(asked(backend, "open_window")).toEqual([{ task }]));
  const kit = { path: "/home/ada/kit.txt", fingerprint: "AB-CD", recovery_codes: 10 };
  const rotated = { key_generation: 3, devices_dropped: 2, backed_up: false, kit };
  finish(backend, task, { kind: "vault-key-rotated", rotated });
  expect(await screen.findByText("2 devices must be enrolled again with the new kit.")).toBeTruthy();
  expect(screen.getByText(/No backup under the new key could be made/)).toBeTruthy();
});

test("a window that cannot be opened says so where it was asked for", async () => {
  await open((backend) => {
    backend.instead.open_window = () => {
      throw fault("busy", "another window is closing");
    };
  });
  await press("Change password…");
  expect(await within(section("Password, authenticator")).findByRole("alert")).toBeTruthy();
});

test("the look is applied at once", async () => {
  const { backend } = await open();
  await fireEvent.click(screen.getByRole("radio", { name: "Light" }));
  expect(document.documentElement.dataset["theme"]).toBe("light");
  await waitFor(() => expect(asked(backend, "look_set")).toEqual([{ theme: "light" }]));
});

test("the self-test is a table and runs again", async () => {
  const { backend } = await open();
  const selfTest = section("Self-test");
  const table = await within(selfTest).findByRole("table");
  expect(within(table).getAllByRole("row")).toHaveLength(9);
  expect(selfTest.textContent).toContain("6 of 8 work here");
  await press("Run again", selfTest);
  expect(asked(backend, "self_test")).toHaveLength(2);
});

test("settings that cannot be read say why, and are read again", async () => {
  const backend = new FakeBackend({ window: "main", rows: [] });
  backend.instead.settings = () => {
    throw fault("verifying", "still being verified");
  };
  render(SettingsView, { backend });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.settings;
  await press("Try again");
  expect(await screen.findByLabelText("Lock when unused")).toBeTruthy();
});

test("the navigation leads to a section and gives it the focus", async () => {
  const { onview } = await open();
  const nav = screen.getByRole("navigation", { name: "Sections of the settings" });
  await press("Vault key", nav);
  expect(document.activeElement?.textContent).toBe("Vault key");
  await press("Open reminders");
  expect(onview).toHaveBeenCalledWith("reminders");
});
