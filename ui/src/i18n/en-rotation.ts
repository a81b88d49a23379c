/** The strings of rotation and revocation; a part of en.ts. */

import type { RotationStage } from "../backend/generated/wire";

import { plural } from "./count";
import { numeral } from "./format";

/** What a class of keys may do, after "may". */
export const CLASSES: Record<string, string> = {
  withdraw: "withdraw",
  trade: "trade",
  read: "read",
};

export const lifecycle = {
  className: (name: string): string => CLASSES[name] ?? name,

  site: {
    copy: "Copy address",
    copyOf: (address: string) => `Copy address: ${address}`,
    open: "Open in browser",
    pageOf: (name: string) => `the page of ${name}`,
    noBrowser: "No browser could be opened. Copy the address and open it yourself.",
    then: (way: string) => `There: ${way}`,
    none: (name: string) =>
      `No page of ${name} is known for this. Look for its API keys in the account's settings there.`,
  },

  rotation: {
    title: "Rotation",
    open: "Start rotation…",
    go: "Go to rotation",
    start: (label: string) => `Start rotation of ${label}?`,
    startWords:
      "Nothing changes at the exchange yet. The old secret stays in use until every consumer has the new one; each step is kept at once and can be gone on with later.",
    startVerb: "Start rotation",
    reading: "Looking where the rotation stands",
    steps: {
      record: "Make and record the new key",
      rights: "Compare what it may do",
      switch: "Hand it to its consumers",
      end: "End the old key",
    },
    done: "done",
    now: "now",
    later: "later",
    stage: {
      idle: "None under way",
      begun: "No new secret yet",
      staged: "New secret recorded",
      grown: "New secret may do more",
      switching: "Being handed over",
      "in-use": "New secret in use",
      ending: "Old key being ended",
    } satisfies Record<RotationStage, string>,
    make: (name: string) =>
      `Make a new key at ${name} with the same rights and the same addresses. The old one stays as it is.`,
    stageVerb: "Type new secret…",
    stageWaits: "Its values are typed in a window beside this one.",
    staged: "The new secret is recorded beside the one in use.",
    rights: "Say what the new key may do, as the exchange's page shows it.",
    old: "Old key",
    next: "New key",
    mayOf: (verb: string) => `New key: ${verb}`,
    expires: "Ends on",
    expiresHint: "Year-month-day, where the exchange set a date",
    badDate: "Give a date as year-month-day, such as 2027-03-01.",
    pastDate: "That day is over. Choose one to come.",
    grows: (verbs: string) =>
      `The new key may do more than the old one: ${verbs}. Take that away at the exchange, or say that it is meant.`,
    growLabel: (verbs: string) => `Type “${verbs}” to let it do more`,
    growNeed: (verbs: string) => `Type “${verbs}”, or take it away at the exchange and answer with no.`,
    checkVerb: "Keep these rights",
    switch: "Give the new secret to each, see that it works there, and tick it off. With the last one the new secret is in use here too.",
    showNew: "Show new secret…",
    has: (name: string) => `${name} has the new secret`,
    hasIt: "has it",
    left: (count: number) => (count === 0 ? "All have it." : `${plural(count, "consumer", "consumers")} left`),
    nobody: "Nobody is recorded as a consumer of this key.",
    everybody: "Everybody has it",
    takeIntoUse: "Take it into use",
    inUse:
      "The new secret is in use; the old one still works at the exchange. Watch it fall silent, then end it.",
    endVerb: "End old key",
    back: "Take the old one back",
    backTold: (label: string) => `The old secret of ${label} is in use again; the new one stays recorded.`,
    ending: (name: string, words: string) =>
      `Delete the old key at ${name}. It is due until somebody has seen it dead; that began ${words}.`,
    confirmVerb: "Confirm it is dead",
    confirmTitle: "Is the old key dead at the exchange?",
    confirmWords:
      "The old secret will count as dead: it is not due any more, and purging old versions may destroy it. Look at the exchange first.",
    confirmStay: "Not yet",
    finished: (label: string) => `Rotated ${label}. The old secret counts as dead.`,
    abort: "Give rotation up…",
    abortTitle: (label: string) => `Give up the rotation of ${label}?`,
    abortWords: "The new secret will count as revoked. If it was made at the exchange, end it there.",
    abortWordsBegun: "No new secret is recorded; the old one stays in use.",
    abortVerb: "Give rotation up",
    abortStay: "Go on with it",
    aborted: (label: string) => `The rotation of ${label} was given up. The old secret stays in use.`,
    secretStaged: (label: string) => `Recorded the new secret of ${label}. The old one stays in use.`,
  },

  revocation: {
    title: "Revocation",
    open: "Revoke now…",
    ask: (count: number, label: string) =>
      count === 1 ? `Revoke ${label} now?` : `Revoke ${plural(count, "key", "keys")} now?`,
    gone: (count: number) =>
      `${count === 1 ? "The key will" : `All ${numeral(count)} will`} be given to no program and not be copied any more; bots that use ${count === 1 ? "it" : "them"} stop at the latest when ${count === 1 ? "it is" : "they are"} ended at the exchange.`,
    verb: (count: number) => (count === 1 ? "Revoke key" : `Revoke ${plural(count, "key", "keys")}`),
    next: "Now end each at its exchange, what can withdraw first, and say so here when the exchange refuses it. They are due every day until then.",
    nextOne: (name: string, words: string) =>
      `Given out no more since ${words}. Now delete it at ${name}; it is due every day until somebody has seen it dead.`,
    listed: "Keys to end at their exchanges",
    may: (name: string) => `may ${CLASSES[name] ?? name}`,
    confirm: "Confirm it is dead",
    confirmOf: (label: string) => `Confirm it is dead: ${label}`,
    confirmTitle: (label: string) => `Is ${label} dead at the exchange?`,
    confirmWords: "It will count as revoked and not be due any more. Look at the exchange first.",
    confirmStay: "Not yet",
    dead: "Dead",
    cancel: "It was a mistake",
    cancelOf: (label: string) => `It was a mistake: ${label}`,
    cancelled: (label: string) => `${label} may be used again.`,
    begun: (count: number) => `${plural(count, "key is", "keys are")} given out no more.`,
    confirmed: (label: string) => `${label} is revoked and no longer due.`,
    left: (count: number) =>
      count === 0 ? "All are dead." : `${plural(count, "key is", "keys are")} still to be ended.`,
    close: "Close",
    cut: (shown: number, total: number) => `The first ${numeral(shown)} of ${numeral(total)}.`,
    underWay: "Keys being revoked",
  },
} as const;
