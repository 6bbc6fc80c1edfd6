import { Button } from "@mantine/core";
import { IconExternalLink, IconMessageQuestion } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link } from "react-router-dom";
import type { Question, QuestionAnswer } from "../../../shared/question.ts";
import { useAnswerQuestion } from "../../api/use-questions.ts";
import { useOpenLink } from "../../api/use-status.ts";
import { Countdown } from "../../components/countdown.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import type { Args } from "../tools/call-store.ts";
import { initialArguments } from "../tools/initial-arguments.ts";
import { isWebAddress } from "../tools/read-block.ts";
import { FormBoundary, SchemaForm } from "../tools/schema-form.tsx";
import { judge } from "../tools/schema-judge.ts";
import classes from "./question-card.module.css";

/** One question: who asks, in the middle of whose call, and a form or an address to answer it by. */
export function QuestionCard({ question }: { question: Question }) {
  const answer = useAnswerQuestion();
  const give = (given: QuestionAnswer) => answer.mutate({ id: question.id, answer: given });
  const { server, tool, client, message, asks } = question;
  return (
    <article className={classes.card} aria-label={`Question of ${server}`}>
      <div className={classes.body}>
        <header className={classes.header}>
          <IconMessageQuestion className={classes.icon} size={24} stroke={1.5} aria-hidden />
          <div className={classes.who}>
            <p className={classes.asks}>
              <InertText text={server} maxLength={80} className={classes.server} /> asks, while it runs{" "}
              <InertText text={tool} mono maxLength={120} /> for <InertText text={client} maxLength={80} />
            </p>
            <h2 className={classes.message}>
              <InertText text={message} multiline maxLength={4000} />
            </h2>
          </div>
          <p className={classes.left}>
            <span>Time left</span>
            <strong>
              <Countdown until={question.expiresAt} />
            </strong>
          </p>
        </header>
        {asks.kind === "form" ? (
          <AnswerForm question={question} schema={asks.schema} isBusy={answer.isPending} onAnswer={give} />
        ) : (
          <AnswerByAddress url={asks.url} isBusy={answer.isPending} onAnswer={give} />
        )}
        {answer.isError && <ErrorState error={answer.error} />}
        <p className={classes.foot}>
          <span>
            Asked <TimeAgo at={question.askedAt} />
          </span>
          <Link to={`/activity?call=${encodeURIComponent(question.invocationId)}`}>Timeline</Link>
        </p>
      </div>
    </article>
  );
}

type AnswerProps = { isBusy: boolean; onAnswer: (answer: QuestionAnswer) => void };

function AnswerForm({
  question,
  schema,
  isBusy,
  onAnswer,
}: AnswerProps & { question: Question; schema: Record<string, unknown> }) {
  const [content, setContent] = useState<Args>(() => initialArguments(schema));
  const [isTried, setTried] = useState(false);
  const verdict = useMemo(() => judge(schema, content), [schema, content]);
  const problems = verdict.kind === "judged" ? verdict.problems : [];
  const send = () => {
    setTried(true);
    if (problems.length === 0) onAnswer({ action: "accept", content });
  };
  return (
    <>
      <p className={classes.caution}>
        {question.server} gets what you write, and the call’s record keeps it. Never write a password or a key here.
      </p>
      <FormBoundary fallback={<p className={classes.caution}>No form can be made of this question.</p>}>
        <div className={classes.form}>
          <SchemaForm
            idPrefix={`question-${question.id}`}
            schema={schema}
            value={content}
            problems={isTried ? problems : []}
            onChange={setContent}
          />
        </div>
      </FormBoundary>
      <div className={classes.buttons}>
        <Button size="sm" loading={isBusy} onClick={send}>
          Answer
        </Button>
        <Refusals isBusy={isBusy} onAnswer={onAnswer} />
      </div>
    </>
  );
}

function AnswerByAddress({ url, isBusy, onAnswer }: AnswerProps & { url: string }) {
  const link = useOpenLink();
  const open = () => link.mutate(url, { onSuccess: ({ opened }) => opened && onAnswer({ action: "accept" }) });
  const isWeb = isWebAddress(url);
  return (
    <>
      <p className={classes.address}>
        <InertText text={url} mono />
      </p>
      <p className={classes.caution}>
        {isWeb
          ? "Nothing is opened by itself. Look at the host before you go there."
          : "It leads to no page of the web, so it is not opened from here."}
      </p>
      <div className={classes.buttons}>
        {isWeb && (
          <Button
            size="sm"
            loading={isBusy || link.isPending}
            leftSection={<IconExternalLink size={14} aria-hidden />}
            onClick={open}
          >
            Open {new URL(url).host}
          </Button>
        )}
        <Refusals isBusy={isBusy} onAnswer={onAnswer} />
      </div>
    </>
  );
}

function Refusals({ isBusy, onAnswer }: AnswerProps) {
  return (
    <>
      <Button size="sm" variant="default" disabled={isBusy} onClick={() => onAnswer({ action: "decline" })}>
        Decline
      </Button>
      <Button size="sm" variant="subtle" disabled={isBusy} onClick={() => onAnswer({ action: "cancel" })}>
        Put away
      </Button>
    </>
  );
}
