/** Exchanges of the backend in memory: what would be asked, and answers nobody gave. */

import type { Checked, CheckPlan, Diagnosis, KeyView, Observed, ShellEvent } from "../generated/wire";
import { fault, type Handlers } from "./handlers";
import { keep, type KeysHost } from "./keys";
import { requirePresence } from "./world";

const RISING = ["kraken", "bitfinex", "gemini"];
const AS_OF = "2026-11-23";

export interface ExchangesHost extends KeysHost {
  find: (key: string) => KeyView;
}

export function exchangeHandlers(host: ExchangesHost): Handlers {
  const ended = (key: string): Checked => {
    const view = host.find(key);
    const checked = checkedOf(view);
    const { seen } = checked;
    if (seen !== null) {
      const observation = observedOf(view, checked.asked_ms);
      keep(host, {
        ...view,
        observation,
        observed_ms: checked.asked_ms,
        row: { ...view.row, observed: seen.permissions },
      });
    }
    return checked;
  };
  return {
    check_plan: ({ key }) => planOf(host.find(key)),
    ask_exchange: ({ key, label }) => {
      const view = host.find(key);
      if (host.status.grace_until_ms !== null && host.status.grace_until_ms > Date.now()) {
        return { kind: "checked", checked: ended(key) };
      }
      setTimeout(() => {
        host.tell({
          kind: "finished",
          task: {
            kind: "step-up",
            act: { kind: "ask-exchange", key, label, exchange_name: view.row.exchange_name },
          },
          outcome: { kind: "checked", checked: ended(key) },
        } satisfies ShellEvent);
      }, 900);
      return { kind: "asked" };
    },
    ask_with_code: ({ key, step_up }) => {
      requirePresence(step_up, false);
      return ended(key);
    },
    check_elsewhere: ({ step_up }) => {
      requirePresence(step_up, false);
      return { clears_after_s: 20 };
    },
    check_schedule: ({ key, every_days, step_up }) => {
      const view = host.find(key);
      if (every_days !== null) {
        requirePresence(step_up, false);
      }
      const check_schedule =
        every_days === null
          ? null
          : { every_days, next_ms: Date.now(), last_ms: null, last_outcome: null };
      keep(host, { ...view, check_schedule });
      return host.find(key);
    },
    doctor: ({ key, text }) => diagnosisOf(host.find(key), text),
  };
}

export function planOf(view: KeyView): CheckPlan {
  const { exchange, exchange_name: name, environment } = view.row;
  if (exchange === "bitmex") {
    throw fault("refused", "BitMEX closed on 2026-09-23: nothing is signed for it");
  }
  const rises = RISING.includes(exchange);
  return {
    exchange_name: name,
    environment,
    host: `api.${exchange}.com`,
    calls: [
      {
        method: rises ? "POST" : "GET",
        path: exchange === "binance" ? "/sapi/v1/account/apiRestrictions" : "/v5/user/query-api",
        query: [],
        body: null,
        purpose: "rights, addresses and end of the key",
        counts_as_use: "yes",
        may_reset_inactivity: "unknown",
        can_be_sent_elsewhere: true,
      },
    ],
    warnings: [
      `At ${name} the day of the key's last use may become today.`,
      "It may put off an end by inactivity: a key that nobody needs any more would live on.",
      ...(rises
        ? [
            `${name} wants every request of a key to carry a higher number than the last. If a bot uses this key, stop it first, or its next requests may be refused.`,
          ]
        : []),
    ],
    rising_numbers: rises,
    facts_as_of: AS_OF,
  };
}

/** The same key always ends in the same way; every third is asked from the wrong address. */
export function checkedOf(view: KeyView): Checked {
  const number = Number.parseInt(view.row.id.slice(-6), 16) || 0;
  const base: Checked = {
    outcome: "answered",
    sentence: "The exchange knows the key; what it said is recorded as observed.",
    remedy: "",
    asked_ms: Date.now(),
    clock_offset_ms: 0,
    seen: {
      permissions: view.row.observed ?? view.row.declared,
      native: ["enableReading", "enableSpotAndMarginTrading"],
      unknown_words: [],
      allowlist: { kind: "listed", addresses: ["203.0.113.7"], unread: 0 },
      expiry: { kind: "not-reported" },
      created_ms: view.created_ms,
      last_used_ms: null,
      label: null,
      stopped: null,
      notes: [],
    },
    drift: [],
    excess: [],
    steps: [],
  };
  return number % 3 === 2 ? { ...base, ...BLOCKED } : base;
}

/** What a blocked address ends in. */
export const BLOCKED: Partial<Checked> = {
  outcome: "cannot-be-asked-from-here",
  sentence:
    "The exchange does not take this key from this machine's address; the key itself may be perfectly good.",
  remedy: "Ask from a machine whose address is on the key's list.",
  seen: null,
  steps: [
    { cause: "key and secret", outcome: "ruled-out", words: "The exchange knows the key." },
    { cause: "clock", outcome: "ruled-out", words: "This machine's clock agrees with the exchange's." },
    { cause: "allowlist", outcome: "likely", words: "The address is not on the recorded list." },
  ],
};

export function observedOf(view: KeyView, atMs: number): Observed {
  const { seen, drift } = checkedOf(view);
  return {
    at_ms: atMs,
    allowlist: seen?.allowlist ?? { kind: "unknown" },
    expires_ms: null,
    created_ms: seen?.created_ms ?? null,
    last_used_ms: null,
    label: null,
    stopped: null,
    native: seen?.native ?? [],
    unknown_words: [],
    drift,
  };
}

function diagnosisOf(view: KeyView, text: string): Diagnosis {
  const isAddress = /-2015|\bip\b/i.test(text);
  return {
    exchange_name: view.row.exchange_name,
    steps: [
      { cause: "key and secret", outcome: "cannot-tell", words: "The words leave open whether the key is known." },
      { cause: "clock", outcome: "ruled-out", words: "Another code would be given for a clock that is off." },
      {
        cause: "allowlist",
        outcome: isAddress ? "likely" : "cannot-tell",
        words: "The address it came from is not on the recorded list.",
      },
    ],
    sentence: isAddress
      ? "The address it was sent from is not on the key's allowlist."
      : "The words do not tell why.",
    remedy: isAddress
      ? "Add the address at the exchange, or send from one that is on the list."
      : "Find out from which address it was sent.",
  };
}
