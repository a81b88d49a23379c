/** What the backend in memory tells of one key: invented around its row, always the same. */

import type { HistoryView, KeyDraft, KeyRow, KeyView } from "../generated/wire";
import { EXCHANGES } from "./exchanges";

const DAY = 86_400_000;
const HOSTS = ["VPS-1", "VPS-2", "office", null] as const;

export function viewOf(row: KeyRow, draft?: KeyDraft): KeyView {
  const number = Number.parseInt(row.id.slice(-6), 16) || 0;
  const template = EXCHANGES.find((one) => one.id === row.exchange);
  const fields = row.has_secret
    ? (template?.fields ?? []).map(({ name, secret }) => ({ name, secret }))
    : [];
  const days = row.declared.withdraw === "no" ? (row.declared.spot === "no" ? 180 : 90) : 30;
  const rules = row.allowlist.kind === "listed" ? row.allowlist.rules : 0;
  const id = (at: number) => `${row.id.slice(0, 30)}${at.toString(16).padStart(2, "0")}`;
  return {
    row,
    key_type: draft?.key_type ?? template?.key_types[0] ?? "hmac",
    purpose: draft === undefined ? (row.label.split(" ").slice(1).join(" ") || null) : draft.purpose,
    owner: draft === undefined ? (number % 3 === 0 ? "Ada" : null) : draft.owner,
    notes:
      draft === undefined
        ? number % 4 === 1
          ? "Made on the sub-account so that a leak cannot reach the main balance.\nAsk the desk before the limits are raised."
          : null
        : draft.notes,
    notes_warning:
      number % 13 === 5 ? "the notes seem to hold a secret; move it into a field of the key" : null,
    allowlist:
      draft?.allowlist ??
      (row.allowlist.kind === "listed"
        ? {
            kind: "listed",
            rules: Array.from({ length: rules }, (_, at) => {
              const host = HOSTS[(number + at) % HOSTS.length] ?? null;
              const address = at === 3 ? "2001:db8:12::/48" : `203.0.113.${(at + (number % 2)) * 16 + 7}`;
              return host === null ? { address } : { address, host };
            }),
          }
        : { kind: row.allowlist.kind }),
    native_permissions: draft?.native_permissions ?? (number % 2 === 0 ? ["enableReading", "enableSpotAndMarginTrading"] : []),
    expiry_causes: draft?.expiry ?? (row.expiry === null ? [] : [{ kind: "no-allowlist", days: 90 }]),
    rotation_override: draft?.rotation_days ?? (number % 5 === 2 ? 60 : null),
    rotation_days: draft?.rotation_days ?? (number % 5 === 2 ? 60 : days),
    created_ms: draft?.created_ms ?? row.last_rotated_ms - 200 * DAY,
    observed_ms: null,
    observation: null,
    check_schedule: null,
    last_used_ms: number % 4 === 0 ? null : Date.now() - (number % 7) * DAY,
    compromised_since_ms: row.compromised ? Date.now() - 2 * DAY : null,
    fields,
    versions: row.has_secret
      ? [
          { id: id(1), state: "active", made_ms: row.last_rotated_ms, purged: false, fields },
          ...(draft === undefined
            ? [
                { id: id(2), state: "revoked" as const, made_ms: row.last_rotated_ms - 92 * DAY, purged: false, fields },
                { id: id(3), state: "revoked" as const, made_ms: row.last_rotated_ms - 200 * DAY, purged: true, fields: [] },
              ]
            : []),
        ]
      : [],
    conflicts: row.conflict
      ? [
          {
            register: "purpose",
            values: [
              { write_id: id(16), value: "grid bot on VPS-1", at_ms: Date.now() - 5 * DAY },
              { write_id: id(17), value: "grid bot, moved to VPS-2", at_ms: Date.now() - 3 * DAY },
            ],
          },
        ]
      : [],
  };
}

export function historyOf(view: KeyView): HistoryView {
  const made = view.created_ms;
  const line = (at_ms: number, register: string, value: string, current: boolean, device = "workbench") => ({
    at_ms,
    register,
    value,
    device,
    current,
  });
  const lines = [
    line(view.row.last_rotated_ms, "secret", "[secret]", true),
    line(view.row.last_rotated_ms, "version state", "active", true),
    line(made + 60 * DAY, "tags", view.row.tags.join(", ") || "none", true, "laptop"),
    line(made + 30 * DAY, "consumers", view.row.consumers.join(", ") || "none", true),
    line(made + DAY, "allowlist", view.row.allowlist.kind, view.row.allowlist.kind !== "listed"),
    line(made, "secret", "[purged]", false),
    line(made, "label", view.row.label, true),
    line(made, "exchange", view.row.exchange_name, true),
    line(made, "environment", view.row.environment, true),
  ].sort((a, b) => b.at_ms - a.at_ms);
  return { lines, total: lines.length };
}
