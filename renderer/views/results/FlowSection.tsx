/** Where tokens and dollars of the run went. */
import { useCallback, useMemo, useState } from "react";
import { formatTokens, formatUsd } from "../../../shared/reports/formatters.ts";
import { FlowChart } from "../../charts/FlowChart.tsx";
import { optionStyles } from "../../charts/optionStyles.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { Choice } from "./Choice.tsx";
import { type FlowMeasure, flowLinks, flowSentence } from "./flowLinks.ts";
import { useInsight } from "./useInsight.ts";

export function FlowSection({ scenario }: { readonly scenario: OpenScenario }) {
  const { value, problem } = useInsight(scenario, "run.flow");
  const [measure, setMeasure] = useState<FlowMeasure>("tokens");
  const links = useMemo(() => (value ? flowLinks(value, measure) : []), [value, measure]);
  const styleOf = useCallback(
    (destination: string) => {
      const kind = value?.cells.find((cell) => cell.destination === destination)?.kind;
      if (kind === "pool") return optionStyles.own;
      return kind === "provider" ? optionStyles.api : optionStyles.other;
    },
    [value],
  );
  const waiting = value === undefined ? (problem ?? "The run is looked through …") : undefined;
  const none = links.every((each) => each.value === 0) ? "Nothing flowed in this run." : undefined;
  const isTokens = measure === "tokens";
  return (
    <section className="charts">
      <h2>Where it goes</h2>
      <Choice
        label="Flow of"
        value={measure}
        options={[
          ["tokens", "Tokens"],
          ["usd", "Dollars a month"],
        ]}
        onChange={setMeasure}
      />
      <FlowChart
        title={isTokens ? "Tokens by class and destination" : "Dollars by class and destination"}
        summary={flowSentence(links, measure)}
        empty={waiting ?? none}
        {...{ links, styleOf }}
        what={isTokens ? "tokens" : "dollars a month"}
        format={isTokens ? formatTokens : formatUsd}
      />
    </section>
  );
}
