/** Every string a person reads in the window. Sentence case; what happened, what to do. */

import type {
  DeviceSecretState,
  Environment,
  ErrorCode,
  KeyState,
  Tri,
  Verb,
} from "../backend/generated/wire";

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

export const en = {
  product: "Strongroom",
  close: "Dismiss this message",
  tryAgain: "Try again",
  showPassword: "Show password",
  hidePassword: "Hide password",
  closeDialog: "Close",
  cancel: "Cancel",
  optional: "optional",
  choosePath: "Choose …",
  noDialog: "This desktop shows no dialog for files. Type the whole path instead.",
  removeWord: (word: string) => `Remove ${word}`,
  suggestions: (label: string) => `Suggestions for ${label.toLocaleLowerCase("en")}`,

  unlock: {
    title: "Unlock your vault",
    folder: "Vault folder",
    password: "Master password",
    code: "Code from your authenticator",
    codeHint: "Six digits",
    recovery: "Recovery code",
    recoveryHint: "One of the ten; it is spent by its use",
    useRecovery: "Use a recovery code",
    useCode: "Use the authenticator",
    submit: "Unlock vault",
    deriving: "Deriving the key from your password",
    waiting: (milliseconds: number) => `Next try in ${wait(milliseconds)}`,
    needPassword: "Type the master password.",
    needCode: "Type the six digits your authenticator shows now.",
    needRecovery: "Type one of your recovery codes.",
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
      "There is no device secret here. Unlock the keyring, or open the vault with the recovery kit: `strongroom unlock --new-device`",
    "keyring-locked":
      "The keyring is locked, and with it the device secret. Unlock the keyring, then try again.",
    "no-keyring":
      "No keyring answers in this session, so the device secret cannot be read. Start one, or use the recovery kit.",
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
      "The vault's device secret is not here. Unlock the keyring, or use the recovery kit: `strongroom unlock --new-device`",
    "no-keyring": () =>
      "No keyring answers in this session, so the device secret cannot be read. Start one, or use the recovery kit.",
    "rollback-alarm": () =>
      "The vault is older than the last state this computer saw. Someone may have put an old copy back. It opens for reading only until you acknowledge this.",
    corrupt: () =>
      "The stored vault does not verify, so it was not opened. Restore a backup: `strongroom restore-backup`",
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
    title: { all: "All keys", due: "Due", archived: "Archived" },
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
    },
    today: {
      overdue: (count: number) => `${plural(count, "key is", "keys are")} overdue`,
      due: (count: number) =>
        `${plural(count, "key needs", "keys need")} you within 30 days`,
      none: "Nothing is due within 30 days",
    },
    loading: "Reading the list",
    emptyTitle: "No keys yet",
    empty: "Record the first one in a terminal. Its secret is typed there, never on the command line.",
    emptyCommand: "strongroom add",
    nothingDueTitle: "Nothing is due",
    nothingDue: "No key expires or needs rotating within the next 30 days.",
    nothingArchivedTitle: "Nothing is archived",
    nothingArchived: "Keys that were retired stay here, with their history.",
    noMatchTitle: "No key matches",
    noMatch: (text: string) => `No label, exchange, account, tag or consumer holds “${text}”.`,
    clearSearch: "Clear search",
    reload: "Read the list again",
    conflict: "Conflict",
    conflictTitle: "Two devices changed the same field. Both values are kept.",
    noSecret: "No secret",
    noSecretTitle: "The record has no secret of its own.",
    compromised: "Compromised",
    moreConsumers: (count: number) => `+${count}`,
    noConsumers: "nobody recorded",
  },

  lock: {
    button: "Lock vault",
    verified: "Verified",
    verifying: "Verifying the vault",
    failed: "Verification failed",
    readOnly: "Read-only",
    locksInTitle: "Counted from the last use of the vault, in any window or terminal.",
    locksIn: (milliseconds: number) => `Locks in ${wait(milliseconds)}`,
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

  code: {
    totp: "Code from your authenticator",
    totpHint: "Six digits",
    recovery: "Recovery code",
    recoveryHint: "One of the ten; it is spent by its use",
    useRecovery: "Use a recovery code",
    useTotp: "Use the authenticator",
    needTotp: "Type the six digits your authenticator shows now.",
    needRecovery: "Type one of your recovery codes.",
  },

  strength: {
    empty: "At least 12 characters; four unrelated words are good.",
    short: "Too short: at least 12 characters.",
    weak: "Probably too easy to guess: add a word or two.",
    fair: "Fair, by its length and variety.",
    good: "Good, by its length and variety.",
  },
} as const;

export const t = en;
