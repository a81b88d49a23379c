/** Moments and sizes in words. Relative first; the absolute stands beside it. */

import { t } from "../i18n/en";
import { civilDate, decimal, localTime, numeral } from "../i18n/format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Further away than this the year is told as well. */
const SAME_YEAR = 320 * DAY;

/** "3 minutes ago", "in 2 hours", "a moment ago": the largest unit that fits, rounded down. */
export function relative(atMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - atMs);
  const isPast = atMs <= nowMs;
  if (distance < MINUTE) {
    return isPast ? t.when.justNow : t.when.soon;
  }
  const span =
    distance < HOUR
      ? t.when.minutes(Math.floor(distance / MINUTE))
      : distance < 2 * DAY
        ? t.when.hours(Math.floor(distance / HOUR))
        : t.when.days(Math.floor(distance / DAY));
  return isPast ? t.when.ago(span) : t.when.ahead(span);
}

/** "24 Nov, 14:03" in the zone of this machine; with the year where it is another one. */
export function moment(atMs: number, nowMs: number): string {
  const isNear = Math.abs(nowMs - atMs) < SAME_YEAR;
  return `${localTime(atMs, isNear ? "day" : "date")}, ${clock(atMs)}`;
}

/** "14:03". */
export const clock = (atMs: number): string => localTime(atMs, "clock");

/** Everything there is to say about a moment, for a title: with seconds and zone. */
export const exact = (atMs: number): string => localTime(atMs, "exact");

/** "5 Dec" of an ISO date, which is a civil one and shown in no time zone. */
export const civil = (date: string, days: number): string =>
  civilDate(date, Math.abs(days) * DAY < SAME_YEAR ? "day" : "date");

/** "412 KiB". */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = value < 10 && unit > 0 ? decimal(value) : numeral(Math.round(value));
  return `${shown} ${units[unit] ?? "B"}`;
}

/** The local calendar date of a moment, as a date field writes it. */
export function isoDate(ms: number): string {
  const at = new Date(ms);
  const two = (number: number) => number.toString().padStart(2, "0");
  return `${at.getFullYear().toString().padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The beginning of that day here; `null` where it is no date. */
export function dayOf(iso: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(iso.trim()) ? new Date(`${iso.trim()}T00:00:00`).getTime() : Number.NaN;
  // A day that is not in its month would become one of the next.
  return Number.isNaN(ms) || isoDate(ms) !== iso.trim() ? null : ms;
}
