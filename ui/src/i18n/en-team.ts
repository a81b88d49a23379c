/** The strings of people, shares and conflicts; a part of en.ts. */

import type {
  Act,
  ContactState,
  ShareGroup,
  ShareRole,
  ShareScope,
  ShareWay,
} from "../backend/generated/wire";
import { plural } from "./count";
import { capital, numeral } from "./format";

const people = (count: number) => plural(count, "person", "people");
const keys = (count: number) => plural(count, "key", "keys");
const changes = (count: number) => plural(count, "change", "changes");
const secrets = (count: number) => plural(count, "secret", "secrets");

/** "Bob", "Bob and Carol", "Bob, Carol and 3 more". */
export const names = (all: readonly string[]): string => {
  const [first = "", second = ""] = all;
  return all.length < 2
    ? first
    : all.length === 2
      ? `${first} and ${second}`
      : `${first}, ${second} and ${numeral(all.length - 2)} more`;
};

const role = {
  auditor: "Auditor",
  viewer: "Viewer",
  trader: "Trader",
  admin: "Admin",
} satisfies Record<ShareRole, string>;

const roleMeans = {
  auditor: "Every record in scope, and no secret.",
  viewer: "Secrets of keys that only read.",
  trader: "Secrets of keys that read and trade.",
  admin: "Every secret, also of keys that withdraw.",
} satisfies Record<ShareRole, string>;

const scopeOf = (scope: ShareScope): string =>
  scope.all
    ? "everything"
    : [
        ...scope.tags.map((tag) => `tag ${tag}`),
        ...scope.accounts.map((account) => `account ${account}`),
        ...(scope.keys.length === 0 ? [] : [keys(scope.keys.length)]),
      ].join(", ");

const GONE_FOR_GOOD = "Who has opened it has it for good: no later act takes bytes back.";

type TeamAct = Extract<
  Act,
  { kind: "make-share" | "apply-share" | "trust-new-key" | "give-role" | "offboard" }
>;

/** What the step-up window says before each of these acts. */
export function teamActWords(act: TeamAct) {
  switch (act.kind) {
    case "make-share": {
      const { to, role: as, scope_words, keys: count, secrets: given } = act.brief;
      return {
        title: to.length === 0 ? "Make a share under a passphrase" : `Share with ${names(to)}`,
        text: `${capital(keys(count))} with ${secrets(given)}, as ${role[as].toLowerCase()}, over ${scope_words}. It is written to this new file.`,
        path: act.path,
        gone: GONE_FOR_GOOD,
        verb: "Make share",
      };
    }
    case "apply-share":
      return {
        title: `Take the changes of ${act.sender}`,
        text: `A backup is made first, then everything that was previewed is taken in one act. It came from ${act.fingerprint}.`,
        ...(act.accepted > 0
          ? { gone: `${capital(plural(act.accepted, "suspicious change", "suspicious changes"))} that you accepted ${act.accepted === 1 ? "is" : "are"} among them.` }
          : {}),
        verb: "Take changes",
      };
    case "trust-new-key":
      return {
        title: `Trust a new key of ${act.name}`,
        text: `From now on ${act.name} is who holds ${act.fingerprint}. Shares made with the key from before are not taken any more.`,
        gone: "If somebody else sent this card, they get what is shared next.",
        verb: "Trust new key",
      };
    case "give-role":
      return {
        title: `Make ${act.name} ${role[act.role].toLowerCase() === "admin" || act.role === "auditor" ? "an" : "a"} ${role[act.role].toLowerCase()}`,
        text: `${roleMeans[act.role]} Over ${scopeOf(act.scope)}. ${act.name} is who holds ${act.fingerprint}. Nothing is sent by this; it is what the next share may hold, and what their shares may change here.`,
        verb: `Give role`,
      };
    case "offboard":
      return {
        title: `Remove ${act.name}`,
        text: `Nothing is shared with ${act.name} from now on, and nothing of theirs counts here.`,
        gone: "Removal stops future access. What they have seen, they know, until each key is rotated.",
        verb: "Remove person",
      };
  }
}

