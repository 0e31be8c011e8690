/** A trace of the library: its figures, its rate over time, its lengths, who sent what; what can be done with it. */
import { useState } from "react";
import { Button, Input, TextField } from "react-aria-components";
import type { TraceEntry, TraceSummary } from "../../shared/contract/traceMethods.ts";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatTokens,
} from "../../shared/reports/formatters.ts";
import { traceFormatName } from "../../shared/reports/traceText.ts";
import { LengthChart } from "../charts/LengthChart.tsx";
import { Figure } from "../components/Figure.tsx";
import { useApp, useWindow } from "../components/useApp.ts";
import { RateSection } from "./trace/RateSection.tsx";
import { ByName, PrefixReuse, TraceNotes } from "./trace/TraceTables.tsx";
import { useTraceActions } from "./trace/useTraceActions.ts";

function TraceFigures({ summary }: { readonly summary: TraceSummary }) {
  const { rows, spanS, promptTokens, outputTokens, startMs } = summary;
  const ratio = outputTokens > 0 ? `${formatNumber(promptTokens / outputTokens)} : 1` : "no output";
  const monthTokens = spanS > 0 ? ((promptTokens + outputTokens) / spanS) * 730 * 3600 : undefined;
  return (
    <dl className="figures">
      <Figure label="Requests" value={formatCount(rows)} testId="trace-rows" />
      <Figure
        label="Over"
        value={spanS === 0 ? "one moment" : formatSeconds(spanS)}
        note={
          typeof startMs === "number"
            ? `from ${new Date(startMs).toISOString().slice(0, 16).replace("T", " ")} UTC`
            : undefined
        }
      />
      <Figure
        label="Prompt tokens"
        value={formatTokens(promptTokens)}
        note={`${formatNumber(promptTokens / Math.max(1, rows))} a request`}
      />
      <Figure
        label="Output tokens"
        value={formatTokens(outputTokens)}
        note={`${formatNumber(outputTokens / Math.max(1, rows))} a request`}
      />
      <Figure label="Input : output" value={ratio} />
      {monthTokens !== undefined && (
        <Figure
          label="A month at this rate"
          value={formatTokens(monthTokens)}
          unit="tokens"
          note="of 730 h"
        />
      )}
      <Figure
        label="Rows left out"
        value={formatCount(summary.rejected)}
        tone={summary.rejected > 0 ? "warn" : undefined}
        note={
          summary.rejected > 0
            ? formatPercent(summary.rejected / (summary.rejected + rows))
            : undefined
        }
      />
    </dl>
  );
}

function Head({ trace }: { readonly trace: TraceEntry }) {
  const { rename, remove, replayIn, makeScenario } = useTraceActions(trace);
  const [name, setName] = useState(trace.name);
  const front = useWindow((state) =>
    state.scenarios.find(({ id }) => id === state.settings.openScenarios[0]),
  );
  return (
    <header>
      <TextField
        className="title-field"
        aria-label="Name of the trace"
        value={name}
        onChange={setName}
        onBlur={() => rename(name)}
      >
        <Input />
      </TextField>
      <p className="lead">
        {traceFormatName(trace.summary.format)} · imported{" "}
        {new Date(trace.importedMs).toLocaleDateString()} · SHA-256{" "}
        <code>{trace.sha256.slice(0, 12)}</code>
      </p>
      <div className="row">
        <Button className="button primary" onPress={makeScenario}>
          New scenario from this trace
        </Button>
        {front !== undefined && (
          <Button className="button" onPress={() => replayIn(front.id)}>
            Replay it in {front.name}
          </Button>
        )}
        <Button className="button quiet" onPress={remove}>
          Remove from the library
        </Button>
      </div>
    </header>
  );
}

export function TraceSheet({ trace }: { readonly trace: TraceEntry }) {
  const { summary } = trace;
  return (
    <article className="sheet-body wide">
      <Head trace={trace} />
      <TraceFigures summary={summary} />
      <div className="trace-columns">
        <RateSection summary={summary} />
        <section className="charts">
          {summary.promptLengths !== undefined && summary.outputLengths !== undefined && (
            <LengthChart
              prompt={summary.promptLengths}
              output={summary.outputLengths}
              promptQuantiles={summary.promptQuantiles}
              outputQuantiles={summary.outputQuantiles}
            />
          )}
        </section>
        <PrefixReuse summary={summary} />
      </div>
      <div className="trace-columns">
        <ByName heading="model" names={summary.models} summary={summary} />
        <ByName heading="tenant" names={summary.tenants} summary={summary} />
        <ByName heading="tag" names={summary.tags ?? []} summary={summary} />
      </div>
      <TraceNotes summary={summary} />
    </article>
  );
}

/** The trace of an id; says so when it is gone. */
export function TraceView({ id }: { readonly id: string }) {
  const app = useApp();
  const trace = useWindow((state) => state.traces.find((each) => each.id === id));
  if (trace !== undefined) return <TraceSheet key={id} trace={trace} />;
  return (
    <div className="sheet-body">
      <p className="empty">This trace is no longer in the library.</p>
      <div className="row">
        <Button className="button" onPress={() => app.commands.run("trace.import")}>
          Import a trace
        </Button>
      </div>
    </div>
  );
}
