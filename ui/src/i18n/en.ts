/** Every string a person reads in the window. Sentence case; what happened, what to do. */

import type {
  DeviceSecretState,
  Environment,
  ErrorCode,
  Excess,
  ExpiryCause,
  KeySort,
  KeyState,
  KeyType,
  Tri,
  Verb,
  VersionState,
} from "../backend/generated/wire";

import { plural, span } from "./count";
import { upkeep } from "./en-upkeep";
import { watch } from "./en-watch";
import { windows } from "./en-windows";
import { civilDate, localTime, numeral } from "./format";

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
    return past < -60_000 ? date(ms) : "just now";
  }
  if (past < 3_600_000) {
    return `${plural(Math.floor(past / 60_000), "minute", "minutes")} ago`;
  }
  return past < DAY_MS
    ? `${plural(Math.floor(past / 3_600_000), "hour", "hours")} ago`
    : `${span(Math.floor(past / DAY_MS))} ago`;
};

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase("en") + text.slice(1);

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
  choosePath: "Choose …",
  noDialog: "This desktop shows no dialog for files. Type the whole path instead.",
  removeWord: (word: string) => `Remove ${word}`,
  suggestions: (label: string) => `Suggestions for ${label.toLocaleLowerCase("en")}`,
  ...windows,
  ...watch,
  ...upkeep,

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
    none: "no date",
    cause: (cause: string) => `Because of: ${cause}`,
  },
  // The main window, the list and the page of a key.

  main: {
    view: {
      keys: "Keys",
      reminders: "Reminders",
      activity: "Activity",
      import: "Import",
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

  excess: {
    "withdraw-unlisted": {
      short: "Withdraws, no allowlist",
      sentence: "It may withdraw, and no allowlist is recorded that would hold it back.",
    },
    "trade-unrestricted": {
      short: "Trades from anywhere",
      sentence: "It may trade from any address. Accounts were emptied that way without a withdrawal.",
    },
    "more-than-declared": {
      short: "More than declared",
      sentence: "The exchange grants more than was recorded.",
    },
    "more-than-purpose": {
      short: "More than needed",
      sentence: "Its purpose is to look, and it may act.",
    },
  } satisfies Record<Excess, { short: string; sentence: string }>,

  verbName: {
    read: "Read",
    spot: "Spot trade",
    margin: "Margin",
    derivatives: "Derivatives",
    transfer: "Internal transfer",
    withdraw: "Withdraw",
    "sub-accounts": "Sub-account admin",
    "key-admin": "Key admin",
  } satisfies Record<Verb, string>,

  tri: { yes: "Yes", no: "No", unknown: "Unknown" } satisfies Record<Tri, string>,

  keyType: {
    hmac: "HMAC",
    rsa: "RSA",
    ed25519: "Ed25519",
    ecdsa: "ECDSA",
    passphrase: "Passphrase",
    "agent-wallet": "DEX agent wallet",
    "o-auth": "OAuth token pair",
  } satisfies Record<KeyType, string>,

  version: {
    staged: "Staged",
    active: "In use",
    draining: "Draining",
    revoked: "Replaced",
  } satisfies Record<VersionState, string>,

  keyPage: {
    label: (label: string) => `Key ${label}`,
    reading: "Reading the key",
    gone: "This key is not in the vault any more.",
    compromised: "Compromised",
    compromisedSince: (words: string) =>
      `Marked as compromised ${words}. Revoke it at the exchange first: whoever has it can act now.`,
    permissions: "Permissions",
    verb: "May it",
    declared: "Recorded",
    observed: "Seen at exchange",
    neverSeen: "Never checked",
    risky: "risky without an allowlist",
    native: "At the exchange:",
    credential: "Credential",
    copy: (field: string) => `Copy ${field === "API key" || field === "UID" ? field : field.toLocaleLowerCase("en")}`,
    reveal: "Reveal…",
    noSecret: "The record has no secret of its own.",
    addSecret: "Add secret…",
    deadSecret: (state: string) => `${state} keys are neither copied nor shown.`,
    life: "Life",
    expiry: "Expiry",
    noExpiry: "No expiry recorded",
    rotation: "Rotation",
    noRotation: "Not due in this state",
    policy: "Policy",
    every: (days: number) => `Every ${plural(days, "day", "days")}`,
    byClass: "By its class: withdraw 30, trade 90, read 180 days",
    ownPolicy: "Set for this key",
    rotated: "Last rotated",
    created: "Created",
    lastUsed: "Last used",
    neverUsed: "Never, as far as is known",
    allowlist: "Addresses",
    unrestricted: "Any address may use this key. A leaked secret is enough to act with it.",
    unknownAllowlist: "Nobody recorded which addresses may use this key.",
    whoTrusts: "Who else trusts it",
    trustOf: (address: string) => ` (${address})`,
    lookingForTrust: (address: string, looked: number) =>
      `Looking for other keys that trust ${address}; ${plural(looked, "key", "keys")} looked at`,
    trusts: (address: string, found: number, looked: number, isWhole: boolean) =>
      `${found === 0 ? "No other key trusts" : `${plural(found, "other key trusts", "other keys trust")}`} ${address}${
        isWhole ? "." : `, of the first ${numeral(looked)} with an allowlist.`
      }`,
    consumers: "Used by",
    noConsumers: "Nobody recorded which bot, tool or person holds this key.",
    since: (when: string) => `since ${when}`,
    otherKeysOf: (name: string) => `Show every key with ${name}`,
    about: "Record",
    account: "Account",
    keyType: "Key type",
    purpose: "Purpose",
    owner: "Owner",
    tags: "Tags",
    none: "None",
    notRecorded: "Not recorded",
    notes: "Notes",
    notesWarning: (warning: string) => `${capital(warning)}.`,
    versions: "Versions of the secret",
    made: (words: string, when: string) => `made ${words}, ${when}`,
    purged: "Purged. Only the fact of it is kept.",
    purgeVersion: "Purge…",
    ofVersion: (when: string) => ` the version made ${when}`,
    purgeOld: "Purge old versions…",
    history: "History",
    readingHistory: "Reading the history",
    historyLine: (register: string, value: string) =>
      value === "[secret]"
        ? `${register} was set`
        : value === "[purged]"
          ? `${register}, purged since`
          : `${register}: ${value}`,
    replaced: "replaced since",
    wholeHistory: (count: number) => `Show all ${numeral(count)} lines`,
    olderHistory: (count: number) => `${plural(count, "older line is", "older lines are")} not shown here.`,
    conflict: (register: string) => `${register}: two devices said different things. Both are kept until you choose.`,
    keepValue: "Keep this",
    valueIs: (value: string) => ` “${value}”`,
    edit: "Edit key",
    actions: "More for this key",
    replace: "Replace secret…",
    archive: "Archive",
    restore: "Restore",
    markCompromised: "Mark as compromised",
    clearCompromised: "Clear compromised",
    markRevoked: "Mark as revoked",
    markActive: "Mark as active",
    snooze: (days: number) => `Snooze reminders ${plural(days, "day", "days")}`,
    acknowledge: "Acknowledge what is due",
    purgeKey: "Purge key…",
    told: {
      archived: (label: string) => `Archived ${label}. Its secret stays until it is purged.`,
      restored: (label: string) => `Restored ${label}.`,
      compromised: (label: string) => `Marked ${label} as compromised. Revoke it at the exchange next.`,
      cleared: (label: string) => `${label} is no longer marked as compromised.`,
      revoked: (label: string) => `Marked ${label} as revoked. Its secret can no longer be copied.`,
      active: (label: string) => `Marked ${label} as active.`,
      snoozed: (label: string, days: number) => `No reminders of ${label} for ${plural(days, "day", "days")}, nor past its expiry.`,
      acknowledged: (label: string) => `No more reminders of ${label} for this date. A new date reminds again.`,
      resolved: (label: string) => `Kept one value for ${label}. The other stays in the history.`,
    },
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
    endGrace: "Ask for a code again",
    search: "Search the list",
    backUp: "Back up now",
  },

  editor: {
    newTitle: "Record a key",
    editTitle: (label: string) => `Edit ${label}`,
    newIntro: "Its secret is typed next, in a window of its own.",
    identity: "What it is",
    label: "Label",
    labelHint: "What you call it, such as okx-grid",
    exchange: "Exchange",
    exchangeHint: "A name from the list, or an id of your own",
    closed: (date: string) => `closed ${date}`,
    closedWarning: (name: string, date: string) =>
      `${name} closed on ${date}. A key of it is a loose end: nothing can be revoked there any more.`,
    account: "Account",
    accountHint: "Your login or sub-account there; made if there is none of that name",
    environment: "Environment",
    keyType: "Key type",
    rights: "What it may do",
    permissions: "Permissions",
    permissionsHint: "As the exchange's page shows them. Unknown is never taken for no.",
    presets: "Set all",
    presetUnknown: "Unknown",
    presetRead: "Read only",
    presetTrade: "Trade",
    native: "Names at the exchange",
    nativeHint: "As written there, such as enableReading",
    allowlist: "Addresses",
    allowlistKind: {
      listed: "Only these",
      unrestricted: "Any address",
      unknown: "Not known",
    },
    unrestrictedHint: "Said in words because it is a risk: a leaked secret is enough to act.",
    unknownHint: "Counted as open wherever that is the worse case.",
    address: "Address or network",
    host: "Host",
    addressHint: "203.0.113.7 or 203.0.113.0/24; several lines can be pasted",
    hostHint: "VPS-1",
    addAddress: "Add address",
    removeAddress: (address: string) => `Remove ${address === "" ? "this line" : address}`,
    time: "When it ends",
    expiry: "Expiry",
    expiryHint: "Every rule that ends it; the earliest wins.",
    addCause: "Add rule",
    cause: {
      fixed: "On a fixed date",
      "days-since-creation": "So many days after creation",
      inactivity: "So many days without use",
      "no-allowlist": "So many days without an allowlist",
      "password-change": "The account's password was changed",
    } satisfies Record<ExpiryCause["kind"], string>,
    causeKind: "Rule",
    causeDate: "Date",
    causeDays: "Days",
    removeCause: (cause: string) => `Remove rule: ${cause}`,
    rotation: "Rotation",
    rotationDefault: "By its class",
    rotationDefaultHint: "Withdraw 30, trade 90, read 180 days",
    rotationOwn: "Own number of days",
    rotationDays: "Days between rotations",
    created: "Created at the exchange",
    createdHint: "Year-month-day, such as 2026-03-01; empty for today",
    dateHint: "Year-month-day, such as 2026-03-01",
    datePlaceholder: "2026-03-01",
    people: "Who it is for",
    purpose: "Purpose",
    purposeHint: "grid bot, tax export, treasury …",
    owner: "Owner",
    consumers: "Used by",
    consumersHint: "Bots, tools and people that hold this key",
    tags: "Tags",
    tagsHint: "Words to find keys by",
    notes: "Notes",
    notesHint: "Never a secret: notes are shown and searched.",
    continue: "Continue to secret…",
    save: "Save changes",
    saving: "Saving",
    waiting: "The secret is typed in the window beside this one. This draft stays until that is done.",
    cancelled: "The key was not recorded: the window for its secret was closed. Your draft is still here.",
    cancel: "Cancel",
    nothingChanged: "Nothing was changed.",
    leaveTitle: "Leave without saving?",
    leave: "What you typed here will be gone.",
    leaveAct: "Discard changes",
    stay: "Keep editing",
    saved: (label: string) => `Saved ${label}.`,
    problems: (count: number) => `${plural(count, "line needs", "lines need")} another look before this can be saved.`,
    need: {
      label: "Give it a label.",
      exchange: "Name the exchange.",
      exchangeId: "An id has 2 to 32 small letters, digits or dashes.",
      account: "Name the account it belongs to.",
      tooLong: (most: number) => `At most ${most} characters.`,
      days: "A number of days lies between 1 and 3650.",
      date: "Give a date as year-month-day, such as 2026-03-01.",
      created: "That date lies in the future.",
      allowlist: "Add an address, or say that any address may use it.",
      address: "That is not an IP address or a network such as 203.0.113.0/24.",
      prefix: (most: number) => `The part after the slash is a number from 1 to ${most}.`,
      everything: "That allows every address: choose “Any address” instead.",
      hostBits: "The network has bits set behind its prefix; write its first address.",
      mapped: "Write an IPv4 address in its own form, without ::ffff:.",
      twice: "This stands here twice.",
      host: "At most 60 characters.",
    },
  },
} as const;

/** "12 keys", or "11 of 12 keys" where one was left out. */
function of2(done: number, of: number): string {
  return done === of ? plural(done, "key", "keys") : `${numeral(done)} of ${plural(of, "key", "keys")}`;
}

export const t = en;
