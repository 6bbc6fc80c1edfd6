import { copyFile, mkdir, mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MCPClientError } from "../errors.ts";

/**
 * The first run: copies the bundled catalog to where a person's own belongs, if nothing is there. All of it appears at once, or
 * none; a folder that holds anything is left alone.
 *
 * @returns whether it was copied.
 * @throws MCPClientError `config_invalid` where the folder can neither be read nor made.
 */
export async function ensureCatalog(bundled: string, target: string): Promise<boolean> {
  let draft: string | undefined;
  try {
    if (!(await isEmptyOrAbsent(target))) return false;
    await mkdir(dirname(target), { recursive: true });
    draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    await copyFolder(bundled, draft);
    return await moveIntoPlace(draft, target);
  } catch (cause) {
    throw new MCPClientError(
      "config_invalid",
      `The catalog folder ${target} cannot be made: ${(cause as Error).message}`,
      {
        hint: "Make the folder writable, or name another with --catalog or SWITCHGEAR_CATALOG.",
        cause,
      },
    );
  } finally {
    if (draft) await rm(draft, { recursive: true, force: true });
  }
}

async function isEmptyOrAbsent(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}

/** File by file, since the bundled catalog may stand inside an application archive, which `fs.cp` cannot read. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, copy);
    else await copyFile(source, copy);
  }
}

/** @returns false where another process was first. */
async function moveIntoPlace(draft: string, target: string): Promise<boolean> {
  try {
    // Refuses a folder that has come to hold something; not every system renames onto an empty one.
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rename(draft, target);
    return true;
  } catch (error) {
    if (!(await isEmptyOrAbsent(target))) return false;
    throw error;
  }
}
