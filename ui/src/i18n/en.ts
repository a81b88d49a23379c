/** Every string a person reads in the window. Sentence case; what happened, what to do. */

import type {
  DeviceSecretState,
  Environment,
  ErrorCode,
  KeySort,
  KeyState,
  Tri,
  Verb,
} from "../backend/generated/wire";

import { plural, span } from "./count";
import { exchange } from "./en-exchange";
import { exporting } from "./en-export";
import { wellbeing } from "./en-health";
import { aKey } from "./en-keys";
import { holding } from "./en-holders";
import { incidents } from "./en-incidents";
import { lifecycle } from "./en-rotation";
import { team } from "./en-team";
import { upkeep } from "./en-upkeep";
import { watch } from "./en-watch";
import { windows } from "./en-windows";
import { capital, civilDate, localTime, numeral } from "./format";

/** "12 seconds", "3 minutes": how long one still waits. */
const wait = (milliseconds: number): string => {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return seconds < 90
    ? plural(seconds, "second", "seconds")
    : plural(Math.ceil(seconds / 60), "minute", "minutes");
};

const inDays = (days: number): string =>
  days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${span(days)}`;

const DAY_MS = 86_400_000;

/** "5 Dec 2025". */
export const date = (ms: number): string => localTime(ms, "date");

/** "5 Dec 2025, 14:03". */
export const moment = (ms: number): string => localTime(ms, "moment");

/** A civil date as it stands, in no time zone of the browser's. */
export const civil = (iso: string): string => civilDate(iso, "date");

/** "just now", "3 hours ago", "12 days ago". */
export const ago = (ms: number, nowMs: number): string => {
  const past = nowMs - ms;
  if (past < 60_000) {
    // Clocks differ a little: what happens a few minutes from now has just happened.
    return past < -300_000 ? date(ms) : "just now";
  }
  if (past < 3_600_000) {
    return `${plural(Math.floor(past / 60_000), "minute", "minutes")} ago`;
  }
  return past < DAY_MS
    ? `${plural(Math.floor(past / 3_600_000), "hour", "hours")} ago`
    : `${span(Math.floor(past / DAY_MS))} ago`;
};

export { fieldTitle as fieldName } from "./en-windows";

/** What the agent calls a part of a record, at the beginning of a line. */
export const registerName = (name: string): string => capital(name);

export const en = {
  product: "Strongroom",
  close: "Dismiss this message",
  tryAgain: "Try again",
  showPassword: "Show password",
  hidePassword: "Hide password",
  showText: "Show text",
  hideText: "Hide text",
  cancel: "Cancel",
  optional: "optional",
  choosePath: "Choose…",
  noDialog: "This desktop shows no dialog for files. Type the whole path instead.",
  removeWord: (word: string) => `Remove ${word}`,
  suggestions: (label: string) => `Suggestions for ${label.toLocaleLowerCase("en")}`,
  ...windows,
  ...watch,
  ...upkeep,
  ...aKey,
  ...exchange,
  ...wellbeing,
  ...lifecycle,
  ...incidents,
  ...holding,
  ...team,
  ...exporting,

  mishap: {
    title: "This page fell over",
    page: "Something of ours failed. The vault is held by the agent and was not touched by this; what was typed here and not saved is gone.",
    again: "Show it again",
    act: "Something of ours failed, and what you last asked for may not have been done. Look before you ask for it again.",
  },

  unlock: {
    title: "Unlock your vault",
    folder: "Vault folder",
    password: "Master password",
    submit: "Unlock vault",
    deriving: "Deriving the key from your password",
    waiting: (milliseconds: number) => `Next try in ${wait(milliseconds)}`,
    needPassword: "Type the master password.",
    reason: {
      start: "",
      locked: "The vault was locked. Nothing is left open.",
      "agent-gone":
        "The agent that holds the vault ended, and the vault was locked with it. It is started again when you unlock.",
    },
    absentTitle: "No vault here any more",
    absent:
      "This folder holds no vault. If it was moved or its disk is not connected, bring it back and look again. Otherwise a backup can take its place.",
    absentAgain: "Look again",
    agentTitle: "The agent does not answer",
    starting: "Starting the agent",
  },

  secret: {
    present: "",
    missing:
      "There is no device secret here. If this is a new computer, open the vault with the recovery kit. If it is not, look whether the keyring is the usual one.",
    "keyring-locked":
      "The keyring is locked, and with it the device secret. Unlock the keyring, then look again.",
    "no-keyring":
      "No keyring answers in this session, so the device secret cannot be read. Start one and look again, or use the recovery kit.",
    ambiguous:
      "The keyring holds two different device secrets for this vault. Remove the wrong one, or use the recovery kit.",
  } satisfies Record<DeviceSecretState, string>,

  /** What each refusal means and what to do. `message` is the agent's own sentence. */
  fault: {
    invalid: (message) => `That was not accepted: ${message}`,
    "no-vault": () => "There is no vault in this folder any more.",
    "vault-exists": () => "There already is a vault in this folder.",
    locked: () => "The vault is locked. Unlock it to go on.",
    "wrong-credentials": () =>
      "The password or the code is wrong. Check both and try again with a new code.",
    throttled: () =>
      "Too many wrong tries, so the next one has to wait. Nothing in the vault was changed.",
    "step-up-required": () => "This needs a fresh code from your authenticator.",
    "code-replayed": () =>
      "This code was used already. Wait for the next one; a new code comes every 30 seconds.",
    "clock-moved-back": () =>
      "This computer's clock is behind the last accepted code. Set the clock right, or use a recovery code.",
    "no-device-secret": () =>
      "The vault's device secret is not here. Unlock the keyring, or open the vault with the recovery kit.",
    "no-keyring": () =>
      "No keyring answers in this session, so the device secret cannot be read. Start one, or use the recovery kit.",
    "rollback-alarm": () =>
      "The vault is older than the last state this computer saw. Someone may have put an old copy back. It opens for reading only until you acknowledge this.",
    corrupt: () =>
      "The stored vault does not verify, so it was not opened. Restore a backup; the damaged vault is kept aside.",
    "newer-format": () =>
      "This vault was written by a newer Strongroom. Update this program to open it; nothing was changed.",
    "protocol-mismatch": (message) => `Window and agent are of different versions: ${message}`,
    // The agent says what was looked for: a key, a version of it, a backup, a folder.
    "not-found": (message) => (message === "" ? "That is not there any more." : `${capital(message)}.`),
    ambiguous: () => "That name fits more than one key.",
    refused: (message) => `That is not possible now: ${message}`,
    "disk-full": () => "The disk is full. Nothing was changed; free some space and try again.",
    "read-only": () =>
      "The vault's folder cannot be written. Nothing was changed; check its permissions.",
    busy: () => "Another program holds the vault. Close it and try again.",
    verifying: () => "The vault is still being verified. Try again in a moment.",
    "no-agent": (message) => `The agent cannot be reached: ${message}`,
    "no-desktop": () => "This session has nothing that could show or hold that.",
    internal: (message) => `Something of ours failed: ${message}`,
  } satisfies Record<ErrorCode, (message: string) => string>,

  keys: {
    title: {
      all: "All keys",
      due: "Due",
      "over-permissive": "Over-permissive",
      unrestricted: "No allowlist",
      archived: "Archived",
    },
    views: "Views",
    search: "Search keys",
    searchHint: "Search",
    count: (count: number) => plural(count, "key", "keys"),
    table: "Keys",
    columns: {
      key: "Key",
      account: "Account",
      environment: "Environment",
      permissions: "Permissions",
      allowlist: "Addresses",
      due: "Due",
      consumers: "Used by",
      findings: "Findings",
    },
    loading: "Reading the list",
    emptyTitle: "No keys yet",
    empty:
      "A record says what a key may do, who uses it and when it ends, so that nothing lapses unseen. Bring in what you have, or begin with one key.",
    emptyNewTitle: "Your vault is ready",
    emptyNew:
      "It is empty, encrypted and open. Bring in the keys you have from a bot's configuration or a table, or record one by hand; its secret is typed in a window of its own.",
    importThem: "Import what you have",
    record: "Record a key",
    nothingDueTitle: "Nothing is due",
    nothingDue: "No key expires or needs rotating within the next 30 days.",
    nothingOverTitle: "No key may do more than it should",
    nothingOver:
      "Keys appear here that may withdraw or trade from any address, or that may do more than was recorded or than their purpose needs.",
    nothingUnrestrictedTitle: "No key is open to any address",
    nothingUnrestricted:
      "Keys whose allowlist was never recorded are not counted here: nothing is known of them.",
    nothingArchivedTitle: "Nothing is archived",
    nothingArchived: "Keys that were retired stay here, with their history.",
    noMatchTitle: "No key matches",
    noMatch: (text: string) =>
      `No label, exchange, account, purpose, tag or consumer here holds “${text}”.`,
    clearSearch: "Clear search",
    noneHereTitle: "No key fits these filters",
    noneHere: "Take one of them away to see more.",
    clearFilters: "Clear filters",
    reload: "Read the list again",
    conflict: "Conflict",
    conflictTitle: "Two devices changed the same field. Both values are kept.",
    noSecret: "No secret",
    noSecretTitle: "The record has no secret of its own.",
    compromised: "Compromised",
    moreConsumers: (count: number) => `+${count}`,
    moreFindings: (count: number) => `+${count}`,
    sortedBy: (order: string) => `Order: ${order}`,
    sortBy: {
      due: "Due first",
      label: "By label",
      exchange: "By exchange",
      created: "Newest first",
    } satisfies Record<KeySort, string>,
    filters: "Filters",
    removeFilter: (name: string) => `Remove filter ${name}`,
    filterOf: {
      exchange: "Exchange",
      account: "Account",
      environment: "Environment",
      consumer: "Used by",
      tag: "Tag",
      state: "State",
    },
    divider: "Width of the key page",
    closePage: "Close key page",
    noConsumers: "not recorded",
  },

  lock: {
    button: "Lock vault",
    verified: "Verified",
    verifying: "Verifying the vault",
    failed: "Verification failed",
    readOnly: "Read-only",
    locksInTitle: "Counted from the last use of the vault, in any window or terminal.",
    locksIn: (milliseconds: number) => `Locks in ${wait(milliseconds)}`,
    grace: "Secrets open",
    graceTitle: "A code was given: fields can be copied without another one until this ends.",
    graceLeft: (milliseconds: number) => wait(milliseconds),
    graceEnd: "End now",
    failedTries: (count: number) =>
      `${plural(count, "wrong try", "wrong tries")} to unlock since you were last here.`,
    codesLeft: (count: number) => `${plural(count, "recovery code", "recovery codes")} left.`,
  },

  environment: {
    production: "Production",
    testnet: "Testnet",
    demo: "Demo",
    development: "Development",
  } satisfies Record<Environment, string>,

  state: {
    draft: "Draft",
    active: "Active",
    rotating: "Rotating",
    draining: "Draining",
    revoked: "Revoked",
    archived: "Archived",
  } satisfies Record<KeyState, string>,

  verb: {
    read: "read",
    spot: "spot trade",
    margin: "margin",
    derivatives: "derivatives",
    transfer: "internal transfer",
    withdraw: "withdraw",
    "sub-accounts": "sub-account admin",
    "key-admin": "key admin",
  } satisfies Record<Verb, string>,

  strip: {
    may: (verbs: string) => `May: ${verbs}`,
    mayNot: (verbs: string) => `may not: ${verbs}`,
    unknown: (verbs: string) => `unknown: ${verbs}`,
    nothing: "nothing",
    seen: (verbs: string) => `the exchange says otherwise: ${verbs}`,
    tri: { yes: "granted", no: "denied", unknown: "unknown" } satisfies Record<Tri, string>,
    danger: (verbs: string) => `risky without an allowlist: ${verbs}`,
  },

  allowlist: {
    unrestricted: "unrestricted",
    unrestrictedTitle: "Any address may use this key.",
    unknown: "not recorded",
    listed: (count: number) => plural(count, "address", "addresses"),
  },

  life: {
    expires: (days: number) =>
      days < 0 ? `Expired ${span(-days)} ago` : `Expires ${inDays(days)}`,
    rotate: (days: number) =>
      days < 0 ? `Rotation ${span(-days)} late` : `Rotate ${inDays(days)}`,
    ending: "Confirm it is dead",
    review: (days: number) =>
      days < 0 ? `Review ${span(-days)} late` : `Look again ${inDays(days)}`,
    backup: (days: number) => (days < 0 ? `Backup ${span(-days)} late` : "Backup due"),
    none: "no date",
    cause: (cause: string) => `Because of: ${cause}`,
  },
  // The main window, the list and the page of a key.

  main: {
    view: {
      keys: "Keys",
      health: "Health",
      incidents: "Incidents",
      holders: "Consumers and vendors",
      team: "People and shares",
      calendar: "Calendar",
      reminders: "Reminders",
      activity: "Activity",
      import: "Import",
      export: "Export",
      settings: "Settings",
    },
    others: "More",
    group: {
      exchange: "Exchanges",
      environment: "Environments",
      consumer: "Used by",
      tag: "Tags",
    },
    allOf: (count: number) => `Show all ${numeral(count)}`,
    fewer: "Show fewer",
    messages: "Messages",
    palette: "Ctrl K: open the command palette",
    paletteTitle: "Find a key or an act (Ctrl+K)",
    alarm: "The vault is older than it was",
    acknowledge: "Acknowledge alarm…",
    readOnly: "The vault is read-only until the alarm is acknowledged.",
    verifying: "The vault is still being verified. Changes wait until that is done.",
    notVerified:
      "The vault's contents do not verify. Nothing should be changed before a backup is restored.",
    unreachable: "Some of what is shown may be old.",
    loadingView: "Opening",
    viewFailed: "This part of the window could not be opened.",
    copied: (field: string, label: string, seconds: number) =>
      `Copied ${field} of ${label}. Cleared in ${seconds}\u00a0s`,
    cleared: (field: string, label: string) => `${field} of ${label} is cleared from the clipboard.`,
    clearNow: "Clear now",
    clearFailed: (why: string) => `The clipboard was not cleared: ${why}`,
    askedForCode: "A window beside this one asks for a code.",
    added: (label: string) => `Recorded ${label}.`,
    replaced: (label: string) => `The secret of ${label} was replaced. The one before is kept until purged.`,
    purged: (label: string) => `Purged from ${label}. The fact of it stays in the history.`,
    acknowledged: "The alarm is acknowledged. This state of the vault is the one trusted here.",
    graceEnded: "Secrets need a code again.",
    graceBegan: "Fields can be copied without another code for a while. Showing them still asks for one.",
    undo: "Undo",
    open: "Open",
  },

  today: {
    title: "What needs you today",
    nothing: "Nothing needs you today.",
    next: (label: string, words: string) => `Next: ${label} ${words}.`,
    nextExpires: (days: number) => `expires ${inDays(days)}`,
    nextRotate: (days: number) => `is to be rotated ${inDays(days)}`,
    overdue: (count: number) => `${plural(count, "key is", "keys are")} overdue`,
    soon: (count: number, label: string, words: string) =>
      count === 1
        ? `${label} ${words}`
        : `${plural(count, "key is", "keys are")} due within 30 days; first ${label}, which ${words}`,
    viewDue: "View due keys",
    over: (count: number) => `${plural(count, "key", "keys")} may do more than ${count === 1 ? "it" : "they"} should`,
    viewOver: "View them",
    kit: "The recovery kit was never tested. Untested, it may not open the vault when it has to.",
    testKit: "Test kit…",
    noBackup: "There is no backup yet. A damaged disk would take every record with it.",
    staleBackup: (words: string) => `The last backup was made ${words}.`,
    backUp: "Back up now",
    backingUp: "Making a backup",
    backedUp: (count: number) => `${plural(count, "backup", "backups")} written and verified.`,
    backupFailed: (why: string) => `A backup was not written: ${why}`,
    drafts: (count: number) => `${plural(count, "draft is", "drafts are")} not in use yet`,
    viewDrafts: "View drafts",
    more: (count: number) => `${numeral(count)} more`,
    fewer: "Show fewer",
  },

  bulk: {
    label: "Selected keys",
    selected: (count: number) => `${plural(count, "key", "keys")} selected`,
    clear: "Clear selection",
    addTag: "Add tag",
    removeTag: "Remove tag",
    snooze: "Snooze",
    snoozeFor: (days: number) => `For ${plural(days, "day", "days")}`,
    archive: "Archive",
    restore: "Restore",
    tag: "Tag",
    tagHint: "Tag for the selected keys",
    running: (done: number, total: number) =>
      `${numeral(done)} of ${plural(total, "key", "keys")} done`,
    stop: "Stop",
    gathering: "Reading the rest of the list",
    busy: "Another change is still being made.",
    nothing: "There was nothing to change.",
    failed: (failed: number, not: number, label: string, why: string) =>
      not === failed
        ? `${plural(failed, "key was", "keys were")} not changed. ${label}: ${why}`
        : `${plural(not, "key was", "keys were")} not changed; it ended at ${label}: ${why}`,
    done: {
      "add-tag": (done: number, of: number, tag: string) => `Tagged ${of2(done, of)} “${tag}”.`,
      "remove-tag": (done: number, of: number, tag: string) => `Took “${tag}” off ${of2(done, of)}.`,
      archive: (done: number, of: number) => `Archived ${of2(done, of)}.`,
      restore: (done: number, of: number) => `Restored ${of2(done, of)}.`,
      snooze: (done: number, of: number) => `Snoozed the reminders of ${of2(done, of)}.`,
    },
    undone: (done: number, of: number) => `Put ${of2(done, of)} back as before.`,
  },

  palette: {
    title: "Command palette",
    hint: "Find a key, a view or an act",
    nothing: "Nothing fits.",
    keys: "Keys",
    views: "Views",
    acts: "Acts",
    lock: "Lock vault",
    record: "Record a key",
    incident: "Open an incident",
    report: "Write a report",
    look: "Look up who holds what",
    share: "Share keys",
    openShare: "Open a share",
    endGrace: "Ask for a code again",
    search: "Search the list",
    backUp: "Back up now",
  },

} as const;

/** "12 keys", or "11 of 12 keys" where one was left out. */
function of2(done: number, of: number): string {
  return done === of ? plural(done, "key", "keys") : `${numeral(done)} of ${plural(of, "key", "keys")}`;
}

export const t = en;
