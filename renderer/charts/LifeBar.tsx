/** A request's life as a bar: waiting, reading the prompt, writing the answer. */
import { formatMs } from "../../shared/reports/formatters.ts";
import { type LifeTimes, lifePieces } from "./lifeBar.ts";
import { linearScale } from "./scales.ts";

const names = { queue: "waiting", prefill: "reading the prompt", decode: "writing the answer" };

interface LifeBarProps {
  readonly times: LifeTimes;
  /** Right end of the bar's axis, milliseconds: the same for all bars of a list. A longer life is cut there, with an arrow. */
  readonly mostMs: number;
  readonly width: number;
}

export function LifeBar({ times, mostMs, width }: LifeBarProps) {
  const pieces = lifePieces(times, linearScale(0, mostMs, 0, width));
  const text = pieces
    .map(({ phase, lengthMs }) => `${names[phase]} ${formatMs(lengthMs)}`)
    .join(", ");
  const isCut = pieces.some(({ to }) => to > width);
  const shown = pieces.filter(({ from }) => from < width);
  return (
    <svg className="life-bar" width={width} height={12} role="img" aria-label={text}>
      <title>{text}</title>
      <line className="grid" x2={width} y1={6} y2={6} />
      {shown.map(({ phase, from, to }) => (
        <rect
          key={phase}
          className={`life-${phase}`}
          x={from}
          y={phase === "queue" ? 4 : 1}
          width={Math.max(1, Math.min(width, to) - from)}
          height={phase === "queue" ? 4 : 10}
        />
      ))}
      {isCut && <path className="life-cut" d={`M${width - 8} 1l6 5l-6 5`} />}
    </svg>
  );
}
