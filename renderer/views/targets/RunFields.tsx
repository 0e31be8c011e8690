/** How a run is made: its seed, what is counted, what comes before it. */
import { type Draft, put, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { Term } from "../../components/Term.tsx";

type RunInput = NonNullable<Draft["run"]>;
type Warmup = NonNullable<RunInput["warmup"]>;

const warmups: Readonly<Record<Warmup["kind"], Warmup>> = {
  none: { kind: "none" },
  seconds: { kind: "seconds", seconds: 300 },
  mser5: { kind: "mser5" },
};

function useRunEdit() {
  const { input, edit } = useEditing();
  const change = (what: string, recipe: (run: RunInput) => void, key?: string): void =>
    edit(
      `change ${what}`,
      (draft) => {
        draft.run ??= {};
        recipe(draft.run);
      },
      key,
    );
  return { run: input.run ?? {}, change };
}

function WarmupFields() {
  const { run, change } = useRunEdit();
  const { warmup } = run;
  return (
    <>
      <ChoiceField
        label="Warm-up"
        value={warmup?.kind ?? "none"}
        field="run.warmup"
        choices={[
          { id: "none", name: "none" },
          { id: "seconds", name: "a fixed time" },
          { id: "mser5", name: "found by MSER-5", note: "where the error of the mean is least" },
        ]}
        onChange={(kind) =>
          change("the warm-up", (own) =>
            Object.assign(own, { warmup: { ...warmups[kind as Warmup["kind"]] } }),
          )
        }
      />
      {warmup?.kind === "seconds" && (
        <AmountField
          label="Warm-up time"
          unit="s"
          value={warmup.seconds}
          field="run.warmup.seconds"
          onChange={(seconds) =>
            change("the warm-up", (own) => Object.assign(own.warmup!, { seconds }), "run.warmup")
          }
        />
      )}
    </>
  );
}

export function RunFields() {
  const { input, edit } = useEditing();
  const { run, change } = useRunEdit();
  return (
    <section>
      <h2>The run</h2>
      <p className="source">
        One run is one <Term word="seed" />. Replications run the same scenario under further seeds,
        so that a figure carries an interval; they settle behind the answer. The{" "}
        <Term word="warm-up" /> is simulated and billed as any time, but its requests are not
        counted among the latencies.
      </p>
      <div className="field-grid">
        <AmountField
          label="Seed"
          value={input.seed}
          field="seed"
          fallback={1}
          min={0}
          step={1}
          hasSteppers
          isName
          onChange={(seed) => edit("change the seed", (draft) => put(draft, "seed", seed), "seed")}
        />
        <WarmupFields />
        <AmountField
          label="Horizon"
          unit="h"
          scale={1 / 3600}
          value={run.horizonS}
          field="run.horizonS"
          fallback="the traffic's span"
          onChange={(horizonS) =>
            change("the horizon", (own) => put(own, "horizonS", horizonS), "run.horizonS")
          }
        />
        <AmountField
          label="Window of time series"
          unit="s"
          value={run.windowS}
          field="run.windowS"
          fallback="by the horizon"
          onChange={(windowS) =>
            change("the window", (own) => put(own, "windowS", windowS), "run.windowS")
          }
        />
      </div>
      <SwitchField
        value={run.drain ?? true}
        field="run.drain"
        onChange={(drain) => change("the drain", (own) => Object.assign(own, { drain }))}
      >
        Go on after the horizon until every request has ended
      </SwitchField>
    </section>
  );
}
