import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { SAMPLE_TASKS } from "../../backend/fake/small";
import type { Act } from "../../backend/generated/wire";
import StepUpPage from "./StepUpPage.svelte";

async function open(name: string) {
  const task = SAMPLE_TASKS[name];
  if (task === undefined) {
    throw new Error(`no sample task ${name}`);
  }
  const backend = new FakeBackend({ window: "step-up", task });
  render(StepUpPage, { backend });
  await screen.findByRole("heading", { level: 1 });
  return backend;
}

const code = () => screen.getByLabelText<HTMLInputElement>("Code from your authenticator");
const typeCode = (value: string) => fireEvent.input(code(), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const called = (backend: FakeBackend, command: string) =>
  backend.calls.filter((call) => call.command === command).map((call) => call.request);

test("a code copies the field, and the main window hears of it", async () => {
  const backend = await open("copy");
  expect(screen.getByRole("heading", { name: "Copy secret of binance-grid" })).toBeTruthy();
  await typeCode("000 000");
  await press("Copy secret");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(called(backend, "copy")).toEqual([
    {
      key: "0123456789abcdef0123456789abcdef",
      field: "secret",
      step_up: { code: { kind: "totp", value: "000000" } },
    },
  ]);
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "copied", clears_after_s: 20 } });
});

test("the code has the focus, and after a wrong one again", async () => {
  const backend = await open("grace");
  expect(document.activeElement).toBe(code());
  await typeCode("111111");
  await press("Begin grace");
  expect((await screen.findByRole("alert")).textContent).toContain("The password or the code is wrong");
  expect(code().value).toBe("");
  await waitFor(() => expect(document.activeElement).toBe(code()));
  expect(backend.finished).toHaveLength(0);
});

test("a short code is refused here, without spending a try", async () => {
  const backend = await open("grace");
  await typeCode("123");
  await press("Begin grace");
  expect(screen.getByText("Type the six digits your authenticator shows now.")).toBeTruthy();
  expect(called(backend, "step_up")).toHaveLength(0);
});

test("Escape leaves without doing anything", async () => {
  const backend = await open("purge-key");
  await fireEvent.keyDown(window, { key: "Escape" });
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "cancelled" } });
  expect(called(backend, "purge")).toHaveLength(0);
});

test("where the agent wants the password, it is asked for first", async () => {
  const backend = await open("new-kit");
  const password = screen.getByLabelText<HTMLInputElement>("Master password");
  expect(document.activeElement).toBe(password);
  await fireEvent.input(password, { target: { value: FakeBackend.PASSWORD } });
  await typeCode("000000");
  await press("Write recovery kit");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "kit" } });
  expect(password.value).toBe("");
});

test("a clock that moved back leads to the recovery code", async () => {
  const backend = await open("copy");
  backend.instead.copy = () => {
    throw fault("clock-moved-back", "");
  };
  await typeCode("000000");
  await press("Copy secret");
  expect(await screen.findByLabelText("Recovery code")).toBeTruthy();
});

test("each act says what will happen, in a sentence and with a verb on its button", async () => {
  const acts = Object.values(SAMPLE_TASKS).flatMap((task) =>
    task.kind === "step-up" ? [task.act] : [],
  );
  const kinds = new Set(acts.map((act: Act) => act.kind));
  expect(kinds.size).toBe(19);
  const titles = new Set<string>();
  for (const [name, task] of Object.entries(SAMPLE_TASKS)) {
    if (task.kind === "step-up") {
      await open(name);
      titles.add(screen.getByRole("heading", { level: 1 }).textContent);
      expect(document.body.textContent, name).not.toMatch(/undefined|!|please/i);
      document.body.replaceChildren();
    }
  }
  expect(titles.size).toBe(acts.length);
});

