/** The settings this page knows, with the control and the words that fit each. */

import type { Setting } from "../../backend/generated/wire";
import { t } from "../../i18n/en";

export interface Known {
  label: string;
  note: string;
  control: "switch" | "number" | "text";
  unit?: string;
}

export const KNOWN: Readonly<Record<string, Known>> = {
  "auto-lock-minutes": {
    label: t.settings.locking.autoLock,
    note: t.settings.locking.autoLockNote,
    control: "number",
    unit: t.settings.locking.minutes,
  },
  "lock-on-suspend": { label: t.settings.locking.suspend, note: "", control: "switch" },
  "lock-on-screen-lock": { label: t.settings.locking.screen, note: "", control: "switch" },
  "clipboard-seconds": {
    label: t.settings.copying.clipboard,
    note: t.settings.copying.clipboardNote,
    control: "number",
    unit: t.settings.copying.seconds,
  },
  "grace-minutes": {
    label: t.settings.copying.grace,
    note: t.settings.copying.graceNote,
    control: "number",
    unit: t.settings.locking.minutes,
  },
  "backup-keep": {
    label: t.settings.backups.keep,
    note: "",
    control: "number",
    unit: t.settings.backups.keepUnit,
  },
};

/** Edited on the page of the reminders. */
const OF_REMINDERS = [
  "remind",
  "remind-at",
  "lead-days",
  "quiet-from",
  "quiet-to",
  "names-in-notifications",
];

/** Has a control of its own, with a way to choose a folder. */
const FOLDER = "backup-folder";

/** What a newer agent has and this page does not know: shown as it stands. */
export const unknown = (all: readonly Setting[]): Setting[] =>
  all.filter(({ name }) => KNOWN[name] === undefined && name !== FOLDER && !OF_REMINDERS.includes(name));

/** "lock-on-suspend" as a person would write it, for a setting without words of ours. */
export const spelled = (name: string): string => {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toLocaleUpperCase("en")}${words.slice(1)}`;
};

/** A value as it is told to a person. */
export function told(value: string, control: Known["control"]): string {
  if (control === "switch") {
    return value === "yes" ? t.settings.on : t.settings.off;
  }
  return value === "" ? t.settings.nothing : value;
}
