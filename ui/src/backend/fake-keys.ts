/** Invented keys, believable enough to judge a page by. The same number gives the same keys. */

import type {
  AllowlistSummary,
  Due,
  Environment,
  Excess,
  KeyRow,
  KeyState,
  Permissions,
  Tri,
} from "./generated/wire";

const DAY = 86_400_000;

const EXCHANGES = [
  ["binance", "Binance"],
  ["kraken", "Kraken"],
  ["okx", "OKX"],
  ["bybit", "Bybit"],
  ["coinbase", "Coinbase"],
  ["deribit", "Deribit"],
  ["bitget", "Bitget"],
  ["hyperliquid", "Hyperliquid"],
] as const;

const PURPOSES = [
  "grid bot",
  "tax export",
  "treasury",
  "market maker",
  "portfolio tracker",
  "rebalancer",
  "funding arbitrage",
  "stop-loss guard",
] as const;

const ACCOUNTS = ["main", "desk two", "family", "sub: hedge", "sub: bots", "treasury"] as const;
const TAGS = ["desk", "arb", "cold", "audit 2025", "bots", "tax"] as const;
const CONSUMERS = ["freqtrade on VPS-1", "Koinly", "CoinTracking", "hummingbot", "Ada", "ops box"];

/** Rights from harmless to dangerous, in the order of the strip: y, n or u. */
const RIGHTS = ["ynnnnnnn", "yynnnnnn", "yyyynnnn", "yyuunnnn", "yyyyynnn", "yyyyyyuu"] as const;

/** A small generator (mulberry32): the keys look mixed and are always the same. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

export function inventedRows(count: number, nowMs: number): KeyRow[] {
  const pick = generator(7);
  const rows = Array.from({ length: count }, (_, index) => invented(index, pick, nowMs));
  const first = (row: KeyRow) => Math.min(row.expiry?.at_ms ?? Infinity, row.rotation?.at_ms ?? Infinity);
  return rows.sort((a, b) => first(a) - first(b));
}

function invented(index: number, pick: (bound: number) => number, nowMs: number): KeyRow {
  const [exchange, exchangeName] = of(EXCHANGES, pick);
  const purpose = of(PURPOSES, pick);
  const rights = of(RIGHTS, pick);
  const environment: Environment =
    pick(5) > 0 ? "production" : of(["testnet", "demo", "development"] as const, pick);
  const state: KeyState = index % 23 === 22 ? "archived" : index % 11 === 7 ? "rotating" : "active";
  const isTreasury = purpose === "treasury";
  const allowlist: AllowlistSummary =
    pick(4) === 0
      ? { kind: pick(2) === 0 ? "unknown" : "unrestricted" }
      : { kind: "listed", rules: 1 + pick(4) };
  const inDays = index === 0 ? -3 : pick(150) + (index < 4 ? 0 : 4);
  const consumers = Array.from({ length: pick(4) }, () => of(CONSUMERS, pick));
  const tags = Array.from({ length: index % 3 }, (_, at) => TAGS[(index + at * 2) % TAGS.length] ?? "desk");
  const declared = permissions(isTreasury ? "yyynyyuu" : rights);
  const observed = index % 6 === 1 ? permissions(rights.replace("n", "y")) : null;
  return {
    id: index.toString(16).padStart(32, "0"),
    label: `${exchangeName} ${purpose}${index >= 24 ? ` ${index}` : ""}`,
    exchange,
    exchange_name: exchangeName,
    account: of(ACCOUNTS, pick),
    environment,
    state,
    compromised: index === 9,
    declared,
    observed,
    allowlist,
    expiry: pick(3) === 0 ? due(nowMs, inDays, "90 days since creation without an allowlist") : null,
    rotation: pick(9) === 0 ? null : due(nowMs, inDays + pick(20), "rotation every 90 days"),
    last_rotated_ms: nowMs - (90 - Math.min(80, inDays)) * DAY,
    tags,
    consumers: [...new Set(consumers)],
    conflict: index === 12,
    has_secret: index % 17 !== 5,
    excess: excessOf(declared, observed, allowlist, purpose),
  };
}

/** As the agent would say it, near enough to look at. */
export function excessOf(
  declared: Permissions,
  observed: Permissions | null,
  allowlist: AllowlistSummary,
  purpose: string,
): Excess[] {
  const may = (verb: keyof Permissions) => declared[verb] === "yes" || observed?.[verb] === "yes";
  const verbs = Object.keys(declared) as (keyof Permissions)[];
  const trades = may("spot") || may("margin") || may("derivatives");
  const excess: Excess[] = [];
  if (may("withdraw") && allowlist.kind !== "listed") {
    excess.push("withdraw-unlisted");
  }
  if (trades && allowlist.kind === "unrestricted") {
    excess.push("trade-unrestricted");
  }
  if (verbs.some((verb) => observed?.[verb] === "yes" && declared[verb] === "no")) {
    excess.push("more-than-declared");
  }
  if (/tax|tracker/.test(purpose) && trades) {
    excess.push("more-than-purpose");
  }
  return excess;
}

function of<T>(choices: readonly T[], pick: (bound: number) => number): T {
  const chosen = choices[pick(choices.length)];
  if (chosen === undefined) {
    throw new Error("nothing to choose from");
  }
  return chosen;
}

export function due(nowMs: number, days: number, cause: string): Due {
  const atMs = nowMs + days * DAY;
  return { at_ms: atMs, date: new Date(atMs).toISOString().slice(0, 10), days, cause };
}

function permissions(rights: string): KeyRow["declared"] {
  const at = (index: number): Tri => {
    const letter = rights[index];
    return letter === "y" ? "yes" : letter === "n" ? "no" : "unknown";
  };
  return {
    read: at(0),
    spot: at(1),
    margin: at(2),
    derivatives: at(3),
    transfer: at(4),
    withdraw: at(5),
    sub_accounts: at(6),
    key_admin: at(7),
  };
}
