/** The permission strip in words, and which of its cells are dangerous. Nothing here decides. */

import type { AllowlistSummary, Permissions, Tri, Verb } from "../backend/generated/wire";
import { t } from "../i18n/en";

/** The fixed order of the strip, the same everywhere. */
export const VERBS: readonly { verb: Verb; of: keyof Permissions }[] = [
  { verb: "read", of: "read" },
  { verb: "spot", of: "spot" },
  { verb: "margin", of: "margin" },
  { verb: "derivatives", of: "derivatives" },
  { verb: "transfer", of: "transfer" },
  { verb: "withdraw", of: "withdraw" },
  { verb: "sub-accounts", of: "sub_accounts" },
  { verb: "key-admin", of: "key_admin" },
];

export interface Cell {
  verb: Verb;
  declared: Tri;
  /** Set where the exchange says otherwise. */
  observed: Tri | null;
  danger: boolean;
}

export function cells(
  declared: Permissions,
  observed: Permissions | null,
  allowlist: AllowlistSummary,
): Cell[] {
  return VERBS.map(({ verb, of }) => {
    const said = declared[of];
    const seen = observed === null ? null : observed[of];
    // An exchange that does not tell contradicts nothing.
    const differs = seen !== null && seen !== "unknown" && seen !== said;
    const granted = said === "yes" || seen === "yes";
    return {
      verb,
      declared: said,
      observed: differs ? seen : null,
      danger: verb !== "read" && granted && allowlist.kind === "unrestricted",
    };
  });
}

/** What a person hears or reads in place of the cells. */
export function inWords(strip: readonly Cell[]): string {
  const names = (chosen: readonly Cell[]) => chosen.map(({ verb }) => t.verb[verb]).join(", ");
  const of = (tri: Tri) => strip.filter(({ declared }) => declared === tri);
  const parts = [t.strip.may(names(of("yes")) || t.strip.nothing)];
  if (of("no").length > 0) {
    parts.push(t.strip.mayNot(names(of("no"))));
  }
  if (of("unknown").length > 0) {
    parts.push(t.strip.unknown(names(of("unknown"))));
  }
  const differing = strip
    .filter((cell) => cell.observed !== null)
    .map((cell) => `${t.verb[cell.verb]} ${t.strip.tri[cell.observed ?? "unknown"]}`);
  if (differing.length > 0) {
    parts.push(t.strip.seen(differing.join(", ")));
  }
  const dangerous = strip.filter(({ danger }) => danger);
  if (dangerous.length > 0) {
    parts.push(t.strip.danger(names(dangerous)));
  }
  return `${parts.join("; ")}.`;
}

export interface Strip {
  /** One class of a cell each, in the order of the verbs. */
  classes: readonly string[];
  words: string;
}

/** Strips that were worked out already: ten thousand keys have a few dozen different ones. */
const known = new Map<string, Strip>();
const MOST_KNOWN = 512;

/** The strip as it is drawn and read out. */
export function strips(
  declared: Permissions,
  observed: Permissions | null,
  allowlist: AllowlistSummary,
): Strip {
  let name = allowlist.kind === "unrestricted" ? "!" : "";
  for (const { of } of VERBS) {
    name += declared[of].charAt(0) + (observed === null ? "-" : observed[of].charAt(0));
  }
  const found = known.get(name);
  if (found !== undefined) {
    return found;
  }
  const strip = cells(declared, observed, allowlist);
  const made = {
    classes: strip.map(
      (cell) =>
        cell.declared +
        (cell.danger ? " danger" : "") +
        (cell.observed === null ? "" : ` split seen-${cell.observed}`),
    ),
    words: inWords(strip),
  };
  if (known.size >= MOST_KNOWN) {
    known.clear();
  }
  known.set(name, made);
  return made;
}
