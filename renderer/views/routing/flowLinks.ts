/** Where tokens and dollars of a run went, as links of the flow picture, and in a sentence. */
import type { FlowReply } from "../../../shared/contract/insightMethods.ts";
import { formatPercent, formatTokens, formatUsd } from "../../../shared/reports/formatters.ts";
import type { FlowLink } from "../../charts/flow.ts";

/** What is shown. */
export type FlowMeasure = "tokens" | "dollars";

/** Where requests end that nothing took. */
export const nowhere = "no place";

type Cell = FlowReply["cells"][number];

function measured(cell: Cell, measure: FlowMeasure): number {
  return measure === "tokens" ? cell.promptTokens + cell.outputTokens : cell.monthUsd;
}

/** Links from classes to destinations; dollars that no class used go from where they arise. */
export function flowLinks(flow: FlowReply, measure: FlowMeasure): FlowLink[] {
  const cells = flow.cells.map((cell) => ({
    ...{ from: cell.class, to: cell.destination ?? nowhere },
    value: measured(cell, measure),
  }));
  if (measure === "tokens") return cells;
  const rest = flow.rest.map(({ label, monthUsd }) => ({
    ...{ from: "not by use", to: label },
    value: monthUsd,
  }));
  return [...cells, ...rest];
}

/** The largest destination and its share, and what was spilled. */
export function flowSentence(flow: FlowReply, measure: FlowMeasure): string {
  const links = flowLinks(flow, measure);
  const total = links.reduce((sum, { value }) => sum + value, 0);
  const sums = new Map<string, number>();
  for (const { to, value } of links) sums.set(to, (sums.get(to) ?? 0) + value);
  const [most] = [...sums].sort((a, b) => b[1] - a[1]);
  if (most === undefined || total === 0) return "Nothing was served in the last run.";
  const format = measure === "tokens" ? formatTokens : formatUsd;
  const unit = measure === "tokens" ? " tokens of the run" : " a month";
  const spilled = flow.cells.reduce((sum, cell) => sum + cell.spilled, 0);
  const requests = flow.cells.reduce((sum, cell) => sum + cell.requests, 0);
  const spill =
    spilled === 0 || requests === 0
      ? "nothing spilled"
      : `${formatPercent(spilled / requests)} of the requests spilled`;
  return `${most[0]} has ${formatPercent(most[1] / total)} of ${format(total)}${unit}; ${spill}.`;
}
