import { describe, expect, it, vi } from "vitest";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { Client } from "../api/client.ts";
import { StudyRuns, studyOf } from "./studyRuns.ts";

interface Call {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  reply(value: object): void;
}

function fakeClient() {
  const calls: Call[] = [];
  const listeners: ((event: CoreEvent) => void)[] = [];
  const client = {
    hasDialogs: false,
    call: (name: string, params: Readonly<Record<string, unknown>>) =>
      new Promise((resolve) => calls.push({ name, params, reply: resolve })),
    on: (listener: (event: CoreEvent) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
  const tell = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event);
  };
  return { client: client as object as Client, calls, tell };
}

const entry = { id: "s1", kind: "breakeven" };

describe("studies of a scenario", () => {
  it("follow their own progress, and keep the answer with the document it is for", async () => {
    const { client, calls, tell } = fakeClient();
    const runs = new StudyRuns(client, "scenario-1");
    const document = { name: "mine" };
    const done = runs.start({ kind: "breakeven" }, document);
    const job = String(calls[0].params.job);
    tell({ kind: "progress", job: "another", share: 0.9 });
    tell({ kind: "progress", job, share: 0.25, etaS: 3, text: "12 of 60 points" });
    expect(studyOf(runs.store.getState(), "breakeven")).toMatchObject({
      ...{ isRunning: true, share: 0.25, etaS: 3, text: "12 of 60 points" },
    });
    calls[0].reply({ study: entry, result: { sentence: "x" }, isCached: false });
    await done;
    const state = studyOf(runs.store.getState(), "breakeven");
    expect(state).toMatchObject({ isRunning: false, answered: document });
    expect(state.answer?.result).toEqual({ sentence: "x" });
  });

  it("forget what comes back after a cancel, and leave the earlier answer", async () => {
    const { client, calls } = fakeClient();
    const runs = new StudyRuns(client, "scenario-1");
    const done = runs.start({ kind: "breakeven" }, {});
    runs.cancel("breakeven");
    expect(calls.map(({ name }) => name)).toEqual(["study.start", "job.cancel"]);
    calls[0].reply({ study: entry, result: {}, isCached: false });
    await done;
    expect(studyOf(runs.store.getState(), "breakeven")).toMatchObject({
      ...{ answer: undefined, isRunning: false, wasCancelled: true },
    });
  });

  it("that the library kept are of the document, or stale, or of nobody knows what", async () => {
    for (const isCurrent of [true, false, null]) {
      const { client, calls } = fakeClient();
      const runs = new StudyRuns(client, "scenario-1");
      const document = { name: "mine" };
      const read = runs.readKept(document);
      calls[0].reply({ studies: [entry, { ...entry, id: "older" }] });
      await vi.waitFor(() => expect(calls).toHaveLength(2));
      expect(calls[1].params).toEqual({ id: "s1", document });
      calls[1].reply({ study: entry, result: {}, isCurrent });
      await read;
      expect(studyOf(runs.store.getState(), "breakeven")).toMatchObject(
        isCurrent === true
          ? { answered: document, isKeptCurrent: undefined }
          : { answered: undefined, isKeptCurrent: isCurrent },
      );
    }
  });

  it("are current again once the document is what they were run for", async () => {
    const { client, calls } = fakeClient();
    const runs = new StudyRuns(client, "scenario-1");
    const [edited, back] = [{ seed: 2 }, { seed: 1 }];
    const read = runs.readKept(edited);
    calls[0].reply({ studies: [entry] });
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    calls[1].reply({ study: entry, result: {}, isCurrent: false });
    await read;
    const again = runs.readKept(back);
    await vi.waitFor(() => expect(calls).toHaveLength(3));
    expect(calls[2].params).toEqual({ id: "s1", document: back });
    calls[2].reply({ study: entry, result: {}, isCurrent: true });
    await again;
    expect(studyOf(runs.store.getState(), "breakeven").answered).toBe(back);
  });

  it("of different kinds run side by side", () => {
    const { client } = fakeClient();
    const runs = new StudyRuns(client, "scenario-1");
    void runs.start({ kind: "breakeven" }, {});
    void runs.start({ kind: "optimize" }, {});
    const states = runs.store.getState();
    expect(studyOf(states, "breakeven").isRunning && studyOf(states, "optimize").isRunning).toBe(
      true,
    );
    expect(studyOf(states, "gate").isRunning).toBe(false);
  });
});
