/** Where what a client sees says whose it is, in its `_meta`: the server, and what it is called there. */
export const originKey = "switchgear/origin";
