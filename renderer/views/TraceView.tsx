/** A trace of the library: its figures and its rate over time. */

import type { TraceEntry, TraceSummary } from "../../shared/contract/traceMethods.ts";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatTokens,
} from "../../shared/reports/formatters.ts";
import { DataTable } from "../components/DataTable.tsx";
import { Figure } from "../components/Figure.tsx";
import { useWindow } from "../components/useApp.ts";
import { RateChart } from "./RateChart.tsx";

/** Quantiles that summaries carry, as headings. */
const quantileNames = ["1 %", "5 %", "10 %", "25 %", "median", "75 %", "90 %", "95 %", "99 %"];

function burstiness(gapCv: number | null): string {
  if (gapCv === null) return "-";
  const words = gapCv < 0.8 ? "even" : gapCv <= 1.2 ? "as chance has it" : "in bursts";
  return `${formatNumber(gapCv)} (${words})`;
}

function TraceFigures({ summary }: { readonly summary: TraceSummary }) {
  const { rows, spanS, promptTokens, outputTokens, cachedTokens } = summary;
  const ratio = outputTokens > 0 ? `${formatNumber(promptTokens / outputTokens)} : 1` : "no output";
  return (
    <dl className="figures">
      <Figure label="Requests" value={formatCount(rows)} testId="trace-rows" />
      <Figure label="Over" value={formatSeconds(spanS)} />
      <Figure label="Prompt tokens" value={formatTokens(promptTokens)} />
      <Figure label="Output tokens" value={formatTokens(outputTokens)} />
      <Figure label="Input : output" value={ratio} />
      <Figure label="Gaps between arrivals, CV" value={burstiness(summary.gapCv)} />
      {cachedTokens !== null && (
        <Figure
          label="Cached by the source"
          value={formatPercent(cachedTokens / Math.max(1, promptTokens))}
        />
      )}
      <Figure
        label="Rows left out"
        value={formatCount(summary.rejected)}
        tone={summary.rejected > 0 ? "warn" : undefined}
      />
    </dl>
  );
}

export function TraceSheet({ trace }: { readonly trace: TraceEntry }) {
  const { summary } = trace;
  const counts = (values: readonly number[]) => values.map(formatCount);
  return (
    <article className="sheet-body">
      <header>
        <h1>{trace.name}</h1>
        <p className="lead">
          {summary.format} · SHA-256 <code>{trace.sha256.slice(0, 12)}</code>
        </p>
      </header>
      <TraceFigures summary={summary} />
      <section>
        <h2>Rate</h2>
        <RateChart rate={summary.rate} />
      </section>
      <section>
        <h2>Tokens of a request</h2>
        <DataTable
          caption="Quantiles of prompt and output tokens"
          columns={[
            { heading: "" },
            ...quantileNames.map((heading) => ({ heading, isFigure: true })),
          ]}
          rows={[
            ["Prompt", ...counts(summary.promptQuantiles)],
            ["Output", ...counts(summary.outputQuantiles)],
          ]}
        />
      </section>
      {summary.models.length > 0 && (
        <section>
          <h2>Models</h2>
          <DataTable
            caption="Requests by model"
            columns={[{ heading: "Model" }, { heading: "Requests", isFigure: true }]}
            rows={summary.models.map(({ name, rows }) => [name, formatCount(rows)])}
          />
        </section>
      )}
      <TraceNotes summary={summary} />
    </article>
  );
}

function TraceNotes({ summary }: { readonly summary: TraceSummary }) {
  const rejected = Object.entries(summary.rejectedBy);
  const notes = [...summary.warnings, ...summary.notes];
  if (notes.length === 0 && rejected.length === 0) return null;
  return (
    <section>
      <h2>What to know</h2>
      <ul className="notes">
        {rejected.map(([reason, rows]) => (
          <li key={reason}>
            {formatCount(rows)} rows left out: {reason}
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

/** The trace of an id; says so when it is gone. */
export function TraceView({ id }: { readonly id: string }) {
  const trace = useWindow((state) => state.traces.find((each) => each.id === id));
  if (trace === undefined) return <p className="empty">This trace is no longer in the library.</p>;
  return <TraceSheet trace={trace} />;
}
