/** The strings of the small windows and of what they are made of; a part of en.ts. */

import type { Act, Alphabet } from "../backend/generated/wire";
import { exportActWords } from "./en-export";
import { teamActWords } from "./en-team";
import { numeral } from "./format";

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
        gone: "Other devices enrol again with the new kit; the kit you have opens only old backups. Keys that leaked still have to be revoked at the exchange.",
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
    case "ask-exchange":
      return {
        title: `Ask ${act.exchange_name} about ${act.label}`,
        text: "A few requests that change nothing are signed with the key and sent. The answer is recorded as seen, with its time.",
        verb: `Ask ${act.exchange_name}`,
      };
    case "ask-elsewhere":
      return {
        title: `Copy a signed question about ${act.label}`,
        text: `A command for a shell goes to the clipboard: the question to ${act.exchange_name}, signed with the key. It is for the machine whose address is on the key's list.`,
        gone: "Whoever has it can use the signature for some seconds; where the exchange wants the passphrase beside it, that stands in it too. The secret does not.",
        verb: "Copy question",
      };
    case "schedule-checks":
      return {
        title: `Ask ${act.exchange_name} about ${act.label} every ${act.every_days === 1 ? "day" : `${act.every_days} days`}`,
        text: "From this code on, the questions that change nothing are signed with the key by themselves while the vault is open, and nothing else is. Each is in the activity log.",
        ...(act.despite_rising_numbers
          ? { gone: "A bot that uses the same key may have its next request refused each time." }
          : {}),
        verb: "Ask regularly",
      };
    case "read-answer":
      return {
        title: `Read an answer about ${act.label}`,
        text: `Paste what ${act.exchange_name} answered on the other machine. It is read here, nothing is sent, and it is recorded as seen.`,
        verb: "Read answer",
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
    case "export":
      return exportActWords(act);
    default:
      return teamActWords(act);
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
    stage: (label: string) => `Record the new secret of ${label}`,
    stageText:
      "These are the values of the new key at the exchange. They are kept beside those in use, which stay in use until every consumer has the new ones.",
    stageVerb: "Record new secret",
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
    text: "The new one counts at once. Backups made before still open with the old one.",
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
          : kind === "ask-exchange"
            ? "Waiting for the exchange"
            : kind === "read-answer"
              ? "Reading the answer"
              : kind === "make-share"
                ? "Encrypting the share"
                : kind === "apply-share"
                  ? "Making a backup, then taking the changes"
                  : kind === "export"
                    ? "Writing the keys"
                  : "Making the kit",
    answer: "Answer",
    answerHint: "All of it, as it came",
    needAnswer: "Paste the answer.",
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

  path: {
    need: "Type the path, or choose it.",
    whole: "Type the whole path, from the root of the disk.",
  },

  place: {
    label: "Where the device secret is kept",
    keyring: "In this computer's keyring",
    keyringWhat: "It is locked with your session, and other accounts cannot read it.",
    noKeyring: "No keyring answers in this session. Start one to choose this.",
    file: "In a file of your account",
    fileWhat:
      "It works without a keyring. Whoever copies your home folder has it too; the password and the code still stand before the vault.",
  },

  enrolment: {
    qr: "QR code for the authenticator",
    scan: "Scan the code with your authenticator.",
    noQr: "The code could not be drawn. Type the seed instead.",
    type: "Or type this seed",
    settings: "Time-based, six digits, every 30 seconds.",
    code: "Code it shows now",
    codeHint: "Six digits. This proves that the authenticator took the seed.",
  },

  setup: {
    step: (step: number, of: number) => `Step ${step} of ${of}`,
    back: "Back",
    passwordTitle: "Choose a master password",
    passwordText:
      "It encrypts everything in the vault. Nobody can reset it, so choose one you can type from memory.",
    password: "Master password",
    needPassword: "The password needs at least 12 characters.",
    deviceSecret:
      "A device secret made on this computer is needed beside the password, so that a stolen copy of the vault cannot be guessed open.",
    deviceSecretKeyring:
      "A device secret in this computer's keyring is needed beside the password, so that a stolen copy of the vault cannot be guessed open.",
    name: "Name in the authenticator",
    nameHint: "Stands beside the code. Without it the name of the vault's folder is used.",
    deriving: "Measuring this computer and deriving the key",
    setPassword: "Set password",
    have: "I have a vault already",
    placesTitle: "Prepare for a lost computer",
    placesText:
      "The recovery kit opens the vault on another computer, together with the password. Backups bring back the records.",
    kit: "File for the recovery kit",
    kitHint: "Two pages of text to print. Best on a USB stick; delete the file once it is printed.",
    kitExample: "/media/usb/strongroom-kit.txt",
    needKit: "Say where the recovery kit goes.",
    backups: "Second folder for backups",
    backupsHint: "Encrypted backups go there too, whenever this folder can be reached.",
    backupsSkipped:
      "Without one, backups stay on the disk that holds the vault, and are lost together with it.",
    backupsExample: "/media/usb/strongroom",
    noKit: "Go on without a recovery kit",
    noKitWhat: "If the keyring of this computer is then lost, the vault is lost with it.",
    usePlaces: "Use these places",
    totpTitle: "Connect your authenticator",
    totpText:
      "Every unlock and every secret asks for a code of it. Use an app on a device other than this one.",
    wrongCode: "That code does not fit this seed. Check the clock of the authenticator and type the next one.",
    writing: "Writing vault, kit and device secret",
    create: "Make vault",
    kitTitle: "Test the recovery kit",
    kitText:
      "Your vault exists. Print the kit, keep its two pages apart, delete the file; then type the recovery secret from the paper.",
    kitFile: "Written to",
    kitNumber: "Kit",
    kitWrong: (fingerprint: string) =>
      `This secret does not open the vault. Type the one of kit ${fingerprint}.`,
    kitLater: "Test it later",
    doneTitle: "Your vault is ready",
    doneText: "It is empty, encrypted and open. What still stands open is on the list of what needs you today.",
    isDone: "Done",
    isOpen: "Open",
    doneSealed: "Password, device secret and authenticator stand before the vault.",
    doneKit: "The recovery kit works.",
    doneKitUntested: "The recovery kit was not tested. Until it is, do not rely on it.",
    doneNoKit: "There is no recovery kit: a lost keyring means a lost vault. Write one in the settings.",
    doneBackups: "Backups go to a second folder.",
    doneBackupsHere: "Backups stay on this disk only. Name a second folder in the settings.",
    login: "Remind me without opening the window",
    loginHint: "The agent starts when you log in. It stays locked, and knows only when something is due.",
    open: "Open the vault",
  },

  have: {
    title: "Bring your vault here",
    text: "A vault is one folder. Bring it from the other computer, or take up a backup of it.",
    way: "How it comes here",
    folder: "I have the vault's folder",
    folderWhat: "Copied from another computer or an old disk.",
    backup: "I have a backup",
    backupWhat: "One of the folders Strongroom wrote as a backup.",
    where: "Put its contents here:",
    kitToo: "On a computer it has not been on, it then opens with the password, a code and the recovery kit.",
    look: "Look for the vault",
    missing: "This folder holds no vault yet.",
  },

  restore: {
    title: "Restore a backup",
    text: "The backup is opened and verified first. What it replaces is kept aside.",
    path: "Folder of the backup",
    pathHint: "The folder of one backup, named after the time it was made.",
    password: "Master password of then",
    working: "Opening and verifying the backup",
    verb: "Restore backup",
    doneTitle: "The backup is in place",
    done: (keys: number) =>
      keys === 0
        ? "Unlock the vault to see what it holds. It may raise an alarm because it is older: that is expected once."
        : `It holds ${numeral(keys)} ${keys === 1 ? "key" : "keys"}.`,
    keptAside: "The vault it replaced is kept here:",
    unlock: "Unlock the vault",
  },

  resetTotp: {
    title: "Replace the authenticator",
    text: "The seed of the present one dies once the new one has shown a code. Recovery codes stay as they are.",
    lost: "If the authenticator is lost, use a recovery code in place of its code.",
    begin: "Show new seed",
    newTitle: "Connect the new authenticator",
    newText: "Until a code of it is typed back, the present one stays in force.",
    keep: "Keep the present one",
    confirm: "Use this authenticator",
  },

  newDevice: {
    title: "Open on a new computer",
    text: "This computer has no device secret of this vault. The recovery kit makes it one of its own.",
    name: "Name of this computer",
    nameHint: "Shown in the list of devices, such as “desk laptop”.",
    needName: "Name this computer.",
    verb: "Open vault",
    working: "Deriving keys from the password and the kit",
    back: "Back to the usual unlock",
  },

  wayOut: {
    kit: "Open with the recovery kit",
    restore: "Restore a backup",
    again: "Look again",
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
