/** What happened over the time of the run, on one shared axis: zoom, brush and cursor of one chart move all. */
import { useMemo } from "react";
import { Button } from "react-aria-components";
import { useStore } from "zustand";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatNumber, formatPercent } from "../../../shared/reports/formatters.ts";
import { HeatChart } from "../../charts/HeatChart.tsx";
import { foldOf, grainText } from "../../charts/heat.ts";
import { memberStyle, type OptionStyle, optionStyles } from "../../charts/optionStyles.ts";
import { TimelineChart, type TimelineSeries } from "../../charts/TimelineChart.tsx";
import { TimeOverview } from "../../charts/TimeOverview.tsx";
import { axisNumber, axisPercent, timeNumber, timeText, timeUnitOf } from "../../charts/ticks.ts";
import { TimeLink } from "../../charts/timeWindow.ts";
import { queueSentence, spillSentence, usageSentence } from "./runSentences.ts";

/** The four ways in which a pool can be full, told apart by colour and dash. */
const usageStyles: Readonly<Record<string, OptionStyle>> = {
  busy: { colour: "var(--own)", mark: "square", dash: "none" },
  compute: { colour: "var(--s4)", mark: "triangle", dash: "7 4" },
  bandwidth: { colour: "var(--s5)", mark: "wedge", dash: "10 3 2 3" },
  KV: { colour: "var(--s3)", mark: "diamond", dash: "2 3" },
};

/** Answers 429: refused for a limit. */
const limitedStyle: OptionStyle = { colour: "var(--bad)", mark: "cross", dash: "1 2" };

const waitingStyle: OptionStyle = { colour: "var(--s6)", mark: "wedge", dash: "7 4" };

interface PoolProps {
  readonly report: RunReport;
  readonly name: string;
  readonly link: TimeLink;
}

function usageSeries(pool: RunReport["series"]["pools"][string]): TimelineSeries[] {
  return [
    { label: "busy", column: pool.busyFraction, style: usageStyles.busy },
    { label: "compute", column: pool.computeFraction, style: usageStyles.compute },
    { label: "bandwidth", column: pool.bandwidthFraction, style: usageStyles.bandwidth },
    { label: "KV cache", column: pool.kvUsage, style: usageStyles.KV },
  ];
}

function PoolTimelines({ report, name, link }: PoolProps) {
  const pool = report.series.pools[name];
  const { windowS } = report.series;
  const usage = useMemo(() => usageSeries(pool), [pool]);
  const queue = useMemo(
    (): TimelineSeries[] => [
      { label: "running", column: pool.running, style: optionStyles.own },
      { label: "waiting", column: pool.waiting, style: waitingStyle },
    ],
    [pool],
  );
  return (
    <>
      <HeatChart
        title={`${name}, ${grainText(foldOf(report.horizonS, windowS))}`}
        summary={usageSentence(report, name)}
        column={pool.busyFraction}
        windowS={windowS}
        spanS={report.horizonS}
        colour="var(--own)"
        label="busy"
      />
      <TimelineChart
        title={`How full ${name} is`}
        summary="Busy, of its arithmetic, of its memory bandwidth, and of its KV cache: the one nearest to 100 % binds."
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
        summary={queueSentence(report, name)}
        {...{ link, windowS }}
        series={queue}
        unit="requests, mean of each window"
        axis={axisNumber}
        format={formatNumber}
        testId={`queue-${name}`}
      />
    </>
  );
}

function perSecond(column: readonly number[], windowS: number): number[] {
  return column.map((count) => count / windowS);
}

function SpillTimeline({ report, link }: { readonly report: RunReport; readonly link: TimeLink }) {
  const { series, providers } = report;
  const { windowS } = series;
  const lines = useMemo(
    (): TimelineSeries[] => [
      { label: "spilled over", column: perSecond(series.spilled, windowS), style: waitingStyle },
      ...Object.entries(series.providers).flatMap(([name, each], i) => [
        { label: name, column: perSecond(each.requests, windowS), style: memberStyle("api", i) },
        ...(each.limited429.some((count) => count > 0)
          ? [
              {
                label: `${name}: 429`,
                column: perSecond(each.limited429, windowS),
                style: limitedStyle,
              },
            ]
          : []),
      ]),
    ],
    [series, windowS],
  );
  return (
    <TimelineChart
      title="Spillover and answers 429"
      summary={spillSentence(report)}
      empty={
        providers.length === 0 ? "The scenario has no API: nothing can be sent to one." : undefined
      }
      {...{ link, windowS }}
      series={lines}
      unit="requests a second, mean of each window"
      axis={axisNumber}
      format={(value) => `${formatNumber(value)}/s`}
      testId="spillover"
    />
  );
}

/** Which stretch is shown, and the way back to the whole run. */
function ShownStretch({ link }: { readonly link: TimeLink }) {
  const fromS = useStore(link.store, (state) => state.fromS);
  const toS = useStore(link.store, (state) => state.toS);
  const isWhole = fromS <= 0 && toS >= link.spanS;
  const unit = timeUnitOf(link.spanS);
  return (
    <p className="shown-stretch">
      {isWhole
        ? "Drag across a chart, or press + on its points, to look closer; all charts follow."
        : `Shown: ${timeNumber(fromS, unit)} to ${timeText(toS, unit)}.`}
      {!isWhole && (
        <Button className="button small" onPress={() => link.reset()}>
          Whole run
        </Button>
      )}
    </p>
  );
}

export function Timelines({ report }: { readonly report: RunReport }) {
  const { horizonS, series } = report;
  const link = useMemo(
    () => new TimeLink(horizonS, Math.min(horizonS, 4 * series.windowS)),
    [horizonS, series.windowS],
  );
  return (
    <section className="charts">
      <div>
        <h2>Over time</h2>
        <TimeOverview link={link} column={series.arrived} windowS={series.windowS} />
        <ShownStretch link={link} />
      </div>
      {Object.keys(series.pools).map((name) => (
        <PoolTimelines key={name} {...{ report, name, link }} />
      ))}
      <SpillTimeline {...{ report, link }} />
    </section>
  );
}
