/** Which model fits which instance, and how much room its KV cache has there. */
import { useState } from "react";

import { formatNumber, formatTokens } from "../../../shared/reports/formatters.ts";
import type { MigProfile } from "../../../shared/schema/catalog.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { useCatalog, useFits } from "../../components/useCatalog.ts";
import type { FitAnswer } from "../../state/catalogShelf.ts";
import { fitQuestion } from "./fitQuestions.ts";
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

/** "✓ 41.2 k": tokens of KV room; or why it does not fit. */
export function fitCell(answer: FitAnswer | undefined): string {
  if (answer === undefined) return "…";
  if ("problem" in answer) return answer.problem;
  const { fit } = answer.reply;
  return fit.fits ? `✓ ${formatTokens(fit.kvCapacityTokens)}` : `✕ ${shortReason(fit.reason)}`;
}

/** The end of the arithmetic: "12.3 GiB over". */
function shortReason(reason: string | undefined): string {
  const [, missing, unit] = /([\d.,]+) ([KMG]iB) too much/.exec(reason ?? "") ?? [];
  if (missing === undefined) return reason ?? "does not fit";
  return `${formatNumber(Number(missing.replace(/,/g, "")))} ${unit} over`;
}

type AlsoShown = Pick<PoolInput, "model"> & {
  readonly precision: NonNullable<PoolInput["precision"]>;
};

const shownAtFirst: readonly AlsoShown[] = [
  { model: "llama-3.1-8b", precision: "bf16" },
  { model: "llama-3.1-8b", precision: "fp8" },
];
const plainServer = { backend: "vllm", kvPrecision: "bf16" } as const;
const alsoPrecisions = ["bf16", "fp8", "int4"] as const;

/** Adds a row for a model that the scenario does not serve. */
function AlsoTry({ onAdd }: { onAdd(rows: readonly AlsoShown[]): void }) {
  const { models } = useCatalog();
  return (
    <div className="also-try">
      <ChoiceField
        label="Also show"
        value={undefined}
        placeholder="a model of the catalog"
        choices={models.map(({ id, name }) => ({ id, name }))}
        onChange={(model) => onAdd(alsoPrecisions.map((precision) => ({ model, precision })))}
      />
    </div>
  );
}

interface InstanceFitsProps {
  readonly gpu: string;
  /** Profiles to show, each once. */
  readonly profiles: readonly MigProfile[];
}

export function InstanceFits({ gpu, profiles }: InstanceFitsProps) {
  const { input } = useEditing();
  const [also, setAlso] = useState<readonly AlsoShown[]>(shownAtFirst);
  const extra = also.map((each) => ({ ...each, ...plainServer, id: "also", gpu, replicas: 1 }));
  const kinds = kindsOf([...(input.pools ?? []), ...extra], gpu);
  const questions = kinds.flatMap((kind) =>
    profiles.flatMap(({ name }) => {
      const question = fitQuestion(input, { ...kind, tensorParallel: 1 }, name);
      return question === undefined ? [] : [question];
    }),
  );
  const answers = useFits(questions);
  return (
    <>
      <DataTable
        caption={`What fits on the instances of ${gpu}`}
        columns={[
          { heading: "Model; KV room in tokens" },
          ...profiles.map(({ name }) => ({ heading: name })),
        ]}
        rows={kinds.map((kind, row) => [
          `${kind.model}, ${kind.precision ?? "bf16"}`,
          ...profiles.map((_, column) =>
            keepUnits(fitCell(answers[row * profiles.length + column])),
          ),
        ])}
      />
      <AlsoTry onAdd={(rows) => setAlso([...also, ...rows])} />
    </>
  );
}
