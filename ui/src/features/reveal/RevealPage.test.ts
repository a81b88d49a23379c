import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend } from "../../backend/fake";
import { SAMPLE_TASKS } from "../../backend/fake/small";
import RevealPage from "./RevealPage.svelte";

async function open() {
  const backend = new FakeBackend({ window: "reveal", task: SAMPLE_TASKS["reveal"]! });
  render(RevealPage, { backend });
  await screen.findByRole("heading", { name: "Show the values of binance-grid" });
  return backend;
}

async function show(code = "000000") {
  const field = screen.getByLabelText("Code from your authenticator");
  await fireEvent.input(field, { target: { value: code } });
  await fireEvent.click(screen.getByRole("button", { name: "Show values" }));
}

test("nothing is asked of the agent before a code is given", async () => {
  const backend = await open();
  expect(backend.calls.map(({ command }) => command)).toEqual(["task"]);
  expect(document.activeElement).toBe(screen.getByLabelText("Code from your authenticator"));
});

test("the values are shown, and hidden on request", async () => {
  const backend = await open();
  await show();
  expect(await screen.findByText(/^NhqPtmd/)).toBeTruthy();
  const hide = screen.getByRole("button", { name: "Hide now" });
  await waitFor(() => expect(document.activeElement).toBe(hide));
  await fireEvent.click(hide);
  await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: "done" } }));
  expect(screen.queryByText(/^NhqPtmd/)).toBeNull();
});

test("after fifteen seconds they are gone", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  try {
    const backend = await open();
    await show();
    await screen.findByText(/^NhqPtmd/);
    vi.advanceTimersByTime(14_000);
    expect(await screen.findByText("Hidden in 1 second")).toBeTruthy();
    expect(backend.finished).toHaveLength(0);
    vi.advanceTimersByTime(1_100);
    await waitFor(() => expect(backend.finished).toHaveLength(1));
    expect(screen.queryByText(/^NhqPtmd/)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test("a window that lost the focus blurs them", async () => {
  await open();
  await show();
  const list = (await screen.findByText(/^NhqPtmd/)).closest("dl");
  await fireEvent.blur(window);
  expect(list?.className).toContain("away");
  await fireEvent.focus(window);
  expect(list?.className).not.toContain("away");
});

test("a wrong code shows nothing, and Escape leaves", async () => {
  const backend = await open();
  await show("999999");
  expect((await screen.findByRole("alert")).textContent).toContain("wrong");
  await fireEvent.keyDown(window, { key: "Escape" });
  await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: "cancelled" } }));
});
