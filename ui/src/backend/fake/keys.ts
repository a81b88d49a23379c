/** The keys of the backend in memory: list, counts, key page, edits and copies. */

import type {
  Change,
  Facet,
  Facets,
  KeyList,
  KeyPage,
  KeyRow,
  KeyView,
  ShellEvent,
  StatusView,
} from "../generated/wire";
import { historyOf, viewOf } from "./key-view";
import { EXCHANGES } from "./exchanges";
import { fault, type Handlers } from "./handlers";

/** What these handlers read and change. */
export interface KeysHost {
  rows: KeyRow[];
  status: StatusView;
  readonly views: Map<string, KeyView>;
  tell: (event: ShellEvent) => void;
}

const CLEARS_AFTER_S = 20;

export function keysHandlers(host: KeysHost): Handlers {
  return {
    list: (request) => page(host.rows, request),
    facets: () => facets(host.rows),
    exchange_list: () => ({ exchanges: [...EXCHANGES] }),
    show: ({ key }) => find(host, key),
    history: ({ key }) => historyOf(find(host, key)),
    edit: ({ key, changes }) => {
      if (host.status.alarm !== null) {
        throw fault("rollback-alarm", "the vault is read-only");
      }
      const view = changes.reduce(changed, find(host, key));
      keep(host, view);
      return view;
    },
    copy_field: ({ key, label, field }) => {
      if (host.status.grace_until_ms !== null && host.status.grace_until_ms > Date.now()) {
        return { kind: "copied", clears_after_s: CLEARS_AFTER_S };
      }
      setTimeout(() => {
        host.status = { ...host.status, grace_until_ms: Date.now() + 300_000 };
        host.tell({
          kind: "finished",
          task: { kind: "step-up", act: { kind: "copy", key, label, field } },
          outcome: { kind: "copied", key, field, clears_after_s: CLEARS_AFTER_S },
        });
      }, 900);
      return { kind: "asked" };
    },
    copy_clear: () => ({}),
    step_up_end: () => {
      host.status = { ...host.status, grace_until_ms: null };
      return {};
    },
    arrival: () => ({ key: null, due: false, created: false }),
  };
}

/** A key recorded by the small window of the preview. */
export function recordKey(host: KeysHost, draft: Parameters<typeof viewOf>[1]): KeyView {
  const id = host.rows.length.toString(16).padStart(32, "a");
  const template = host.rows[0];
  const view = viewOf(
    {
      id,
      label: draft?.label ?? "New key",
      exchange: draft?.exchange ?? "binance",
      exchange_name: EXCHANGES.find((one) => one.id === draft?.exchange)?.name ?? draft?.exchange ?? "Binance",
      account: draft?.account ?? "main",
      environment: draft?.environment ?? "production",
      state: "active",
      compromised: false,
      declared: draft?.declared ?? template?.declared ?? NOTHING,
      observed: null,
      allowlist: summary(draft?.allowlist ?? { kind: "unknown" }),
      expiry: null,
      rotation: null,
      last_rotated_ms: Date.now(),
      tags: draft?.tags ?? [],
      consumers: draft?.consumers ?? [],
      conflict: false,
      has_secret: true,
      excess: [],
    },
    draft,
  );
  host.rows = [view.row, ...host.rows];
  host.views.set(id, view);
  return view;
}

const NOTHING: KeyRow["declared"] = {
  read: "unknown",
  spot: "unknown",
  margin: "unknown",
  derivatives: "unknown",
  transfer: "unknown",
  withdraw: "unknown",
  sub_accounts: "unknown",
  key_admin: "unknown",
};

export function find(host: KeysHost, key: string): KeyView {
  const known = host.views.get(key);
  if (known !== undefined) {
    return known;
  }
  const row = host.rows.find((one) => one.id === key || one.label === key);
  if (row === undefined) {
    throw fault("not-found", "there is no such key");
  }
  const view = viewOf(row);
  host.views.set(row.id, view);
  return view;
}

export function keep(host: KeysHost, view: KeyView): void {
  host.views.set(view.row.id, view);
  host.rows = host.rows.map((row) => (row.id === view.row.id ? view.row : row));
}

function summary(allowlist: KeyView["allowlist"]): KeyRow["allowlist"] {
  return allowlist.kind === "listed"
    ? { kind: "listed", rules: allowlist.rules.length }
    : { kind: allowlist.kind };
}

