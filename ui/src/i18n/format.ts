/**
 * Numbers and moments as the page writes them. Formatters are made once: making one takes longer
 * than everything else that a row or a page of a key needs.
 */

const LANGUAGE = "en-GB";

const NUMBER = new Intl.NumberFormat(LANGUAGE);
const ONE_DIGIT = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** "12", "1,200". */
export const numeral = (count: number): string => NUMBER.format(count);

/** "1.4", "12". */
export const decimal = (value: number): string => ONE_DIGIT.format(value);

const DAY = { day: "numeric", month: "short" } as const;
const YEAR = { year: "numeric" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

const SHAPES = {
  day: DAY,
  date: { ...DAY, ...YEAR },
  month: { month: "short", ...YEAR },
  clock: CLOCK,
  moment: { ...DAY, ...YEAR, ...CLOCK },
  exact: { ...DAY, ...YEAR, ...CLOCK, second: "2-digit", timeZoneName: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type Shape = keyof typeof SHAPES;

/** By the zone for which they were made: a window stays open while its owner travels. */
const local = new Map<Shape, Intl.DateTimeFormat>();
let zone = Number.NaN;

/** A moment in the zone of this machine. */
export function localTime(atMs: number, shape: Shape): string {
  const at = new Date(atMs);
  const here = new Date().getTimezoneOffset();
  if (here !== zone) {
    local.clear();
    zone = here;
  }
  let format = local.get(shape);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LANGUAGE, SHAPES[shape]);
    local.set(shape, format);
  }
  return format.format(at);
}

const civil = new Map<Shape, Intl.DateTimeFormat>();

/** A civil date as it stands (`2026-12-05`), in no time zone. */
export function civilDate(iso: string, shape: Shape): string {
  let format = civil.get(shape);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LANGUAGE, { ...SHAPES[shape], timeZone: "UTC" });
    civil.set(shape, format);
  }
  return format.format(new Date(`${iso}T00:00:00Z`));
}

/** The beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
