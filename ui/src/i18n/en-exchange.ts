/** The strings about asking an exchange and explaining its refusals; a part of en.ts. */

import type { CheckOutcome, StepOutcome } from "../backend/generated/wire";
import { plural } from "./count";

export const exchange = {
  atExchange: {
    title: "At the exchange",
    never: (name: string) =>
      `${name} was never asked about this key: what it may do is what somebody recorded.`,
    ask: (name: string) => `Ask ${name}…`,
    explain: "Explain a refusal…",
    throttled: () =>
      "This exchange was asked a moment ago. Wait some seconds, so that it does not lock you out.",
    asked: "Asked",
    recorded: "Recorded",
    seen: "Seen",
    mayDo: "May do",
    addresses: "Addresses",
    listed: (addresses: readonly string[], unread: number) =>
      `${addresses.join(", ")}${unread === 0 ? "" : `, and ${plural(unread, "entry", "entries")} that could not be read`}`,
    restricted: "Some; which, the exchange does not tell",
    unrestricted: "Any address may use the key",
    notTold: "Not told",
    ends: "Ends",
    neverEnds: "Never by itself, says the exchange",
    made: "Made",
    lastUsed: "Last used",
    called: "Called there",
    stopped: "Switched off",
    words: "Its words",
    unknown: "Not known here",
    unknownWhy: "Nobody here knows what these allow. Each may be the right to withdraw, so no right is ruled out.",
    changed: "Changed since the answer before",
    excess: (verbs: string) => `The exchange grants more than was recorded: ${verbs}.`,
  },

  askPlan: {
    title: (name: string, label: string) => `Ask ${name} about ${label}`,
    words: (host: string, calls: number) =>
      `${host} gets ${calls === 1 ? "this request" : `at most these ${calls} requests`}, signed with the key. ${
        calls === 1 ? "It changes" : "They change"
      } nothing there.`,
    calls: "What is sent",
    uses: "Asking counts as a use of the key.",
    asOf: (name: string, when: string) => `What is known of ${name} is as of ${when}.`,
    verb: (name: string) => `Ask ${name}`,
    working: (name: string) => `Asking ${name}`,
    waiting: "A window of its own asks for a code. The answer comes to stand here.",
    stop: "Stop waiting",
  },

  askRegularly: {
    open: "Ask regularly…",
    title: (name: string) => `Ask ${name} regularly`,
    words: (host: string) =>
      `While the vault is open, ${host} is asked by itself, each time as a use of the key. What changed there is told once; a time that fails stands here and nothing pops up.`,
    often: "How often",
    every: (days: number) => (days === 1 ? "Every day" : `Every ${plural(days, "day", "days")}`),
    verb: (days: number) => (days === 1 ? "Ask every day" : `Ask every ${plural(days, "day", "days")}`),
    noBot: "No bot uses this key",
    label: "By itself",
    next: (when: string) => `next from ${when}, while the vault is open`,
    last: (ago: string, outcome: string) => `Last ${ago}: ${outcome}`,
    outcome: {
      answered: "answered",
      "key-is-wrong": "the key was refused",
      "key-is-known": "the key is known, no more was said",
      "cannot-be-asked-from-here": "it cannot be asked from here",
      "ask-later": "the exchange said: later",
      "cannot-tell": "refused, and why is not clear",
      "no-answer": "no answer came",
    } satisfies Record<CheckOutcome, string>,
    stop: "Ask by hand only",
    stopped: (label: string) => `${label} is asked about by hand only.`,
    begun: (label: string, days: number) =>
      `${label} is asked about ${days === 1 ? "every day" : `every ${plural(days, "day", "days")}`}.`,
  },

  askResult: {
    title: {
      answered: "The exchange answered",
      "key-is-wrong": "The exchange refuses the key",
      "key-is-known": "The exchange knows the key and says no more",
      "cannot-be-asked-from-here": "It cannot be asked from here",
      "ask-later": "Not now",
      "cannot-tell": "The exchange refused, and why is not clear",
      "no-answer": "No answer",
    } satisfies Record<CheckOutcome, string>,
    at: (ago: string, when: string) => `Asked ${ago}, ${when}.`,
    looked: "What was looked at",
    again: "Ask again…",
    elsewhere:
      "The question can be signed here and sent from a machine whose address is on the key's list. Paste the copied command into a shell there at once: the signature is good for some seconds. Then bring the answer back.",
    copyQuestion: "Copy signed question…",
    pasteAnswer: "Paste its answer…",
    told: (label: string, sentence: string) => `${label}: ${sentence}`,
    show: "Show key",
    questionCopied: (label: string, left: number) =>
      `The signed question about ${label} is on the clipboard for ${plural(left, "second", "seconds")}. Run it on the key's machine now.`,
    questionCleared: "The signed question was cleared from the clipboard.",
  },

  doctor: {
    title: "Explain a refusal",
    words: (name: string) =>
      `Paste what ${name}, a bot or its log said. It is compared with this record; nobody is asked, and nothing of the text is kept.`,
    text: "Words of the refusal",
    textHint: 'Such as {"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}',
    needText: "Paste the words of the refusal.",
    address: "Address it was sent from",
    addressHint: "Where the words do not tell it",
    badAddress: "An address is written as 203.0.113.7 or 2001:db8::1.",
    verb: "Explain refusal",
    close: "Close",
    steps: "What was looked at",
    outcome: {
      "ruled-out": "Ruled out",
      likely: "Likely",
      "cannot-tell": "Cannot tell",
    } satisfies Record<StepOutcome, string>,
  },
};