function changed(view: KeyView, change: Change): KeyView {
  const row = (more: Partial<KeyRow>): KeyView => ({ ...view, row: { ...view.row, ...more } });
  switch (change.set) {
    case "label":
      return row({ label: change.value });
    case "exchange":
      return row({
        exchange: change.value,
        exchange_name: EXCHANGES.find((one) => one.id === change.value)?.name ?? change.value,
      });
    case "account":
      return row({ account: change.value });
    case "environment":
      return row({ environment: change.value });
    case "key-type":
      return { ...view, key_type: change.value };
    case "declared":
      return row({ declared: change.value });
    case "native-permissions":
      return { ...view, native_permissions: change.value };
    case "allowlist":
      return { ...row({ allowlist: summary(change.value) }), allowlist: change.value };
    case "expiry":
      return { ...view, expiry_causes: change.value };
    case "rotation":
      return { ...view, rotation_override: change.days, rotation_days: change.days ?? 90 };
    case "created":
      return { ...view, created_ms: change.at_ms };
    case "last-used":
      return { ...view, last_used_ms: change.at_ms };
    case "purpose":
    case "owner":
    case "notes":
      return { ...view, [change.set]: change.value };
    case "consumers":
      return row({ consumers: change.value });
    case "tags":
      return row({ tags: change.value });
    case "state":
      return row({ state: change.value });
    case "compromised":
      return {
        ...row({ compromised: change.since_ms !== null }),
        compromised_since_ms: change.since_ms,
      };
    case "resolve": {
      const conflicts = view.conflicts.filter(
        ({ values }) => !values.some(({ write_id }) => write_id === change.write_id),
      );
      return { ...row({ conflict: conflicts.length > 0 }), conflicts };
    }
  }
}

const first = (row: KeyRow) =>
  Math.min(row.expiry?.at_ms ?? Infinity, row.rotation?.at_ms ?? Infinity);
const firstDays = (row: KeyRow) =>
  Math.min(row.expiry?.days ?? Infinity, row.rotation?.days ?? Infinity);

const ORDERS: Record<KeyList["sort"], (a: KeyRow, b: KeyRow) => number> = {
  due: (a, b) => first(a) - first(b),
  label: (a, b) => a.label.localeCompare(b.label, "en"),
  exchange: (a, b) => a.exchange.localeCompare(b.exchange, "en") || a.label.localeCompare(b.label, "en"),
  created: (a, b) => b.last_rotated_ms - a.last_rotated_ms,
};

function page(rows: readonly KeyRow[], request: KeyList): KeyPage {
  const filter = request.filter;
  const words = filter.text?.toLocaleLowerCase("en").split(/\s+/) ?? [];
  const is = (wanted: string | null, found: string) => wanted === null || wanted === found;
  const found = rows.filter((row) => {
    const searched = [row.label, row.exchange_name, row.account, ...row.tags, ...row.consumers]
      .join("\n")
      .toLocaleLowerCase("en");
    return (
      (row.state !== "archived" || filter.archived || filter.state === "archived") &&
      is(filter.state, row.state) &&
      is(filter.exchange, row.exchange) &&
      is(filter.account, row.account) &&
      is(filter.environment, row.environment) &&
      (filter.tag === null || row.tags.includes(filter.tag)) &&
      (filter.consumer === null || row.consumers.includes(filter.consumer)) &&
      (filter.due_within_days === null || firstDays(row) <= filter.due_within_days) &&
      (!filter.over_permissive || row.excess.length > 0) &&
      (!filter.unrestricted || row.allowlist.kind === "unrestricted") &&
      words.every((word) => searched.includes(word))
    );
  });
  found.sort(ORDERS[request.sort]);
  // A frame of 64 KiB holds fewer rows than a page may ask for.
  const end = request.offset + Math.min(request.limit, 60);
  return {
    rows: found.slice(request.offset, end),
    total: found.length,
    next: end < found.length ? end : null,
  };
}

function facets(rows: readonly KeyRow[]): Facets {
  const live = rows.filter((row) => row.state !== "archived");
  const count = (names: (row: KeyRow) => readonly (readonly [string, string])[]): Facet[] => {
    const found = new Map<string, Facet>();
    for (const row of live) {
      for (const [value, name] of names(row)) {
        const facet = found.get(value) ?? { value, name, keys: 0 };
        facet.keys += 1;
        found.set(value, facet);
      }
    }
    return [...found.values()].sort((a, b) => b.keys - a.keys || a.name.localeCompare(b.name, "en"));
  };
  return {
    all: live.length,
    due: live.filter((row) => firstDays(row) <= 30).length,
    over_permissive: live.filter((row) => row.excess.length > 0).length,
    unrestricted: live.filter((row) => row.allowlist.kind === "unrestricted").length,
    archived: rows.length - live.length,
    exchanges: count((row) => [[row.exchange, row.exchange_name]]),
    environments: (["production", "testnet", "demo", "development"] as const)
      .map((value) => ({ value, keys: live.filter((row) => row.environment === value).length }))
      .filter(({ keys }) => keys > 0),
    accounts: count((row) => [[row.account, row.account]]),
    consumers: count((row) => row.consumers.map((name) => [name, name] as const)),
    tags: count((row) => row.tags.map((name) => [name, name] as const)),
  };
}
