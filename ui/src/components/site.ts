/** Who opens a page of an exchange: the shell, in the person's browser. */

import { getContext, setContext } from "svelte";

import type { ExchangePage } from "../backend/generated/wire";

/** Rejects where no browser could be opened. */
export type OpenPage = (key: string, page: ExchangePage) => Promise<unknown>;

/** Under which it stands in the context. */
export const OPENER = Symbol("open-page");

export const offerPages = (open: OpenPage): OpenPage => setContext(OPENER, open);

/** `undefined` where nobody offered: an address can be copied everywhere. */
export const pageOpener = (): OpenPage | undefined => getContext<OpenPage | undefined>(OPENER);
