import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client } from "../api/client.ts";
import { LiveRun } from "./liveRun.ts";

interface Call {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  reply(value: object): void;
}

function fakeClient() {
  const calls: Call[] = [];
  const client = {
    hasDialogs: false,
    call: (name: string, params: Readonly<Record<string, unknown>>) =>
      new Promise((resolve) => calls.push({ name, params, reply: resolve })),
    on: () => () => undefined,
  };
  return { client: client as object as Client, calls };
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
});
