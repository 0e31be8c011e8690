/** How long requests waited, class by class, against their targets. */
import { useMemo, useState } from "react";
import type { LatencyDistribution } from "../../../shared/contract/insightMethods.ts";
import { formatGiven, formatMs, formatPercent } from "../../../shared/reports/formatters.ts";
import { LatencyChart, type LatencySeries, missedShare } from "../../charts/LatencyChart.tsx";
import { scenarioStyle } from "../../charts/optionStyles.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { Choice } from "./Choice.tsx";
import { useInsight } from "./useInsight.ts";

type Metric = LatencyDistribution["metric"];

const metricNames: Readonly<Record<Metric, string>> = {
  ttft: "time to first token",
  tpot: "time per output token",
  e2e: "end-to-end latency",
  queue: "queue time",
};

/** Classes keep their look whatever is shown of them; the first three looks stand for own GPUs, APIs and mixes. */
function seriesOf(latencies: readonly LatencyDistribution[], metric: Metric): LatencySeries[] {
  return latencies
    .filter((each) => each.metric === metric)
    .map((each, place) => ({
      label: each.class,
      style: scenarioStyle(place + 3),
      distribution: each,
      ...(each.target !== null && { target: each.target }),
    }))
    .filter(({ distribution }) => distribution.n > 0);
}

function sentenceOf(series: readonly LatencySeries[], metric: Metric): string {
  const missed = series.filter(
    (each) => each.target !== undefined && missedShare(each) > 1 - each.target.percentile,
  );
  const named = series.filter(({ target }) => target !== undefined);
  if (named.length === 0) return `No class has a target for its ${metricNames[metric]}.`;
  const later = (each: LatencySeries): string =>
    `${formatPercent(missedShare(each))} later than ${formatMs(each.target?.ms ?? 0)}`;
  if (missed.length === 0) {
    const classes = named.map((each) => `of ${each.label} ${later(each)}`);
    return `Every class keeps its target: ${classes.join(", ")}.`;
  }
  const worst = missed.map((each) => {
    const allowed = 100 - (each.target?.percentile ?? 0) * 100;
    return `${each.label}, ${later(each)} where ${formatGiven(Number(allowed.toPrecision(6)))} % are allowed`;
  });
  return `Missed by ${worst.join("; ")}.`;
}

export function LatencySection({ scenario }: { readonly scenario: OpenScenario }) {
  const { value, problem } = useInsight(scenario, "run.latencies");
  const [metric, setMetric] = useState<Metric>("ttft");
  const series = useMemo(() => seriesOf(value?.latencies ?? [], metric), [value, metric]);
  const waiting = value === undefined ? (problem ?? "The run is looked through …") : undefined;
  const none =
    series.length === 0 ? `No answered request has a ${metricNames[metric]}.` : undefined;
  return (
    <section className="charts">
      <h2>How long requests take</h2>
      <Choice
        label="Latency"
        value={metric}
        options={[
          ["ttft", "TTFT"],
          ["tpot", "TPOT"],
          ["e2e", "End to end"],
          ["queue", "Queue"],
        ]}
        onChange={setMetric}
      />
      <LatencyChart
        title={`Distribution of ${metricNames[metric]}`}
        summary={sentenceOf(series, metric)}
        empty={waiting ?? none}
        metric={metricNames[metric]}
        series={series}
      />
    </section>
  );
}
