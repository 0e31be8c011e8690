/** Gestures on a time axis: a drag zooms to the stretch, a drag with Shift pans, the wheel with Ctrl zooms, sideways pans. */
import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { TimeGestures } from "./drawing.ts";

/** A stretch of the axis being chosen, in pixels. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Less than this many pixels is a click. */
const leastDragPx = 5;
const keyZoom = 0.6;
const keyPanShare = 0.2;

/** What a key does on a time axis: + and - zoom, Shift with an arrow pans, 0 and Escape show all. Whether the key was one. */
export function timeKey(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  time: TimeGestures,
  x: number | undefined,
): boolean {
  const aboutS = time.secondsAt(x ?? 0);
  const isPan = shiftKey && (key === "ArrowLeft" || key === "ArrowRight");
  if (key === "+" || key === "=") time.zoomBy(keyZoom, aboutS);
  else if (key === "-" || key === "_") time.zoomBy(1 / keyZoom, aboutS);
  else if (key === "0" || key === "Escape") time.reset();
  else if (isPan) {
    const step = (time.secondsAt(1000) - time.secondsAt(0)) * keyPanShare;
    time.panBy(key === "ArrowLeft" ? -step : step);
  } else return false;
  return true;
}

/** Handlers of a drag. move and end give back whether a drag is, or was, under way. */
export interface TimeDrag {
  start(event: PointerEvent<HTMLElement>, x: number): void;
  move(x: number): boolean;
  end(x: number): boolean;
}

interface DragState {
  readonly startX: number;
  readonly isPan: boolean;
  lastX: number;
  isDrag: boolean;
}

function useWheel(layer: RefObject<HTMLElement | null>, time: TimeGestures | undefined): void {
  useEffect(() => {
    const element = layer.current;
    if (element === null || time === undefined) return;
    const listen = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left;
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (event.ctrlKey || event.metaKey) {
        time.zoomBy(Math.exp(event.deltaY * 0.002), time.secondsAt(x));
      } else if (isSideways) {
        const by = event.deltaX === 0 ? event.deltaY : event.deltaX;
        time.panBy(time.secondsAt(by) - time.secondsAt(0));
      } else return;
      event.preventDefault();
    };
    element.addEventListener("wheel", listen, { passive: false });
    return () => element.removeEventListener("wheel", listen);
  }, [layer, time]);
}

/** Drags and the wheel on a chart's layer. */
export function useTimePointer(
  layer: RefObject<HTMLElement | null>,
  time: TimeGestures | undefined,
  onStretch: (stretch: Stretch | undefined) => void,
): TimeDrag {
  const drag = useRef<DragState>(undefined);
  useWheel(layer, time);
  return {
    start(event, x) {
      if (time === undefined || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { startX: x, lastX: x, isPan: event.shiftKey, isDrag: false };
    },
    move(x) {
      const state = drag.current;
      if (state === undefined || time === undefined) return false;
      state.isDrag ||= Math.abs(x - state.startX) >= leastDragPx;
      if (!state.isDrag) return false;
      if (state.isPan) time.panBy(time.secondsAt(state.lastX) - time.secondsAt(x));
      else onStretch({ from: Math.min(state.startX, x), to: Math.max(state.startX, x) });
      state.lastX = x;
      return true;
    },
    end(x) {
      const state = drag.current;
      drag.current = undefined;
      onStretch(undefined);
      if (state === undefined || time === undefined || !state.isDrag) return false;
      const places = [time.secondsAt(state.startX), time.secondsAt(x)];
      if (!state.isPan) time.select(Math.min(...places), Math.max(...places));
      return true;
    },
  };
}
