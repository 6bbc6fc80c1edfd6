import { Link } from "react-router-dom";
import classes from "./decision-trace.module.css";

/** Leads to a line of the policy file. */
export function PolicyLineLink({ line }: { line: number }) {
  return (
    <Link className={classes.line} to={`/policy?line=${line}`}>
      line {line}
    </Link>
  );
}
