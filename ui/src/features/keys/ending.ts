/** Whether something of a key waits to be seen dead at its exchange. */

import type { KeyView } from "../../backend/generated/wire";

/** The agent's cause of what is due then. */
export const ENDING = "its revocation is not confirmed";

export const isEnding = (view: KeyView): boolean => view.row.rotation?.cause === ENDING;
