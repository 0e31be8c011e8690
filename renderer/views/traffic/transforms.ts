/** Ready steps of a trace's transforms. */
import type { TraceInput } from "./sources.ts";

type Transforms = NonNullable<TraceInput["transforms"]>;
type Factor = "volume" | "timeScale" | "promptFactor" | "outputFactor";

/** One step: which figure it multiplies, and by what. */
export interface Step {
  readonly id: string;
  readonly name: string;
  readonly key: Factor;
  readonly by: number;
}

export const steps: readonly Step[] = [
  { id: "double", name: "Twice the requests", key: "volume", by: 2 },
  { id: "half", name: "Half the requests", key: "volume", by: 0.5 },
  { id: "burst", name: "Burst: the same in half the time", key: "timeScale", by: 0.5 },
  { id: "longer", name: "Outputs twice as long", key: "outputFactor", by: 2 },
  { id: "context", name: "Prompts twice as long", key: "promptFactor", by: 2 },
];

const ranges: Readonly<Record<Factor, readonly [number, number]>> = {
  volume: [0.001, 1000],
  timeScale: [1e-6, 1e6],
  promptFactor: [0.001, 10_000],
  outputFactor: [0.001, 10_000],
};

/** A product as a file has it: without the noise of binary fractions, within what the field takes. */
function within(key: Factor, value: number): number {
  const [least, most] = ranges[key];
  return Number(Math.min(most, Math.max(least, value)).toPrecision(9));
}

/** The transforms after a step. */
export function stepped(transforms: Transforms = {}, { key, by }: Step): Transforms {
  return { ...transforms, [key]: within(key, (transforms[key] ?? 1) * by) };
}

/** The volume after months of growth, each by so many percent; undefined where a figure is missing or nothing would be left. */
export function grownVolume(
  volume: number,
  percentAMonth: number | undefined,
  months: number | undefined,
): number | undefined {
  if (percentAMonth === undefined || months === undefined || percentAMonth <= -100)
    return undefined;
  let grown = volume;
  for (let month = 0; month < Math.min(months, 1200); month++) grown *= 1 + percentAMonth / 100;
  return within("volume", grown);
}

/** Whether the trace is played as it is. */
export function isUnchanged(transforms: Transforms): boolean {
  const { volume = 1, timeScale = 1, promptFactor = 1, outputFactor = 1, repeat = 1 } = transforms;
  return [volume, timeScale, promptFactor, outputFactor, repeat].every((each) => each === 1);
}
