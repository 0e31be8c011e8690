/** Which model fits which instance, and how much room its KV cache has there. */

import { formatTokens } from "../../../shared/reports/formatters.ts";
import type { MigProfile } from "../../../shared/schema/catalog.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { useFits } from "../../components/useCatalog.ts";
import type { FitAnswer } from "../../state/catalogShelf.ts";
import { fitQuestion } from "./fitQuestions.ts";
import { modelForNew } from "./newParts.ts";
import type { PoolInput } from "./poolEdits.ts";

/** Kinds of model to be placed: the pools of the scenario, each model, precision and backend once. */
function kindsOf(pools: readonly PoolInput[], gpu: string): PoolInput[] {
  const seen = new Set<string>();
  return pools
    .map((pool) => ({ ...pool, gpu }))
    .filter(({ model, precision, kvPrecision, backend }) => {
      const key = [model, precision, kvPrecision, backend].join(" ");
      return seen.has(key) ? false : Boolean(seen.add(key));
    });
}

/** "fits: 41.2 k tokens of KV cache", or why not. */
export function fitCell(answer: FitAnswer | undefined): string {
  if (answer === undefined) return "…";
  if ("problem" in answer) return answer.problem;
  const { fit } = answer.reply;
  return fit.fits
    ? `✓ ${formatTokens(fit.kvCapacityTokens)} of KV room`
    : `✕ ${shortReason(fit.reason)}`;
}

/** The end of the arithmetic: "12.3 GiB too much". */
function shortReason(reason: string | undefined): string {
  const missing = /([\d.,]+ [KMG]iB too much)/.exec(reason ?? "");
  return missing?.[1] ?? reason ?? "does not fit";
}

interface InstanceFitsProps {
  readonly gpu: string;
  /** Profiles to show, each once. */
  readonly profiles: readonly MigProfile[];
}

export function InstanceFits({ gpu, profiles }: InstanceFitsProps) {
  const { input } = useEditing();
  const known = kindsOf(input.pools ?? [], gpu);
  const fallback = { ...modelForNew(input), id: "new", gpu, replicas: 1 };
  const kinds = known.length === 0 ? [fallback] : known;
  const questions = kinds.flatMap((kind) =>
    profiles.flatMap(({ name }) => {
      const question = fitQuestion(input, { ...kind, tensorParallel: 1 }, name);
      return question === undefined ? [] : [question];
    }),
  );
  const answers = useFits(questions);
  return (
    <DataTable
      caption={`What fits on the instances of ${gpu}`}
      columns={[{ heading: "Model" }, ...profiles.map(({ name }) => ({ heading: name }))]}
      rows={kinds.map((kind, row) => [
        `${kind.model}, ${kind.precision ?? "bf16"}`,
        ...profiles.map((_, column) => fitCell(answers[row * profiles.length + column])),
      ])}
    />
  );
}
