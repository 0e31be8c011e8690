import { describe, expect, it } from "vitest";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { ComparisonRun } from "./comparisonRun.ts";

function world() {
  const calls: {
    name: string;
    params: Record<string, unknown>;
    answer(value: unknown): void;
    refuse(error: unknown): void;
  }[] = [];
  let tell: (event: CoreEvent) => void = () => {};
  const client = {
    hasDialogs: false,
    call: (name: string, params: Record<string, unknown>) =>
      new Promise((answer, refuse) => calls.push({ name, params, answer, refuse })),
    on: (listener: (event: CoreEvent) => void) => {
      tell = listener;
      return () => {};
    },
  } as object as Client;
  return { run: new ComparisonRun(client), calls, tell: (event: CoreEvent) => tell(event) };
}

const choice = (...ids: string[]) => ({ ids, replications: 5 });

describe("a comparison in the window", () => {
  it("asks with the baseline first, tells progress, and keeps the answer", async () => {
    const { run, calls, tell } = world();
    run.listen();
    const done = run.run(choice("a", "b"));
    expect(calls[0].params).toMatchObject({
      scenarios: [{ id: "a" }, { id: "b" }],
      study: { kind: "compare", baseline: 0, replications: 5 },
    });
    tell({ kind: "progress", job: String(calls[0].params.job), share: 0.5 });
    tell({ kind: "progress", job: "other", share: 0.9 });
    expect(run.store.getState()).toMatchObject({ isRunning: true, share: 0.5 });
    calls[0].answer({ result: { figures: [] } });
    await done;
    expect(run.store.getState()).toMatchObject({
      ...{ isRunning: false, answered: choice("a", "b"), comparison: { figures: [] } },
    });
  });

  it("drops the run before, whose late answer changes nothing", async () => {
    const { run, calls } = world();
    const first = run.run(choice("a", "b"));
    const second = run.run(choice("a", "c"));
    expect(calls.map(({ name }) => name)).toEqual(["study.start", "job.cancel", "study.start"]);
    calls[2].answer({ result: { seed: 2 } });
    await second;
    calls[0].answer({ result: { seed: 1 } });
    await first;
    expect(run.store.getState().comparison).toEqual({ seed: 2 });
  });

  it("leaves out a scenario that cannot run, says why, and compares the others", async () => {
    const { run, calls } = world();
    const done = run.run(choice("a", "b", "c"));
    const message = "Scenario 1, a: 1 problem\n  no pool";
    calls[0].refuse(new CallFailed({ code: "badInput", message, field: "scenarios.0" }));
    await expect.poll(() => calls.length).toBe(2);
    expect(calls[1].params).toMatchObject({ scenarios: [{ id: "b" }, { id: "c" }] });
    calls[1].answer({ result: { seed: 1 } });
    await done;
    expect(run.store.getState()).toMatchObject({
      ...{ comparison: { seed: 1 }, answered: { ids: ["b", "c"] }, error: undefined },
      leftOut: [{ id: "a", reason: "a: 1 problem: no pool" }],
    });
  });

  it("has nothing to compare where only one of the scenarios can run", async () => {
    const { run, calls } = world();
    const done = run.run(choice("a", "b"));
    calls[0].refuse(new CallFailed({ code: "badInput", message: "x", field: "scenarios.1" }));
    await done;
    expect(calls).toHaveLength(1);
    expect(run.store.getState()).toMatchObject({ isRunning: false, leftOut: [{ id: "b" }] });
    expect(run.store.getState().comparison).toBeUndefined();
  });

  it("says that it was cancelled, until it is asked again", async () => {
    const { run, calls } = world();
    void run.run(choice("a", "b"));
    run.stop();
    expect(calls.map(({ name }) => name)).toEqual(["study.start", "job.cancel"]);
    expect(run.store.getState()).toMatchObject({ wasCancelled: true, isRunning: false });
    run.stop();
    void run.run(choice("a", "b"));
    expect(run.store.getState()).toMatchObject({ wasCancelled: false, isRunning: true });
  });

  it("says why there is no answer, and keeps the one before", async () => {
    const { run, calls } = world();
    const first = run.run(choice("a", "b"));
    calls[0].answer({ result: { seed: 1 } });
    await first;
    const second = run.run(choice("a", "c"));
    calls[1].refuse(new CallFailed({ code: "badInput", message: "c: no pool" }));
    await second;
    expect(run.store.getState()).toMatchObject({
      ...{ comparison: { seed: 1 }, error: { message: "c: no pool" } },
    });
  });
});
