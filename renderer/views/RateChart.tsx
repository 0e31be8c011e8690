/** A trace's rate over time, as bars. */
import { scaleLinear } from "d3-scale";
import type { TraceSummary } from "../../shared/contract/traceMethods.ts";
import { formatCount, formatNumber, formatSeconds } from "../../shared/reports/formatters.ts";

const width = 720;
const height = 160;
const margin = { left: 44, right: 8, top: 10, bottom: 26 };

interface RateChartProps {
  readonly rate: TraceSummary["rate"];
}

/** The chart in one sentence, for readers and screen readers alike. */
function sentenceOf({ counts, windowS }: TraceSummary["rate"]): string {
  const peak = Math.max(...counts);
  const at = counts.indexOf(peak);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return `On average ${formatNumber(mean / windowS)} requests a second; the busiest ${formatSeconds(windowS)} begin after ${formatSeconds(at * windowS)} with ${formatCount(peak)} requests, ${formatNumber(peak / mean)} times the average.`;
}

export function RateChart({ rate }: RateChartProps) {
  const { counts, windowS } = rate;
  const x = scaleLinear([0, counts.length], [margin.left, width - margin.right]);
  const y = scaleLinear(
    [0, Math.max(1, ...counts) / windowS],
    [height - margin.bottom, margin.top],
  );
  const bar = Math.max(0.5, (x(1) - x(0)) * 0.86);
  return (
    <figure>
      <figcaption>{sentenceOf(rate)}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label="Requests a second over time">
        {y.ticks(4).map((tick) => (
          <g key={tick} transform={`translate(0 ${y(tick)})`}>
            <line className="grid" x1={margin.left} x2={width - margin.right} />
            <text className="tick" x={margin.left - 6} dy="0.32em" textAnchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        {counts.map((count, i) => (
          <rect
            key={i}
            className="bar"
            x={x(i)}
            y={y(count / windowS)}
            width={bar}
            height={y(0) - y(count / windowS)}
          />
        ))}
        {x.ticks(6).map((tick) => (
          <text className="tick" key={tick} x={x(tick)} y={height - 8} textAnchor="middle">
            {formatSeconds(tick * windowS)}
          </text>
        ))}
        <text className="tick" x={margin.left - 38} y={margin.top - 1}>
          req/s
        </text>
      </svg>
    </figure>
  );
}
