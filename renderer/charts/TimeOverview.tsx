/** The whole run as a strip, with the stretch that the charts show: drag it, or its ends, or draw a new one. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { timeText, timeUnitOf } from "./ticks.ts";
import { greatestIn, stepPath, type TimeColumn } from "./timeline.ts";
import type { TimeLink, TimeWindow } from "./timeWindow.ts";
import { useWidth } from "./useSize.ts";

interface TimeOverviewProps {
  readonly link: TimeLink;
  /** Arrivals in each window. */
  readonly column: TimeColumn;
  readonly windowS: number;
}

const height = 34;
/** Pixels around an end of the stretch that take hold of it. */
const grip = 6;

/** What a pointer has hold of, and where it was when it took hold. */
interface Hold {
  readonly part: "from" | "to" | "whole" | "new";
  readonly atS: number;
  readonly window: TimeWindow;
}

/** The part of the strip under a pointer. The whole run cannot be moved, so that a drag over it draws a new stretch. */
export function partAt(x: number, fromX: number, toX: number, isWhole: boolean): Hold["part"] {
  if (isWhole) return "new";
  if (Math.abs(x - fromX) <= grip) return "from";
  if (Math.abs(x - toX) <= grip) return "to";
  return x > fromX && x < toX ? "whole" : "new";
}

/** The stretch after the pointer moved to a moment. */
export function dragged({ part, atS, window }: Hold, toS: number): TimeWindow {
  const ends = (a: number, b: number): TimeWindow => ({
    fromS: Math.min(a, b),
    toS: Math.max(a, b),
  });
  if (part === "from") return ends(toS, window.toS);
  if (part === "to") return ends(window.fromS, toS);
  if (part === "new") return ends(atS, toS);
  return { fromS: window.fromS + toS - atS, toS: window.toS + toS - atS };
}

function onKey(event: KeyboardEvent, link: TimeLink): void {
  const { fromS, toS } = link.store.getState();
  const width = toS - fromS;
  const middle = (fromS + toS) / 2;
  if (event.key === "ArrowLeft") link.panBy(-width / 5);
  else if (event.key === "ArrowRight") link.panBy(width / 5);
  else if (event.key === "Home") link.panBy(-link.spanS);
  else if (event.key === "End") link.panBy(link.spanS);
  else if (event.key === "+" || event.key === "ArrowUp") link.zoomBy(0.6, middle);
  else if (event.key === "-" || event.key === "ArrowDown") link.zoomBy(1 / 0.6, middle);
  else if (event.key === "0" || event.key === "Escape") link.reset();
  else return;
  event.preventDefault();
}

export function TimeOverview({ link, column, windowS }: TimeOverviewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const hold = useRef<Hold>(undefined);
  const width = useWidth(frame);
  const fromS = useStore(link.store, (state) => state.fromS);
  const toS = useStore(link.store, (state) => state.toS);
  const path = useMemo(() => {
    const most = greatestIn([column], { fromS: 0, toS: link.spanS }, windowS) || 1;
    const x = (s: number): number => (s / link.spanS) * width;
    const y = (value: number): number => height - 2 - (value / most) * (height - 6);
    return `${stepPath(column, windowS, { from: 0, to: column.length }, x, y)}V${height}H0Z`;
  }, [column, windowS, link, width]);
  const [fromX, toX] = [fromS, toS].map((s) => (s / link.spanS) * width);
  const secondsAt = (event: PointerEvent<HTMLElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return ((event.clientX - left) / Math.max(1, width)) * link.spanS;
  };
  const unit = timeUnitOf(link.spanS);
  return (
    <div
      ref={frame}
      className="time-overview"
      role="slider"
      tabIndex={0}
      aria-label="Stretch of the run that the charts show"
      aria-valuemin={0}
      aria-valuemax={link.spanS}
      aria-valuenow={Math.round((fromS + toS) / 2)}
      aria-valuetext={`${timeText(fromS, unit)} to ${timeText(toS, unit)}`}
      onKeyDown={(event) => onKey(event, link)}
      onDoubleClick={() => link.reset()}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const atS = secondsAt(event);
        const part = partAt((atS / link.spanS) * width, fromX, toX, link.isWhole());
        hold.current = { part, atS, window: { fromS, toS } };
      }}
      onPointerMove={(event) => {
        const at = secondsAt(event);
        if (hold.current && Math.abs(at - hold.current.atS) * width > 4 * link.spanS) {
          link.show(dragged(hold.current, at));
        }
      }}
      onPointerUp={() => {
        hold.current = undefined;
      }}
    >
      <svg width={width} height={height} aria-hidden="true">
        <path className="overview-area" d={path} />
        <rect className="overview-veil" x={0} width={fromX} y={0} height={height} />
        <rect
          className="overview-veil"
          x={toX}
          width={Math.max(0, width - toX)}
          y={0}
          height={height}
        />
        <rect
          className="overview-frame"
          x={fromX}
          width={Math.max(1, toX - fromX)}
          y={0.5}
          height={height - 1}
        />
      </svg>
    </div>
  );
}
