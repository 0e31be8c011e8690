/** A run's flow as its chart shows it. */
import type { FlowReply } from "../../../shared/contract/insightMethods.ts";
import { formatPercent, formatTokens, formatUsd } from "../../../shared/reports/formatters.ts";
import type { FlowLink } from "../../charts/flow.ts";

/** What flows. */
export type FlowMeasure = "tokens" | "usd";

/** Where requests went that nothing took. */
const nowhere = "turned away";

/** Bands of a flow; dollars that no class caused come from a source of their own. */
export function flowLinks({ cells, rest }: FlowReply, measure: FlowMeasure): FlowLink[] {
  const links = cells.map((cell) => ({
    from: cell.class,
    to: cell.destination ?? nowhere,
    value: measure === "tokens" ? cell.promptTokens + cell.outputTokens : cell.monthUsd,
  }));
  if (measure === "tokens") return links;
  return [
    ...links,
    ...rest.map(({ label, monthUsd }) => ({ from: "no class", to: label, value: monthUsd })),
  ];
}

/** The largest band in words. */
export function flowSentence(links: readonly FlowLink[], measure: FlowMeasure): string {
  const total = links.reduce((sum, { value }) => sum + value, 0);
  const [first] = [...links].sort((a, b) => b.value - a.value);
  if (first === undefined || !(total > 0)) return "Nothing flowed.";
  const share = formatPercent(first.value / total);
  const amount =
    measure === "tokens" ? `${formatTokens(total)} tokens` : `${formatUsd(total)} a month`;
  return `Of ${amount}, ${share} goes from ${first.from} to ${first.to}.`;
}
