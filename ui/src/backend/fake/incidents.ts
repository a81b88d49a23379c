/** Incidents, holders and what is due, of an invented vault. */

import type {
  AuditEntry,
  HeldKey,
  HeldKeys,
  IncidentView,
  KeyRow,
  KeysOf,
  PlaybookView,
} from "../generated/wire";
import { fault, type Handlers } from "./handlers";
import type { HoldersBook } from "./holders";
import { find, type KeysHost } from "./keys";
import { ENDING, lifecycleHandlers } from "./lifecycle";

const DAY = 86_400_000;

const QUESTIONS = [
  "When did it begin, and how is that known?",
  "Which keys were used by somebody else, and for what?",
  "What let it happen?",
];

const playbook = (id: string, title: string, when: string): PlaybookView => ({
  text: {
    id,
    steps: [
      "Contain every key that is concerned: `strongroom incident contain`.",
      "End each key at its exchange, in the order listed: what can withdraw first.",
      "Look at each exchange's history of orders, withdrawals and logins.",
      "Confirm each key as dead once the exchange refuses it: `strongroom revoke KEY --confirmed`.",
      "Make new keys only for what is still needed, with an allowlist.",
    ],
    questions: [...QUESTIONS],
  },
  title,
  when,
  message: "On {opened} we learned that {about} may have lost API keys of ours. {count} keys are concerned; all of them are out of use.",
});

const PLAYBOOKS: readonly PlaybookView[] = [
  playbook("key-leaked", "A key leaked", "A key stood in a repository, a log, a chat, a screenshot or a shared file."),
  playbook("vendor-breached", "A vendor was breached", "A tool, bot service or tax program that was given keys says or is said to have lost data."),
  playbook("laptop-lost", "A laptop was lost", "A machine with a vault on it is gone, or somebody else had it unlocked."),
  playbook("person-left", "A person left", "Somebody who saw or held keys does not work with you any more."),
  playbook("phished", "Somebody was phished", "A password, a code or a secret was typed into a page that was not the exchange's."),
  playbook("exchange-breached", "An exchange was breached", "An exchange says or is said to have lost customers' data or money."),
];

const ORDER = ["withdraw", "trade", "read"];

export function heldOf(host: KeysHost, book: HoldersBook, whose: KeysOf, ever: boolean): HeldKey[] {
  const consumers = book.consumersOf(whose);
  const isMeant = (row: KeyRow): boolean => {
    switch (whose.kind) {
      case "all":
        return true;
      case "exchange":
        return row.exchange === whose.name;
      case "keys":
        return whose.keys.some((key) => find(host, key).row.id === row.id);
      case "person":
        return find(host, row.id).owner === whose.name || row.consumers.includes(whose.name);
      default:
        return row.consumers.some((name) => consumers.includes(name));
    }
  };
  const held = host.rows
    .filter((row) => isMeant(row) && (ever || (row.state !== "archived" && row.state !== "revoked")))
    .map((row): HeldKey => {
      const view = find(host, row.id);
      return {
        id: row.id,
        label: row.label,
        exchange_name: row.exchange_name,
        account: row.account,
        environment: row.environment,
        state: row.state,
        contained: row.rotation?.cause === ENDING,
        class: row.declared.withdraw !== "no" ? "withdraw" : row.declared.spot === "yes" ? "trade" : "read",
        allowlist: row.allowlist,
        owner: view.owner,
        last_rotated_ms: row.last_rotated_ms,
        last_used_ms: view.last_used_ms,
        expiry: row.expiry,
        rotation: row.rotation,
        holds: row.consumers.map((consumer, at) => ({
          consumer,
          since_ms: row.last_rotated_ms - (at + 1) * 40 * DAY,
          still: true,
        })),
      };
    });
  return held.sort((a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class) || a.label.localeCompare(b.label, "en"));
}

