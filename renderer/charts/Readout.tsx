/** The figures at the point in hand, beside it. */
import type { ChartPoint, Size } from "./chartTypes.ts";
import { InlineMark } from "./Mark.tsx";

interface ReadoutProps {
  /** The point in hand first or within; all stand at the same place of the axis. */
  readonly points: readonly ChartPoint[];
  readonly current: ChartPoint;
  readonly size: Size;
}

export function Readout({ points, current, size }: ReadoutProps) {
  const isLeft = current.x > size.width / 2;
  const style = {
    top: Math.max(0, Math.min(current.y - 12, size.height - 24 * (points.length + 1) - 16)),
    ...(isLeft ? { right: size.width - current.x + 12 } : { left: current.x + 12 }),
  };
  return (
    <div className="readout" style={style} aria-hidden="true">
      <p className="readout-at">{current.at}</p>
      <dl>
        {points.map((point) => (
          <div key={`${point.series} ${point.label}`} data-current={point === current}>
            <dt>
              {point.style && <InlineMark style={point.style} />}
              {point.label}
            </dt>
            <dd>{point.value}</dd>
          </div>
        ))}
      </dl>
      {current.note !== undefined && <p className="readout-note">{current.note}</p>}
      {current.open !== undefined && <p className="readout-note">Enter or a click opens it.</p>}
    </div>
  );
}
