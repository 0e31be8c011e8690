/** What a real browser's threads did, as it tells itself. */
import type { Page } from "playwright";

/** An event of a trace; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ts: number;
  readonly tid: number;
  readonly pid: number;
  /** Of the thread's own time, where it was measured. */
  readonly tdur?: number;
  readonly dur?: number;
}

/** Everything that the browser tells of its threads while `work` goes on. */
export async function traceThreads(
  page: Page,
  work: () => Promise<unknown>,
): Promise<TraceEvent[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    events.push(...(value as object as TraceEvent[]));
  });
  const categories = ["toplevel", "devtools.timeline", "blink.user_timing"];
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: categories },
    transferMode: "ReportEvents",
  });
  await work();
  const done = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await done;
  await session.detach();
  return events;
}

/** Tasks of the thread that a mark of the page's own was made on: style, layout and paint are among them. Empty without such a mark. */
export function pageTasks(events: readonly TraceEvent[], markPrefix: string): TraceEvent[] {
  const mark = events.find(
    ({ name, cat }) => cat.includes("user_timing") && name.startsWith(markPrefix),
  );
  if (mark === undefined) return [];
  return events.filter(
    ({ pid, tid, name }) => pid === mark.pid && tid === mark.tid && name.endsWith("RunTask"),
  );
}

/** Milliseconds of the thread's own time that a task took. */
export function taskMs({ tdur, dur }: TraceEvent): number {
  return (tdur ?? dur ?? 0) / 1000;
}
