/** People and shares of an invented vault: who is known, what is shared with whom, what came. */

import type {
  ConflictRow,
  ContactAdded,
  ContactState,
  ContactView,
  KeyRow,
  OwnCard,
  RotateRow,
  ShareAsk,
  ShareEvent,
  ShareGroup,
  ShareKeyRow,
  ShareOpened,
  SharePreview,
  ShareRole,
  ShareRow,
  ShareScope,
} from "../generated/wire";
import { fault, think, type Handlers } from "./handlers";
import { plain, requirePresence, type World } from "./world";

const DAY = 86_400_000;
const PAGE = 100;

const EVERYTHING: ShareScope = { all: true, tags: [], accounts: [], keys: [] };
const NOTHING: ShareScope = { all: false, tags: [], accounts: [], keys: [] };

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Eight groups of four that follow from a name, so that the same name has the same ones. */
export function fingerprintOf(name: string): string {
  let state = 2_166_136_261;
  for (const letter of name) {
    state = Math.imul(state ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  }
  const letters = Array.from({ length: 32 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ALPHABET[state >>> 27] ?? "A";
  }).join("");
  return letters.match(/.{4}/g)?.join(" ") ?? "";
}

const cardOf = (name: string) => `strongroom-card-1.${btoa(name)}.${plain(fingerprintOf(name))}`;

export const classOf = (row: KeyRow): string =>
  row.declared.withdraw !== "no"
    ? "withdraw"
    : row.declared.spot === "yes" || row.declared.margin === "yes" || row.declared.derivatives === "yes"
      ? "trade"
      : "read";

const CLASSES = ["withdraw", "trade", "read"];
const byClass = (a: { class: string }, b: { class: string }) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class);

const REACHES: Record<ShareRole, readonly string[]> = {
  auditor: [],
  viewer: ["read"],
  trader: ["read", "trade"],
  admin: CLASSES,
};

const COULD: Record<string, string> = {
  withdraw: "Move everything the account holds to an address of their choice.",
  trade: "Trade the account down to nothing, also without the right to withdraw.",
  read: "See balances, orders and history.",
};

const words = (scope: ShareScope): string =>
  scope.all
    ? "everything"
    : [
        ...scope.tags.map((tag) => `tag ${tag}`),
        ...scope.accounts.map((account) => `account ${account}`),
        ...(scope.keys.length > 0 ? [`${scope.keys.length} ${scope.keys.length === 1 ? "key" : "keys"}`] : []),
      ].join(", ");

function person(name: string, state: ContactState, role: ShareRole | null, more: Partial<ContactView> = {}): ContactView {
  const scope = more.scope ?? (role === null ? NOTHING : EVERYTHING);
  return {
    id: plain(fingerprintOf(`id ${name}`)).toLowerCase(),
    name,
    fingerprint: fingerprintOf(name),
    card: cardOf(name),
    state,
    role,
    scope_words: role === null ? "" : words(scope),
    scope,
    added_ms: Date.now() - 200 * DAY,
    shared_ms: null,
    imported_ms: null,
    removed_ms: null,
    to_rotate: 0,
    ...more,
  };
}

