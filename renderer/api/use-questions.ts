import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import type { Question } from "../../shared/question.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** What servers ask a person; oldest first. */
export function useQuestions() {
  return useQuery({ queryKey: queryKeys.questions, queryFn: () => call("questions.list") });
}

export function useAnswerQuestion() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"questions.answer">) => call("questions.answer", input),
    onSuccess: (_nothing, { id }) =>
      client.setQueryData<Question[]>(queryKeys.questions, (list) => list?.filter((other) => other.id !== id)),
  });
}
