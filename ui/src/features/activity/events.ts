/** The events of the log in words and groups. The agent's own names are stable. */

import type { AuditEntry } from "../../backend/generated/wire";
import { t } from "../../i18n/en";

export type EventGroup = keyof typeof t.activity.groups;

export const GROUPS: Readonly<Record<EventGroup, readonly string[]>> = {
  session: ["unlocked", "locked", "stepped-up", "alarm-acknowledged", "anchor-missing"],
  use: ["revealed", "copied", "ran", "signed", "checked", "observed", "checks-scheduled", "checks-unscheduled", "looked-at"],
  keys: [
    "entry-added",
    "entry-edited",
    "secret-added",
    "secret-purged",
    "entry-archived",
    "entry-restored",
    "entry-deleted",
    "rotation-begun",
    "rotation-staged",
    "rotation-checked",
    "rotation-switched",
    "rotation-aborted",
    "revocation-begun",
    "revocation-confirmed",
    "incident-opened",
    "incident-noted",
    "incident-closed",
    "finding-accepted",
    "acceptance-withdrawn",
  ],
  files: ["imported", "import-undone", "file-rewritten", "exported", "audit-exported"],
  backups: ["created", "backed-up", "backup-failed", "restored", "restore-drill"],
  access: [
    "kit-made",
    "kit-tested",
    "device-enrolled",
    "device-removed",
    "password-changed",
    "totp-reset",
    "vault-key-rotated",
    "policy-changed",
    "factors-tidied",
  ],
  settings: ["reminder-snoozed", "reminder-acknowledged", "settings-changed"],
};

/** What happened, in a sentence; what was refused or failed says so first. */
export function sentence(entry: AuditEntry): string {
  const words = t.activity.events[entry.event];
  if (words === undefined) {
    return t.activity.unknownEvent(entry.event);
  }
  const [done, act] = words;
  const decision = undecided(entry);
  return decision === null ? done : t.activity.undone(t.activity.decision[decision], act);
}

/** `null` where it was allowed. What a newer agent may say besides counts as refused. */
export function undecided(entry: AuditEntry): "denied" | "failed" | null {
  return entry.decision === "allowed" ? null : entry.decision === "failed" ? "failed" : "denied";
}

/** Whatever the vault did by itself; its failures are no decision of anybody's. */
export const isBad = (entry: AuditEntry): boolean =>
  entry.event === "backup-failed" || entry.event === "anchor-missing";

/** What the filter for text looks at. */
export function searched(entry: AuditEntry, device: string): string {
  return [
    sentence(entry),
    entry.label ?? "",
    entry.event,
    client(entry),
    device,
    String(entry.seq),
  ]
    .join("\n")
    .toLocaleLowerCase("en");
}

export function client(entry: AuditEntry): string {
  return (t.activity.client as Readonly<Record<string, string>>)[entry.client] ?? entry.client;
}
