// Which mutants no test noticed, and which of them a page of docs explains: `| [file](../path) | ``from`` → ``to`` | why |`.

/** @typedef {{ file: string, line: number, from: string, to: string, key: string }} Survivor */

/** Longer pieces of code, which are of several lines, are told by how they begin. */
const longest = 120;

/** @param {any} report of Stryker, as JSON @returns {Survivor[]} */
export function survivors({ files }) {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter((/** @type {any} */ { status }) => status === "Survived" || status === "NoCoverage")
      .map((/** @type {any} */ { location, replacement }) => {
        const [from, to] = change(source, location, replacement).map(short);
        return { file, line: location.start.line, from, to, key: keyOf(file, from, to) };
      }),
  );
}

/** What the page explains: each mutant's key, and its file. @param {string} page */
export function explained(page) {
  const row = /^\|\s+\[[^\]]+\]\(\.\.\/([^)]+)\)\s+\|\s+(`+)(.+?)\2 → (`+)(.+?)\4\s+\|\s+\S.*\|$/gm;
  const plain = (/** @type {string} */ code) => short(code.replaceAll("\\|", "|"));
  return new Map([...page.matchAll(row)].map(([, file, , from, , to]) => [keyOf(file, plain(from), plain(to)), file]));
}

/** @param {string} file @param {string} from @param {string} to */
function keyOf(file, from, to) {
  return `${file}: ${from} → ${to}`;
}

/** @param {string} code */
function short(code) {
  const line = code.replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/**
 * The whole lines that a mutant is about, as they are and as it makes them.
 * @typedef {{ line: number, column: number }} Place from 1
 * @param {string} source @param {{ start: Place, end: Place }} location @param {string} replacement @returns {[string, string]}
 */
function change(source, { start, end }, replacement) {
  const lines = source.split("\n");
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  return [lines.slice(start.line - 1, end.line).join("\n"), before + replacement + after];
}
