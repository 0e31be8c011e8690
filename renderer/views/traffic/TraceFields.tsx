/** A source that replays a trace: which one, and what is done to it before. */
import { Button } from "react-aria-components";
import type { TraceEntry } from "../../../shared/contract/traceMethods.ts";
import { formatCount, formatNumber, formatSeconds } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { useApp, useWindow } from "../../components/useApp.ts";
import { replay } from "../../state/traceSource.ts";
import type { TraceInput } from "./sources.ts";
import { clockOf, clockText } from "./startClock.ts";
import { WhatIf } from "./WhatIf.tsx";

interface TraceFieldsProps {
  readonly source: TraceInput;
  readonly index: number;
}

function useTrace({ sha256 }: TraceInput): TraceEntry | undefined {
  return useWindow((state) => state.traces.find((each) => each.sha256 === sha256));
}

/** What the trace is and what becomes of it: requests, time, rate after the transforms. */
function TraceLine({ source, trace }: { readonly source: TraceInput; readonly trace: TraceEntry }) {
  const app = useApp();
  const { volume = 1, timeScale = 1, repeat = 1 } = source.transforms ?? {};
  const { rows, spanS } = trace.summary;
  const requests = rows * volume * repeat;
  const overS = spanS * timeScale * repeat;
  const rate = overS > 0 ? `, ${formatNumber(requests / overS)} a second on average` : "";
  return (
    <p className="part-words">
      Plays about {formatCount(Math.round(requests))} requests over {formatSeconds(overS)}
      {rate}.{" "}
      <Button className="link" onPress={() => app.go({ kind: "trace", id: trace.id })}>
        Look at the trace
      </Button>
    </p>
  );
}

function MissingTrace({ file }: { readonly file: string }) {
  const app = useApp();
  return (
    <p className="field-warning">
      {file} is not in the library, so nothing can be simulated.{" "}
      <Button className="link" onPress={() => app.commands.run("trace.import")}>
        Import it
      </Button>{" "}
      or choose another trace.
    </p>
  );
}

/** Says where the trace begins in the week, when the scenario begins elsewhere: hours of fleets and deadlines hang on it. */
function ClockHint({ startMs }: { readonly startMs: number }) {
  const { edit, input } = useEditing();
  const own = clockText(clockOf(startMs, input.clock));
  if (own === clockText(input.clock)) return null;
  return (
    <p className="part-words">
      The trace begins on a {own}, the scenario on a {clockText(input.clock)}.{" "}
      <Button
        className="link"
        onPress={() =>
          edit("start the clock as the trace does", (draft) => {
            draft.clock = clockOf(startMs, draft.clock);
          })
        }
      >
        Start as the trace does
      </Button>
    </p>
  );
}

export function TraceFields({ source, index }: TraceFieldsProps) {
  const { edit } = useEditing();
  const traces = useWindow((state) => state.traces);
  const trace = useTrace(source);
  const field = `traffic.sources[${index}]`;
  const own = (draft: Draft): TraceInput => draft.traffic.sources[index] as TraceInput;
  const chosen = trace?.id ?? (source.file === undefined ? undefined : "missing");
  const startMs = trace?.summary.startMs;
  const set = (key: "repeat" | "spreadWithinTickS", value: number | undefined): void =>
    edit(
      key === "repeat" ? "repeat the trace" : "spread arrivals within a tick",
      (draft) => {
        const { [key]: _, ...others } = own(draft).transforms ?? {};
        own(draft).transforms = value === undefined ? others : { ...others, [key]: value };
      },
      `${field}.${key}`,
    );
  return (
    <>
      <div className="field-grid">
        <ChoiceField
          label="Trace"
          value={chosen}
          field={`${field}.sha256`}
          placeholder="Choose a trace"
          choices={[
            ...traces.map(({ id, name, summary }) => ({
              ...{ id, name },
              note: `${formatCount(summary.rows)} requests over ${formatSeconds(summary.spanS)}`,
            })),
            ...(chosen === "missing"
              ? [{ id: "missing", name: source.file ?? "", note: "not in the library" }]
              : []),
          ]}
          onChange={(id) => {
            const next = traces.find((each) => each.id === id);
            if (next !== undefined)
              edit(`replay ${next.name}`, (draft) => replay(own(draft), next));
          }}
        />
        <AmountField
          label="Play it"
          unit="times on end"
          value={source.transforms?.repeat}
          field={`${field}.transforms.repeat`}
          fallback={1}
          min={1}
          max={10_000}
          step={1}
          hasSteppers
          onChange={(repeat) => set("repeat", repeat)}
        />
        <AmountField
          label="Spread arrivals by up to"
          unit="s"
          value={source.transforms?.spreadWithinTickS}
          field={`${field}.transforms.spreadWithinTickS`}
          fallback={0}
          min={0}
          onChange={(seconds) => set("spreadWithinTickS", seconds)}
        />
      </div>
      {trace !== undefined && <TraceLine source={source} trace={trace} />}
      {chosen === "missing" && <MissingTrace file={source.file ?? "The trace"} />}
      <WhatIf source={source} index={index} />
      {typeof startMs === "number" && <ClockHint startMs={startMs} />}
    </>
  );
}
