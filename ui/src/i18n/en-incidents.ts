/** The strings of incidents; a part of en.ts. */

import { plural } from "./count";
import { numeral } from "./format";

export type WhoseKind = "vendor" | "consumer" | "person" | "host" | "exchange" | "key" | "all";

export const incidents = {
  incidents: {
    title: "Incidents",
    loading: "Reading the incidents",
    line: (open: number, closed: number) =>
      open === 0
        ? closed === 0
          ? "None recorded"
          : `None open, ${numeral(closed)} closed`
        : `${numeral(open)} open${closed === 0 ? "" : `, ${numeral(closed)} closed`}`,
    list: "Incidents, newest first",
    emptyTitle: "Nothing has happened",
    empty:
      "When a key leaks, a vendor is breached or a laptop is lost, an incident selects every key concerned, also retired ones, in the order in which to act; it contains them in one act, keeps a clock and a log, and ends with a pack of evidence.",
    open: "Open incident…",
    back: "All incidents",
    isOpen: "Open",
    isClosed: "Closed",
    keys: (count: number) => plural(count, "key", "keys"),
    opened: (words: string) => `opened ${words}`,
    closed: (words: string) => `closed ${words}`,
    revoking: "Keys still to be ended",

    newTitle: "Open an incident",
    newLine: "Nothing is changed by opening one.",
    what: "What happened",
    whose: "Whose keys are concerned",
    kind: {
      vendor: "Of a vendor",
      consumer: "Of a bot, tool or host",
      person: "Of a person",
      host: "Of a machine or an address",
      exchange: "Of an exchange",
      key: "One key",
      all: "Every key",
    } satisfies Record<WhoseKind, string>,
    name: {
      vendor: "Vendor",
      consumer: "Consumer",
      person: "Person",
      host: "Host or address",
      exchange: "Exchange",
      key: "Key",
      all: "",
    } satisfies Record<WhoseKind, string>,
    nameHint: {
      vendor: "What any of its bots and tools ever held",
      consumer: "What it ever held",
      person: "What the person owns, ever held or gave to somebody",
      host: "What trusts it, or runs there",
      exchange: "Every key of it",
      key: "Its label",
      all: "",
    } satisfies Record<WhoseKind, string>,
    about: {
      vendor: (name: string) => `vendor ${name}`,
      consumer: (name: string) => name,
      person: (name: string) => `person ${name}`,
      host: (name: string) => `host ${name}`,
      exchange: (name: string) => `exchange ${name}`,
      key: (name: string) => `key ${name}`,
      all: () => "every key",
    } satisfies Record<WhoseKind, (name: string) => string>,
    callIt: "What to call it",
    callHint: (title: string) => `Without a name: ${title}`,
    needName: {
      vendor: "Name the vendor.",
      consumer: "Name the consumer.",
      person: "Name the person.",
      host: "Name the host or its address.",
      exchange: "Name the exchange.",
      key: "Name the key.",
      all: "",
    } satisfies Record<WhoseKind, string>,
    looking: "Looking which keys are concerned",
    concerned: (count: number) =>
      count === 1
        ? "1 key is concerned."
        : `${plural(count, "key is", "keys are")} concerned, in the order in which to act.`,
    none: "No key is concerned, so there is nothing to open.",
    submit: (count: number | null) =>
      count === null || count === 0 ? "Open incident" : `Open incident over ${plural(count, "key", "keys")}`,

    steps: "What to do",
    contain: (count: number) => `Contain ${plural(count, "key", "keys")}…`,
    containTitle: (count: number) => `Contain ${plural(count, "key", "keys")}?`,
    containWords: (count: number) =>
      `${count === 1 ? "It" : `All ${numeral(count)}`} will be given to no program and not be copied any more; bots that use ${count === 1 ? "it" : "them"} stop. Nothing is ended at an exchange by this.`,
    containVerb: (count: number) => `Contain ${plural(count, "key", "keys")}`,
    contained: (count: number) => `${plural(count, "key is", "keys are")} contained. End each at its exchange now, from the top.`,
    ordered: "Keys, in the order in which to act",
    gone: (count: number) => `${plural(count, "key", "keys")} of it ${count === 1 ? "was" : "were"} deleted since.`,
    cut: (shown: number, total: number) => `The first ${numeral(shown)} of ${numeral(total)}.`,
    clock: {
      open: (span: string) => `at large for ${span}`,
      contained: (words: string) => `contained ${words}`,
      dead: (span: string) => `dead ${span} after it was opened`,
      deadBefore: "dead before",
      retired: "retired",
    },
    confirm: "Confirm dead",
    confirmOf: (label: string) => `Confirm dead: ${label}`,
    noteOf: (label: string) => `Note about ${label}`,
    note: "Note…",
    progress: (dead: number, total: number) => `${numeral(dead)} of ${numeral(total)} dead`,

    log: "Log",
    logEmpty: "Nothing is written yet. Say what was seen and done, with times; it goes into the evidence.",
    noteField: "What was seen or done",
    noteHint: "Never a secret",
    noteKey: "About",
    whole: "The whole incident",
    noteDue: "To be done by",
    dueHint: "Year-month-day, if something is left to do",
    noteVerb: "Write into log",
    needNote: "Say what was seen or done.",
    badDate: "Give a date as year-month-day, such as 2027-03-01.",
    until: (when: string) => `to be done by ${when}`,

    timeline: "Timeline",
    timelineShow: (count: number) => `Show ${plural(count, "entry", "entries")} of the audit log`,
    timelineHide: "Hide timeline",
    timelineWhen: "When",
    timelineWhat: "What",
    timelineKey: "Key",
    timelineFrom: "Through",

    message: "Message to those concerned",
    messageCopy: "Copy message",
    copied: "Copied",
    copyByHand: "It could not be copied here. It is selected: press Ctrl+C.",

    close: "Close incident…",
    closeTitle: "Close the incident",
    closeWords: "What it came of is kept with it and stands in the evidence. Answer what is known; one answer at least.",
    followUps: "Follow-ups",
    followUp: (number: number) => `Follow-up ${numeral(number)}`,
    followUpDue: (number: number) => `By, follow-up ${numeral(number)}`,
    addFollowUp: "Add follow-up",
    removeFollowUp: (number: number) => `Remove follow-up ${numeral(number)}`,
    closeVerb: "Close incident",
    closeStay: "Keep it open",
    needCause: "Answer one of the questions: what let it happen is what the next one needs.",
    needFollowUp: "Say what is to be done, and by when.",
    closedTold: "The incident is closed. Write its evidence next.",
    rootCause: "What it came of",
    stillAlive: (count: number) => `${plural(count, "key is", "keys are")} not confirmed dead yet.`,

    pack: "Write evidence…",
    packTitle: "Write the pack of evidence",
    packWords:
      "Two new files, one to read and print and one for programs: the keys with their clocks, the log, the timeline, the root cause and what is left to do. They hold no secret.",
    packPath: "New file for the evidence",
    packVerb: "Write evidence",
    packing: "Writing the evidence",
    needPath: "Say where the evidence is written.",
    noFolder: () => "There is no such folder.",
    packed: (markdown: string, json: string, keys: number) =>
      `Wrote ${markdown} and ${json}, over ${plural(keys, "key", "keys")}.`,
  },

  held: {
    list: "Keys, what can withdraw first",
    columns: {
      key: "Key",
      may: "May",
      addresses: "Addresses",
      state: "State",
      by: "Held by",
    },
    may: (name: string) => name,
    since: (name: string, when: string) => `${name} since ${when}`,
    before: (name: string, when: string) => `${name} from ${when}, not any more`,
    nobody: "nobody recorded",
    contained: "Contained",
    none: "No key.",
    more: (shown: number, total: number) => `Show more: ${numeral(shown)} of ${numeral(total)} are shown`,
  },
} as const;
