import { describe, expect, it } from "vitest";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { JobDesk, type JobHandle } from "./jobDesk.ts";

describe("work under a name", () => {
  it("tells its progress at most every 50 ms, and its end", async () => {
    const events: CoreEvent[] = [];
    let nowMs = 0;
    const desk = new JobDesk(
      (event) => events.push(event),
      () => nowMs,
    );
    const result = await desk.run("a", async (handle) => {
      for (nowMs = 0; nowMs <= 100; nowMs += 10) handle.progress(nowMs / 100, "working");
      return 7;
    });
    expect(result).toBe(7);
    const shares = events.flatMap((event) => (event.kind === "progress" ? [event.share] : []));
    expect(shares).toEqual([0, 0.5, 1]);
    expect(events.at(-1)).toEqual({ kind: "done", job: "a", outcome: "done" });
  });

  it("tells nothing after its end, whatever its threads still say", async () => {
    const events: CoreEvent[] = [];
    const desk = new JobDesk((event) => events.push(event));
    let late: JobHandle | undefined;
    await desk.run("a", async (handle) => {
      late = handle;
    });
    late?.progress(0.5);
    expect(events).toEqual([{ kind: "done", job: "a", outcome: "done" }]);
    // Another piece of work of that name is not the ended one's.
    await desk.run("a", async () => expect(late?.isCancelled()).toBe(true));
  });

  it("is cancelled by its name, once, and a name is free again after its end", async () => {
    const events: CoreEvent[] = [];
    const desk = new JobDesk((event) => events.push(event));
    const work = desk.run("a", async (handle) => {
      while (!handle.isCancelled()) await new Promise((resolve) => setImmediate(resolve));
      throw new JobCancelled();
    });
    await expect(desk.run("a", async () => 1)).rejects.toThrow('Work named "a"');
    expect(desk.cancel("b")).toBe(false);
    expect(desk.cancel("a")).toBe(true);
    await expect(work).rejects.toThrow(JobCancelled);
    expect(events).toEqual([{ kind: "done", job: "a", outcome: "cancelled" }]);
    expect(desk.cancel("a")).toBe(false);
    expect(await desk.run("a", async () => 1)).toBe(1);
  });
});
