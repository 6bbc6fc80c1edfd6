import { IconFileAlert } from "@tabler/icons-react";
import type { CatalogStatus } from "../../../shared/catalog.ts";
import { formatCount, formatPlace } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { FolderButton } from "../shell/folder-button.tsx";
import classes from "./catalog-problems.module.css";

/** Server files that are left out, and why; every other server goes on. */
export function CatalogProblems({ catalog }: { catalog: CatalogStatus }) {
  if (catalog.problems.length === 0) return null;
  return (
    <section className={classes.problems} aria-label="Catalog problems">
      <header className={classes.header}>
        <IconFileAlert size={18} stroke={1.5} aria-hidden />
        <h2 className={classes.title}>
          {formatCount(catalog.problems.length, "problem")} in the catalog: these files are left out until they are
          mended
        </h2>
        <FolderButton folder="catalog" path={catalog.folder} label="Open the folder" size="compact-sm" />
      </header>
      <ul className={classes.list}>
        {catalog.problems.map((problem, index) => (
          <li key={index}>
            <code title={problem.file}>{formatPlace(problem.file, problem.line, problem.column)}</code>
            <InertText text={problem.message} multiline maxLength={600} />
          </li>
        ))}
      </ul>
    </section>
  );
}
