/** Geometry of cost against latency: which options no other beats in both. */

/** An option by two measures, less being better in both. */
export interface ParetoOption {
  readonly id: string;
  readonly usd: number;
  readonly latencyMs: number;
}

/** Ids of the options that none beats: no other is as good in both and better in one. */
export function paretoFront(options: readonly ParetoOption[]): Set<string> {
  const beats = (a: ParetoOption, b: ParetoOption): boolean =>
    a.usd <= b.usd && a.latencyMs <= b.latencyMs && (a.usd < b.usd || a.latencyMs < b.latencyMs);
  return new Set(
    options.filter((each) => !options.some((other) => beats(other, each))).map(({ id }) => id),
  );
}

/** The front's corners from the fastest on: between two options of it there is none with the better of both. */
export function frontCorners(
  options: readonly ParetoOption[],
): readonly (readonly [number, number])[] {
  const front = paretoFront(options);
  const row = options.filter(({ id }) => front.has(id)).sort((a, b) => a.latencyMs - b.latencyMs);
  return row.flatMap(({ latencyMs, usd }, i): [number, number][] =>
    i === 0
      ? [[latencyMs, usd]]
      : [
          [latencyMs, row[i - 1].usd],
          [latencyMs, usd],
        ],
  );
}
