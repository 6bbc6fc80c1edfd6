/** The bridge's channel for calls, from a window to the core. */
export const callChannel = "switchgear:call";
/** The bridge's channel for batches of events, from the core to a window. */
export const eventChannel = "switchgear:event";
