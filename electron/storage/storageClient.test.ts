import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StorageClient } from "./storageClient.ts";

/** A thread that answers each question with its name, and ends at once when it is asked for its status. */
const thread = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", ({ id, name }) => {
    if (name === "status") process.exit(1);
    if (name === "getRun") throw new Error("boom");
    if (name === "getTrace") return;
    parentPort.postMessage({ id, ok: true, value: name, hasNewState: false });
    if (name === "close") parentPort.close();
  });`;
const entry = new URL(
  `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module";
  const require = createRequire("file:///");${thread}`)}`,
);

let states = 0;
let client: StorageClient;

beforeEach(() => {
  states = 0;
  client = new StorageClient(entry, { folder: "/nowhere" }, () => {
    states++;
  });
});
afterEach(() => client.close());

const ended = /The library's own thread has ended\. What was acknowledged before is saved/;

describe("the library seen from core", () => {
  it.each(["status", "getRun"] as const)(
    "says what is safe where its thread ends in the middle (%s), and starts another one",
    async (name) => {
      const waiting = client.calls.getTrace("a");
      waiting.catch(() => undefined);
      const asked = client.calls[name]("a" as never);
      await expect(asked).rejects.toMatchObject({
        ...{ code: "storage", message: expect.stringMatching(ended) },
      });
      await expect(waiting).rejects.toThrow(ended);
      expect(states).toBe(1);
      // Not over and over: a moment later.
      await expect(client.calls.listTraces()).rejects.toThrow(ended);
      await vi.waitFor(async () => expect(await client.calls.listTraces()).toBe("listTraces"), {
        timeout: 5000,
        interval: 200,
      });
    },
  );

  it("answers nothing more once it is closed", async () => {
    expect(await client.calls.listTraces()).toBe("listTraces");
    await client.close();
    await expect(client.calls.listTraces()).rejects.toThrow(ended);
    expect(states).toBe(0);
  });
});
