/** Ticks of axes and their labels. */
import {
  formatMs,
  formatNumber,
  formatTokens,
  formatUsd,
} from "../../shared/reports/formatters.ts";

/** A tick: a value and what stands beside it; an empty label is a tick without one. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A unit of time that an axis is labelled in. */
export interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

const timeUnits: readonly TimeUnit[] = [
  { name: "s", seconds: 1 },
  { name: "min", seconds: 60 },
  { name: "h", seconds: 3600 },
  { name: "days", seconds: 86_400 },
];

const timeSteps = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 10_800, 21_600, 43_200],
  ...[86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000],
];

/** The unit that a stretch of time is labelled in: at least two of it fit. */
export function timeUnitOf(spanS: number): TimeUnit {
  const fitting = timeUnits.filter(({ seconds }) => spanS >= 2 * seconds);
  return fitting[fitting.length - 1] ?? timeUnits[0];
}

/** A moment of a run in the unit of its axis: "3.5 h". */
export function timeText(atS: number, unit: TimeUnit): string {
  return `${timeNumber(atS, unit)} ${unit.name}`;
}

/** As timeText, without the unit. */
export function timeNumber(atS: number, unit: TimeUnit): string {
  return trimmed(atS / unit.seconds);
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** The narrowest round step, seconds, of which at most `most` go into a span. */
export function roundTimeStep(spanS: number, most: number): number {
  return timeSteps.find((each) => spanS / each <= most) ?? timeSteps[timeSteps.length - 1];
}

/** Ticks of a time axis from and to seconds, at round times, at most `most` of them. */
export function timeTicks(fromS: number, toS: number, most: number): Tick[] {
  const span = toS - fromS;
  const unit = timeUnitOf(span);
  const step = roundTimeStep(span, most);
  const ticks: Tick[] = [];
  for (let k = Math.ceil(fromS / step - 1e-9); k * step <= toS + step * 1e-9; k++) {
    ticks.push({ value: k * step, label: trimmed((k * step) / unit.seconds) });
  }
  return ticks;
}

/** Ticks of a linear axis from 0 or below to a value: round steps, at most `most`. */
export function linearTicks(
  from: number,
  to: number,
  most: number,
  format: (value: number) => string = axisNumber,
): Tick[] {
  if (!(to > from)) return [{ value: from, label: format(from) }];
  const rough = (to - from) / Math.max(1, most);
  const size = magnitude(rough);
  const step = [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => each >= rough * 0.999);
  const by = step ?? 10 * size;
  const ticks: Tick[] = [];
  for (let k = Math.ceil(from / by - 1e-9); k * by <= to + by * 1e-9; k++) {
    ticks.push({ value: k * by, label: format(k * by) });
  }
  return ticks;
}

/** Ticks of a logarithmic axis: 1, 2 and 5 of each decade where few decades are shown, else the decades; round figures where not even two of these are. Labels no more than `most`. */
export function logTicks(
  from: number,
  to: number,
  most: number,
  format: (value: number) => string = axisNumber,
): Tick[] {
  const all = decadeTicks(from, to);
  const choices = [[1, 2, 5], [1, 3], [1]].map((mantissas) => {
    const labelled = all.filter(({ mantissa }) => mantissas.includes(mantissa));
    return new Set(labelled.map(({ value }) => value));
  });
  // Within one step of a decade there is none to name: round figures in between do.
  if (choices[0].size < 2) return linearTicks(from, to, Math.min(most, 5), format);
  const chosen = choices.find((set) => set.size <= most) ?? everyNth(choices[2], most);
  return all.map(({ value }) => ({ value, label: chosen.has(value) ? format(value) : "" }));
}

/** Round durations, ms: of seconds below a minute, of minutes below an hour, of hours. */
const roundMs = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000],
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 5, 12, 24, 48, 120, 240, 720, 2400].map((hours) => hours * 3_600_000),
];

/** Ticks of a logarithmic axis of durations: round in the units that people read them in. Labels no more than `most`; within one step of these, as logTicks. */
export function durationTicks(
  fromMs: number,
  toMs: number,
  most: number,
  format: (ms: number) => string,
): Tick[] {
  const all = roundMs.filter((ms) => ms >= fromMs * (1 - 1e-9) && ms <= toMs * (1 + 1e-9));
  if (all.length < 3) return logTicks(fromMs, toMs, most, format);
  const chosen = everyNth(new Set(all), most);
  return all.map((value) => ({ value, label: chosen.has(value) ? format(value) : "" }));
}

/** All values 1..9 times a power of ten between two. */
function decadeTicks(from: number, to: number): { value: number; mantissa: number }[] {
  const ticks: { value: number; mantissa: number }[] = [];
  const last = Math.ceil(Math.log10(to));
  for (let power = Math.floor(Math.log10(from)); power <= last; power++) {
    for (let mantissa = 1; mantissa <= 9; mantissa++) {
      const value = Number(`${mantissa}e${power}`);
      if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) ticks.push({ value, mantissa });
    }
  }
  return ticks;
}

function everyNth(values: ReadonlySet<number>, most: number): Set<number> {
  const step = Math.ceil(values.size / Math.max(1, most));
  return new Set([...values].filter((_, i) => i % step === 0));
}

function magnitude(value: number): number {
  return Number(`1e${Math.floor(Math.log10(value) + 1e-12)}`);
}

/** A figure without the noughts after its point that say nothing. */
function shorter(figure: string): string {
  return figure.replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, "");
}

/** A number at an axis. */
export function axisNumber(value: number): string {
  if (Math.abs(value) >= 1e6) return axisTokens(value);
  if (Math.abs(value) >= 1000) return formatNumber(value);
  return String(Number(value.toPrecision(3)));
}

/** Dollars at an axis: "$0.5", "$2,000", "$1.5 M". */
export function axisUsd(value: number): string {
  return shorter(formatUsd(value));
}

/** A duration at an axis: "500 ms", "2 s", "5 min". */
export function axisMs(ms: number): string {
  return shorter(formatMs(ms));
}

/** Tokens at an axis: "10 M", "1 B". */
export function axisTokens(tokens: number): string {
  return shorter(formatTokens(tokens));
}

/** A share of 1 at an axis in percent, without the sign: the axis has it. */
export function axisPercent(share: number): string {
  return String(Number((share * 100).toPrecision(3)));
}

/** How many labels of a width stand beside each other in a length with room between. */
export function labelsIn(length: number, labelWidth: number): number {
  return Math.max(2, Math.floor(length / (labelWidth + 14)));
}