test("an exchange is asked with a code, and how it ended goes to the main window", async () => {
  const backend = await open("ask-exchange");
  backend.rows[0] = { ...backend.rows[0], id: "0123456789abcdef0123456789abcdef" } as never;
  await typeCode("000000");
  await press("Ask Binance");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(called(backend, "ask_with_code")).toMatchObject([{ answer: null }]);
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "checked" } });
});

test("an answer is pasted before the code, and an empty one spends none", async () => {
  const backend = await open("read-answer");
  backend.rows[0] = { ...backend.rows[0], id: "0123456789abcdef0123456789abcdef" } as never;
  const answer = screen.getByLabelText<HTMLTextAreaElement>("Answer");
  expect(document.activeElement).toBe(answer);
  await typeCode("000000");
  await press("Read answer");
  expect(screen.getByText("Paste the answer.")).toBeTruthy();
  expect(called(backend, "ask_with_code")).toHaveLength(0);
  await fireEvent.input(answer, { target: { value: '{"code":"0"}' } });
  await press("Read answer");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(called(backend, "ask_with_code")).toMatchObject([{ answer: '{"code":"0"}' }]);
});

test("a signed question goes to the clipboard, never to a window", async () => {
  const backend = await open("ask-elsewhere");
  expect(screen.getByText(/the passphrase beside it/)).toBeTruthy();
  await typeCode("000000");
  await press("Copy question");
  await waitFor(() =>
    expect(backend.finished[0]).toMatchObject({ outcome: { kind: "question-copied", clears_after_s: 20 } }),
  );
});

test("a share under a passphrase shows it once, before the main window hears anything of it", async () => {
  const backend = await open("first-share");
  expect(screen.getByText(/has it for good/)).toBeTruthy();
  await typeCode("000000");
  await press("Make share");
  const words = await screen.findByRole("group", { name: "Passphrase" });
  expect(words.textContent).toBe("copper-lantern-orbit-thistle-walnut-zigzag");
  expect(backend.finished).toHaveLength(0);
  await press("I have it");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "share-made", passphrase: true } });
  expect(JSON.stringify(backend.finished)).not.toContain("copper");
});

test("each act over people and keys that leave says what it does, and is one call with the code", async () => {
  const step_up = { code: { kind: "totp", value: "000000" } };
  for (const [name, verb, command, request, outcome] of [
    ["make-share", "Make share", "share_write", { agreed: "a".repeat(64), path: "/home/ada/keys.strongshare" }, "share-made"],
    ["trust-new-key", "Trust new key", "contact_new_key", { contact: "bob" }, null],
    ["give-role", "Give role", "contact_set", { role: "trader", rename: null }, null],
    ["offboard", "Remove person", "offboard", { contact: "bob" }, null],
    ["apply-share", "Take changes", "share_apply", { plan: "share-1", revision: 1 }, null],
    ["export", "Export 23 keys", "export_write", { format: "json", keys: 23 }, null],
  ] as const) {
    document.body.innerHTML = "";
    const task = SAMPLE_TASKS[name];
    const backend = new FakeBackend({ window: "step-up", ...(task === undefined ? {} : { task }) });
    // What the agent answers is tried where its screens are.
    if (outcome === null) {
      backend.instead[command] = () => {
        throw fault("refused", "not here");
      };
    } else {
      backend.instead[command] = () => ({ bundle: "", seq: 1, bytes: 1, keys: 1, secrets: 0, passphrase: null });
    }
    render(StepUpPage, { backend });
    await screen.findByRole("heading", { level: 1 });
    await typeCode("000000");
    await press(verb);
    await waitFor(() => expect(called(backend, command)[0], name).toMatchObject({ ...request, step_up }));
    if (outcome === null) {
      expect((await screen.findByRole("alert")).textContent, name).toContain("not here");
    } else {
      await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: outcome } }));
    }
  }
});

test("who is given a role is named with their fingerprint", async () => {
  await open("give-role");
  expect(screen.getByText(/Bob is who holds 7Q2M X4WD P5TC A6JR V3BN 6YGF A4SE ZLU5\./)).toBeTruthy();
});
