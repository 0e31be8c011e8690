/** What happened over the time of the run, on one shared axis. */
import { useMemo } from "react";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatNumber, formatPercent } from "../../../shared/reports/formatters.ts";
import { type OptionStyle, optionStyles } from "../../charts/optionStyles.ts";
import { TimelineChart, type TimelineSeries } from "../../charts/TimelineChart.tsx";
import { axisNumber, axisPercent } from "../../charts/ticks.ts";
import { TimeLink } from "../../charts/timeWindow.ts";

/** The four ways in which a pool can be full, told apart by colour and dash. */
const usageStyles: Readonly<Record<string, OptionStyle>> = {
  busy: { colour: "var(--own)", mark: "square", dash: "none" },
  compute: { colour: "var(--s4)", mark: "triangle", dash: "7 4" },
  bandwidth: { colour: "var(--s5)", mark: "wedge", dash: "10 3 2 3" },
  KV: { colour: "var(--s3)", mark: "diamond", dash: "2 3" },
};

function usageSeries(pool: RunReport["series"]["pools"][string]): TimelineSeries[] {
  return [
    { label: "busy", column: pool.busyFraction, style: usageStyles.busy },
    { label: "compute", column: pool.computeFraction, style: usageStyles.compute },
    { label: "bandwidth", column: pool.bandwidthFraction, style: usageStyles.bandwidth },
    { label: "KV", column: pool.kvUsage, style: usageStyles.KV },
  ];
}

function PoolTimelines({
  report,
  name,
  link,
}: {
  readonly report: RunReport;
  readonly name: string;
  readonly link: TimeLink;
}) {
  const pool = report.series.pools[name];
  const { windowS } = report.series;
  const usage = useMemo(() => usageSeries(pool), [pool]);
  const queue = useMemo(
    (): TimelineSeries[] => [
      { label: "waiting", column: pool.waiting, style: { ...optionStyles.api, mark: "wedge" } },
      { label: "running", column: pool.running, style: optionStyles.own },
    ],
    [pool],
  );
  const figures = report.pools.find((each) => each.name === name);
  return (
    <>
      <TimelineChart
        title={`How full ${name} is`}
        summary={`On average ${formatPercent(figures?.busyFraction ?? 0)} busy, ${formatPercent(figures?.kvUsageMean ?? 0)} of the KV cache in use.`}
        {...{ link, windowS }}
        series={usage}
        unit="% of the pool, mean of each window"
        axis={axisPercent}
        format={formatPercent}
        most={1}
        testId={`usage-${name}`}
      />
      <TimelineChart
        title={`Requests at ${name}`}
        summary={`Waiting and running, mean of each window.`}
        {...{ link, windowS }}
        series={queue}
        unit="requests, mean of each window"
        axis={axisNumber}
        format={formatNumber}
      />
    </>
  );
}

export function Timelines({ report }: { readonly report: RunReport }) {
  const { horizonS, series } = report;
  const link = useMemo(
    () => new TimeLink(horizonS, 4 * series.windowS),
    [horizonS, series.windowS],
  );
  return (
    <section className="charts">
      <h2>Over time</h2>
      {Object.keys(series.pools).map((name) => (
        <PoolTimelines key={name} {...{ report, name, link }} />
      ))}
    </section>
  );
}
