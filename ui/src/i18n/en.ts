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

import { windows } from "./en-windows";

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

/** "12 seconds", "3 minutes": how long one still waits. */
const wait = (milliseconds: number): string => {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return seconds < 90
    ? plural(seconds, "second", "seconds")
    : plural(Math.ceil(seconds / 60), "minute", "minutes");
};

/** "12 days", "3 years": exact where it matters; the date stands beside it. */
const span = (days: number): string =>
  days < 365 ? plural(days, "day", "days") : plural(Math.floor(days / 365), "year", "years");

const inDays = (days: number): string =>
  days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${span(days)}`;

const DAY_MS = 86_400_000;

/** "5 Dec 2025". */
export const date = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "5 Dec 2025, 14:03". */
export const moment = (ms: number): string =>
  new Date(ms).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });

/** A civil date as it stands, in no time zone of the browser's. */
export const civil = (iso: string): string =>
  new Date(`${iso}T00:00:00Z`).toLocaleDateString("en-GB", {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
  });

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
    absentTitle: "No vault here yet",
    absent:
      "This folder holds no vault. Make one in a terminal: it takes a password, an authenticator and two minutes.",
    absentCommand: "strongroom init",
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
    "not-found": () => "That key is not in the vault any more.",
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
    graceTitle: "A code was given: secrets can be copied and shown without another one until this ends.",
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
    allOf: (count: number) => `Show all ${count.toLocaleString("en-GB")}`,
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
    graceBegan: "Secrets can be copied and shown without another code for a while.",
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
    more: (count: number) => `${count.toLocaleString("en-GB")} more`,
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
      `${done.toLocaleString("en-GB")} of ${plural(total, "key", "keys")} done`,
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
        isWhole ? "." : `, of the first ${looked.toLocaleString("en-GB")} with an allowlist.`
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
    wholeHistory: (count: number) => `Show all ${count.toLocaleString("en-GB")} lines`,
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

  /* Times, sizes and what several views of the main window say. */
  when: {
    justNow: "a moment ago",
    soon: "in a moment",
    minutes: (count: number) => plural(count, "minute", "minutes"),
    hours: (count: number) => plural(count, "hour", "hours"),
    days: (count: number) => span(count),
    ago: (words: string) => `${words} ago`,
    ahead: (words: string) => `in ${words}`,
    never: "never",
  },

  reminders: {
    title: "Reminders",
    loading: "Reading what is due",
    nothing: "Nothing has a date.",
    overdue: (count: number) => `${count.toLocaleString("en-GB")} overdue`,
    soon: (count: number) => `${count.toLocaleString("en-GB")} within 30 days`,
    noneSoon: "Nothing is due within 30 days",
    next: (when: string) => `The next reminder comes ${when}`,
    off: "Reminders are switched off",
    list: "What is due, soonest first",
    show: "Show",
    filters: {
      all: "All",
      open: "Open",
      snoozed: "Snoozed",
      acknowledged: "Acknowledged",
    },
    filter: (name: "all" | "open" | "snoozed" | "acknowledged", count: number): string =>
      `${en.reminders.filters[name]} ${count.toLocaleString("en-GB")}`,
    groups: {
      overdue: "Overdue",
      week: "Within 7 days",
      month: "Within 30 days",
      later: "Later",
    },
    cut: (shown: number, total: number) =>
      `The soonest ${shown.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}. The others come after these.`,
    nameless: "A key without a name here",
    openKey: (label: string) => `Open ${label}`,
    kind: { expiry: "Expiry", rotation: "Rotation" },
    snoozedUntil: (when: string) => `Snoozed until ${when}`,
    acknowledged: "Acknowledged",
    acknowledgedTitle: "This date reminds no more. A new date does.",
    snooze: "Snooze",
    snoozeKey: (label: string) => `Snooze ${label}`,
    snoozeDays: (days: number) => `For ${plural(days, "day", "days")}`,
    snoozeHours: "For some hours…",
    hours: "Hours",
    hoursHint: "1 to 720. An expiry ends it earlier.",
    hoursWrong: "Type a whole number of hours from 1 to 720.",
    hoursTitle: (label: string) => `Snooze ${label}`,
    hoursSubmit: "Snooze reminders",
    acknowledge: "Acknowledge",
    acknowledgeKey: (label: string) => `Acknowledge ${label}`,
    cancel: "Keep reminding",
    snoozed: (label: string, until: string) => `${label} is silent until ${until}.`,
    acked: (label: string) => `${label} reminds no more of this date. It stays due.`,
    emptyTitle: "Nothing is due",
    empty:
      "A key is listed here once it has an expiry or a rotation policy. Give it one on its page: without a date nobody is warned before a bot stops.",
    noneHereTitle: "Nothing here",
    noneHere: {
      all: "",
      open: "Everything that is due is snoozed or acknowledged.",
      snoozed: "No reminder is snoozed.",
      acknowledged: "No reminder is acknowledged.",
    },
    limited:
      "The reminders could not be read, so what is due is not known here. Reminders come again once the vault was locked and unlocked with its device secret at hand.",
    settingsTitle: "How you are reminded",
    settingsNote: "Also while the vault is locked and this window is closed.",
    settings: {
      remind: "Show reminders",
      remindOff: "Nothing will tell you before a key expires.",
      leads: "Days ahead",
      leadsNote: "And every day once it is overdue.",
      lead: (days: number) =>
        days === 0 ? "On the day" : days === 1 ? "1 day before" : `${days} days before`,
      leadShort: (days: number) => (days === 0 ? "the day" : String(days)),
      leadsOwn: "Other days",
      leadsOwnAdd: "Add day",
      leadsLast: "At least one day stays: without it only overdue keys would remind.",
      at: "Time of day",
      atNote: "Local time. A time missed in sleep is caught up on wake.",
      quiet: "Quiet hours",
      quietNote: "What is due meanwhile is shown at their end.",
      from: "From",
      to: "To",
      names: "Name the keys in notifications",
      namesOff:
        "Notifications say “2 exchange keys need rotating” and no more, for whoever sees the screen.",
      namesOn:
        "Labels stand on the screen, in the notification history and, for the reminders, outside of the encrypted vault.",
    },
    test: "Send a test notification",
    testing: "Sending a notification",
    testTaken: (server: string) => `${server} took it. It should be on the screen now.`,
    testRefused: (server: string) =>
      `${server} answers but did not take it, so reminders do not show. Check its settings for Strongroom.`,
    testNobody:
      "No notification service answers in this session, so reminders cannot be shown. `strongroom expiring` tells what is due in a terminal.",
  },

  activity: {
    title: "Activity",
    loading: "Reading the log",
    line: (size: number, newest: string) =>
      `${plural(size, "entry", "entries")}, the newest ${newest}`,
    none: "No entries yet",
    table: "Audit log, newest first",
    columns: {
      when: "When",
      what: "What happened",
      key: "Key",
      client: "Through",
      device: "Device",
      seq: "No.",
    },
    filters: "Filters",
    kind: "Kind",
    anyKind: "Everything",
    allOf: (group: string) => `All: ${group.charAt(0).toLocaleLowerCase("en")}${group.slice(1)}`,
    key: "Key: label or id",
    keyUnknown: "No key has this label or id.",
    text: "Search what is shown",
    clear: "Clear filters",
    only: (label: string) => `Only ${label}`,
    shown: (count: number) => `${plural(count, "entry", "entries")} shown`,
    lookedThrough: (looked: number, size: number) =>
      `${looked.toLocaleString("en-GB")} of ${size.toLocaleString("en-GB")} looked through`,
    all: "That is the whole log.",
    more: "Show older entries",
    looking: "Looking through older entries",
    noMatchTitle: "No entry fits",
    noMatch: "Nothing that was looked through fits these filters.",
    openKey: (label: string) => `Open ${label}`,
    gone: "a key that is gone",
    goneTitle: (id: string) => `Its id was ${id}`,
    thisDevice: "this device",
    deviceTitle: (id: string) => `Device ${id}`,
    program: "by itself",
    client: { agent: "agent", cli: "command line", desktop: "window" },
    decision: { denied: "Refused", failed: "Failed" },
    decisionTitle: {
      denied: "It was asked for and not done.",
      failed: "It was begun and did not succeed.",
    },
    groups: {
      session: "Opening and locking",
      use: "Secrets used",
      keys: "Keys changed",
      files: "Imports and exports",
      backups: "Backups and restores",
      access: "Recovery, devices, password",
      settings: "Reminders and settings",
    },
    /** What happened; and the same as an act, for what was refused or failed. */
    events: {
      created: ["The vault was made", "making the vault"],
      unlocked: ["Unlocked the vault", "unlocking the vault"],
      locked: ["Locked the vault", "locking the vault"],
      "stepped-up": ["Proved presence with a code", "proving presence with a code"],
      "alarm-acknowledged": [
        "Acknowledged that the vault went back to an older state",
        "acknowledging the rollback alarm",
      ],
      restored: ["Restored a backup", "restoring a backup"],
      "backed-up": ["Backed the vault up", "backing the vault up"],
      "backup-failed": ["A backup could not be made", "making a backup"],
      "audit-exported": ["Exported this log", "exporting this log"],
      "restore-drill": ["Tried a backup without restoring it", "trying a backup"],
      "anchor-missing": [
        "This device had forgotten the state it saw last",
        "comparing with the state this device saw last",
      ],
      "device-enrolled": ["Enrolled a device", "enrolling a device"],
      "device-removed": ["Removed a device", "removing a device"],
      "kit-made": ["Made a new recovery kit", "making a recovery kit"],
      "kit-tested": ["Tested the recovery kit", "testing the recovery kit"],
      "password-changed": ["Changed the master password", "changing the master password"],
      "totp-reset": ["Replaced the authenticator", "replacing the authenticator"],
      "vault-key-rotated": ["Rotated the vault key", "rotating the vault key"],
      "policy-changed": ["Changed how long one code counts", "changing how long one code counts"],
      "factors-tidied": ["Tidied up what belonged to removed devices", "tidying up after devices"],
      "entry-added": ["Recorded a key", "recording a key"],
      "entry-edited": ["Changed a key’s record", "changing a key’s record"],
      "entry-archived": ["Archived a key", "archiving a key"],
      "entry-restored": ["Brought a key back from the archive", "bringing a key back"],
      "entry-deleted": ["Deleted a key", "deleting a key"],
      "secret-added": ["Recorded a new secret", "recording a new secret"],
      "secret-purged": ["Purged an old secret", "purging an old secret"],
      revealed: ["Showed a secret on the screen", "showing a secret"],
      copied: ["Copied a field to the clipboard", "copying a field"],
      ran: ["Gave a secret to a program", "giving a secret to a program"],
      imported: ["Imported keys from a file", "importing keys from a file"],
      "import-undone": ["Took an import back", "taking an import back"],
      "file-rewritten": ["Replaced secrets in a file by references", "rewriting a file"],
      exported: ["Exported keys", "exporting keys"],
      "reminder-snoozed": ["Snoozed a reminder", "snoozing a reminder"],
      "reminder-acknowledged": ["Acknowledged a reminder", "acknowledging a reminder"],
      "settings-changed": ["Changed a setting", "changing a setting"],
    } as Readonly<Record<string, readonly [done: string, act: string]>>,
    unknownEvent: (event: string) => `Event “${event}”, which a newer Strongroom wrote`,
    undone: (decision: string, act: string) => `${decision}: ${act}`,

    proof: {
      title: "Proof",
      idle: "Every entry is part of one hash tree. Verifying recomputes the tree and compares it with what this device last saw.",
      verify: "Verify log",
      again: "Verify again",
      verifying: (size: number) => `Recomputing ${plural(size, "entry", "entries")}`,
      verified: (when: string) => `Verified ${when}`,
      grown: (count: number) => `${plural(count, "entry", "entries")} since then.`,
      failed: "Not verified",
      failedWords:
        "The log or the record of its state was changed outside of Strongroom. Keep this computer as it is, look at a backup from before, and rotate the keys that may have been used.",
      size: "Entries",
      anchored: "Seen by this device before",
      anchoredNone: "none",
      root: "Root",
      signer: "Signer",
      details: "Root and signer",
    },
    export: {
      open: "Export log…",
      title: "Export the log",
      note: "JSON lines with the signed checkpoint and its proof, for whoever is to check it elsewhere. It names no key and holds no secret.",
      path: "New file",
      submit: "Write export",
      writing: "Writing the log",
      cancel: "Cancel",
      needPath: "Say where the file goes.",
      written: (path: string, size: string) => `Wrote ${size} to ${path}`,
      noFolder: "The folder for that file is not there. Make it first or choose another one.",
      noAccess: "That place cannot be written. Nothing was changed; choose another folder.",
    },
  },

  settings: {
    title: "Settings",
    line: "Each change is saved at once.",
    loading: "Reading the settings",
    sections: "Sections of the settings",
    reset: "Reset to default",
    resetOf: (name: string) => `Reset to default: ${name}`,
    defaultIs: (value: string) => `Default: ${value}`,
    saving: "Saving",
    saved: "Saved",
    asked: "Waiting for your code in the other window",
    notSaved: (why: string) => `Not saved: ${why}.`,
    on: "on",
    off: "off",
    nothing: "none",
    worksHere: "Works here",
    notHere: "Does not work here",
    notKnown: "Looking whether it works here",
    names: {
      locking: "Locking",
      copying: "Clipboard and codes",
      reminders: "Reminders",
      backups: "Backups",
      recovery: "Recovery kit",
      devices: "Devices",
      access: "Password, authenticator",
      vaultKey: "Vault key",
      look: "Look and start",
      others: "Other settings",
      selfTest: "Self-test",
      about: "About",
    },

    locking: {
      note: "An unlocked vault answers whoever sits at this computer. These lock it for you.",
      autoLock: "Lock when unused",
      autoLockNote: "Counted from the last use of the vault, in any window or terminal.",
      minutes: "minutes",
      suspend: "Lock before sleep",
      screen: "Lock with the screen",
    },
    copying: {
      note: "How long something stays open after you have asked for it.",
      clipboard: "Clear the clipboard after",
      clipboardNote: "Only if it still holds what was copied from here.",
      seconds: "seconds",
      grace: "One code counts for",
      graceNote:
        "For further acts in the same window; 0 asks every time. The command line has none. Changing it needs a code.",
    },
    reminders: {
      note: "When you are told, in which hours, and whether keys are named.",
      open: "Open reminders",
    },
    backups: {
      note: "Made by themselves, each verified by opening it. A backup opens with the password, and the device secret or the recovery kit of its time.",
      never: "There is no backup yet. A broken disk would take every key with it.",
      last: (when: string) => `The newest is from ${when}.`,
      now: "Back up now",
      running: "Backing up and verifying",
      extra: "Also into a folder, this once",
      extraPath: "Folder for this backup",
      extraToggle: "Into another folder…",
      made: (count: number) => `${plural(count, "backup", "backups")} made and verified.`,
      failed: (why: string) => `Not made: ${why}`,
      folder: "Second destination",
      folderPath: "Folder",
      folderNote: "Best off this disk: a stick, another machine’s folder.",
      keep: "Keep in each destination",
      keepUnit: "backups",
      list: "Backups, newest first",
      columns: { made: "Made", size: "Size", state: "State", folder: "Folder", act: "" },
      verified: "Verified",
      unverified: "Not verified",
      showAll: (count: number) => `Show all ${count.toLocaleString("en-GB")}`,
      restore: "Restore…",
      restoreOf: (when: string) => `Restore the backup from ${when}`,
      restoreOther: "Restore another backup…",
      restoreTitle: "Restore a backup",
      restorePath: "Folder of the backup",
      restoreWords:
        "The vault goes back to that day. Keys recorded or rotated since are not in it; the vault of today is kept aside, not deleted.",
      restoreSubmit: "Restore backup",
      restored: (keys: number) => `Restored. The vault holds ${plural(keys, "key", "keys")}.`,
      keptAside: (path: string) => `The vault from before is kept in ${path}`,
      needFolder: "Say which folder the backup is in.",
    },
    recovery: {
      note: "A printed page with a recovery secret and ten codes. With the password it opens the vault when this computer is gone.",
      none: "This vault has no recovery kit. If this computer’s device secret is lost, so is every key.",
      fingerprint: "Kit",
      made: "Made",
      tested: "Last tested",
      neverTested: "Never. A kit that was not tested is a hope, not a way back.",
      codes: "Recovery codes left",
      codesUnknown: "told when you unlock",
      damaged: "Its slot was changed from outside and opens nothing. Make a new kit.",
      test: "Test kit…",
      newKit: "New kit…",
      newTitle: "Make a new recovery kit",
      newWords:
        "A new secret and ten new codes are written to a file to print and delete. The kit of today opens nothing any more but backups made before.",
      path: "New file for the kit",
      needPath: "Say where the kit is written.",
      newSubmit: "Make kit",
      works: (fingerprint: string) => `Kit ${fingerprint} works, together with the password.`,
      worksNot:
        "This secret does not open the vault: it is of another kit, or mistyped. Make a new kit if the right one cannot be found.",
      written: (fingerprint: string, codes: number, path: string) =>
        `Kit ${fingerprint} with ${plural(codes, "recovery code", "recovery codes")} is in ${path}. Print it, delete the file, then test it.`,
    },
    devices: {
      note: "What can open this vault, each with a secret of its own. The password is needed as well.",
      list: "Devices",
      thisDevice: "This device",
      enrolled: (when: string) => `Enrolled ${when}`,
      place: { keyring: "secret in the keyring", file: "secret in a file" },
      damaged: "Damaged",
      damagedWords:
        "Its slot was changed from outside and opens nothing. Changing the password repairs it.",
      unnamed: "Unnamed device",
      remove: "Remove…",
      removeOf: (name: string) => `Remove ${name}`,
      removeTitle: (name: string) => `Remove ${name}`,
      removeWords: (name: string) =>
        `${name} opens this vault no more. What it copied before it keeps: if it was lost or stolen, rotate the vault key too.`,
      removeSubmit: "Remove device",
      removed: (name: string) => `${name} is removed.`,
      keep: "Keep device",
    },
    access: {
      note: "Both are typed in a small window of their own, never in this one.",
      password: "Master password",
      passwordNote: "Every device is taken along that still has a whole slot.",
      change: "Change password…",
      changed: "The password is changed. Backups made before open with the old one.",
      dropped: (count: number) =>
        `${plural(count, "device", "devices")} could not be taken along and must enrol again with the recovery kit.`,
      totp: "Authenticator",
      totpNote: "For a new phone. It takes the password and a code of the present one, or a recovery code.",
      replace: "Replace authenticator…",
      replaced: "The new authenticator counts from now on; the old one’s codes are refused.",
    },
    vaultKey: {
      note: "After a suspected compromise: makes a new vault key, a new device secret, a new recovery kit and seals everything anew. Other devices must enrol again.",
      exchange:
        "The exchange keys themselves stay the same. If they may be known, rotate them at the exchange.",
      rotate: "Rotate vault key…",
      title: "Rotate the vault key",
      words:
        "Every other device loses its access until it is enrolled with the new kit, and the kit of today opens nothing but backups made before.",
      path: "New file for the new kit",
      submit: "Rotate vault key",
      done: (generation: number, fingerprint: string, path: string) =>
        `The vault has new keys, generation ${generation}. The new kit ${fingerprint} is in ${path}. Print it, delete the file, then test it.`,
      dropped: (count: number) =>
        `${plural(count, "device", "devices")} must be enrolled again with the new kit.`,
      backedUp: "A backup under the new key was made and verified.",
      notBackedUp:
        "No backup under the new key could be made, so the old half is kept. Back up now, then it is let go.",
    },
    look: {
      note: "How this program looks, and when its agent starts.",
      theme: "Colours",
      themes: { system: "As the system", light: "Light", dark: "Dark" },
      login: "Start with the session",
      loginNote:
        "Starts the agent without a window when you log in, so that reminders come before you open anything. The vault stays locked.",
    },
    others: {
      note: "Known to the agent and not yet to this page.",
    },
    selfTest: {
      note: "Found out by asking this machine, not by guessing.",
      again: "Run again",
      running: "Asking the system",
      summary: (works: number, all: number) => `${works} of ${all} work here`,
      columns: { name: "Part", state: "State", detail: "What it means" },
      works: "Works",
      fails: "Does not work",
      names: {
        keyring: "Keyring",
        notifications: "Notifications",
        clipboard: "Clipboard",
        "lock-on-suspend": "Lock before sleep",
        "lock-on-screen-lock": "Lock with the screen",
        idle: "Lock when unused",
        "core-dumps": "No core dumps",
        "memory-lock": "Memory that is never swapped",
      } as Readonly<Record<string, string>>,
    },
    about: {
      window: "Window",
      agent: "Agent",
      differs: "Of another version than the window: restart the agent with `strongroom agent stop`.",
      vault: "Vault folder",
      process: "Process of the agent",
      licence: "Licence",
      licenceName: "AGPL-3.0-or-later",
      docs: "Documentation",
      docsWords:
        "`man strongroom`, `strongroom help`, and the folder `docs` of the sources: threat model, vault format, import.",
    },
    cancel: "Cancel",
  },

  importing: {
    title: "Import",
    line: "Keys out of the files of bots and scripts. A preview first; nothing is recorded before you agree.",
    file: "File",
    fileHint: "freqtrade’s config.json, ccxt-style keys.json, .env or CSV; up to 8 MiB",
    source: "What it is",
    sources: {
      detect: "Found out from the file",
      freqtrade: "freqtrade config.json",
      ccxt: "ccxt keys.json",
      env: ".env",
      csv: "CSV table",
    } as Readonly<Record<string, string>>,
    exchange: "Exchange",
    exchangeHint: "Only for keys whose exchange the file does not name",
    account: "Account",
    accountHint: "Only where the file names none; “main” without it",
    more: "Exchange and account the file does not name",
    preview: "Preview import",
    again: "Preview again",
    reading: "Reading the file",
    needFile: "Say which file.",
    emptyTitle: "Nothing is taken yet",
    empty:
      "Choose a file and preview it. For every value you see whether it is taken, ignored and why, or not imported and why; values themselves are never shown.",
    errors: {
      notFound: "There is no such file, or its folder is not there.",
      noAccess: "The file cannot be read. Check its permissions.",
      unrecognised:
        "This is no file of keys we know. Say above what it is, or whether it is a file of keys at all.",
      refused: (why: string) => `Nothing was taken: ${why}.`,
      noColumn:
        "Nothing was taken: no column of this table is known to hold a credential. Say below what its columns are.",
      noBatch: "This import was taken back already, or is not known any more.",
      expired:
        "The preview was held for ten minutes and is gone, with the secrets in it. Preview the file again.",
    },
    keysFound: (count: number) =>
      count === 0 ? "No key was found" : `${plural(count, "key", "keys")} found`,
    newKeys: (count: number) => `${count.toLocaleString("en-GB")} new`,
    alreadyKeys: (count: number) => `${count.toLocaleString("en-GB")} recorded already`,
    isA: (source: string) => `Read as ${source}`,
    notes: {
      "credentials without an exchange were left: say which exchange with --exchange":
        "Credentials without an exchange were left. Say which exchange they are of, and preview again.",
    } as Readonly<Record<string, string>>,
    drafts: "Keys in the file",
    columns: {
      label: "Label",
      exchange: "Exchange",
      account: "Account",
      environment: "Environment",
      fields: "Fields",
      state: "Standing",
    },
    already: (label: string) => `Recorded as ${label}`,
    warnings: (count: number) => plural(count, "warning", "warnings"),
    tab: (name: string, count: number) => `${name} ${count.toLocaleString("en-GB")}`,
    fieldsTitle: "Every value of the file",
    outcomes: {
      all: "All",
      taken: "Taken",
      ignored: "Ignored",
      "not-imported": "Not imported",
    } as Readonly<Record<string, string>>,
    outcomeTitle: {
      taken: "It goes into a key.",
      ignored: "Understood and not needed.",
      "not-imported": "It may matter: look at it.",
    } as Readonly<Record<string, string>>,
    place: "Place",
    outcome: "Outcome",
    detail: "Where it went, or why not",
    search: "Search places and reasons",
    noField: "No value fits this filter.",
    loadMore: (left: number) => `Read ${left.toLocaleString("en-GB")} more`,
    loadingMore: "Reading the rest of the plan",
    counted: (seen: number, total: number) =>
      `Counted over the first ${seen.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`,

    mapping: {
      title: "Columns",
      note: "What each column of the table is. A column of no known meaning is not imported.",
      column: "Column",
      meaning: "Meaning",
      meaningOf: (column: string) => `Meaning of ${column}`,
      unmapped: (count: number) =>
        `${plural(count, "column has", "columns have")} no meaning yet`,
      none: "nothing yet",
      noMeaning: "not imported so",
      leaveOut: "left out",
      add: "Add column",
      addName: "Name in the header",
      addNote: "As it stands in the first line of the file; case does not matter.",
      apply: "Preview with these columns",
      fields: {
        exchange: "exchange",
        label: "label",
        account: "account",
        environment: "environment",
        apiKey: "API key (apiKey)",
        secret: "secret",
        passphrase: "passphrase",
        uid: "user id (uid)",
        accountId: "account id (accountId)",
        privateKey: "private key (privateKey)",
        walletAddress: "agent wallet address (walletAddress)",
        token: "token",
        login: "login",
        twofa: "two-factor secret (twofa)",
      } as Readonly<Record<string, string>>,
    },

    apply: (count: number) => `Import ${plural(count, "key", "keys")}`,
    nothingNew:
      "Every key of this file is recorded already. Importing it again would change nothing.",
    applying: "Recording the keys",
    discard: "Discard preview",
    held: "The preview holds the secrets of the file for ten minutes, then forgets them.",
    doneTitle: (count: number) =>
      count === 0 ? "Nothing new was recorded" : `${plural(count, "key", "keys")} recorded`,
    doneAlready: (count: number) =>
      `${plural(count, "key stood", "keys stood")} in the vault already and stayed as it was.`,
    doneNoOp: "All of it was here already, so the import changed nothing.",
    added: "Keys added",
    openKey: (label: string) => `Open ${label}`,
    moreAdded: (left: number) => `Show ${left.toLocaleString("en-GB")} more`,
    undo: "Undo import",
    undoWords:
      "The keys of this import leave the vault, but for those changed since. If their file was replaced by references, their values are then nowhere else.",
    undoKeep: "Keep the keys",
    undoing: "Taking the import back",
    undone: (removed: number) => `${plural(removed, "key was", "keys were")} taken back.`,
    undoneKept: (kept: number) =>
      `${plural(kept, "key", "keys")} changed since the import stayed.`,
    another: "Import another file",
    leftTitle: "The file still holds the keys in plaintext",
    left: "Replace the values in it by references to the vault, in a terminal. Everything else in the file stays as it is, byte for byte:",
    leftCommand: (path: string) => `strongroom import --replace ${path}`,
    leftNote:
      "The disk, snapshots, backups and a git history may keep copies whatever is written now. A key that lay in plaintext somewhere you do not control is best rotated at the exchange.",
  },
} as const;

/** "12 keys", or "11 of 12 keys" where one was left out. */
function of2(done: number, of: number): string {
  return done === of ? plural(done, "key", "keys") : `${done.toLocaleString("en-GB")} of ${plural(of, "key", "keys")}`;
}

export const t = en;
