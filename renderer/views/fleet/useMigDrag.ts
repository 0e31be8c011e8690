/** Dragging an instance along the ruler: it snaps to legal starts only; let go far off the ruler it is taken out. */
import { type PointerEvent, type RefObject, useState } from "react";
import { nearestStart, type Placed, rulerSlices, startChoices } from "./migGeometry.ts";
import type { MigBoard } from "./useMigBoard.ts";

/** What is being dragged, and where it would go. */
export interface MigDrag {
  readonly profile: string;
  /** The instance that is moved; undefined for a new one. */
  readonly index: number | undefined;
  /** Where it would stand; undefined where it has no legal place there. */
  readonly start: number | undefined;
  readonly isOutside: boolean;
}

const outsidePx = 48;
const startPx = 4;

interface Handlers {
  onPointerDown(event: PointerEvent<HTMLElement>): void;
}

/** The drag under way, and what an element needs to begin one. */
export function useMigDrag(board: MigBoard, ruler: RefObject<HTMLElement | null>) {
  const [drag, setDrag] = useState<MigDrag>();

  const at = (
    profile: string,
    index: number | undefined,
    x: number,
    y: number,
    grip: number,
  ): MigDrag => {
    const box = ruler.current!.getBoundingClientRect();
    const isOutside =
      y < box.top - outsidePx ||
      y > box.bottom + outsidePx ||
      x < box.left - outsidePx ||
      x > box.right + outsidePx;
    const rest: readonly Placed[] = (board.placed ?? []).filter((_, i) => i !== index);
    const slice = ((x - box.left) / box.width) * rulerSlices - grip;
    const start = isOutside
      ? undefined
      : nearestStart(startChoices(board.profiles, profile, rest), slice);
    return { profile, index, start, isOutside };
  };

  const begin = (profile: string, index: number | undefined): Handlers => ({
    onPointerDown(event) {
      if (event.button !== 0 || ruler.current === null) return;
      const { clientX, clientY, pointerId } = event;
      const box = ruler.current.getBoundingClientRect();
      const start = index === undefined ? 0 : board.placed![index].start;
      const grip =
        index === undefined ? 0.5 : ((clientX - box.left) / box.width) * rulerSlices - start;
      let last: MigDrag | undefined;
      const move = (each: globalThis.PointerEvent): void => {
        if (each.pointerId !== pointerId) return;
        const far = Math.hypot(each.clientX - clientX, each.clientY - clientY) >= startPx;
        if (last === undefined && !far) return;
        last = at(profile, index, each.clientX, each.clientY, grip);
        setDrag(last);
      };
      const end = (each: globalThis.PointerEvent): void => {
        if (each.pointerId !== pointerId) return;
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
        window.removeEventListener("pointercancel", end);
        setDrag(undefined);
        if (last === undefined || each.type === "pointercancel") return;
        swallowClick();
        drop(board, last);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      window.addEventListener("pointercancel", end);
    },
  });
  return { drag, begin };
}

/** The click that follows a drag is none. */
function swallowClick(): void {
  const swallow = (event: MouseEvent): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

function drop(board: MigBoard, { profile, index, start, isOutside }: MigDrag): void {
  if (index === undefined) {
    if (start !== undefined) board.add(profile, start);
    return;
  }
  if (isOutside) board.remove(index);
  else if (start !== undefined) board.moveTo(index, start);
}
