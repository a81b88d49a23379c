/** Where a key stands between its last rotation and what comes first, expiry or rotation. */

import type { Due } from "../backend/generated/wire";
import { t } from "../i18n/en";
import { civilDate } from "../i18n/format";

const DAY = 86_400_000;

/** Days before the due moment at which the person is reminded. */
const LEADS = [30, 14, 7, 3, 1] as const;

/** Nearer than this, a day and a month tell the date; beyond it a month and a year are enough. */
const SAME_YEAR = 320;

/** The agent's cause of what is due until somebody has seen a key, or its old secret, dead. */
export const ENDING = "its revocation is not confirmed";

/** What is to be done about a rotation that is due: another secret, or the end of the one before. */
export const rotationWords = (due: Due): string =>
  due.cause === ENDING ? t.life.ending : t.life.rotate(due.days);

/** From here on it is said in amber. */
const SOON = 14;

export interface Life {
  kind: "expiry" | "rotation";
  due: Due;
  /** "Expires in 12 days", without the date. */
  relative: string;
  /** "5 Dec", or with the year where it is another one. */
  absolute: string;
  /** Share of the life that is over, 0 to 1. */
  today: number;
  /** Where the reminders stand, 0 to 1. */
  marks: number[];
  tone: "quiet" | "amber" | "red";
}

/** `null` where nothing is ever due. */
export function life(
  expiry: Due | null,
  rotation: Due | null,
  lastRotatedMs: number,
  nowMs: number,
): Life | null {
  const expiryFirst = expiry !== null && (rotation === null || expiry.at_ms <= rotation.at_ms);
  const due = expiryFirst ? expiry : rotation;
  if (due === null) {
    return null;
  }
  const whole = Math.max(due.at_ms - lastRotatedMs, DAY);
  const share = (atMs: number) => Math.min(1, Math.max(0, (atMs - lastRotatedMs) / whole));
  return {
    kind: expiryFirst ? "expiry" : "rotation",
    due,
    relative: expiryFirst ? t.life.expires(due.days) : rotationWords(due),
    absolute: absolute(due),
    today: share(nowMs),
    marks: LEADS.map((days) => due.at_ms - days * DAY)
      .filter((atMs) => atMs > lastRotatedMs)
      .map(share),
    tone: due.days < 0 ? "red" : due.days <= SOON ? "amber" : "quiet",
  };
}

/** The date is a civil one: it is shown as it stands, in no time zone of the browser's. */
function absolute(due: Due): string {
  return civilDate(due.date, Math.abs(due.days) < SAME_YEAR ? "day" : "month");
}
