/** What a role may reach, before it is sent. */

import type { Backend } from "../../backend/backend";
import { EVERYTHING } from "../../backend/filters";
import type { ShareRole, ShareScope } from "../../backend/generated/wire";

export const ROLES: readonly ShareRole[] = ["auditor", "viewer", "trader", "admin"];

export const WHOLE: ShareScope = { all: true, tags: [], accounts: [], keys: [] };

export const isEmpty = (scope: ShareScope): boolean =>
  !scope.all && scope.tags.length + scope.accounts.length + scope.keys.length === 0;

const OFFERED = 200;

/** Labels to choose from; what cannot be read is typed. */
export async function labelsOf(backend: Backend): Promise<readonly string[]> {
  try {
    const page = await backend.call("list", { filter: EVERYTHING, sort: "label", offset: 0, limit: OFFERED });
    return page.rows.map(({ label }) => label);
  } catch {
    return [];
  }
}
