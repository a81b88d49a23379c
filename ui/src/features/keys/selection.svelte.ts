/** The keys that are selected together, with the rows they were selected from. */

import type { KeyRow } from "../../backend/generated/wire";

export class Selection {
  rows = $state.raw<ReadonlyMap<string, KeyRow>>(new Map());
  readonly ids = $derived<ReadonlySet<string>>(new Set(this.rows.keys()));

  get size(): number {
    return this.rows.size;
  }

  toggle(row: KeyRow): void {
    const rows = new Map(this.rows);
    if (!rows.delete(row.id)) {
      rows.set(row.id, row);
    }
    this.rows = rows;
  }

  take(rows: readonly KeyRow[]): void {
    this.rows = new Map(rows.map((row) => [row.id, row]));
  }

  clear(): void {
    if (this.rows.size > 0) {
      this.rows = new Map();
    }
  }

  /** The tags any of the selected keys has. */
  get tags(): string[] {
    const tags = new Set([...this.rows.values()].flatMap((row) => row.tags));
    return [...tags].sort((a, b) => a.localeCompare(b, "en"));
  }
}
