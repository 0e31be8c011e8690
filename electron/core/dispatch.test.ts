import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createCore } from "./createCore.ts";
import { exceedsBytes } from "./dispatch.ts";

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
    expect(await codeOf("job.cancel", { job: Number.NaN })).toBe("badParams");
    expect(await codeOf("job.cancel", { job: "x".repeat(10_000_000) })).toBe("tooLarge");
    expect(logged).toEqual([]);
  });
});

describe("the count of a value's bytes", () => {
  it("sees strings, lists, objects and columns, however deep", () => {
    expect(exceedsBytes({ a: "x".repeat(90) }, 100)).toBe(false);
    expect(exceedsBytes({ a: "x".repeat(110) }, 100)).toBe(true);
    expect(exceedsBytes({ a: [[["x".repeat(110)]]] }, 100)).toBe(true);
    expect(exceedsBytes({ a: new Float64Array(20) }, 100)).toBe(true);
    expect(exceedsBytes([...Array(50).keys()], 100)).toBe(true);
  });
});