type Known = Omit<IncidentView, "keys" | "total" | "gone"> & { ids: string[]; entries: AuditEntry[] };

export function incidentHandlers(host: KeysHost, book: HoldersBook): Handlers {
  const incidents: Known[] = [];
  let seq = 9_000;
  const { revoke } = lifecycleHandlers(host);

  const log = (incident: Known, event: string, key: string | null, label: string | null) =>
    incident.entries.push({
      seq: (seq += 1),
      utc_ms: Date.now(),
      device: "1".padEnd(32, "0"),
      actor: "person",
      client: "desktop",
      event,
      entry_id: key,
      label,
      decision: "allowed",
    });

  function known(id: string | null): Known {
    const found = id === null ? incidents.find(({ closed_ms }) => closed_ms === null) : incidents.find((one) => one.id === id || one.title === id);
    if (found === undefined) {
      throw fault("not-found", "there is no such incident");
    }
    return found;
  }

  function told(incident: Known): IncidentView {
    const { ids, entries: _, ...rest } = incident;
    const all = heldOf(host, book, { kind: "all" }, true);
    const keys = ids.flatMap((id) => all.find((key) => key.id === id) ?? []);
    return { ...rest, keys, total: keys.length, gone: ids.length - keys.length };
  }

  return {
    playbooks: () => ({ playbooks: [...PLAYBOOKS] }),
    keys_of: ({ whose, ever, offset }): HeldKeys => {
      const keys = heldOf(host, book, whose, ever);
      const end = offset + 40;
      return { keys: keys.slice(offset, end), total: keys.length, next: end < keys.length ? end : null };
    },
    incident_open: ({ title, playbook: text, whose, about }) => {
      const keys = heldOf(host, book, whose, true);
      if (keys.length === 0) {
        throw fault("not-found", "no key is concerned; nothing was opened");
      }
      const incident: Known = {
        id: (incidents.length + 1).toString(16).padStart(32, "e"),
        title,
        playbook: text,
        about,
        opened_ms: Date.now(),
        closed_ms: null,
        root_cause: null,
        notes: [],
        ids: keys.map(({ id }) => id),
        entries: [],
      };
      incidents.unshift(incident);
      log(incident, "incident-opened", incident.id, null);
      return told(incident);
    },
    incident_show: ({ incident }) => told(known(incident)),
    incident_list: () => ({
      incidents: incidents.map(({ id, title, playbook: text, about, opened_ms, closed_ms, ids }) => ({
        id,
        title,
        playbook: text.id,
        about,
        opened_ms,
        closed_ms,
        keys: ids.length,
      })),
    }),
    incident_contain: async ({ incident }) => {
      const found = known(incident);
      const living = told(found).keys.filter(({ state }) => state !== "revoked" && state !== "archived");
      await revoke?.({ keys: living.map(({ id }) => id), step: "begin" });
      living.forEach(({ id, label }) => log(found, "revocation-begun", id, label));
      return told(found);
    },
    incident_note: ({ incident, key, text, due_ms }) => {
      known(incident).notes.push({ at_ms: Date.now(), key, text, due_ms });
      return {};
    },
    incident_close: ({ incident, root_cause }) => {
      const found = known(incident);
      if (found.closed_ms !== null) {
        throw fault("refused", "the incident is closed");
      }
      Object.assign(found, { closed_ms: Date.now(), root_cause });
      return {};
    },
    incident_timeline: ({ incident, offset }) => {
      const { entries } = known(incident);
      const end = offset + 50;
      return { entries: entries.slice(offset, end), total: entries.length, next: end < entries.length ? end : null };
    },
    evidence_write: ({ incident, path }) => {
      if (!path.startsWith("/")) {
        throw fault("invalid", "name the file with its whole path, from / or ~ on");
      }
      const stem = path.replace(/\.(md|json)$/, "");
      return { markdown: `${stem}.md`, json: `${stem}.json`, keys: known(incident).ids.length };
    },
  };
}
