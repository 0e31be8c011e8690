/** A trace by model, tenant and tag, what a prefix cache would find of it, and what there is to know. */
import type { TraceSummary } from "../../../shared/contract/traceMethods.ts";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatTokens,
} from "../../../shared/reports/formatters.ts";
import { rejectReasonText } from "../../../shared/reports/traceText.ts";
import { DataTable } from "../../components/DataTable.tsx";

interface NamedProps {
  readonly heading: "model" | "tenant" | "tag";
  readonly names: TraceSummary["models"];
  readonly summary: TraceSummary;
}

function ratioText(prompt: number | undefined, output: number | undefined): string {
  return prompt === undefined || !output ? "-" : `${formatNumber(prompt / output)} : 1`;
}

const headings = { model: "Model", tenant: "Tenant", tag: "Tag" } as const;

export function ByName({ heading, names, summary }: NamedProps) {
  if (names.length === 0) return null;
  const tokens = (value: number | undefined): string =>
    value === undefined ? "-" : formatTokens(value);
  return (
    <section>
      <h2>By {heading}</h2>
      <DataTable
        caption={`The trace by ${heading}`}
        columns={[
          { heading: headings[heading] },
          { heading: "Requests", isFigure: true },
          { heading: "Share", isFigure: true },
          { heading: "Prompt tokens", isFigure: true },
          { heading: "Output tokens", isFigure: true },
          { heading: "Input : output", isFigure: true },
        ]}
        rows={names
          .slice(0, 50)
          .map(({ name, rows, promptTokens, outputTokens }) => [
            name === "" ? (heading === "tag" ? "(no tag)" : "(not named)") : name,
            formatCount(rows),
            formatPercent(rows / Math.max(1, summary.rows)),
            tokens(promptTokens),
            tokens(outputTokens),
            ratioText(promptTokens, outputTokens),
          ])}
      />
      {heading === "tag" && isOverlapping(names, summary.rows) && (
        <p className="lead">
          Requests with several tags count at each of them, so the shares add up to more than 100 %.
        </p>
      )}
      {names.length > 50 && (
        <p className="lead">
          The 50 with the most requests of {formatCount(names.length)}
          {names.length === 200 ? " or more" : ""}.
        </p>
      )}
    </section>
  );
}

function isOverlapping(names: TraceSummary["models"], rows: number): boolean {
  return names.reduce((sum, each) => sum + each.rows, 0) > rows;
}

export function PrefixReuse({ summary }: { readonly summary: TraceSummary }) {
  const { prefixReuse, hasPrefixes, cachedTokens, promptTokens } = summary;
  const stated =
    cachedTokens === null
      ? "The source does not say what it served from a cache."
      : `The source served ${formatPercent(cachedTokens / Math.max(1, promptTokens))} of the prompt tokens from a cache.`;
  if (!hasPrefixes) {
    return (
      <section>
        <h2>Prefix reuse</h2>
        <p className="lead">
          The trace does not say what prompts share, so nothing is found in a prefix cache unless a
          class of the scenario is given a shared prefix. {stated}
        </p>
      </section>
    );
  }
  const whole = prefixReuse?.find(({ capacityBlocks }) => capacityBlocks === null);
  return (
    <section>
      <h2>Prefix reuse</h2>
      <p className="lead">
        {whole === undefined
          ? "Prompts share blocks; import the trace again to have the shares."
          : `An endless prefix cache would find ${formatPercent(whole.tokenShare)} of the prompt tokens.`}{" "}
        {stated}
      </p>
      {prefixReuse !== undefined && prefixReuse.length > 1 && (
        <DataTable
          caption="Prompt tokens that a prefix cache finds, by its size"
          columns={[
            { heading: "Cache of", isFigure: true },
            { heading: "Prompt tokens found", isFigure: true },
          ]}
          rows={prefixReuse.map(({ capacityBlocks, tokenShare }) => [
            capacityBlocks === null ? "no limit" : `${formatCount(capacityBlocks)} blocks`,
            formatPercent(tokenShare),
          ])}
        />
      )}
    </section>
  );
}

export function TraceNotes({ summary }: { readonly summary: TraceSummary }) {
  const rejected = Object.entries(summary.rejectedBy);
  const notes = [...summary.warnings, ...summary.notes];
  if (notes.length === 0 && rejected.length === 0) return null;
  return (
    <section>
      <h2>What to know</h2>
      <ul className="notes">
        {rejected.map(([reason, rows]) => (
          <li key={reason} data-tone="warn">
            {formatCount(rows)} {rows === 1 ? "row was" : "rows were"} left out:{" "}
            {rejectReasonText(reason)}.
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
