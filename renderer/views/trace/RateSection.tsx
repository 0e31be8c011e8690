/** A trace's rate over time at the grain that the person chooses, and how bursty it is at each. */
import { useMemo, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { TraceSummary } from "../../../shared/contract/traceMethods.ts";
import { formatNumber, formatSeconds } from "../../../shared/reports/formatters.ts";
import { coarser, type GrainFigures, grainFigures, grainsOf } from "../../charts/lengthCurve.ts";
import { optionStyles } from "../../charts/optionStyles.ts";
import { TimelineChart } from "../../charts/TimelineChart.tsx";
import { axisNumber } from "../../charts/ticks.ts";
import { TimeLink } from "../../charts/timeWindow.ts";
import { DataTable } from "../../components/DataTable.tsx";

/** A grain as people say it: "1 min" rather than "60.0 s". */
function grainName(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Fewer requests tell nothing about how they come. */
const fewRequests = 20;

function burstText({ dispersion }: GrainFigures, rows: number): string {
  if (rows < fewRequests) return "too few requests to say";
  if (dispersion === undefined) return "too few windows to say";
  if (dispersion < 0.8) return "evener than chance";
  if (dispersion <= 1.25) return "as chance has it";
  return dispersion < 4 ? "in bursts" : "in strong bursts or waves";
}

function sentenceOf({ peakRps, meanRps, windowS }: GrainFigures): string {
  const times = meanRps > 0 ? `, ${formatNumber(peakRps / meanRps)} times the average` : "";
  return `On average ${formatNumber(meanRps)} requests a second; the busiest ${grainName(windowS)} have ${formatNumber(peakRps)}${times}.`;
}

function Burstiness({
  all,
  gapCv,
  requests,
}: {
  readonly all: readonly GrainFigures[];
  readonly gapCv: number | null;
  readonly requests: number;
}) {
  return (
    <section>
      <h2>Burstiness</h2>
      <p className="lead">
        {gapCv === null
          ? "Too few arrivals to tell how they are spread."
          : `The gaps between arrivals vary by ${formatNumber(gapCv)} times their mean (1 for arrivals that know nothing of each other).`}{" "}
        Variance over mean of the counts is 1 for chance, more for bursts and for the waves of day
        and night.
      </p>
      <DataTable
        caption="Burstiness by grain"
        columns={[
          { heading: "Windows of" },
          { heading: "Peak, req/s", isFigure: true },
          { heading: "Peak over mean", isFigure: true },
          { heading: "Variance over mean", isFigure: true },
          { heading: "Arrivals come" },
        ]}
        rows={all.map((each) => [
          grainName(each.windowS),
          formatNumber(each.peakRps),
          each.meanRps > 0 ? formatNumber(each.peakRps / each.meanRps) : "-",
          each.dispersion === undefined ? "-" : formatNumber(each.dispersion),
          burstText(each, requests),
        ])}
        emptyText="One moment has no windows to set beside each other."
      />
    </section>
  );
}

export function RateSection({ summary }: { readonly summary: TraceSummary }) {
  const { rate, gapCv, startMs } = summary;
  const grains = useMemo(() => grainsOf(rate.windowS, rate.counts.length), [rate]);
  const byGrain = useMemo(
    () => new Map(grains.map((grain) => [grain, coarser(rate.counts, grain / rate.windowS)])),
    [rate, grains],
  );
  const preferred = grains.find((grain) => byGrain.get(grain)!.length <= 400) ?? grains[0];
  const [chosen, setGrain] = useState(preferred);
  const grain = byGrain.has(chosen) ? chosen : preferred;
  const counts = byGrain.get(grain)!;
  const figures = grainFigures(counts, grain);
  const link = useMemo(
    () => new TimeLink(rate.counts.length * rate.windowS, 4 * rate.windowS),
    [rate],
  );
  const series = useMemo(
    () => [
      {
        label: "",
        column: counts.map((count) => count / grain),
        style: { ...optionStyles.other, dash: "none" },
      },
    ],
    [counts, grain],
  );
  return (
    <>
      <section className="charts">
        {summary.spanS > 0 && (
          <div className="row grain-row">
            <span className="grain-label" id="grain-label">
              Requests counted in windows of
            </span>
            <ToggleButtonGroup
              className="grains"
              aria-labelledby="grain-label"
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[String(grain)]}
              onSelectionChange={(keys) => setGrain(Number([...keys][0]))}
            >
              {grains.map((each) => (
                <ToggleButton key={each} id={String(each)} className="grain">
                  {grainName(each)}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
        )}
        <TimelineChart
          title="Rate over time"
          summary={`${sentenceOf(figures)} The trace covers ${formatSeconds(summary.spanS)}.`}
          {...(summary.spanS === 0 && {
            empty: "All requests arrive at one moment, so there is no rate over time.",
          })}
          link={link}
          windowS={grain}
          {...(typeof startMs === "number" && { startMs })}
          series={series}
          unit={`requests/s, mean of each ${grainName(grain)}`}
          axis={axisNumber}
          format={(value) => `${formatNumber(value)} requests/s`}
          testId="trace-rate"
        />
      </section>
      <Burstiness
        all={
          summary.spanS === 0 ? [] : grains.map((each) => grainFigures(byGrain.get(each)!, each))
        }
        gapCv={gapCv}
        requests={summary.rows}
      />
    </>
  );
}
