import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { asked, push } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import { isoDate } from "../../components/when";
import { placeOf } from "./holders.svelte";
import HoldersView from "./HoldersView.svelte";

const NOW = Date.now();
const DAY = 86_400_000;

function open(place = "", keys = 24, prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, NOW) });
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
  const drawn = render(HoldersView, { ...props, place });
  const go = (to: string) => drawn.rerender({ ...props, place: to });
  return { backend, props, said, go };
}

const type = async (label: string | RegExp, value: string) =>
  await fireEvent.input(await screen.findByLabelText(label), { target: { value } });

test("a place of the view names a tab, or whose page is open", () => {
  for (const [text, tab, name] of [
    ["", "consumers", null],
    ["vendors", "vendors", null],
    ["held", "held", null],
    ["report", "consumers", null],
    ["vendor:Acme: Ltd", "vendors", "Acme: Ltd"],
    ["consumer:", "consumers", ""],
  ] as const) {
    expect(placeOf(text), text).toEqual({ tab, name });
  }
});

test("consumers stand by name with what they are and how many keys they hold", async () => {
  const { props } = open();
  const list = await screen.findByRole("list", { name: "Consumers, by name" });
  const names = within(list)
    .getAllByRole("listitem")
    .map((item) => item.getAttribute("data-holder") ?? "");
  expect([...names].sort((a, b) => a.localeCompare(b, "en"))).toEqual(names);
  expect(list.textContent).toContain("Tool · Koinly");
  await fireEvent.keyDown(document.body, { key: "j" });
  await fireEvent.click(document.activeElement as Element);
  expect(props.onview).toHaveBeenCalledWith("holders", `consumer:${names[0]}`);
});

test("what is recorded of a consumer is changed, and only what was changed is sent", async () => {
  const { backend, said } = open("consumer:hummingbot");
  await type("Runs on", "VPS-9");
  await type("Breached on", "soon");
  await push("Save changes");
  expect(screen.getByText(/Give a date as year-month-day/)).toBeTruthy();
  await type("Breached on", isoDate(NOW + 3 * DAY));
  await push("Save changes");
  expect(screen.getByText("That day lies in the future.")).toBeTruthy();
  await type("Breached on", isoDate(NOW - 3 * DAY));
  await push("Save changes");
  await waitFor(() => expect(said).toEqual(["Saved hummingbot."]));
  const [sent] = asked(backend, "consumer_set");
  expect(sent).toMatchObject({ name: "hummingbot", rename: null, vendor: null, host: "VPS-9", notes: null });
  expect(sent?.breach).toMatchObject({ kind: "at" });
});

test("a name that another one has is refused beside the form", async () => {
  const { said } = open("consumer:hummingbot");
  await type("Name", "Koinly");
  await push("Save changes");
  expect((await screen.findByRole("alert")).textContent).toContain("another one has this name");
  expect(said).toEqual([]);
});

test("a vendor's question is answered with its evidence, and dated", async () => {
  const { backend, said } = open("vendor:Koinly");
  const words = "Did somebody independent look at it within two years?";
  const question = await waitFor(() => {
    const found = document.querySelector<HTMLElement>("[data-question=audits]");
    expect(found).not.toBeNull();
    return found as HTMLElement;
  });
  expect(within(question).queryByRole("button", { name: /Keep answer/ })).toBeNull();
  await fireEvent.click(within(question).getByRole("radio", { name: "Yes" }));
  await fireEvent.input(within(question).getByLabelText(`Evidence: ${words}`), {
    target: { value: "report of May" },
  });
  await fireEvent.click(within(question).getByRole("button", { name: `Keep answer: ${words}` }));
  await waitFor(() => expect(said.at(-1)).toContain("today's date"));
  expect(asked(backend, "vendor_set")[0]).toMatchObject({
    name: "Koinly",
    answers: [{ question: "audits", answer: "yes", evidence: "report of May" }],
  });
  expect(screen.getAllByText(/of 9 answered well/).at(-1)?.textContent).toContain("5 of 9");
});

test("a vendor is recorded with its next review, which lies ahead", async () => {
  const { backend, props, said } = open("vendor:");
  await push("Record");
  expect(screen.getByText("Give it a name.")).toBeTruthy();
  await type("Name", "Acme");
  await type("Next review", isoDate(NOW - 3 * DAY));
  await push("Record");
  expect(screen.getByText("That day is over. Choose one to come.")).toBeTruthy();
  await type("Next review", isoDate(NOW + 30 * DAY));
  await push("Record");
  await waitFor(() => expect(said).toEqual(["Recorded Acme."]));
  expect(props.onview).toHaveBeenLastCalledWith("holders", "vendor:Acme");
  const review = asked(backend, "vendor_set")[0]?.review_ms ?? 0;
  expect(isoDate(review)).toBe(isoDate(NOW + 30 * DAY));
  expect(new Date(review + 1).getHours()).toBe(0);
});

test("what somebody holds now and what it ever held are two questions", async () => {
  const { backend, props } = open("vendor:Koinly");
  const table = await screen.findByRole("table", { name: "Keys, what can withdraw first" });
  await fireEvent.click(within(table).getAllByRole("button")[0] as HTMLElement);
  expect(props.onopenkey).toHaveBeenCalledOnce();
  await fireEvent.click(screen.getByRole("radio", { name: "Ever" }));
  await waitFor(() =>
    expect(asked(backend, "keys_of").at(-1)).toEqual({
      whose: { kind: "vendor", name: "Koinly" },
      ever: true,
      offset: 0,
    }),
  );
});

test("a host is looked up, and a name that is nobody's is said", async () => {
  const { backend } = open("held");
  expect(await screen.findByText("Look somebody up")).toBeTruthy();
  await type("Name", "nobody");
  expect((await screen.findByRole("alert")).textContent).toContain("Nobody is recorded under this name");
  await type("Name", "Koinly");
  expect(await screen.findByRole("table", { name: "Keys, what can withdraw first" })).toBeTruthy();
  expect(asked(backend, "keys_of").at(-1)?.whose).toEqual({ kind: "vendor", name: "Koinly" });
});

test("a report goes to a file, in the form that was chosen", async () => {
  const { backend } = open("report");
  await push("Write report");
  expect(screen.getByText("Say where the report is written.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("radio", { name: "Inventory" }));
  await fireEvent.click(screen.getByRole("radio", { name: "CSV" }));
  await push("Choose…");
  await waitFor(() => expect(asked(backend, "choose_path")).toEqual([{ purpose: "report-csv" }]));
  backend.instead.report_write = () => {
    throw fault("invalid", "there is a file of that name already; name another");
  };
  await push("Write report");
  expect(await screen.findByText(/there is a file of that name already/)).toBeTruthy();
  delete backend.instead.report_write;
  await push("Write report");
  expect(await screen.findByText(/^Wrote 24 lines to /)).toBeTruthy();
  expect(asked(backend, "report_write").at(-1)).toMatchObject({ report: "inventory", format: "csv" });
});

test("a vault in which nobody holds a key teaches who could", async () => {
  const { go } = open("", 0);
  expect(await screen.findByText("Nobody holds a key yet")).toBeTruthy();
  await go("vendors");
  expect(await screen.findByText("No vendor is recorded")).toBeTruthy();
});

test("an answer that does not come is said, and asked for again", async () => {
  const { backend } = open("", 24, (fake) => {
    fake.instead.consumers = () => {
      throw fault("verifying", "");
    };
  });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.consumers;
  await push("Try again");
  expect(await screen.findByRole("list", { name: "Consumers, by name" })).toBeTruthy();
});
