/** What the list can be asked for, as plain values: the shell of the window and the list share it. */

import type { Environment, KeyFilter, KeySort, KeyState } from "./generated/wire";

/** Days ahead in which something counts as due; the status and the facets count the same. */
export const DUE_WITHIN_DAYS = 30;

/** Every key that is not archived. */
export const EVERYTHING: KeyFilter = {
  text: null,
  exchange: null,
  account: null,
  environment: null,
  state: null,
  permission: null,
  tag: null,
  consumer: null,
  due_within_days: null,
  archived: false,
  over_permissive: false,
  unrestricted: false,
};

/** The views that are always there, in the order in which they stand. */
export const SMART = ["all", "due", "over-permissive", "unrestricted", "archived"] as const;
export type Smart = (typeof SMART)[number];

export const SORTS: readonly KeySort[] = ["due", "label", "exchange", "created"];

/** A filter with a name a person reads, where it has one. */
export interface Part {
  of: "exchange" | "account" | "environment" | "consumer" | "tag" | "state";
  value: string;
  name: string;
}

/** What is looked at: one of the views, narrowed by what was chosen beside it. */
export interface Lens {
  smart: Smart;
  parts: readonly Part[];
}

export const WHOLE: Lens = { smart: "all", parts: [] };

export function filterOf(lens: Lens, text: string): KeyFilter {
  const filter: KeyFilter = { ...EVERYTHING };
  const wanted = text.trim();
  filter.text = wanted === "" ? null : wanted;
  if (lens.smart === "due") {
    filter.due_within_days = DUE_WITHIN_DAYS;
  } else if (lens.smart === "over-permissive") {
    filter.over_permissive = true;
  } else if (lens.smart === "unrestricted") {
    filter.unrestricted = true;
  } else if (lens.smart === "archived") {
    filter.archived = true;
    filter.state = "archived";
  }
  for (const { of, value } of lens.parts) {
    if (of === "environment") {
      filter.environment = value as Environment;
    } else if (of === "state") {
      filter.state = value as KeyState;
    } else {
      filter[of] = value;
    }
  }
  return filter;
}

/** With one more part; a second of the same kind takes the place of the first. */
export function withPart(lens: Lens, part: Part): Lens {
  return { ...lens, parts: [...lens.parts.filter(({ of }) => of !== part.of), part] };
}

export function withoutPart(lens: Lens, of: Part["of"]): Lens {
  return { ...lens, parts: lens.parts.filter((part) => part.of !== of) };
}
