/** Whether something of a key waits to be seen dead at its exchange. */

import type { KeyView } from "../../backend/generated/wire";
import { ENDING } from "../../components/life";

export const isEnding = (view: KeyView): boolean => view.row.rotation?.cause === ENDING;
