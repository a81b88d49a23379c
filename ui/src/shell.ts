/** What the main window and the views in it agree upon. Types only: no view knows another. */

import type { Component } from "svelte";

import type { Backend } from "./backend/backend";
import type { Lens } from "./backend/filters";
import type { ExchangeView, Facets, KeyView, StatusView } from "./backend/generated/wire";

export const VIEWS = ["keys", "health", "incidents", "holders", "team", "calendar", "reminders", "activity", "import", "export", "settings"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What the editor was opened for. */
export type Editing = { kind: "new" } | { kind: "edit"; key: KeyView };

/** What was done, told at the edge of the window for a while. */
export interface Said {
  text: string;
  /** What can be done about it: take it back, look at it. */
  act?: { title: string; run: () => void };
}

/** Given to every view; each takes what it needs. */
export interface ViewProps {
  backend: Backend;
  /** `null` while nothing is known of the vault. */
  status: StatusView | null;
  nowMs: number;
  facets: Facets | null;
  /** Which keys are looked at. */
  lens: Lens;
  /** What of the view one came for: a key whose findings are looked at, a section; often empty. */
  place: string;
  /** The key whose page is open. */
  openKey: string | null;
  /** Why nothing can be changed, in words; empty where it can. */
  fixed: string;
  /** Grows whenever the vault may have changed outside of the view. */
  revision: number;
  /** The vault was made a moment ago. */
  isNew: boolean;
  /** Something lies over the view, which hears no keys then. */
  isCovered: boolean;
  onlens: (lens: Lens) => void;
  /** `section` is what of its page one came for: `rotation`, `revocation`. */
  onopenkey: (id: string | null, section?: string) => void;
  onview: (view: ViewName, place?: string) => void;
  onedit: (editing: Editing) => void;
  /** The view changed something others show too. */
  onchanged: () => void;
  onsay: (said: Said) => void;
  /** Copies a field of a key; what came of it is told by the window. */
  oncopy: (key: string, label: string, field: string) => void;
}

export interface EditorProps {
  backend: Backend;
  editing: Editing;
  exchanges: readonly ExchangeView[];
  facets: Facets | null;
  fixed: string;
  nowMs: number;
  onclose: () => void;
  /** A change is stored; a new key is told of by the window for its secret. */
  onsaved: (key: KeyView) => void;
  /** Hands over what asks before the editor is left, so that nothing typed is lost. */
  onguard: (leave: (then: () => void) => void) => void;
}

/** What the window shows beside its own frame, fetched when it is first shown. */
export interface Routes {
  views: Record<ViewName, () => Promise<{ default: Component<ViewProps> }>>;
  editor: () => Promise<{ default: Component<EditorProps> }>;
}
