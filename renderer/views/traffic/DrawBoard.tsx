/** A board of bars drawn by hand: with the pointer in strokes, with the keys bar by bar. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

/** A place on the board: which bar, and how high, 0 to 1. */
export interface Spot {
  readonly at: number;
  readonly height: number;
}

interface DrawBoardProps {
  readonly label: string;
  /** What the bar in hand is and says. */
  readonly valueText: string;
  /** Heights of the bars, 0 to 1. */
  readonly heights: readonly number[];
  /** The bar in hand. */
  readonly at: number;
  /** Bars that Page up and Page down go over. */
  readonly page: number;
  /** Bars before which a line stands. */
  readonly rules: readonly number[];
  /** What the top of the board stands for. */
  readonly topText: string;
  onMove(at: number): void;
  /** When the board has no focus any more. */
  onLeave?(): void;
  /** From one spot to another; strokes of one key are one step. */
  onStroke(from: Spot, to: Spot, key: string): void;
}

const width = 1008;
const height = 150;
/** Bars are told apart by gaps while these can be seen. */
const mostGapped = 336;
const keyStep = 0.05;

function outline(heights: readonly number[]): string {
  const barWidth = width / heights.length;
  const steps = heights.map((each, i) => {
    const y = (height - Math.max(1 / height, each) * height).toFixed(2);
    return `V${y}H${((i + 1) * barWidth).toFixed(2)}`;
  });
  return `M0,${height}${steps.join("")}V${height}Z`;
}

function Bars({ heights, at, rules }: Pick<DrawBoardProps, "heights" | "at" | "rules">) {
  const barWidth = width / heights.length;
  const gap = heights.length > mostGapped ? 0 : Math.min(0.5, barWidth / 8);
  const bar = (i: number, name: string) => (
    <rect
      key={i}
      className={name}
      x={i * barWidth + gap}
      width={Math.max(1, barWidth - 2 * gap)}
      y={height - Math.max(1, heights[i] * height)}
      height={Math.max(1, heights[i] * height)}
    />
  );
  return (
    <svg
      className="week-bars"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {gap === 0 ? (
        <path className="week-bar" d={outline(heights)} />
      ) : (
        heights.map((_, i) => bar(i, "week-bar"))
      )}
      {at < heights.length && bar(at, "week-bar current")}
      {rules.map((rule) => (
        <line
          key={rule}
          className="axis-line"
          x1={rule * barWidth}
          x2={rule * barWidth}
          y2={height}
        />
      ))}
    </svg>
  );
}

function spotOf(event: PointerEvent<HTMLElement>, bars: number): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * bars);
  const part = 1 - (event.clientY - box.top) / box.height;
  return {
    at: Math.min(bars - 1, Math.max(0, at)),
    height: Math.min(1, Math.max(0, part)),
  };
}

const moves: Readonly<Record<string, (page: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  PageUp: (page) => -page,
  PageDown: (page) => page,
};

/** How pointer and keys draw. */
function useDrawing({ heights, at, page, onMove, onStroke }: DrawBoardProps) {
  const last = useRef<Spot>(undefined);
  const strokes = useRef(0);
  const bars = heights.length;
  const move = (event: PointerEvent<HTMLElement>): void => {
    const from = last.current;
    if (from === undefined) return;
    const spot = spotOf(event, bars);
    onStroke(from, spot, `stroke ${strokes.current}`);
    last.current = spot;
    onMove(spot.at);
  };
  const begin = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    strokes.current++;
    last.current = spotOf(event, bars);
    move(event);
  };
  const end = (): void => {
    last.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const own = heights[at] ?? 0;
    const by = moves[event.key]?.(page);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = own + (event.key === "ArrowUp" ? keyStep : -keyStep);
      const spot = { at, height: Math.min(1, Math.max(0, next)) };
      onStroke(spot, spot, `key ${at}`);
    } else if (by !== undefined) {
      const next = (at + by + bars) % bars;
      if (event.shiftKey) onStroke({ at: next, height: own }, { at: next, height: own }, "keys");
      onMove(next);
    } else if (event.key === "Home" || event.key === "End") {
      onMove(event.key === "Home" ? 0 : bars - 1);
    } else return;
    event.preventDefault();
  };
  return { begin, move, end, onKeyDown };
}

export function DrawBoard(props: DrawBoardProps) {
  const { label, valueText, heights, at, topText } = props;
  const { begin, move, end, onKeyDown } = useDrawing(props);
  return (
    <div className="draw-frame">
      <span className="draw-top" aria-hidden="true">
        {topText}
      </span>
      <div
        className="week-board"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((heights[at] ?? 0) * 100)}
        aria-valuetext={valueText}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={onKeyDown}
        onBlur={() => props.onLeave?.()}
      >
        <Bars heights={heights} at={at} rules={props.rules} />
      </div>
    </div>
  );
}
