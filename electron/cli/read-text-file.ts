import { readFileSync } from "node:fs";
import { MCPClientError } from "../core/errors.ts";

/** @throws MCPClientError `not_found` */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === "ENOENT"
        ? "does not exist"
        : `cannot be read: ${(cause as Error).message}`;
    throw new MCPClientError("not_found", `The file ${path} ${why}.`, { hint: "Name another file.", cause });
  }
}
