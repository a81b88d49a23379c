/** Rotation and revocation of invented keys, by the agent's rules in short. */

import type {
  KeyRow,
  KeyState,
  Permissions,
  RevocationView,
  RotationStage,
  RotationView,
  SitePage,
  Verb,
} from "../generated/wire";
import { fault, type Handlers } from "./handlers";
import { find, keep, type KeysHost } from "./keys";

/** As the agent says why such a key is due. */
export const ENDING = "its revocation is not confirmed";

const SITES: Record<string, SitePage> = {
  binance: { url: "https://www.binance.com/en/my/settings/api-management", then: "API Management" },
  kraken: { url: "https://pro.kraken.com/app/settings/api", then: "Settings → Connections & API" },
  okx: { url: "https://www.okx.com/account/my-api", then: null },
  bybit: { url: "https://www.bybit.com/app/user/api-management", then: "API → API management" },
};

interface Rotation {
  stage: RotationStage;
  switched: string[];
  grown: Verb[];
  endingMs: number | null;
}

/** By the host, so that the small window of the preview finds them as well. */
const rotations = new WeakMap<KeysHost, Map<string, Rotation>>();
const revokings = new WeakMap<KeysHost, Map<string, number>>();

function of<T>(host: KeysHost, all: WeakMap<KeysHost, Map<string, T>>): Map<string, T> {
  const known = all.get(host) ?? new Map<string, T>();
  all.set(host, known);
  return known;
}

function rotationOf(host: KeysHost, row: KeyRow): Rotation {
  const all = of(host, rotations);
  const usual: Rotation = {
    stage: row.state === "rotating" ? "switching" : "idle",
    switched: [],
    grown: [],
    endingMs: null,
  };
  const found = all.get(row.id) ?? usual;
  all.set(row.id, found);
  return found;
}

/** What the small window of the preview does; whether it could. */
export function stageSecret(host: KeysHost, key: string): boolean {
  const view = find(host, key);
  const rotation = rotationOf(host, view.row);
  if (rotation.stage !== "begun") {
    return false;
  }
  rotation.stage = "staged";
  keep(host, { ...view });
  return true;
}

const VERBS: Record<keyof Permissions, Verb> = {
  read: "read",
  spot: "spot",
  margin: "margin",
  derivatives: "derivatives",
  transfer: "transfer",
  withdraw: "withdraw",
  sub_accounts: "sub-accounts",
  key_admin: "key-admin",
};

const classOf = (row: KeyRow): string =>
  row.declared.withdraw !== "no" ? "withdraw" : row.declared.spot === "yes" ? "trade" : "read";

