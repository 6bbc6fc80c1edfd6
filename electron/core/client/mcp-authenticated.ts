import { callScope } from "./call-scope.ts";
import type { Credentials } from "./credentials.ts";
import { createWrapper, type Wrapper } from "./wrapper.ts";

/**
 * Gives every call that a function makes, at whatever depth, these credentials. The variable is read when a session is opened,
 * and its value is masked in errors and logs; a call whose variable is not set fails with `config_invalid`, which names it.
 */
export function mcpAuthenticated(credentials: Credentials): Wrapper {
  return createWrapper("mcpAuthenticated", (run) => callScope.run({ ...callScope.getStore(), credentials }, run));
}