export const team = {
  team: {
    title: "People and shares",
    loading: "Reading who is known",
    line: (count: number, toRotate: number) =>
      count === 0
        ? "Nobody is known yet"
        : toRotate === 0
          ? `${capital(people(count))} known`
          : `${capital(people(count))} known · ${plural(toRotate, "secret is", "secrets are")} still to be rotated`,
    tabs: { people: "People", shares: "Shares", conflicts: "Conflicts" },
    conflictsTab: (count: number) => (count === 0 ? "Conflicts" : `Conflicts ${numeral(count)}`),
    show: "What is shown",
    shareKeys: "Share keys…",
    openShare: "Open a share…",
    addPerson: "Add person…",
    back: "People and shares",
    readOnly: "Nothing can be shared while the vault is read-only.",

    role,
    roleMeans,
    noRole: "no role yet",
    scope: scopeOf,
    state: {
      unverified: "Unverified",
      pinned: "Not compared",
      verified: "Verified",
    } satisfies Record<ContactState, string>,
    stateMeans: {
      unverified: "Came along with a share. Nobody here has said that these are this person's keys.",
      pinned: "Taken from a card. Nobody has compared the fingerprint with the person.",
      verified: "The fingerprint was compared with the person.",
    } satisfies Record<ContactState, string>,
    removed: "Removed",

    own: {
      title: "Your card",
      why: "Others need your card to share with you, and to know that a share is yours. It holds no secret.",
      name: "Your name, as others see it",
      nameHint: "The keys behind it are made once, here, and never leave the vault",
      needName: "Say how others know you.",
      make: "Make card",
      making: "Making your keys",
      copy: "Copy card",
      save: "Save card…",
      saveTitle: "Save your card to a new file",
      saveWords: "Send it by any means. Then read the eight groups to each other, on the phone or in person.",
      path: "New file for the card",
      saveVerb: "Save card",
      saved: (path: string) => `Your card is in ${path}.`,
      copied: "Copied. Send it by any means.",
      byHand: "It could not be copied here. It is selected: press Ctrl+C.",
      qr: "QR code of your card",
      showQr: "Show QR code",
      hideQr: "Hide QR code",
      rename: "Change name",
      renameTitle: "Change how others see you",
      fingerprint: "Your fingerprint",
      text: "Your card as text",
    },

    list: "People",
    columns: { name: "Name", state: "Key", role: "Role", scope: "Scope", last: "Last shared" },
    lastShared: (words: string) => `to them ${words}`,
    lastImported: (words: string) => `from them ${words}`,
    never: "never",
    toRotate: (count: number) => `${numeral(count)} to rotate`,
    emptyTitle: "Nobody is known yet",
    empty:
      "Keys are shared as encrypted files, made for the people you know. Send each other your cards, then compare the fingerprints: eight groups that no one in between can imitate.",

    add: {
      title: "Add a person",
      line: "Their card tells whom to encrypt to and whose signature to expect.",
      from: "Where their card is",
      file: "In a file",
      text: "As text",
      path: "File with the card",
      pathHint: "As they saved it, such as strongroom-card.txt",
      card: "Card",
      cardHint: "One line, as it came",
      needFile: "Say which file.",
      needCard: "Paste the card.",
      verb: "Add person",
      reading: "Reading the card",
      added: (name: string) => `${name} is known now. Compare the fingerprint next.`,
      known: (name: string) => `These keys are known already: they are ${name}'s. Nothing was changed.`,
      noFile: () => "There is no such file.",
      noAccess: () => "The file cannot be read. Check its permissions.",
      refused: (message: string) => `Nobody was added: ${message}`,
    },

    person: {
      close: (name: string) => `Close the page of ${name}`,
      fingerprint: "Fingerprint",
      compare: "Compare fingerprint…",
      compared: "Compared with the person",
      again: "Compare again…",
      role: "Role and scope",
      noRole: "Nothing is shared with them, and nothing of theirs counts here, until they have a role.",
      gone: "Their role ended with the removal. Giving one again takes them back; compare their fingerprint then.",
      takeBack: "Take back…",
      change: "Change role…",
      give: "Give role…",
      shares: "Shares",
      lastShared: "Last shared with them",
      lastImported: "Last taken from them",
      added: "Known since",
      share: "Share with them…",
      rename: "Rename",
      name: "Name",
      nameHint: "As you call them; theirs stands on their card",
      renamed: (name: string) => `Renamed to ${name}.`,
      forget: "Forget card",
      forgetTitle: (name: string) => `Forget ${name}?`,
      forgetWords: "Only somebody with whom nothing was ever shared can be forgotten. Their card can be added again.",
      forgotten: (name: string) => `${name} is not known any more.`,
      remove: "Remove person…",
      rotate: (count: number) => `Rotate list, ${numeral(count)} open`,
      rotateDone: "Rotate list",
      removed: (when: string) => `Removed ${when}. Nothing is shared with them, and nothing of theirs counts.`,
      needName: "Say how you call them.",
    },

    compare: {
      title: (name: string) => `Compare the fingerprint of ${name}`,
      words: "Ask them for theirs by another way than the one on which the card came: on the phone, in person, never by the same chat.",
      how: "How it was compared",
      typed: "Type what they say",
      typedWhat: "Each group is compared as you type.",
      eye: "Both looked at it",
      eyeWhat: "You saw all eight groups on their screen, in their order.",
      field: "Fingerprint as they say it",
      fieldHint: "Blanks, dashes and case do not matter",
      known: "On the card you have",
      theirs: "As they say it",
      groups: (right: number) => `${numeral(right)} of 8 groups are the same`,
      wrong: (group: number) => `Group ${numeral(group)} differs. If they said it so, the card you have is not theirs: do not share with it.`,
      needAll: "Type all eight groups.",
      verb: "They are the same",
      done: (name: string) => `${name} is verified.`,
    },

    keyChange: {
      title: (name: string) => `${name} has another key on this card`,
      words: (name: string) =>
        `You know ${name} by other keys. That is so after a new computer or a new vault. It is also what somebody sends who wants your shares. Nothing was changed.`,
      known: "Known until now",
      came: "On the card that came",
      askThem: (name: string) =>
        `Ask ${name} whether they have a new key, by another way than the one on which the card came, and have them read it to you.`,
      field: "New fingerprint as they say it",
      keep: "Keep the key I know",
      trust: "Trust new key…",
      needAll: "Type all eight groups of the new fingerprint as they say it.",
      notNew: "This is the fingerprint that is known until now, not the new one.",
      wrong: (group: number) => `Group ${numeral(group)} is not what stands on the card that came. Keep the key you know.`,
      kept: (name: string) => `Nothing was changed: ${name} keeps the known key.`,
      trusted: (name: string) => `${name} has a new key. It has to be verified anew.`,
      locked: "This is decided before anything else is done here.",
    },

    roleForm: {
      title: (name: string) => `What ${name} may get`,
      words: "It is enforced by what is encrypted to them, and by what of theirs counts here. It becomes true with the next share.",
      label: "Role",
      scope: "Scope",
      all: "Everything",
      allWhat: "Also what is recorded later.",
      some: "Only this",
      someWhat: "Keys with a tag, of an account, or named one by one.",
      tags: "Tags",
      accounts: "Accounts",
      keys: "Keys",
      keysHint: "By label",
      needScope: "Name a tag, an account or a key.",
      verb: "Give role…",
      given: (name: string, as: string) => `${name} is ${as} now.`,
    },

    share: {
      title: "Share keys",
      line: "One encrypted file. Nothing is sent by Strongroom.",
      who: "With whom",
      nobody: "Nobody with a role is known.",
      search: "Find a person",
      noneFits: "No one fits.",
      unverified: (all: readonly string[]) =>
        `${names(all)} ${all.length === 1 ? "is" : "are"} not verified: compare the fingerprint first, or somebody else may get this.`,
      without: "A first contact, nobody known yet",
      withoutWhat: "Under a generated passphrase only. Whoever has file and passphrase has the keys.",
      what: "What",
      asGiven: "As their role and scope say",
      asGivenWhat: "What was agreed, where it is the same for all of them.",
      less: "Less than that",
      lessWhat: "A lower role or a smaller scope, for this share.",
      role: "Role",
      roleOf: (as: string) => `Their role: ${as}`,
      history: "Also values that were replaced",
      historyHint: "The history of each record, with old secrets the role may have",
      expires: "Can be taken until",
      expiry: {
        "1": "1 day from now",
        "7": "7 days from now",
        "30": "30 days from now",
        never: "No end",
      },
      passphrase: "Lock it with a passphrase as well",
      passphraseHint: "Generated, and shown once after it is made; say it on the phone",
      looking: "Looking what it would hold",
      gets: "Who gets what",
      to: (all: readonly string[], as: string, scope: string) => `${names(all)} as ${as.toLowerCase()}, over ${scope}`,
      toNobody: (as: string, scope: string) => `Whoever has file and passphrase, as ${as.toLowerCase()}, over ${scope}`,
      total: (count: number, given: number) =>
        given === 0 ? `${capital(keys(count))}, without any secret` : `${capital(keys(count))}, ${secrets(given)}`,
      class: (name: string) => (name === "withdraw" ? "Withdraw" : name === "trade" ? "Trade" : "Read"),
      classCount: (count: number, given: number) =>
        given === 0 ? `${keys(count)}, no secret` : `${keys(count)}, ${secrets(given)}`,
      table: "Keys that go along",
      columns: { label: "Key", class: "May", secrets: "Secrets" },
      none: "no secret",
      secrets,
      nothing: "Nothing is in this scope.",
      needWho: "Say with whom, or choose a first contact.",
      first: "Say with whom. Then everything that would leave is listed here, class by class.",
      file: "New file for the share",
      needFile: "Say where the share is written.",
      honest: GONE_FOR_GOOD,
      verb: (count: number) => `Share ${keys(count)}…`,
      made: (path: string) => `The share is in ${path}. Send it by any means; only who it is made for can open it.`,
      madeOpen: (path: string) =>
        `The share is in ${path}. Send it, and say its passphrase by another way. Whoever has both can open it.`,
      another: "Make another share",
      passphraseTitle: "The passphrase of the share",
      passphraseText: "It is shown this once. Say it by another way than the file goes; on the phone is best.",
      passphraseWords: "Passphrase",
      passphraseGone: "When this window closes it is gone. If it is lost, make the share again.",
      passphraseDone: "I have it",
    },

    open: {
      title: "Open a share",
      line: "A preview first. Nothing is taken before you agree.",
      file: "File",
      fileHint: "Ends in .strongshare; up to 16 MiB",
      needFile: "Say which file.",
      verb: "Preview share",
      again: "Preview again",
      withPassphrase: "It has a passphrase…",
      reading: "Opening the share",
      emptyTitle: "Nothing is opened yet",
      empty: "You see who made it, every change it would make here, and which of them look wrong, before anything is taken.",
      noFile: () => "There is no such file.",
      noAccess: () => "The file cannot be read. Check its permissions.",
      refused: (message: string) => `Nothing was taken: ${message}`,
      needsPassphrase: () => "This share opens with a passphrase, which a window of its own asks for. Nothing was taken.",
      expired: () => "The preview was held for ten minutes and is gone. Preview the share again.",
      from: "From",
      firstContact: "Nobody you know",
      firstWords: "Its signature is good, and says only that whoever holds this key made it. Compare the fingerprint with the person before you take anything.",
      addSender: "Add them from this share",
      made: (when: string) => `Made ${when}`,
      until: (when: string) => `can be taken until ${when}`,
      as: (as: string, scope: string) => `for you as ${as.toLowerCase()}, over ${scope}`,
      groups: "Changes by what they would do",
      group: {
        new: "New",
        updated: "Updated",
        unchanged: "Unchanged",
        "ours-newer": "Newer here",
        conflict: "Conflict",
        "deleted-there": "Deleted there",
        "out-of-scope": "Out of scope",
        suspicious: "Suspicious",
      } satisfies Record<ShareGroup, string>,
      groupMeans: {
        new: "Not here yet. They are added.",
        updated: "Newer there. They replace what is here; the history keeps it.",
        unchanged: "The same on both sides.",
        "ours-newer": "Changed here since. What is here stays.",
        conflict: "Changed on both sides. Both values are kept, and one click settles each.",
        "deleted-there": "Deleted by the sender. What was edited here since stays.",
        "out-of-scope": "Not in what the sender may change here. They are left out.",
        suspicious: "Left out unless you accept them one by one.",
      } satisfies Record<ShareGroup, string>,
      table: (group: string) => `Changes: ${group}`,
      columns: { label: "Record", what: "What", ours: "Here", theirs: "In the share" },
      secretValue: "a secret",
      nothingThere: "nothing",
      here: "Here",
      there: "In the share",
      whyOdd: "Why it is suspicious",
      accept: "Accept this change",
      unaccept: "Leave it out again",
      accepted: "Accepted",
      cannot: "This cannot be accepted: no honest device makes it.",
      nothingNew: "Everything in it is here already. There is nothing to take.",
      take: (count: number) => `Take ${changes(count)}…`,
      discard: "Discard preview",
      left: (count: number) => `${changes(count)} ${count === 1 ? "stays" : "stay"} out`,
      held: "The preview is held for ten minutes.",
      doneTitle: (sender: string) => `Taken from ${sender}`,
      done: (added: number, changed: number) =>
        `${capital(plural(added, "key", "keys"))} added, ${numeral(changed)} changed. A backup was made before.`,
      doneNothing: "Nothing was changed by it.",
      doneLeft: (count: number) => `${capital(plural(count, "suspicious change was", "suspicious changes were"))} left out.`,
      doneConflicts: (count: number) => `${capital(plural(count, "conflict is", "conflicts are"))} to be settled.`,
      settle: "Settle conflicts",
      undo: "Undo import",
      undoTitle: "Undo this import?",
      undoWords: "What it changed gets the value from before again, and keys that came with it leave the vault. What was built on since stays.",
      undone: (restored: number, removed: number, kept: number) =>
        `Taken back: ${plural(restored, "value", "values")} restored, ${keys(removed)} removed${kept === 0 ? "" : `, ${numeral(kept)} kept because they were built on since`}.`,
      another: "Open another share",
      passphraseTitle: "Open a share with its passphrase",
      passphraseText: "Deriving its key takes a moment. Nothing is taken by opening it.",
      passphrase: "Passphrase",
      passphraseHint: "As they said it; words with a blank or a dash between",
      needPassphrase: "Type the passphrase.",
      passphraseVerb: "Open share",
      wrong: "The passphrase is wrong, or the file was damaged on its way.",
    },

    history: {
      list: "Shares, newest first",
      emptyTitle: "Nothing was shared yet",
      empty: "Every share that is made or taken stands here, with who, what role and how much.",
      way: { made: "Made", imported: "Taken" } satisfies Record<ShareWay, string>,
      made: (all: readonly string[]) => (all.length === 0 ? "Under a passphrase" : `To ${names(all)}`),
      imported: (all: readonly string[]) => `From ${names(all)}`,
      facts: (as: string, scope: string, count: number, given: number) =>
        `${as} · ${scope} · ${keys(count)}${given === 0 ? ", no secret" : `, ${secrets(given)}`}`,
      more: (left: number) => `Show ${numeral(left)} more`,
      undoOf: (who: string) => `Undo import: from ${who}`,
    },

    conflicts: {
      emptyTitle: "Nothing is in conflict",
      empty: "Where two people changed the same thing, both values are kept and shown here, and one click settles it. Nothing is ever decided by a clock.",
      list: "Conflicts",
      words: "Both values are kept until one is chosen. The other stays in the history.",
      keep: "Keep this",
      keepOf: (label: string, what: string, value: string) => `Keep this: ${value} as ${what} of ${label}`,
      by: (who: string) => (who === "you" ? "You" : who),
      secret: "A secret, not shown",
      secretBy: (who: string) => `the secret of ${who}`,
      more: (left: number) => `Show ${numeral(left)} more`,
      settled: (label: string, what: string) => `${capital(what)} of ${label} is settled.`,
      kind: (kind: string) => kind,
    },

    leaving: {
      title: (name: string) => `Remove ${name}`,
      does: "What this does",
      doesList: [
        "Nothing is shared with them from now on.",
        "Nothing that they send counts here any more.",
        "Every secret they could open is put on a list to be rotated.",
        "The shares they were part of are offered again, without them.",
      ],
      not: "What this does not",
      notList: [
        "It takes nothing back. What they have seen, they know.",
        "Files that were made for them still open with their key.",
        "No key ends at its exchange. That is what the list is for.",
      ],
      words: "Removal stops future access. What they have seen, they know.",
      rotate: (open: number, total: number) =>
        open > 0
          ? `Rotate ${plural(open, "key", "keys")}.`
          : total > 0
            ? `End ${plural(total, "old secret", "old secrets")} at the exchange.`
            : "No secret that they were given still works.",
      verb: "Remove person…",
      stay: "Keep them",
      doneTitle: (name: string) => `${name} is removed`,
      again: "Shares to be made again without them",
      againNone: "No share went to them and to others.",
      againTo: (all: readonly string[], as: string) => `To ${names(all)} as ${as.toLowerCase()}`,
      shareAgain: "Share again…",
      told: (name: string) => `${name} is removed.`,
    },

    rotate: {
      title: (name: string) => `Rotate list of ${name}`,
      line: (open: number, total: number) =>
        total === 0
          ? "Nothing is left to do"
          : [
              ...(open === 0 ? [] : [`${plural(open, "key", "keys")} to rotate`]),
              ...(total === open ? [] : [`${numeral(total - open)} to end at the exchange`]),
            ].join(", "),
      table: "Secrets to be rotated, worst first",
      columns: { label: "Key", class: "May", addresses: "Addresses", owner: "Owner", given: "Given", due: "Due" },
      noOwner: "nobody",
      listed: "listed",
      end: "End the old one",
      endTitle: "A newer secret is in use. The one they know still works until it is ended at the exchange.",
      late: (when: string) => `${when}, late`,
      emptyTitle: "Nothing is left to do",
      empty: "Every secret they were given was replaced and ended, or they were never given one.",
      closes: "An entry closes by itself once a newer secret is in use and the old one has ended.",
      write: "Write list…",
      writeTitle: "Write the rotate list to a new file",
      writeWords: "It holds labels, exchanges, owners and dates, and no secret.",
      format: "Form",
      csv: "Table (.csv)",
      ics: "Calendar (.ics)",
      path: "New file for the list",
      needPath: "Say where the list is written.",
      verb: "Write list",
      writing: "Writing the list",
      written: (path: string) => `The list is in ${path}.`,
      noFolder: () => "There is no such folder.",
      openKey: (label: string) => `Open ${label} at its rotation`,
    },
  },
} as const;
