/** The layer over a chart that pointer and keyboard act on: one stop of the Tab key, arrows from point to point. */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { pointText } from "./chartTypes.ts";
import type { Drawing } from "./drawing.ts";
import { movePoint, nearestPoint } from "./pointNavigation.ts";
import { type Stretch, timeKey, useTimePointer } from "./useTimePointer.ts";

interface PointLayerProps {
  readonly title: string;
  readonly drawing: Drawing;
  readonly current: number | undefined;
  readonly onCurrent: (index: number | undefined) => void;
  readonly onStretch: (stretch: Stretch | undefined) => void;
  /** Ctrl or Command with C. */
  readonly onCopy: () => void;
}

/** How far, in pixels, a pointer finds a point. */
const reachPx = 40;

function placeOf(event: PointerEvent<HTMLElement>): { x: number; y: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

export function PointLayer(props: PointLayerProps) {
  const { title, drawing, current, onCurrent, onStretch, onCopy } = props;
  const { points, reach, time } = drawing;
  const layer = useRef<HTMLDivElement>(null);
  const [isFocused, setFocused] = useState(false);
  const drag = useTimePointer(layer, time, onStretch);
  const at = current !== undefined && current < points.length ? current : 0;
  useEffect(() => {
    if (isFocused && time !== undefined && points[at]) time.point(time.secondsAt(points[at].x));
  }, [isFocused, time, points, at]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && event.key.toLowerCase() === "c") onCopy();
    else if (isMod || event.altKey) return;
    else if (event.key === "Enter" || event.key === " ") points[at]?.open?.();
    else if (event.key === "Escape" && !time) onCurrent(undefined);
    else if (time && timeKey(event, time, points[at]?.x)) onCurrent(current);
    else {
      const next = movePoint(points, at, event.key);
      if (next === undefined) return;
      onCurrent(next);
    }
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const place = placeOf(event);
    if (drag.move(place.x)) return;
    time?.point(time.secondsAt(place.x));
    onCurrent(nearestPoint(points, place, reach, reach === "both" ? reachPx : Infinity));
  };
  return (
    <div
      ref={layer}
      className="chart-layer"
      role="slider"
      tabIndex={0}
      aria-label={`Points of ${title}`}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, points.length)}
      aria-valuenow={at + 1}
      aria-valuetext={points[at] === undefined ? "no points" : pointText(points[at])}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        setFocused(true);
        if (event.currentTarget.matches(":focus-visible")) onCurrent(at);
      }}
      onBlur={() => {
        setFocused(false);
        time?.point(undefined);
        onCurrent(undefined);
      }}
      onPointerDown={(event) => drag.start(event, placeOf(event).x)}
      onPointerMove={onPointerMove}
      onPointerUp={(event) => {
        if (!drag.end(placeOf(event).x) && current !== undefined) points[current]?.open?.();
      }}
      onPointerLeave={() => {
        time?.point(undefined);
        if (!isFocused) onCurrent(undefined);
      }}
      onDoubleClick={() => time?.reset()}
      data-opens={current !== undefined && points[current]?.open !== undefined}
    />
  );
}
