/** A Chromium of the system's; `undefined` where there is none, and Playwright's own has to do. */
export function chromiumPath(): string | undefined;
