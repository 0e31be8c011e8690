/** Limits of a pool's engine, with the defaults that hold where nothing is set. */
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { engineSchema } from "../../../shared/schema/fleet.ts";
import { put } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { More } from "../../components/More.tsx";
import { Term } from "../../components/Term.tsx";
import { usePool } from "./poolContext.ts";

const defaults = engineSchema.parse({});

interface LimitRow {
  readonly key:
    | "maxNumSeqs"
    | "maxNumBatchedTokens"
    | "maxModelLen"
    | "blockTokens"
    | "gpuMemoryUtilization"
    | "activationBytes"
    | "kvWatermark"
    | "memFractionStatic"
    | "freeMemoryFraction"
    | "kvCapacityTokens";
  readonly label: string;
  readonly unit?: string;
  readonly scale?: number;
  readonly fallback?: string;
  /** Engines that have it; default all. */
  readonly backends?: readonly string[];
}

const rows: readonly LimitRow[] = [
  { key: "maxNumSeqs", label: "Requests at once", unit: "per replica" },
  { key: "maxNumBatchedTokens", label: "Tokens an iteration" },
  { key: "maxModelLen", label: "Longest request", unit: "tokens", fallback: "model's" },
  { key: "blockTokens", label: "KV block", unit: "tokens" },
  {
    ...{ key: "gpuMemoryUtilization", label: "GPU memory to use", unit: "%", scale: 100 },
    backends: ["vllm"],
  },
  {
    ...{ key: "memFractionStatic", label: "Weights and KV share", unit: "%", scale: 100 },
    ...{ fallback: "by rule", backends: ["sglang"] },
  },
  {
    ...{ key: "freeMemoryFraction", label: "KV share of free memory", unit: "%", scale: 100 },
    ...{ fallback: "90", backends: ["trtllm", "nim"] },
  },
  { key: "activationBytes", label: "Activations", unit: "GB", scale: 1e-9 },
  { key: "kvWatermark", label: "Blocks kept free", unit: "%", scale: 100 },
  {
    key: "kvCapacityTokens",
    label: "KV room, overridden",
    unit: "tokens",
    fallback: "from memory",
  },
];

/** "256 requests at once, 8,192 tokens an iteration". */
function summaryOf(engine: Partial<typeof defaults>): string {
  const { maxNumSeqs, maxNumBatchedTokens } = { ...defaults, ...engine };
  return `${formatGiven(maxNumSeqs)} requests at once, ${formatGiven(maxNumBatchedTokens)} tokens an iteration`;
}

export function EngineFields({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  const engine = pool.engine ?? {};
  const shown = rows.filter(
    ({ key, backends }) =>
      backends === undefined || backends.includes(pool.backend) || engine[key] !== undefined,
  );
  const inEngine =
    (recipe: (own: NonNullable<typeof pool.engine>) => void) => (own: typeof pool) => {
      own.engine ??= {};
      recipe(own.engine);
    };
  return (
    <More title="Engine limits" summary={summaryOf(engine)} field={`${field}.engine`}>
      <p className="lead">
        Faint figures are the engine's defaults; they hold until you set one.{" "}
        <Term word="maxNumSeqs">Requests at once</Term> and{" "}
        <Term word="maxNumBatchedTokens">tokens an iteration</Term> trade latency for throughput.
      </p>
      <div className="field-grid">
        {shown.map(({ key, label, unit, scale, fallback }) => (
          <AmountField
            key={key}
            label={label}
            value={engine[key]}
            field={`${field}.engine.${key}`}
            fallback={fallback ?? defaults[key]}
            {...(unit !== undefined && { unit })}
            {...(scale !== undefined && { scale })}
            onChange={(value) =>
              change(
                label.toLowerCase(),
                inEngine((own) => put(own, key, value)),
                `engine.${key}`,
              )
            }
          />
        ))}
        <ChoiceField
          label="Admission"
          value={engine.admission ?? defaults.admission}
          field={`${field}.engine.admission`}
          choices={[
            {
              id: "allocateAsYouGo",
              name: "as blocks are needed",
              note: "vLLM: preempts by recompute",
            },
            { id: "reserve", name: "whole request reserved", note: "TensorRT-LLM: no eviction" },
          ]}
          onChange={(admission) =>
            change(
              "admission",
              inEngine((own) => Object.assign(own, { admission })),
            )
          }
        />
      </div>
      <SwitchField
        value={engine.prefixCaching ?? defaults.prefixCaching}
        field={`${field}.engine.prefixCaching`}
        onChange={(prefixCaching) =>
          change(
            "prefix caching",
            inEngine((own) => Object.assign(own, { prefixCaching })),
          )
        }
      >
        Keep the KV cache of prompts that begin the same
      </SwitchField>
    </More>
  );
}
