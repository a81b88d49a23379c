/** What is due of all keys, and what the person did about it. */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type { Fault, ReminderList, ReminderView } from "../../backend/generated/wire";
import { moment } from "../../components/when";
import { t } from "../../i18n/en";

const WEEK = 7;
const MONTH = 30;

export type Filter = "all" | "open" | "snoozed" | "acknowledged";
export const FILTERS: readonly Filter[] = ["all", "open", "snoozed", "acknowledged"];

export type Group = "overdue" | "week" | "month" | "later";

export interface Grouped {
  group: Group;
  reminders: ReminderView[];
}

export const labelOf = (reminder: ReminderView): string =>
  reminder.label ?? t.reminders.nameless;

/** What one row answers to. A key may be due twice: its expiry and its rotation. */
export const nameOf = (reminder: ReminderView): string => `${reminder.id} ${reminder.kind}`;

export function standing(reminder: ReminderView, nowMs: number): Exclude<Filter, "all"> {
  if (reminder.acknowledged) {
    return "acknowledged";
  }
  return (reminder.snoozed_until_ms ?? 0) > nowMs ? "snoozed" : "open";
}

/** Soonest first, as the agent gave them, under headings. */
export function grouped(reminders: readonly ReminderView[]): Grouped[] {
  const groups: Grouped[] = [];
  for (const reminder of reminders) {
    const group = groupOf(reminder.due.days);
    const last = groups.at(-1);
    if (last?.group === group) {
      last.reminders.push(reminder);
    } else {
      groups.push({ group, reminders: [reminder] });
    }
  }
  return groups;
}

function groupOf(days: number): Group {
  if (days < 0) {
    return "overdue";
  }
  return days <= WEEK ? "week" : days <= MONTH ? "month" : "later";
}

export class Reminders {
  list = $state.raw<ReminderList | null>(null);
  fault = $state.raw<Fault | null>(null);
  filter = $state<Filter>("all");
  nowMs = $state(Date.now());
  /** Refusals beside the row they are about. */
  refusals = $state.raw<Readonly<Record<string, string>>>({});
  /** What the last act did, in a sentence. */
  said = $state("");

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly shown = $derived.by(() => {
    const all = this.list?.reminders ?? [];
    return this.filter === "all"
      ? all
      : all.filter((reminder) => standing(reminder, this.nowMs) === this.filter);
  });

  readonly counts = $derived.by(() => {
    const counts = { all: 0, open: 0, snoozed: 0, acknowledged: 0 };
    for (const reminder of this.list?.reminders ?? []) {
      counts.all += 1;
      counts[standing(reminder, this.nowMs)] += 1;
    }
    return counts;
  });

  async load(): Promise<void> {
    try {
      this.list = await this.#backend.call("reminder_list", {});
      this.fault = null;
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
    this.nowMs = Date.now();
  }

  async snooze(reminder: ReminderView, hours: number): Promise<void> {
    const request = { key: reminder.id, hours };
    await this.#act(reminder, () => this.#backend.call("reminder_snooze", request));
    const now = this.list?.reminders.find((other) => nameOf(other) === nameOf(reminder));
    if (this.refusal(reminder) === "" && now?.snoozed_until_ms != null) {
      const until = moment(now.snoozed_until_ms, this.nowMs);
      this.said = t.reminders.snoozed(labelOf(reminder), until);
    }
  }

  async acknowledge(reminder: ReminderView): Promise<void> {
    await this.#act(reminder, () => this.#backend.call("reminder_ack", { key: reminder.id }));
    if (this.refusal(reminder) === "") {
      this.said = t.reminders.acked(labelOf(reminder));
    }
  }

  refusal(reminder: ReminderView): string {
    return this.refusals[nameOf(reminder)] ?? "";
  }

  dismiss(reminder: ReminderView): void {
    this.refusals = { ...this.refusals, [nameOf(reminder)]: "" };
  }

  async #act(reminder: ReminderView, send: () => Promise<unknown>): Promise<void> {
    this.dismiss(reminder);
    this.said = "";
    try {
      await send();
    } catch (refusal) {
      this.refusals = { ...this.refusals, [nameOf(reminder)]: words(toFault(refusal)) };
      return;
    }
    await this.load();
  }
}