export function lifecycleHandlers(host: KeysHost): Handlers {
  const state = (key: string, value: KeyState) => {
    const view = find(host, key);
    keep(host, { ...view, row: { ...view.row, state: value } });
  };

  function told(key: string): RotationView {
    const { row } = find(host, key);
    const rotation = rotationOf(host, row);
    return {
      id: row.id,
      label: row.label,
      exchange_name: row.exchange_name,
      stage: rotation.stage,
      old: "1".padEnd(32, "0"),
      new: rotation.stage === "idle" || rotation.stage === "begun" ? null : "2".padEnd(32, "0"),
      switched: rotation.switched,
      left: row.consumers.filter((name) => !rotation.switched.includes(name)),
      grown: rotation.grown,
      ending_since_ms: rotation.endingMs,
      manage: SITES[row.exchange] ?? null,
      revoke: SITES[row.exchange] ?? null,
      next: "",
      warnings: [],
    };
  }

  function step(key: string, from: readonly RotationStage[], make: (rotation: Rotation) => void): RotationView {
    const { row } = find(host, key);
    const rotation = rotationOf(host, row);
    if (of(host, revokings).has(row.id)) {
      throw fault("refused", "the key is being revoked as a whole; finish that first");
    }
    if (!from.includes(rotation.stage)) {
      throw fault("refused", "a rotation is under way already; `rotate status` says what comes next");
    }
    make(rotation);
    return told(key);
  }

  const revocation = (row: KeyRow): RevocationView => ({
    id: row.id,
    label: row.label,
    exchange_name: row.exchange_name,
    class: classOf(row),
    state: row.state,
    since_ms: of(host, revokings).get(row.id) ?? null,
    page: SITES[row.exchange] ?? null,
  });

  const ORDER = ["withdraw", "trade", "read"];
  const ordered = (rows: KeyRow[]) => {
    const keys = rows.map(revocation);
    keys.sort((a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class) || a.label.localeCompare(b.label, "en"));
    return { keys, total: keys.length };
  };

  return {
    rotate_status: ({ key }) => told(key),
    page_open: ({ key }) => {
      told(key);
      return {};
    },
    rotate_start: ({ key }) =>
      step(key, ["idle"], (rotation) => {
        rotation.stage = "begun";
        state(key, "rotating");
      }),
    rotate_stage: ({ key }) => {
      if (!stageSecret(host, key)) {
        throw fault("refused", "a new secret is recorded already; go on with it, or `rotate abort` first");
      }
      return told(key);
    },
    rotate_check: ({ key, rights, growth_meant }) =>
      step(key, ["staged", "grown", "switching"], (rotation) => {
        const { declared } = find(host, key).row;
        rotation.grown = (Object.keys(VERBS) as (keyof Permissions)[])
          .filter((verb) => declared[verb] !== "yes" && rights?.[verb] === "yes")
          .map((verb) => VERBS[verb]);
        rotation.stage = rotation.grown.length > 0 && !growth_meant ? "grown" : "switching";
      }),
    rotate_switch: ({ key, who }) =>
      step(key, who.kind === "back" ? ["in-use"] : ["switching"], (rotation) => {
        const { consumers } = find(host, key).row;
        if (who.kind === "back") {
          Object.assign(rotation, { stage: "switching", switched: [] });
          return;
        }
        const names = who.kind === "all" ? consumers : who.names;
        rotation.switched = [...new Set([...rotation.switched, ...names])];
        if (consumers.every((name) => rotation.switched.includes(name))) {
          rotation.stage = "in-use";
          state(key, "draining");
        }
      }),
    rotate_revoke: ({ key }) =>
      step(key, ["in-use", "ending"], (rotation) => {
        rotation.stage = "ending";
        rotation.endingMs ??= Date.now();
      }),
    rotate_confirm: ({ key }) =>
      step(key, ["ending"], (rotation) => {
        Object.assign(rotation, { stage: "idle", switched: [], grown: [], endingMs: null });
        state(key, "active");
      }),
    rotate_abort: ({ key }) =>
      step(key, ["begun", "staged", "grown", "switching"], (rotation) => {
        Object.assign(rotation, { stage: "idle", switched: [], grown: [], endingMs: null });
        state(key, "active");
      }),
    revoke: ({ keys, step: made }) => {
      const all = of(host, revokings);
      if (keys.length === 0) {
        return ordered(host.rows.filter((row) => all.has(row.id)));
      }
      const views = keys.map((key) => find(host, key));
      if (made === "begin" && views.some(({ row }) => row.state === "revoked" || row.state === "archived")) {
        throw fault("refused", "the key is revoked or archived already");
      }
      for (const view of views) {
        const { row } = view;
        const now = Date.now();
        if (made === "begin") {
          all.set(row.id, now);
          const date = new Date(now).toISOString().slice(0, 10);
          const rotation = { at_ms: now, date, days: 0, cause: ENDING };
          keep(host, { ...view, row: { ...row, rotation } });
        } else {
          all.delete(row.id);
          keep(host, {
            ...view,
            row: { ...row, rotation: null, ...(made === "confirm" ? { state: "revoked" as const } : {}) },
          });
        }
      }
      return ordered(views.map(({ row }) => find(host, row.id).row));
    },
  };
}
