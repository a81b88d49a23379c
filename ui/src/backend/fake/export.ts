/** What would leave an invented vault in plaintext, and nothing that does. */

import type { ExportFormat, ExportPlan, ExportWhich, KeyRow } from "../generated/wire";
import { fault, type Handlers } from "./handlers";
import { requirePresence } from "./world";

export function exportHandlers(rows: () => readonly KeyRow[]): Handlers {
  const planOf = (which: ExportWhich, format: ExportFormat): ExportPlan => {
    const meant = rows().filter((row) => {
      switch (which.kind) {
        case "all":
          return true;
        case "tag":
          return row.tags.includes(which.tag);
        case "keys":
          return which.keys.some((key) => key === row.id || key === row.label);
      }
    });
    if (which.kind === "keys" && meant.length < which.keys.length) {
      throw fault("not-found", "there is no such key");
    }
    if (format === "freqtrade" && meant.length !== 1) {
      throw fault("invalid", "freqtrade's file holds one key; name one");
    }
    const why = (row: KeyRow) =>
      format === "json" ? null : row.compromised ? "it is marked as compromised" : row.state === "archived" ? "it is archived" : row.has_secret ? null : "no secret is recorded";
    const left_out = meant.flatMap((row) => {
      const reason = why(row);
      return reason === null ? [] : [{ id: row.id, label: row.label, why: reason }];
    });
    return { keys: meant.length - left_out.length, left_out: left_out.slice(0, 50), left_out_total: left_out.length };
  };
  return {
    export_plan: ({ which, format }) => planOf(which, format),
    export_write: ({ which, format, path, keys, step_up }) => {
      requirePresence(step_up, false);
      if (path.includes("repository")) {
        throw fault("invalid", "git sees that folder, and what it commits stays; choose a folder outside of it");
      }
      const plan = planOf(which, format);
      if (plan.keys !== keys) {
        throw fault("refused", "other keys would leave now than were agreed to; look again");
      }
      return { ...plan, bytes: 800 * keys };
    },
  };
}
