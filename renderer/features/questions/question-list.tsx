import type { Question } from "../../../shared/question.ts";
import { QuestionCard } from "./question-card.tsx";
import classes from "./question-card.module.css";

/** What servers ask in the middle of calls, and a person answers here. */
export function QuestionList({ questions }: { questions: readonly Question[] }) {
  return (
    <section className={classes.list} aria-label="Questions of servers">
      {questions.map((question) => (
        <QuestionCard key={question.id} question={question} />
      ))}
    </section>
  );
}
