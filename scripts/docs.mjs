// Writes docs/api, the library's pages, from its types; with --check it writes nothing, and fails where they are not what the types give.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Application, Converter, makeRecursiveVisitor, ReflectionKind } from "typedoc";
import { projectRoot } from "./project.mjs";

const committed = join(projectRoot, "docs/api");
const isCheck = process.argv.includes("--check");
const out = isCheck ? mkdtempSync(join(tmpdir(), "switchgear-api-")) : committed;

/** The compiler gives a choice of words in the order in which it met them, which any file may change. */
const sortWords = makeRecursiveVisitor({
  union({ types }) {
    if (types.every((type) => type.type === "literal")) types.sort((a, b) => (a.toString() < b.toString() ? -1 : 1));
  },
});

process.chdir(projectRoot);
try {
  process.exitCode = (await write(out)) && (!isCheck || isSame(out)) ? 0 : 1;
} finally {
  if (isCheck) rmSync(out, { recursive: true });
}

/** Whether the pages could be made: whatever is not documented is an error. @param {string} folder */
async function write(folder) {
  const app = await Application.bootstrapWithPlugins({ out: folder, logLevel: isCheck ? "Warn" : "Info" });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    context.setActiveProgram(context.programs[0]);
    for (const alias of context.project.getReflectionsByKind(ReflectionKind.TypeAlias)) spellOut(context, alias);
    context.setActiveProgram(undefined);
  });
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) reflection.type?.visit(sortWords);
  });
  const project = await app.convert();
  if (!project) return false;
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return false;
  await app.generateOutputs(project);
  return !app.logger.hasErrors();
}

/**
 * A choice that bears a name is told by it, and on its own page it must be spelled out.
 * @param {import("typedoc").Context} context
 * @param {import("typedoc").DeclarationReflection} alias
 */
function spellOut(context, alias) {
  if (alias.type?.type !== "reference" || alias.type.name !== alias.name) return;
  const symbol = context.getSymbolFromReflection(alias);
  const named = symbol && context.checker.getDeclaredTypeOfSymbol(symbol);
  const nameless = Object.create(named, { aliasSymbol: { value: undefined } });
  alias.type = context.converter.convertType(context.withScope(alias), nameless);
}

/** @param {string} folder */
function isSame(folder) {
  const [given, kept] = [pagesIn(folder), pagesIn(committed)];
  const names = [...new Set([...given.keys(), ...kept.keys()])].toSorted();
  const different = names.filter((name) => given.get(name) !== kept.get(name));
  for (const name of different) process.stderr.write(`docs/api/${name} is not what the types give.\n`);
  if (different.length > 0) process.stderr.write("Run `npm run docs`, and commit what it writes.\n");
  return different.length === 0;
}

/** @param {string} folder @returns {Map<string, string>} */
function pagesIn(folder) {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
