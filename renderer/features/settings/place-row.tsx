import { FolderButton } from "../shell/folder-button.tsx";
import classes from "./settings.module.css";

type PlaceRowProps = {
  title: string;
  /** Absolute. */
  path: string;
  description: string;
  /** What the button opens; without it there is none. */
  folder?: "catalog" | "policy" | "data";
};

/** Where a file or a folder lies. */
export function PlaceRow({ title, path, description, folder }: PlaceRowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <h3 className={classes.name}>{title}</h3>
        <code className={classes.path}>{path}</code>
        <p className={classes.description}>{description}</p>
      </div>
      {folder && <FolderButton folder={folder} path={path} about={title} />}
    </div>
  );
}
