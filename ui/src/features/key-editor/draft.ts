/**
 * A record while it is edited: texts as they are typed, and what becomes of them. Secrets have no
 * place here; they are typed in a window of their own.
 */

import type {
  Allowlist,
  Change,
  Environment,
  ExchangeView,
  ExpiryCause,
  KeyDraft,
  KeyType,
  KeyView,
  Permissions,
} from "../../backend/generated/wire";
import { dayOf, isoDate } from "../../components/when";
import { t } from "../../i18n/en";
import { addressProblem, type Rule } from "./address";

export interface Cause {
  kind: ExpiryCause["kind"];
  /** Of the rules that count days. */
  days: string;
  /** Of those that name a date, ISO 8601. */
  date: string;
}

export interface Draft {
  label: string;
  /** As typed: a name or an id. */
  exchange: string;
  account: string;
  environment: Environment;
  keyType: KeyType;
  declared: Permissions;
  native: string[];
  allowKind: Allowlist["kind"];
  rules: Rule[];
  causes: Cause[];
  /** Empty for the default of its class. */
  rotation: string;
  rotationOwn: boolean;
  /** ISO date; empty for today. */
  created: string;
  purpose: string;
  owner: string;
  consumers: string[];
  tags: string[];
  notes: string;
}

export const NOT_KNOWN: Permissions = {
  read: "unknown",
  spot: "unknown",
  margin: "unknown",
  derivatives: "unknown",
  transfer: "unknown",
  withdraw: "unknown",
  sub_accounts: "unknown",
  key_admin: "unknown",
};

export function emptyDraft(): Draft {
  return {
    label: "",
    exchange: "",
    account: "",
    environment: "production",
    keyType: "hmac",
    declared: { ...NOT_KNOWN },
    native: [],
    allowKind: "unknown",
    rules: [],
    causes: [],
    rotation: "",
    rotationOwn: false,
    created: "",
    purpose: "",
    owner: "",
    consumers: [],
    tags: [],
    notes: "",
  };
}

export function draftOf(view: KeyView): Draft {
  return {
    label: view.row.label,
    exchange: view.row.exchange_name,
    account: view.row.account,
    environment: view.row.environment,
    keyType: view.key_type,
    declared: { ...view.row.declared },
    native: [...view.native_permissions],
    allowKind: view.allowlist.kind,
    rules:
      view.allowlist.kind === "listed"
        ? view.allowlist.rules.map(({ address, host }) => ({ address, host: host ?? "" }))
        : [],
    causes: view.expiry_causes.map((cause) => ({
      kind: cause.kind,
      days: "days" in cause ? cause.days.toString() : "",
      date: "at_ms" in cause ? isoDate(cause.at_ms) : "",
    })),
    rotation: view.rotation_override?.toString() ?? "",
    rotationOwn: view.rotation_override !== null,
    created: isoDate(view.created_ms),
    purpose: view.purpose ?? "",
    owner: view.owner ?? "",
    consumers: [...view.row.consumers],
    tags: [...view.row.tags],
    notes: view.notes ?? "",
  };
}

/** The catalogue's exchange a text names, by id or name. */
export function exchangeNamed(text: string, exchanges: readonly ExchangeView[]): ExchangeView | null {
  const wanted = text.trim().toLocaleLowerCase("en");
  return (
    exchanges.find((one) => one.id === wanted || one.name.toLocaleLowerCase("en") === wanted) ?? null
  );
}

function exchangeId(text: string, exchanges: readonly ExchangeView[]): string {
  return exchangeNamed(text, exchanges)?.id ?? text.trim().toLocaleLowerCase("en");
}

export const countsDays = (kind: Cause["kind"]): boolean =>
  kind === "days-since-creation" ||
  kind === "inactivity" ||
  kind === "no-allowlist" ||
  kind === "session-life";

const areDays = (text: string): boolean =>
  /^\d{1,4}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 3650;

