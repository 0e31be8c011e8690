/** One layout on a ruler, and layouts that hold the scenario's models. */
import { useState } from "react";
import { Button } from "react-aria-components";
import type { MigResult } from "../../../shared/contract/catalogMethods.ts";
import { formatTokens } from "../../../shared/reports/formatters.ts";
import type { Gpu } from "../../../shared/schema/catalog.ts";
import { useEditing } from "../../components/editing.tsx";
import { FieldNotes } from "../../components/fields/FieldNotes.tsx";
import { useApp } from "../../components/useApp.ts";
import { useFits } from "../../components/useCatalog.ts";
import type { FitAnswer } from "../../state/catalogShelf.ts";
import { fitQuestion } from "./fitQuestions.ts";
import { poolsByInstance } from "./instanceUse.ts";
import { type InstanceUse, MigRuler } from "./MigRuler.tsx";
import { useMigBoard } from "./useMigBoard.ts";

interface LayoutEditorProps {
  readonly gpu: Gpu;
  readonly layout: readonly string[];
  readonly name: string;
  readonly field: string;
  /** Id of the partition, for the pools on it. */
  readonly partition: string;
  commit(layout: string[], what: string): void;
}

export function LayoutEditor({ gpu, layout, name, field, partition, commit }: LayoutEditorProps) {
  const { input } = useEditing();
  const board = useMigBoard(gpu.migProfiles, layout, commit);
  const own = (input.pools ?? []).filter((pool) => pool.partition?.id === partition);
  const asked = own.flatMap((pool) => {
    const question = fitQuestion(input, pool);
    return question === undefined ? [] : [{ pool, question }];
  });
  const answers = useFits(asked.map(({ question }) => question));
  const gpus = (input.partitions ?? []).find(({ id }) => id === partition)?.gpus ?? 1;
  const useOf = (id: string): InstanceUse =>
    roomOf(id, answers[asked.findIndex((each) => each.pool.id === id)]);
  const poolsOn = (profile: string, instances: number): InstanceUse[][] => {
    const here = own.filter((pool) => pool.partition?.profile === profile);
    return poolsByInstance(here, instances, gpus).map((ids) => ids.map(useOf));
  };
  return (
    <div className="stack" data-field={field}>
      {board.placed === undefined && (
        <p className="field-note" data-tone="bad">
          ✕ {layout.join(" + ")} cannot stand on one {gpu.id}. Take instances out, or begin anew:{" "}
          <Button className="link" onPress={() => commit(layout.slice(0, 1), "reset the layout")}>
            keep only {layout[0]}
          </Button>
        </p>
      )}
      <MigRuler board={board} name={name} poolsOn={poolsOn} />
      <FieldNotes field={field} />
      <Suggestions gpu={gpu.id} partition={partition} commit={commit} />
    </div>
  );
}

/** What a pool's model leaves of the instance. */
function roomOf(pool: string, answer: FitAnswer | undefined): InstanceUse {
  if (answer === undefined) return { pool, room: undefined, fits: true };
  if ("problem" in answer) return { pool, room: answer.problem, fits: false };
  const { fits, kvCapacityTokens } = answer.reply.fit;
  const room = fits ? `${formatTokens(kvCapacityTokens)} tokens of KV room` : "does not fit";
  return { pool, room, fits };
}

type Solutions = NonNullable<MigResult["answer"]>;

/** Layouts on which the models of this partition's pools all fit, asked for when wanted. */
function Suggestions({
  gpu,
  partition,
  commit,
}: Pick<LayoutEditorProps, "partition" | "commit"> & { readonly gpu: string }) {
  const app = useApp();
  const { input } = useEditing();
  const [answer, setAnswer] = useState<Solutions>();
  const own = (input.pools ?? []).filter((pool) => pool.partition?.id === partition);
  const pools = own.length > 0 ? own : (input.pools ?? []);
  const models = pools.slice(0, 8).map(({ model, backend, precision, kvPrecision, engine }) => ({
    ...{ model, precision, kvPrecision },
    backend: backend === "nim" ? ("vllm" as const) : backend,
    engine: engine ?? {},
  }));
  const ask = (): Promise<void> =>
    app.try(async () => {
      const document = { gpus: input.gpus ?? [], models: input.models ?? [] };
      setAnswer(
        (await app.client.call("catalog.mig", { gpu, models, document })).answer ?? undefined,
      );
    });
  if (models.length === 0) return null;
  return (
    <div className="stack">
      <Button className="button small quiet" onPress={() => void ask()}>
        Layouts that hold {pools.map(({ model }) => model).join(" and ")}
      </Button>
      {answer?.shortfall && (
        <p className="field-note" data-tone="bad">
          ✕ {answer.shortfall.reason}
        </p>
      )}
      {answer !== undefined && answer.solutions.length > 0 && (
        <ul className="suggestions">
          {answer.solutions.slice(0, 6).map(({ layout, tightestKvTokens, starts }) => (
            <li key={`${layout.join()}${starts.join()}`}>
              <Button
                className="link"
                onPress={() => commit(inRulerOrder(layout, starts), "change the layout")}
              >
                {inRulerOrder(layout, starts).join(" + ")}
              </Button>{" "}
              <span className="source">
                {formatTokens(tightestKvTokens)} tokens of KV room where it is tightest
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function inRulerOrder(layout: readonly string[], starts: readonly number[]): string[] {
  return layout
    .map((profile, i) => ({ profile, start: starts[i] }))
    .sort((a, b) => a.start - b.start)
    .map(({ profile }) => profile);
}
