/** Who holds the invented keys: consumers and vendors, and what was found out about them. */

import type {
  CheckedView,
  ConsumerKind,
  ConsumerView,
  KeysOf,
  Tri,
  VendorView,
} from "../generated/wire";
import { fault, type Handlers } from "./handlers";
import type { KeysHost } from "./keys";

const DAY = 86_400_000;

const QUESTIONS: readonly (readonly [string, string])[] = [
  ["storage", "Is it said where and how keys are stored, and that nobody reads them?"],
  ["encryption", "Are keys encrypted at rest, each under a key of its own?"],
  ["tls", "Does everything travel over TLS alone?"],
  ["permissions", "Does it ask for no more rights than it needs?"],
  ["revocation", "Can keys be taken back at any time, and are they deleted then?"],
  ["incident-history", "Was it open about what happened to it before?"],
  ["audits", "Did somebody independent look at it within two years?"],
  ["openness", "Is its source or its design open to be read?"],
  ["response-plan", "Does it say whom to call and what it does when it is breached?"],
];

const KINDS: Record<string, readonly [ConsumerKind, string | null, string | null]> = {
  "freqtrade on VPS-1": ["bot", null, "VPS-1"],
  Koinly: ["tool", "Koinly", null],
  CoinTracking: ["tool", "CoinTracking", null],
  hummingbot: ["bot", null, "VPS-2"],
  Ada: ["person", null, null],
  "ops box": ["host", null, null],
};

export interface HoldersBook {
  consumersOf: (whose: KeysOf) => string[];
}

interface Consumer extends Omit<ConsumerView, "keys" | "name"> {
  name: string;
}

interface Vendor {
  id: string;
  name: string;
  breached_ms: number | null;
  review_ms: number | null;
  answers: Map<string, { answer: Tri; evidence: string | null; at_ms: number }>;
  notes: string | null;
}

const same = (a: string, b: string) => a.toLocaleLowerCase("en") === b.toLocaleLowerCase("en");

