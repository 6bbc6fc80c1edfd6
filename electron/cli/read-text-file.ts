import { readFileSync } from "node:fs";
import { MCPClientError } from "../core/errors.ts";

/** @throws MCPClientError `not_found` */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new MCPClientError("not_found", `The file ${path} cannot be read.`, { cause });
  }
}
