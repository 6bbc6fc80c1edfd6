/** Where the console is for a browser, below the address of the gateway. The page asks for its parts relative to it. */
export const consolePath = "/console/";

/** How a fragment begins that holds a token to log in with. A browser sends fragments to nobody. */
export const loginFragment = "#login=";

/** The code that a socket closes with when its session is over; the reason says why. */
export const sessionOverCode = 4001;

/** Why nobody is logged in any more. */
export const sessionEnds = ["logged-out", "idle", "stopped", "unknown"] as const;
export type SessionEnd = (typeof sessionEnds)[number];

/** The answer to a login: what the page keeps, beside the cookie that it never sees, to show that it is the one that logged in. */
export type LoggedIn = { key: string };

/** The answer to who asks whether they are logged in. */
export type LoginState = { loggedIn: boolean };
