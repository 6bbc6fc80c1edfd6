import { IconRobot, IconUser } from "@tabler/icons-react";
import type { PromptResult } from "../../../shared/offer.ts";
import { InertText } from "../../components/inert-text.tsx";
import { ContentBlock, type Origin } from "../tools/content-block.tsx";
import classes from "./prompt-messages.module.css";

/** What a prompt became: the messages that a model would be given, each by whom it is. */
export function PromptMessages({ result, origin }: { result: PromptResult; origin: Origin }) {
  return (
    <>
      {result.description && (
        <p className={classes.description}>
          <InertText text={result.description} maxLength={600} />
        </p>
      )}
      {result.messages.length === 0 && <p className={classes.description}>It became no message.</p>}
      <ol className={classes.messages} aria-label="Messages">
        {result.messages.map(({ role, content }, index) => (
          <li key={index} className={classes.message} data-role={role === "assistant" ? "assistant" : "user"}>
            <h3 className={classes.role}>
              {role === "assistant" ? <IconRobot size={14} aria-hidden /> : <IconUser size={14} aria-hidden />}
              <InertText text={role} maxLength={40} />
            </h3>
            <ContentBlock block={content} origin={origin} />
          </li>
        ))}
      </ol>
    </>
  );
}
