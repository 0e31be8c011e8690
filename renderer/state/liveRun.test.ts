import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client } from "../api/client.ts";
import { LiveRun } from "./liveRun.ts";

interface Call {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  reply(value: object): void;
}

/** Calls but those for a first answer, which these tests answer where they mean it. */
function fakeClient() {
  const calls: Call[] = [];
  const quick: Call[] = [];
  const client = {
    hasDialogs: false,
    call: (name: string, params: Readonly<Record<string, unknown>>) =>
      new Promise((resolve) => {
        const isQuick = `${name} ${params.job}`.includes("quick");
        (isQuick ? quick : calls).push({ name, params, reply: resolve });
      }),
    on: () => () => undefined,
  };
  return { client: client as object as Client, calls, quick };
}

const answer = (hash: string) => ({ report: { hash }, run: null, isCached: false });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the live answer", () => {
  it("stands at once, and gets its intervals from further runs behind it", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    const document = { name: "mine" };
    void live.run(document, false);
    calls[0].reply(answer("first"));
    await vi.advanceTimersByTimeAsync(10);
    expect(live.store.getState()).toMatchObject({ report: { hash: "first" }, isRunning: false });
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls[1].params).toMatchObject({ document, replications: 5, isKept: false });
    expect(live.store.getState().isSettling).toBe(true);
    calls[1].reply(answer("with intervals"));
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState()).toMatchObject({
      ...{ report: { hash: "with intervals" }, isSettling: false, answered: document },
    });
  });

  it("keeps a pinned answer as it was while further answers come", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    calls[0].reply(answer("first"));
    await vi.advanceTimersByTimeAsync(10);
    live.pin(true);
    void live.run({ edited: true }, false);
    calls[calls.length - 1].reply(answer("second"));
    await vi.advanceTimersByTimeAsync(10);
    expect(live.store.getState()).toMatchObject({
      ...{ report: { hash: "second" }, pinned: { hash: "first" } },
    });
    live.pin(false);
    expect(live.store.getState().pinned).toBeUndefined();
  });

  it("drops the runs behind it at the next edit, and never shows their late answer", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    calls[0].reply(answer("first"));
    await vi.advanceTimersByTimeAsync(1000);
    void live.run({ edited: true }, false);
    expect(calls.map(({ name }) => name)).toEqual([
      "run.start",
      "run.start",
      "job.cancel",
      "run.start",
    ]);
    calls[1].reply(answer("late"));
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState()).toMatchObject({ report: { hash: "first" }, isRunning: true });
  });

  it("runs no more than once when one run is wanted", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    live.setReplications(1);
    void live.run({}, false);
    calls[0].reply(answer("only"));
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toHaveLength(1);
  });

  it("has no intervals any more once a single run is wanted", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    const replications = { count: 5, figures: {} };
    calls[0].reply({ ...answer("x"), report: { hash: "x", replications } });
    await vi.advanceTimersByTimeAsync(0);
    live.setReplications(1);
    expect(live.store.getState().report).toEqual({ hash: "x", replications: undefined });
  });

  it("keeps what it had when it is cancelled, and says so", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    live.cancel();
    expect(calls[1].name).toBe("job.cancel");
    calls[0].reply(answer("late"));
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState()).toMatchObject({ report: undefined, wasCancelled: true });
  });

  it("hears how far its own run has come, and forgets it with the run", async () => {
    const { client, calls } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    const reach = {
      ...{ simulatedS: 60, horizonS: 3600, arrived: 10, requests: 100 },
      ...{ ttftMeanMs: null, spilledShare: null },
    };
    live.hear({ kind: "progress", job: "another", share: 0.9, reach });
    expect(live.store.getState()).toMatchObject({ share: 0, reach: undefined });
    live.hear({ kind: "progress", job: String(calls[0].params.job), share: 0.1, etaS: 2, reach });
    expect(live.store.getState()).toMatchObject({ share: 0.1, etaS: 2, reach });
    live.cancel();
    expect(live.store.getState()).toMatchObject({ share: 0, reach: undefined, isRunning: false });
  });

  it("shows the first answer of a long run as such, and the change against the last whole one", async () => {
    const { client, calls, quick } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({ edit: 1 }, false);
    calls[0].reply(answer("whole 1"));
    await vi.advanceTimersByTimeAsync(0);
    void live.run({ edit: 2 }, false);
    quick[quick.length - 1].reply({ report: { hash: "first 2" }, share: 0.1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState()).toMatchObject({
      ...{
        report: { hash: "first 2" },
        before: { hash: "whole 1" },
        firstShare: 0.1,
        isRunning: true,
      },
    });
    calls[calls.length - 1].reply(answer("whole 2"));
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState()).toMatchObject({
      ...{ report: { hash: "whole 2" }, before: { hash: "whole 1" }, isRunning: false },
    });
    expect(live.store.getState().firstShare).toBeUndefined();
  });

  it("takes no late first answer for the whole", async () => {
    const { client, calls, quick } = fakeClient();
    const live = new LiveRun(client, "s");
    void live.run({}, false);
    calls[0].reply(answer("whole"));
    await vi.advanceTimersByTimeAsync(0);
    quick[0].reply({ report: { hash: "late" }, share: 0.1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(live.store.getState().report).toEqual({ hash: "whole" });
  });
});