function invented(count: number): ContactView[] {
  const now = Date.now();
  const few = [
    person("Bob", "verified", "trader", {
      scope: { ...NOTHING, tags: ["arb"] },
      scope_words: "tag arb",
      shared_ms: now - 3 * DAY,
      imported_ms: now - DAY,
      to_rotate: 4,
    }),
    person("Carol", "verified", "auditor", { shared_ms: now - 12 * DAY }),
    person("Dana Ortiz-Lindqvist of the treasury desk in Rotterdam", "pinned", "admin", { shared_ms: now - 40 * DAY, to_rotate: 9 }),
    person("Eve", "unverified", null),
    person("Frank", "verified", null, { removed_ms: now - 20 * DAY, shared_ms: now - 60 * DAY, to_rotate: 2 }),
  ];
  const more = Array.from({ length: Math.max(0, count - few.length) }, (_, index) =>
    person(`Desk ${String(index + 1).padStart(3, "0")}`, index % 3 === 0 ? "pinned" : "verified", "trader"),
  );
  return [...few, ...more].slice(0, count).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function rowsOf(count: number): ShareRow[] {
  const row = (index: number, what: string, group: ShareGroup, ours: string | null, theirs: string | null, reasons: readonly string[] = []): ShareRow => ({
    id: `r${index}`,
    entry: index.toString(16).padStart(32, "0"),
    label: `Kraken grid ${index}`,
    what,
    group,
    ours,
    theirs,
    reasons: [...reasons],
    acceptable: !reasons.some((reason) => reason.includes("no honest")),
    accepted: false,
  });
  const few = [
    row(1, "secret", "suspicious", null, null, ["It replaces the secret of a key that can withdraw."]),
    row(2, "allowlist", "suspicious", "203.0.113.7 (VPS-1)", "nothing", ["The allowlist is emptied: the key would work from any address."]),
    row(3, "purged", "suspicious", "here", "purged", ["It destroys what only the owner of this vault may destroy, which no honest device sends."]),
    row(4, "notes", "updated", "old desk", "moved to the new desk on 12 Nov"),
    row(5, "owner", "conflict", "Ada", "Bob"),
    row(6, "label", "ours-newer", "Kraken grid 6", "Kraken grid six"),
    row(7, "owner", "out-of-scope", "Ada", "Eve"),
    row(8, "deleted", "deleted-there", "here", "deleted"),
  ];
  const fresh = Array.from({ length: Math.max(0, count - few.length) }, (_, at) =>
    row(at + 9, at % 4 === 3 ? "secret" : "record", "new", null, at % 4 === 3 ? null : "a new key"),
  );
  return [...few, ...fresh];
}

const GROUPS: readonly ShareGroup[] = [
  "suspicious", "conflict", "new", "updated", "deleted-there", "ours-newer", "out-of-scope", "unchanged",
];

/** What the sample tasks agree to, which nobody looked at. */
export const SAMPLE_AGREED = "a".repeat(64);

export interface TeamWorld extends World {
  readonly rows: readonly KeyRow[];
}

/** `people` and `incoming` are how many there are of each. */
export function teamHandlers(world: TeamWorld, people = 5, incoming = 24): Handlers {
  let own: OwnCard | null = people === 0 ? null : ownOf("Ada");
  let contacts = invented(people);
  let conflicts: ConflictRow[] = people === 0 ? [] : inventedConflicts();
  const plans = new Map<string, ShareRow[]>();
  /** How often something was chosen in a plan. */
  const revisions = new Map<string, number>();
  let last = 0;
  const events: ShareEvent[] = people === 0 ? [] : inventedEvents();

  const find = (contact: string): ContactView => {
    const found = contacts.find(({ id, name }) => id === contact || name === contact);
    if (found === undefined) {
      throw fault("not-found", "there is no such person");
    }
    return found;
  };
  const change = (contact: string, to: Partial<ContactView>): ContactView => {
    const next = { ...find(contact), ...to };
    contacts = contacts.map((one) => (one.id === next.id ? next : one)).sort((a, b) => a.name.localeCompare(b.name, "en"));
    return next;
  };
  const held = (plan: string): ShareRow[] => {
    const rows = plans.get(plan);
    if (rows === undefined) {
      throw fault("not-found", "that preview is no longer held; open the share again");
    }
    return rows;
  };
  const changed = () => fault("refused", "what the share would do has changed since it was shown: open it again");
  const revisionOf = (plan: string) => revisions.get(plan) ?? 0;
  const inScope = (scope: ShareScope) =>
    world.rows.filter(
      (row) =>
        row.state !== "archived" &&
        (scope.all ||
          row.tags.some((tag) => scope.tags.includes(tag)) ||
          scope.accounts.includes(row.account) ||
          scope.keys.some((key) => key === row.id || key === row.label)),
    );

  function add(card: string): ContactAdded {
    const name = /^strongroom-card-1\.([A-Za-z0-9+/=]+)\.([A-Z2-7]{32})$/.exec(card.trim());
    if (name === null) {
      throw fault("invalid", "this is no contact card, or it was cut short");
    }
    const called = atob(name[1] ?? "");
    const fingerprint = (name[2] ?? "").match(/.{4}/g)?.join(" ") ?? "";
    const known = contacts.find((one) => one.name.toLowerCase() === called.toLowerCase());
    if (known !== undefined && known.fingerprint !== fingerprint) {
      return { kind: "key-changed", change: { contact: known, new_fingerprint: fingerprint, new_card: card.trim() } };
    }
    if (known !== undefined) {
      if (known.removed_ms !== null) {
        throw fault("refused", "this person was removed; giving them a role again takes them back, and asks for a code");
      }
      return { kind: "known", contact: known };
    }
    const contact = person(called, "pinned", null, { fingerprint, card: card.trim(), added_ms: Date.now() });
    contacts = [...contacts, contact].sort((a, b) => a.name.localeCompare(b.name, "en"));
    return { kind: "added", contact };
  }

  function preview(share: ShareAsk, offset: number): SharePreview {
    const to = share.to.map(find);
    if (to.length === 0 && !share.passphrase) {
      throw fault("invalid", "say with whom, or under a passphrase");
    }
    if (share.role === null && new Set(to.map((one) => `${one.role ?? ""} ${one.scope_words}`)).size > 1) {
      throw fault("invalid", "they have different roles or scopes; say which is meant, or make one share for each");
    }
    const role = share.role ?? to[0]?.role ?? "auditor";
    const scope = share.scope ?? to[0]?.scope ?? EVERYTHING;
    const all = inScope(scope)
      .map((row): ShareKeyRow => {
        const kind = classOf(row);
        const secrets = REACHES[role].includes(kind) && row.has_secret ? (share.history ? 2 : 1) : 0;
        return { id: row.id, label: row.label, exchange_name: row.exchange_name, account: row.account, class: kind, secrets };
      })
      .sort(byClass);
    const classes = CLASSES.flatMap((kind) => {
      const of = all.filter((row) => row.class === kind);
      const secrets = of.reduce((sum, row) => sum + row.secrets, 0);
      const could = secrets === 0 ? "Know that these keys exist, and what they may do." : (COULD[kind] ?? "");
      return of.length === 0 ? [] : [{ class: kind, keys: of.length, secrets, could }];
    });
    return {
      role,
      scope_words: words(scope),
      recipients: to.map(({ id, name, fingerprint, state }) => ({ id, name, fingerprint, state })),
      classes,
      keys: all.slice(offset, offset + PAGE),
      total: all.length,
      next: offset + PAGE < all.length ? offset + PAGE : null,
      agreed: JSON.stringify([role, scope, share.history, to.map((one) => one.fingerprint), all.map((row) => [row.id, row.class, row.secrets])]),
      notes: share.history ? ["Values that were replaced go along, also old secrets."] : [],
    };
  }

  function opened(passphrase: boolean): ShareOpened {
    last += 1;
    const plan = `share-${last}`;
    const rows = rowsOf(incoming);
    plans.set(plan, rows);
    const bob = passphrase ? null : (contacts.find(({ name }) => name === "Bob") ?? null);
    return {
      plan,
      sender: {
        contact: bob,
        name: bob?.name ?? "Grace",
        fingerprint: fingerprintOf(bob?.name ?? "Grace"),
        card: cardOf(bob?.name ?? "Grace"),
      },
      bundle: "b".repeat(32),
      kind: passphrase ? "invite" : "share",
      seq: 7,
      created_ms: Date.now() - 2 * 3_600_000,
      expires_ms: Date.now() + 5 * DAY,
      role: "admin",
      scope_words: "tag desk",
      groups: GROUPS.flatMap((group) => {
        const changes = rows.filter((row) => row.group === group).length;
        return changes === 0 ? [] : [{ group, changes }];
      }),
      suspicious: rows.filter(({ group }) => group === "suspicious").length,
      accepted: 0,
      revision: 0,
      nothing_new: false,
      notes: [],
    };
  }

  function rotateRows(contact: string): RotateRow[] {
    const { to_rotate, shared_ms } = find(contact);
    const now = Date.now();
    return world.rows
      .filter((row) => row.has_secret)
      .map((row) => ({ row, class: classOf(row) }))
      .sort(byClass)
      .slice(0, to_rotate === 0 ? 0 : to_rotate + 2)
      .map(({ row, class: kind }, index) => ({
        key: row.id,
        label: row.label,
        exchange: row.exchange,
        exchange_name: row.exchange_name,
        account: row.account,
        class: kind,
        unrestricted: row.allowlist.kind !== "listed",
        owner: index % 3 === 2 ? null : index % 2 === 0 ? "Ada" : "Bob",
        shared_ms: shared_ms ?? now - 30 * DAY,
        due_ms: now + (kind === "withdraw" ? -1 : kind === "trade" ? 3 : 14) * DAY,
        left: index < to_rotate ? "rotate" : "end",
      }));
  }

  return {
    own_card: () => ({ card: own }),
    own_card_set: ({ name }) => {
      own = { ...ownOf(name), fingerprint: own?.fingerprint ?? fingerprintOf("Ada"), card: own?.card ?? cardOf("Ada") };
      return own;
    },
    card_qr: () => ({ rows: QR }),
    card_write: ({ path }) => ({ path, bytes: 160 }),
    contact_list: ({ offset }) => ({
      // Whoever is here has a right to what they know; what would be rotated is asked for.
      contacts: contacts
        .slice(offset, offset + PAGE)
        .map((one) => (one.removed_ms === null ? { ...one, to_rotate: 0 } : one)),
      total: contacts.length,
      next: offset + PAGE < contacts.length ? offset + PAGE : null,
    }),
    contact_add: ({ card }) => add(card ?? ""),
    contact_file: ({ path }) => {
      if (path.includes("missing")) {
        throw fault("not-found", "there is no such file");
      }
      return add(path.includes("bob") ? `strongroom-card-1.${btoa("Bob")}.${plain(fingerprintOf("Bob again"))}` : cardOf("Heidi"));
    },
    contact_new_key: ({ contact, card, fingerprint, step_up }) => {
      requirePresence(step_up, false);
      return change(contact, { card, fingerprint, state: "pinned" });
    },
    contact_verify: ({ contact, fingerprint }) => {
      if (plain(find(contact).fingerprint) !== plain(fingerprint)) {
        throw fault("invalid", "this is not the fingerprint of that card");
      }
      return change(contact, { state: "verified" });
    },
    contact_set: ({ contact, rename, role, scope, step_up }) => {
      if (role != null || scope != null) {
        requirePresence(step_up, false);
      }
      const now = find(contact);
      const reach = scope ?? now.scope;
      const back = role != null && now.removed_ms !== null ? { removed_ms: null, state: "pinned" as const } : {};
      return change(contact, { name: rename ?? now.name, role: role ?? now.role, scope: reach, scope_words: words(reach), ...back });
    },
    contact_remove: ({ contact }) => {
      if (find(contact).shared_ms !== null) {
        throw fault("refused", "something was shared with them; remove them as a person who leaves");
      }
      contacts = contacts.filter(({ id }) => id !== find(contact).id);
      return {};
    },
    share_preview: ({ share, offset }) => preview(share, offset),
    share_write: ({ share, agreed, path, step_up }) => {
      requirePresence(step_up, false);
      if (path.includes("there")) {
        throw fault("invalid", "there is a file of that name already; name another");
      }
      const { total, classes, agreed: now } = preview(share, 0);
      if (agreed !== now && agreed !== SAMPLE_AGREED) {
        throw changed();
      }
      const secrets = classes.reduce((sum, one) => sum + one.secrets, 0);
      const passphrase = share.passphrase ? "copper-lantern-orbit-thistle-walnut-zigzag" : null;
      return { bundle: "b".repeat(32), seq: 8, bytes: 48_000, keys: total, secrets, passphrase };
    },
    share_file: async ({ path }) => {
      await think(world.thinkMs / 2);
      if (path.includes("missing")) {
        throw fault("not-found", "there is no such file");
      }
      if (path.includes("old")) {
        throw fault("refused", "it is older than the one imported on 20 Nov 2026");
      }
      if (path.includes("locked")) {
        throw fault("invalid", "the age file asks for a passphrase");
      }
      return opened(false);
    },
    share_file_open: async ({ passphrase }) => {
      await think(world.thinkMs);
      if (!passphrase.startsWith("copper")) {
        throw fault("invalid", "the passphrase is wrong");
      }
      return opened(true);
    },
    share_rows: ({ plan, group, offset }) => {
      const rows = held(plan).filter((row) => group === null || row.group === group);
      const next = offset + PAGE < rows.length ? offset + PAGE : null;
      return { rows: rows.slice(offset, offset + PAGE), total: rows.length, next, revision: revisionOf(plan) };
    },
    share_accept: ({ plan, ids, accept }) => {
      const rows = held(plan).map((row) => (ids.includes(row.id) && row.acceptable ? { ...row, accepted: accept } : row));
      plans.set(plan, rows);
      revisions.set(plan, revisionOf(plan) + 1);
      return { revision: revisionOf(plan), accepted: rows.filter(({ accepted }) => accepted).length };
    },
    share_apply: ({ plan, revision, step_up }) => {
      requirePresence(step_up, false);
      const rows = held(plan);
      if (revision !== revisionOf(plan)) {
        throw changed();
      }
      plans.delete(plan);
      const of = (group: ShareGroup) => rows.filter((row) => row.group === group).length;
      const accepted = rows.filter((row) => row.accepted).length;
      return {
        batch: "a".repeat(32),
        keys_added: of("new"),
        keys_changed: of("updated") + accepted,
        conflicts: of("conflict"),
        left_out: of("suspicious") - accepted,
      };
    },
    share_undo: () => ({ restored: 2, removed: 16, kept: 0 }),
    share_history: ({ offset }) => ({
      shares: events.slice(offset, offset + PAGE),
      total: events.length,
      next: offset + PAGE < events.length ? offset + PAGE : null,
    }),
    conflict_list: ({ offset }) => ({
      conflicts: conflicts.slice(offset, offset + PAGE),
      total: conflicts.length,
      next: offset + PAGE < conflicts.length ? offset + PAGE : null,
    }),
    conflict_resolve: ({ choose }) => {
      const before = conflicts.length;
      conflicts = conflicts.filter(
        ({ entry, values }) => !choose.some((one) => one.entry === entry && values.some(({ write }) => write === one.write)),
      );
      return { resolved: before - conflicts.length, left: conflicts.length };
    },
    offboard: ({ contact, step_up }) => {
      requirePresence(step_up, false);
      const gone = change(contact, { removed_ms: Date.now() });
      const rows = rotateRows(gone.id);
      return {
        contact: gone,
        share_again: [{ to: [find("Carol").id], role: "auditor", scope: EVERYTHING, history: false, expires_ms: null, passphrase: false }],
        rotate: { rows, open: gone.to_rotate, total: rows.length, next: null },
      };
    },
    rotate_list: ({ contact, offset }) => {
      const rows = rotateRows(contact);
      const next = offset + PAGE < rows.length ? offset + PAGE : null;
      return { rows: rows.slice(offset, offset + PAGE), open: rows.filter(({ left }) => left === "rotate").length, total: rows.length, next };
    },
    rotate_list_export: ({ path }) => {
      if (!/\.(csv|ics)$/.test(path)) {
        throw fault("invalid", "the file ends in .csv or .ics");
      }
      return { path, bytes: 2_048 };
    },
  };
}

const ownOf = (name: string): OwnCard => ({
  name,
  fingerprint: fingerprintOf(name),
  card: cardOf(name),
  age_recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
  ssh_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDJ0",
});

function inventedConflicts(): ConflictRow[] {
  const now = Date.now();
  const row = (index: number, label: string, kind: string, what: string, ours: string | null, theirs: string | null): ConflictRow => ({
    entry: index.toString(16).padStart(32, "0"),
    label,
    kind,
    what,
    values: [
      { write: `w${index}a`, at_ms: now - 3 * DAY, who: "you", words: ours },
      { write: `w${index}b`, at_ms: now - DAY, who: "Bob", words: theirs },
    ],
  });
  return [
    row(12, "Kraken grid", "key", "allowlist", "203.0.113.7 (VPS-1)", "203.0.113.7 (VPS-1), 198.51.100.24 (VPS-2, moved there after the outage)"),
    row(3, "OKX hedge", "key", "owner", "Ada", "Bob"),
    row(5, "Binance treasury", "key", "secret", null, null),
  ];
}

function inventedEvents(): ShareEvent[] {
  const now = Date.now();
  const event = (way: ShareEvent["way"], days: number, who: readonly string[], role: ShareRole, more: Partial<ShareEvent>): ShareEvent => ({
    bundle: `${way}${days}`,
    at_ms: now - days * DAY,
    way,
    who: [...who],
    role,
    scope_words: "tag desk",
    seq: 60 - days,
    keys: 12,
    secrets: 5,
    batch: null,
    ...more,
  });
  return [
    event("imported", 1, ["Bob"], "trader", { batch: "a".repeat(32), keys: 2, secrets: 1 }),
    event("made", 3, ["Bob"], "trader", {}),
    event("made", 12, ["Carol"], "auditor", { scope_words: "everything", keys: 24, secrets: 0 }),
    event("made", 40, ["Bob", "Carol", "Dana Ortiz-Lindqvist of the treasury desk in Rotterdam"], "admin", { secrets: 12 }),
    event("made", 41, [], "viewer", { keys: 1, secrets: 1 }),
  ];
}

/** Squares that look like a code and say nothing. */
const QR: string[] = Array.from({ length: 33 }, (_, y) =>
  Array.from({ length: 33 }, (_, x) => {
    const corner = (a: number, b: number) => a < 7 && b < 7 && !(a === 1 && b > 0 && b < 6) && !(a === 5 && b > 0 && b < 6) && !(b === 1 && a > 0 && a < 6) && !(b === 5 && a > 0 && a < 6);
    const inCorner = (a: number, b: number) => a < 8 && b < 8;
    if (inCorner(x, y)) return corner(x, y) ? "1" : "0";
    if (inCorner(32 - x, y)) return corner(32 - x, y) ? "1" : "0";
    if (inCorner(x, 32 - y)) return corner(x, 32 - y) ? "1" : "0";
    return (x * 7 + y * 13 + ((x * y) % 5)) % 3 === 0 ? "1" : "0";
  }).join(""),
);
