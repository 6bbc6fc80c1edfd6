import { MCPClientError } from "./errors.ts";

/** The vault's secrets, for tests of those who read them: `{ github: "token" }`, each for every server. */
export function fakeSecrets(secrets: Record<string, string> = {}) {
  return {
    read: async (name: string) => {
      const value = secrets[name];
      if (value !== undefined) return value;
      throw new MCPClientError("config_invalid", "The vault holds no secret of that name.", { hint: "Add it." });
    },
  };
}
