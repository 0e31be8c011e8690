import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createCore } from "./createCore.ts";
import { inspectParams } from "./inspectParams.ts";

const caller = { host: "cli" as const, id: "test" };

const opened: (() => Promise<void>)[] = [];

function open() {
  const logged: unknown[] = [];
  const dataFolder = mkdtempSync(join(tmpdir(), "crossover-core-"));
  const core = createCore({
    host: "cli",
    version: "0.0.0",
    isPackaged: false,
    dataFolder,
    log: (error) => logged.push(error),
  });
  opened.push(async () => {
    await core.close();
    rmSync(dataFolder, { recursive: true });
  });
  const codeOf = async (method: unknown, params: unknown) => {
    const reply = await core.call(method, params, caller);
    return reply.ok ? "ok" : reply.error.code;
  };
  return { core, codeOf, logged };
}

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

describe("a call", () => {
  it("is answered with a value", async () => {
    const reply = await open().core.call("app.info", {}, caller);
    expect(reply).toMatchObject({ ok: true, value: { host: "cli", version: "0.0.0" } });
  });

  it("of an unknown method, with a field too many, NaN or 10 MB is refused by code", async () => {
    const { codeOf, logged } = open();
    expect(await codeOf("app.nothing", {})).toBe("unknownMethod");
    expect(await codeOf("toString", {})).toBe("unknownMethod");
    expect(await codeOf(Symbol.iterator.toString(), {})).toBe("unknownMethod");
    expect(await codeOf("app.info", { extra: 1 })).toBe("badParams");
    expect(await codeOf("app.info", null)).toBe("badParams");
    expect(await codeOf(12n, {})).toBe("unknownMethod");
    expect(await codeOf("x".repeat(10_000_000), {})).toBe("unknownMethod");
    expect(await codeOf("job.cancel", { job: Number.NaN })).toBe("badParams");
    const document = { format: "crossover-scenario", version: 1, name: Number.NaN };
    expect(await codeOf("scenario.create", { document })).toBe("badParams");
    expect(await codeOf("job.cancel", { job: "x".repeat(10_000_000) })).toBe("tooLarge");
    expect(logged).toEqual([]);
  });
});

describe("the look at parameters", () => {
  it("counts the bytes of texts, lists and objects, however deep", () => {
    expect(inspectParams({ a: "x".repeat(85) }, 100)).toBeUndefined();
    expect(inspectParams({ a: "x".repeat(110) }, 100)).toBe("tooLarge");
    expect(inspectParams({ a: "\u20ac".repeat(40) }, 100)).toBe("tooLarge");
    expect(inspectParams({ a: [[["x".repeat(110)]]] }, 100)).toBe("tooLarge");
    expect(inspectParams([...Array(110).keys()], 100)).toBe("tooLarge");
    expect(inspectParams({ ["k".repeat(110)]: 1 }, 100)).toBe("tooLarge");
  });

  it.each([
    ["NaN", { a: [1, { b: Number.NaN }] }, "a[1].b"],
    ["an infinite number", { a: Infinity }, "a"],
    ["a whole number beyond JSON", { a: 1n }, "a"],
    ["a function", { a: () => 1 }, "a"],
    ["a date", { a: new Date(0) }, "a"],
    ["a map", { a: new Map() }, "a"],
    ["a column", { a: new Float64Array(2) }, "a"],
    ["a field named __proto__", JSON.parse('{"a": {"__proto__": 1}}'), "a"],
    ["a key that is no name", { "a b": Number.NaN }, '["a b"]'],
  ])("finds %s, with its place", (_name, value, field) => {
    expect(inspectParams(value, 1000)).toMatchObject({ field });
  });

  it("ends at values that are too deep, in place of overflowing", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(inspectParams({ a: deep }, 1e9)).toMatchObject({
      problem: expect.stringMatching(/levels/),
    });
  });
});
