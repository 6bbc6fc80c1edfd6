import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { CircuitGlyph } from "../../components/circuit-glyph.tsx";
import classes from "./login-page.module.css";
import { sessionWords, type SessionWhy } from "./session-words.ts";

const command = "npx switchgear console";

/** Says why nobody is logged in, and what to do about it. */
export function LoginPage({ why }: { why: SessionWhy }) {
  const { title, text } = sessionWords(why);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <CircuitGlyph kind="open" size={40} />
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.text}>{text}</p>
        <p className={classes.text}>
          Run this on the machine where Switchgear runs, and open the address that it prints. It logs one browser in,
          once, within ten minutes.
        </p>
        <div className={classes.command}>
          <code>{command}</code>
          <CopyButton value={command}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                size="compact-sm"
                leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
                onClick={copy}
              >
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </div>
      </div>
    </main>
  );
}
