/** Geometry of a request's life: held, waiting, reading the prompt, writing the answer. */
import { px, type Scale } from "./scales.ts";

/** Phases in their order. */
export const lifePhases = ["queue", "prefill", "decode"] as const;
export type LifePhase = (typeof lifePhases)[number];

/** A request's times, milliseconds after its arrival; undefined where it never got so far. */
export interface LifeTimes {
  readonly admittedMs?: number;
  readonly firstTokenMs?: number;
  readonly endMs?: number;
}

/** A phase in pixels. */
export interface LifePiece {
  readonly phase: LifePhase;
  readonly from: number;
  readonly to: number;
  readonly lengthMs: number;
}

/** The phases that a request went through; the last one it reached runs to its end. */
export function lifePieces({ admittedMs, firstTokenMs, endMs }: LifeTimes, x: Scale): LifePiece[] {
  const last = endMs ?? firstTokenMs ?? admittedMs ?? 0;
  const admitted = Math.min(last, admittedMs ?? last);
  const first = Math.min(last, Math.max(admitted, firstTokenMs ?? last));
  const edges: [LifePhase, number, number][] = [
    ["queue", 0, admitted],
    ["prefill", admitted, first],
    ["decode", first, last],
  ];
  return edges
    .filter(([, from, to]) => to > from)
    .map(([phase, from, to]) => ({ phase, from: x(from), to: x(to), lengthMs: to - from }));
}

/** The pieces of one phase of many requests as one path, a row apart: what a list of life bars is drawn with. */
export function piecePath({ from, to }: LifePiece, y: number, height: number): string {
  return `M${px(from)} ${px(y)}H${px(Math.max(from + 1, to))}V${px(y + height)}H${px(from)}Z`;
}
