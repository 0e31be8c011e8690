/** Times of a trace that has a date: the axis says days and clock times instead of hours since its start. All in UTC, as traces are kept. */
import { roundTimeStep, type Tick } from "./ticks.ts";

const dayMs = 86_400_000;

function dayText(ms: number): string {
  const shape = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Date(ms).toLocaleDateString(undefined, shape);
}

/** "08:00", with seconds where there are some. */
function clockText(ms: number): string {
  const text = new Date(Math.round(ms / 1000) * 1000).toISOString().slice(11, 19);
  return text.endsWith(":00") ? text.slice(0, 5) : text;
}

/** Ticks between two times in seconds after `startMs`: midnights by their date, other times by the clock, at most `most` and all at round times. */
export function calendarTicks(fromS: number, toS: number, startMs: number, most: number): Tick[] {
  const stepMs = Math.max(1000, roundTimeStep(toS - fromS, most) * 1000);
  const ticks: Tick[] = [];
  const last = startMs + toS * 1000;
  for (let ms = Math.ceil((startMs + fromS * 1000) / stepMs) * stepMs; ms <= last; ms += stepMs) {
    const label = ms % dayMs === 0 ? dayText(ms) : clockText(ms);
    ticks.push({ value: (ms - startMs) / 1000, label });
  }
  return ticks;
}

/** A window in words: "Oct 5, 08:00 to 08:30 UTC", with both dates where it goes over midnight. */
export function calendarSpan(fromS: number, toS: number, startMs: number): string {
  const [from, to] = [startMs + fromS * 1000, startMs + toS * 1000];
  const isOneDay = Math.floor(from / dayMs) === Math.floor((to - 1) / dayMs);
  const end = isOneDay && to % dayMs !== 0 ? clockText(to) : `${dayText(to)}, ${clockText(to)}`;
  return `${dayText(from)}, ${clockText(from)} to ${end} UTC`;
}

/** A time as tables have it: "2026-10-05 08:00:00". */
export function calendarCell(atS: number, startMs: number): string {
  return new Date(Math.round(startMs / 1000 + atS) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
}
