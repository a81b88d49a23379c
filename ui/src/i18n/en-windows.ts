/** The strings of the small windows and of what they are made of; a part of en.ts. */

import type { Act, Alphabet } from "../backend/generated/wire";

/** A field of a key as a person calls it; names of the person's own stay as they are. */
export const fieldTitle = (name: string): string =>
  (
    ({
      apiKey: "API key",
      secret: "Secret",
      passphrase: "Passphrase",
      uid: "UID",
      privateKey: "Private key",
      walletAddress: "Wallet address",
      token: "Token",
    }) as Record<string, string>
  )[name] ?? name;

/** The same within a sentence: "the secret", "the API key". */
const fieldWithin = (name: string): string => {
  const title = fieldTitle(name);
  return /^[A-Z]{2}/.test(title) || title === name
    ? title
    : title.charAt(0).toLocaleLowerCase("en") + title.slice(1);
};

export interface ActWords {
  title: string;
  /** What will happen. */
  text: string;
  /** What cannot be undone, or what it is worth knowing before. */
  gone?: string;
  path?: string;
  /** On the button. */
  verb: string;
}

function actWords(act: Act): ActWords {
  switch (act.kind) {
    case "copy":
      return {
        title: `Copy ${fieldWithin(act.field)} of ${act.label}`,
        text: "It goes to the clipboard, and is cleared from there a few seconds later if it is still there. Until then every program here can read it.",
        verb: `Copy ${fieldWithin(act.field)}`,
      };
    case "purge":
      return purgeWords(act);
    case "remove-device":
      return {
        title: `Remove ${act.name}`,
        text: "It opens this vault no more. It can be enrolled again with the recovery kit.",
        gone: "A copy of the vault that it holds already stays readable there. If the device was lost or stolen, rotate the vault key as well.",
        verb: "Remove device",
      };
    case "new-kit":
      return {
        title: "Write a new recovery kit",
        text: "A new recovery secret and ten new recovery codes are made and written to this file, to be printed and deleted.",
        path: act.path,
        gone: "The kit you have and its codes open nothing from then on, except backups made before.",
        verb: "Write recovery kit",
      };
    case "rotate-vault-key":
      return {
        title: "Rotate the vault key",
        text: "Every record is encrypted anew under a key nobody has seen, and a new recovery kit is written to this file first.",
        path: act.kit_path,
        gone: "Other devices are dropped and enrol again with the new kit; the kit you have opens only old backups. Keys that may be known elsewhere still have to be revoked at the exchange.",
        verb: "Rotate vault key",
      };
    case "restore":
      return {
        title: "Restore a backup",
        text: "This backup is opened and verified, and then takes the place of the vault.",
        path: act.path,
        gone: "What was recorded since the backup was made is gone from the vault. The vault at hand is kept aside in its folder.",
        verb: "Restore backup",
      };
    case "acknowledge-alarm":
      return {
        title: "Trust the vault as it is",
        text: "This vault is older than the last state this device saw. That is so after restoring a copy by hand, and also if somebody put an old copy back: keys that were revoked or rotated since then would look usable again.",
        gone: "From then on this state is the one trusted here. If you do not know why it is older, cancel and restore a backup.",
        verb: "Trust this state",
      };
    case "grace":
      return {
        title: "Copy without further codes",
        text: "For a few minutes after this code, fields can be copied from the main window without another one. The grace ends by itself, when you end it, or when the vault locks.",
        verb: "Begin grace",
      };
    case "grace-minutes":
      return act.minutes === "0"
        ? {
            title: "Ask for a code each time",
            text: "Every copy and every other act of that kind then needs a code of its own.",
            verb: "Set grace to none",
          }
        : {
            title: `Set the grace to ${act.minutes} ${act.minutes === "1" ? "minute" : "minutes"}`,
            text: "For that long after a grace has begun, fields can be copied without another code. Whoever sits at this screen then can copy them too.",
            verb: "Set grace",
          };
  }
}

function purgeWords(act: Extract<Act, { kind: "purge" }>): ActWords {
  const still = "This cannot be undone. Backups made before still hold what they hold.";
  switch (act.what.kind) {
    case "version":
      return {
        title: `Purge a version of ${act.label}`,
        text: "The secret of this version is destroyed; that there was one stays in the history. A key that is still valid at the exchange works on until it is revoked there.",
        gone: still,
        verb: "Purge version",
      };
    case "old-versions":
      return {
        title: `Purge old secrets of ${act.label}`,
        text: "Every secret of this key but the present one is destroyed; that there were some stays in the history.",
        gone: still,
        verb: "Purge old secrets",
      };
    case "key":
      return {
        title: `Purge ${act.label}`,
        text: "The whole record and all its secrets are destroyed; the activity log keeps that there was a key. One that is still valid at the exchange works on until it is revoked there.",
        gone: still,
        verb: "Purge key",
      };
  }
}

