/** The mark of an option, in charts and beside words. */
import { markPath, type OptionStyle } from "./optionStyles.ts";

interface MarkProps {
  readonly style: OptionStyle;
  readonly x?: number;
  readonly y?: number;
  /** Half its height, pixels. */
  readonly size?: number;
  /** Drawn as an outline: what it stands for is not to be trusted. */
  readonly isHollow?: boolean;
}

/** A mark within a chart. */
export function Mark({ style, x = 0, y = 0, size = 4, isHollow = false }: MarkProps) {
  return (
    <path
      className="mark"
      d={markPath(style.mark, size)}
      transform={`translate(${x} ${y})`}
      fill={isHollow ? "var(--paper)" : style.colour}
      stroke={style.colour}
    />
  );
}

/** A line's look and mark beside a word, as in tables and keys. */
export function InlineMark({
  style,
  isLine = false,
}: {
  readonly style: OptionStyle;
  readonly isLine?: boolean;
}) {
  const width = isLine ? 26 : 12;
  return (
    <svg className="inline-mark" width={width} height={12} aria-hidden="true">
      {isLine && (
        <line
          x1={0}
          x2={width}
          y1={6}
          y2={6}
          stroke={style.colour}
          strokeWidth={1.75}
          strokeDasharray={style.dash}
        />
      )}
      <Mark style={style} x={width / 2} y={6} size={4} />
    </svg>
  );
}
