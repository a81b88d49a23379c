import { expect, test } from "vitest";

import { inventedRows } from "../../backend/fake-keys";
import { EXCHANGES } from "../../backend/fake/exchanges";
import { viewOf } from "../../backend/fake/key-view";
import type { KeyView } from "../../backend/generated/wire";
import { isoDate } from "../../components/when";
import { t } from "../../i18n/en";
import { changesOf, draftOf, emptyDraft, keyDraftOf, problemsOf } from "./draft";

const NOW = new Date("2025-11-25T12:00:00").getTime();

function someKey(): KeyView {
  const row = inventedRows(24, NOW).find(({ allowlist }) => allowlist.kind === "listed");
  if (row === undefined) {
    throw new Error("no row");
  }
  return viewOf(row);
}

test("what was not touched is not sent", () => {
  const view = someKey();
  expect(changesOf(view, draftOf(view), EXCHANGES)).toEqual([]);
});

test("only what was changed is sent", () => {
  const view = someKey();
  const draft = draftOf(view);
  draft.label = ` ${view.row.label} two `;
  draft.purpose = "";
  draft.rotationOwn = true;
  draft.rotation = "45";
  draft.rules = [...draft.rules, { address: "198.51.100.4", host: "" }];
  const changes = changesOf(view, draft, EXCHANGES);
  expect(changes.map(({ set }) => set).sort()).toEqual(["allowlist", "label", "purpose", "rotation"]);
  expect(changes).toContainEqual({ set: "label", value: `${view.row.label} two` });
  expect(changes).toContainEqual({ set: "purpose", value: null });
  expect(changes).toContainEqual({ set: "rotation", days: 45 });
});

test("a date that was not touched keeps its hour", () => {
  const at_ms = new Date("2026-03-01T17:30:00").getTime();
  const view: KeyView = { ...someKey(), expiry_causes: [{ kind: "fixed", at_ms }] };
  const draft = draftOf(view);
  expect(draft.causes).toEqual([{ kind: "fixed", days: "", date: "2026-03-01" }]);
  expect(changesOf(view, draft, EXCHANGES)).toEqual([]);
  draft.causes.push({ kind: "inactivity", days: "90", date: "" });
  expect(changesOf(view, draft, EXCHANGES)).toEqual([
    { set: "expiry", value: [{ kind: "fixed", at_ms }, { kind: "inactivity", days: 90 }] },
  ]);
});

test("an exchange is found by its name, and others keep the id that was typed", () => {
  const draft = { ...emptyDraft(), label: "one", account: "main" };
  expect(keyDraftOf({ ...draft, exchange: "coinbase" }, EXCHANGES).exchange).toBe("coinbase");
  expect(keyDraftOf({ ...draft, exchange: " OKX " }, EXCHANGES).exchange).toBe("okx");
  expect(keyDraftOf({ ...draft, exchange: "My-Broker" }, EXCHANGES).exchange).toBe("my-broker");
  expect(problemsOf({ ...draft, exchange: "My broker!" }, EXCHANGES, NOW).exchange).toBe(
    t.editor.need.exchangeId,
  );
});

test("what is missing is told by the name of its field", () => {
  const need = t.editor.need;
  expect(problemsOf(emptyDraft(), EXCHANGES, NOW)).toEqual({
    label: need.label,
    exchange: need.exchange,
    account: need.account,
  });
  const draft = {
    ...emptyDraft(),
    label: "one",
    exchange: "OKX",
    account: "main",
    allowKind: "listed" as const,
    rules: [
      { address: "203.0.113.7", host: "" },
      { address: "203.0.113.7", host: "" },
      { address: "", host: "" },
    ],
    causes: [
      { kind: "fixed" as const, days: "", date: "" },
      { kind: "inactivity" as const, days: "0", date: "" },
    ],
    rotationOwn: true,
    rotation: "4000",
    created: isoDate(NOW + 3 * 86_400_000),
  };
  expect(problemsOf(draft, EXCHANGES, NOW)).toEqual({
    "rules.1": need.twice,
    "causes.0": need.date,
    "causes.1": need.days,
    rotation: need.days,
    created: need.created,
  });
  expect(problemsOf({ ...draft, rules: [] }, EXCHANGES, NOW).rules).toBe(need.allowlist);
});

test.each(["2026-02-30", "1.3.2026", "2026-3-1", "soon"])("%s is no date", (created) => {
  expect(problemsOf({ ...emptyDraft(), created }, EXCHANGES, NOW).created).toBe(t.editor.need.date);
});