export const windows = {
  closeWindow: "Close window",
  finishFailed: "This window could not report back.",

  secretWindow: {
    add: (label: string) => `Type the key of ${label}`,
    addText: "These values go straight to the vault's agent. The main window never sees them.",
    replace: (label: string) => `Replace the secret of ${label}`,
    replaceText:
      "The secret in use now is kept as revoked until it is purged. Programs that ask for this key get the new one from now on.",
    record: "Record key",
    replaceVerb: "Replace secret",
    withoutSecret: "Record it without a secret",
    needField: (name: string) => `Type the ${fieldWithin(name)}, or leave every field empty.`,
    needAny: "Type the new values.",
    needName: "Name this field.",
    nameTaken: "There is a field of this name already.",
    extra: "Add a field of your own",
    extraName: "Name of the field",
    extraValue: (name: string) => (name === "" ? "Its value" : `Value of ${name}`),
    removeExtra: "Remove this field",
    recording: "Recording the key",
    swapped: (one: string, other: string) =>
      `The ${fieldWithin(one)} and the ${fieldWithin(other)} look as if they were swapped.`,
    same: (one: string, other: string) =>
      `The ${fieldWithin(one)} and the ${fieldWithin(other)} hold the same value.`,
    closedExchange: (name: string, on: string) =>
      `${name} closed on ${on}. What is recorded here can only be a loose end.`,
    shape: {
      /** "64 letters and digits". */
      of: (prefix: string, count: string, alphabet: string) =>
        prefix === "" ? `${count}${alphabet}` : `${prefix}, then ${count}${alphabet}`,
      count: (least: number, most: number) =>
        least === most ? `${least} ` : `${least} to ${most} `,
      alphabet: {
        any: "characters",
        hex: "hexadecimal digits",
        "upper-hex": "upper-case hexadecimal digits",
        alphanumeric: "letters and digits",
        base64: "characters of base64",
        "base64-url": "characters of base64url",
        "hex-dashes": "hexadecimal digits and dashes",
        pem: "a private key from BEGIN to END",
      } satisfies Record<Alphabet, string>,
      or: " or ",
      usual: (shape: string) => `Usually ${shape}.`,
      fits: (shape: string) => `Looks right: ${shape}.`,
      length: (shape: string, has: number) => `Usually ${shape}; this has ${has}.`,
      prefix: (prefix: string) => `Usually begins with ${prefix}; this does not.`,
      characters: (shape: string) => `Usually ${shape}; this holds other characters.`,
      blanks: "The blanks around it are left out.",
    },
  },

  password: {
    title: "Change the master password",
    text: "The vault is locked to the new password at once. Backups made before open with the old one.",
    present: "Present master password",
    next: "New master password",
    needPresent: "Type the present password.",
    needNext: "Type a new password of at least 12 characters.",
    sameAsPresent: "This is the present password.",
    verb: "Change password",
    working: "Deriving keys from both passwords",
  },

  kit: {
    title: "Test the recovery kit",
    text: "Type the recovery secret from the printed kit. Nothing is changed; you learn whether it opens this vault.",
    label: "Recovery secret",
    hint: "Fourteen groups of four. Blanks, dashes and case do not matter.",
    count: (typed: number) => `${typed} of 56 letters and digits`,
    need: "Type the recovery secret as it stands on the kit.",
    verb: "Test recovery kit",
    working: "Trying the secret",
    wrong: (fingerprint: string) =>
      `This secret does not open this vault. The kit that does bears the number ${fingerprint}; look for the page with it. If it is lost, write a new kit in the settings.`,
    works: (fingerprint: string) => `It works. Kit ${fingerprint} opens this vault.`,
  },

  stepUp: {
    act: actWords,
    path: "File",
    failed: "Nothing was done",
    working: (kind: Act["kind"]): string =>
      kind === "restore"
        ? "Opening and verifying the backup"
        : kind === "rotate-vault-key"
          ? "Encrypting every record anew"
          : "Making the kit",
  },

  reveal: {
    title: (label: string) => `Show the values of ${label}`,
    text: (seconds: number) =>
      `They are shown once, for ${seconds} seconds, and the log keeps that they were. Look who else sees this screen.`,
    verb: "Show values",
    hide: "Hide now",
    left: (seconds: number) => (seconds === 1 ? "Hidden in 1 second" : `Hidden in ${seconds} seconds`),
    shown: (seconds: number) => `The values are shown for ${seconds} seconds.`,
    nothing: "The record has no secret of its own.",
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
