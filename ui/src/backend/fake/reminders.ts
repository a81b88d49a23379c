/** What is due of the invented keys, as the agent would tell it. */

import type { KeyRow, ReminderView } from "../generated/wire";
import { fault, type Handlers } from "./handlers";

const HOUR = 3_600_000;
const MOST_HOURS = 720;
/** As many as a frame of 64 KiB holds. */
const FRAME = 220;

export function reminderHandlers(rows: () => readonly KeyRow[]): Handlers {
  const snoozed = new Map<string, number>();
  const acknowledged = new Set<string>();

  function all(): ReminderView[] {
    return rows()
      .filter((row) => row.state !== "archived")
      .flatMap((row) =>
        (["expiry", "rotation"] as const).flatMap((kind): ReminderView[] => {
          const due = row[kind];
          return due === null
            ? []
            : [
                {
                  id: row.id,
                  label: row.label,
                  kind,
                  due,
                  snoozed_until_ms: snoozed.get(row.id) ?? null,
                  acknowledged: acknowledged.has(`${row.id} ${kind} ${due.at_ms}`),
                },
              ];
        }),
      )
      .sort((a, b) => a.due.at_ms - b.due.at_ms);
  }

  const of = (key: string) => {
    const found = all().filter((reminder) => reminder.id === key && !reminder.acknowledged);
    if (found.length === 0) {
      throw fault("refused", "nothing is due for this key");
    }
    return found;
  };

  return {
    reminder_list: () => {
      const reminders = all();
      const next = new Date();
      next.setDate(next.getDate() + 1);
      next.setHours(9, 0, 0, 0);
      return {
        reminders: reminders.slice(0, FRAME),
        total: reminders.length,
        next_ms: reminders.length === 0 ? null : next.getTime(),
        limited: false,
      };
    },
    reminder_snooze: ({ key, hours }) => {
      const due = of(key);
      if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS) {
        throw fault("refused", `a snooze lasts from 1 to ${MOST_HOURS} hours`);
      }
      const now = Date.now();
      const expiry = due.find((reminder) => reminder.kind === "expiry");
      if (expiry !== undefined && expiry.due.at_ms <= now) {
        throw fault(
          "refused",
          "this key has expired; a reminder of that is acknowledged, not snoozed",
        );
      }
      snoozed.set(key, Math.min(now + hours * HOUR, expiry?.due.at_ms ?? Infinity));
      return {};
    },
    reminder_ack: ({ key }) => {
      for (const reminder of of(key)) {
        acknowledged.add(`${key} ${reminder.kind} ${reminder.due.at_ms}`);
      }
      snoozed.delete(key);
      return {};
    },
    reminder_test: () => ({ server: "gnome-shell 48.4", delivered: true }),
  };
}