/** What stands in the way, by the name of its field; `rules.2`, `hosts.2` and `causes.1` name lines. */
export function problemsOf(
  draft: Draft,
  exchanges: readonly ExchangeView[],
  nowMs: number,
): Record<string, string> {
  const need = t.editor.need;
  const found: Record<string, string> = {};
  const longest = (field: keyof Draft & string, text: string, most: number) => {
    if ([...text.trim()].length > most) {
      found[field] = need.tooLong(most);
    }
  };
  longest("label", draft.label, 100);
  longest("account", draft.account, 100);
  longest("purpose", draft.purpose, 200);
  longest("owner", draft.owner, 200);
  longest("notes", draft.notes, 10_000);
  if (draft.label.trim() === "") {
    found.label = need.label;
  }
  if (draft.exchange.trim() === "") {
    found.exchange = need.exchange;
  } else if (!/^[a-z0-9-]{2,32}$/.test(exchangeId(draft.exchange, exchanges))) {
    found.exchange = need.exchangeId;
  }
  if (draft.account.trim() === "") {
    found.account = need.account;
  }
  if (draft.allowKind === "listed") {
    const lines = draft.rules.filter(({ address, host }) => address.trim() !== "" || host.trim() !== "");
    if (lines.length === 0) {
      found.rules = need.allowlist;
    }
    draft.rules.forEach(({ address, host }, at) => {
      if (address.trim() === "" && host.trim() === "") {
        return;
      }
      const same = draft.rules.findIndex((other) => other.address.trim() === address.trim());
      const problem = addressProblem(address) || (same < at ? need.twice : "");
      if (problem !== "") {
        found[`rules.${at}`] = problem;
      }
      if ([...host.trim()].length > 60) {
        found[`hosts.${at}`] = need.host;
      }
    });
  }
  draft.causes.forEach((cause, at) => {
    if (countsDays(cause.kind) && !areDays(cause.days)) {
      found[`causes.${at}`] = need.days;
    } else if (!countsDays(cause.kind) && dayOf(cause.date) === null) {
      found[`causes.${at}`] = need.date;
    }
  });
  if (draft.rotationOwn && !areDays(draft.rotation)) {
    found.rotation = need.days;
  }
  if (draft.created.trim() !== "") {
    const at = dayOf(draft.created);
    if (at === null) {
      found.created = need.date;
    } else if (at > nowMs) {
      found.created = need.created;
    }
  }
  return found;
}

function allowlistOf(draft: Draft): Allowlist {
  if (draft.allowKind !== "listed") {
    return { kind: draft.allowKind };
  }
  const rules = draft.rules
    .filter(({ address }) => address.trim() !== "")
    .map(({ address, host }) =>
      host.trim() === ""
        ? { address: address.trim() }
        : { address: address.trim(), host: host.trim() },
    );
  return { kind: "listed", rules };
}

/** A date that was not touched keeps its hour. */
function causesOf(draft: Draft, before: readonly ExpiryCause[]): ExpiryCause[] {
  return draft.causes.map((cause): ExpiryCause => {
    const { kind } = cause;
    if (kind === "fixed" || kind === "password-change") {
      const same = before.find(
        (one) => one.kind === kind && "at_ms" in one && isoDate(one.at_ms) === cause.date,
      );
      return same ?? { kind, at_ms: dayOf(cause.date) ?? 0 };
    }
    return { kind, days: Number(cause.days) };
  });
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** A new key as the window for its secret takes it. */
export function keyDraftOf(draft: Draft, exchanges: readonly ExchangeView[]): KeyDraft {
  return {
    label: draft.label.trim(),
    exchange: exchangeId(draft.exchange, exchanges),
    account: draft.account.trim(),
    environment: draft.environment,
    key_type: draft.keyType,
    declared: draft.declared,
    native_permissions: draft.native,
    allowlist: allowlistOf(draft),
    expiry: causesOf(draft, []),
    rotation_days: draft.rotationOwn ? Number(draft.rotation) : null,
    created_ms: draft.created.trim() === "" ? null : dayOf(draft.created),
    purpose: orNull(draft.purpose),
    owner: orNull(draft.owner),
    consumers: draft.consumers,
    tags: draft.tags,
    notes: orNull(draft.notes),
  };
}

/** Only what was changed. What is already so is not written again. */
export function changesOf(view: KeyView, draft: Draft, exchanges: readonly ExchangeView[]): Change[] {
  const next = keyDraftOf(draft, exchanges);
  const row = view.row;
  const changes: Change[] = [];
  const put = (isSame: boolean, change: Change) => {
    if (!isSame) {
      changes.push(change);
    }
  };
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  put(next.label === row.label, { set: "label", value: next.label });
  put(draft.exchange.trim() === row.exchange_name || next.exchange === row.exchange, {
    set: "exchange",
    value: next.exchange,
  });
  put(next.environment === row.environment, { set: "environment", value: next.environment });
  put(next.account === row.account, { set: "account", value: next.account });
  put(next.key_type === view.key_type, { set: "key-type", value: next.key_type });
  put(same(draft.declared, row.declared), { set: "declared", value: next.declared });
  put(same(next.native_permissions, view.native_permissions), {
    set: "native-permissions",
    value: next.native_permissions,
  });
  const allowlist = allowlistOf(draft);
  const before = allowlistOf(draftOf(view));
  put(same(allowlist, before), { set: "allowlist", value: allowlist });
  const expiry = causesOf(draft, view.expiry_causes);
  put(same(expiry, view.expiry_causes), { set: "expiry", value: expiry });
  put(next.rotation_days === view.rotation_override, { set: "rotation", days: next.rotation_days });
  const created = dayOf(draft.created);
  put(created === null || draft.created.trim() === isoDate(view.created_ms), {
    set: "created",
    at_ms: created ?? 0,
  });
  put(next.purpose === view.purpose, { set: "purpose", value: next.purpose });
  put(next.owner === view.owner, { set: "owner", value: next.owner });
  put(same(next.consumers, row.consumers), { set: "consumers", value: next.consumers });
  put(same(next.tags, row.tags), { set: "tags", value: next.tags });
  put(next.notes === view.notes, { set: "notes", value: next.notes });
  return changes;
}