export function holders(host: KeysHost): HoldersBook & { handlers: Handlers } {
  const now = Date.now();
  let made = 0;
  const id = () => (made += 1).toString(16).padStart(32, "c");
  const names = [...new Set(host.rows.flatMap(({ consumers }) => consumers))].sort((a, b) => a.localeCompare(b, "en"));
  const consumers: Consumer[] = names.map((name) => {
    const [kind, vendor, runs] = KINDS[name] ?? [null, null, null];
    return { id: id(), name, kind, vendor, host: runs, breached_ms: null, notes: null };
  });
  const vendor = (name: string, answers: readonly (readonly [string, Tri, string | null])[], reviewMs: number | null): Vendor => ({
    id: id(),
    name,
    breached_ms: null,
    review_ms: reviewMs,
    answers: new Map(answers.map(([question, answer, evidence]) => [question, { answer, evidence, at_ms: now - 40 * DAY }])),
    notes: null,
  });
  const isHeld = (name: string) => consumers.some((one) => one.vendor === name);
  const vendors: Vendor[] = [
    vendor("CoinTracking", [["tls", "yes", "its help pages, 3 March"]], now - 6 * DAY),
    vendor(
      "Koinly",
      [
        ["storage", "yes", "their security page"],
        ["encryption", "yes", "white paper, page 4"],
        ["tls", "yes", null],
        ["permissions", "yes", "asks for read only"],
        ["audits", "no", "none published"],
      ],
      now + 120 * DAY,
    ),
  ].filter(({ name }) => isHeld(name));

  const keysOf = (name: string) =>
    host.rows.filter((row) => row.state !== "archived" && row.state !== "revoked" && row.consumers.includes(name));
  const ofVendor = (name: string) => consumers.filter((one) => one.vendor !== null && same(one.vendor, name));

  function consumersOf(whose: KeysOf): string[] {
    switch (whose.kind) {
      case "vendor": {
        const ours = ofVendor(whose.name).map(({ name }) => name);
        if (ours.length === 0 && !vendors.some(({ name }) => same(name, whose.name))) {
          throw fault("not-found", "nobody is recorded under this name");
        }
        return ours;
      }
      case "consumer": {
        const found = consumers.find(({ name }) => same(name, whose.name));
        if (found === undefined) {
          throw fault("not-found", "nobody is recorded under this name");
        }
        return [found.name];
      }
      case "host":
        return consumers
          .filter((one) => (one.host !== null && same(one.host, whose.name)) || (one.kind === "host" && same(one.name, whose.name)))
          .map(({ name }) => name);
      default:
        return [];
    }
  }

  const checklist = (one: Vendor): CheckedView[] =>
    QUESTIONS.map(([question, words]) => {
      const found = one.answers.get(question);
      return {
        question,
        words,
        answer: found?.answer ?? "unknown",
        evidence: found?.evidence ?? null,
        at_ms: found?.at_ms ?? null,
      };
    });

  const empty = (text: string): string | null => (text.trim() === "" ? null : text.trim());

  const handlers: Handlers = {
    consumers: () => ({
      consumers: consumers.map((one): ConsumerView => ({ ...one, keys: keysOf(one.name).length })),
      total: consumers.length,
    }),
    consumer_set: (request) => {
      let found = consumers.find(({ name }) => same(name, request.name));
      if (request.rename !== null && consumers.some((one) => one !== found && same(one.name, request.rename ?? ""))) {
        throw fault("refused", "another one has this name already");
      }
      if (found === undefined) {
        found = { id: id(), name: request.name, kind: null, vendor: null, host: null, breached_ms: null, notes: null };
        consumers.push(found);
      }
      const before = found.name;
      if (request.rename !== null) {
        const to = request.rename;
        found.name = to;
        host.rows = host.rows.map((row) => ({
          ...row,
          consumers: row.consumers.map((name) => (name === before ? to : name)),
        }));
      }
      found.kind = request.kind ?? found.kind;
      found.vendor = request.vendor === null ? found.vendor : empty(request.vendor);
      found.host = request.host === null ? found.host : empty(request.host);
      found.notes = request.notes === null ? found.notes : empty(request.notes);
      if (request.breach !== null) {
        found.breached_ms = request.breach.kind === "at" ? request.breach.ms : null;
      }
      consumers.sort((a, b) => a.name.localeCompare(b.name, "en"));
      return {};
    },
    vendors: () => ({
      vendors: vendors.map((one): VendorView => {
        const ours = ofVendor(one.name);
        const keys = new Set(ours.flatMap(({ name }) => keysOf(name).map((row) => row.id)));
        return {
          id: one.id,
          name: one.name,
          breached_ms: one.breached_ms,
          review_ms: one.review_ms,
          checklist: checklist(one),
          good: [...one.answers.values()].filter(({ answer }) => answer === "yes").length,
          consumers: ours.map(({ name }) => name),
          keys: keys.size,
          notes: one.notes,
        };
      }),
      total: vendors.length,
    }),
    vendor_set: (request) => {
      let found = vendors.find(({ name }) => same(name, request.name));
      if (found === undefined) {
        found = vendor(request.name, [], null);
        vendors.push(found);
        vendors.sort((a, b) => a.name.localeCompare(b.name, "en"));
      }
      if (request.breach !== null) {
        found.breached_ms = request.breach.kind === "at" ? request.breach.ms : null;
      }
      found.review_ms = request.review_ms ?? found.review_ms;
      found.notes = request.notes === null ? found.notes : empty(request.notes);
      for (const { question, answer, evidence } of request.answers) {
        if (!QUESTIONS.some(([known]) => known === question)) {
          throw fault("invalid", "the question: it is none of the checklist");
        }
        found.answers.set(question, { answer, evidence: evidence === null ? null : empty(evidence), at_ms: Date.now() });
      }
      return {};
    },
  };
  return { consumersOf, handlers };
}

