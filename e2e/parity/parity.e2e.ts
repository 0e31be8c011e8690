/** The contract is the same on every host: one walk through all methods, the same bytes from each, and the same codes for what is wrong. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { methods } from "../../shared/contract/methods.ts";
import { encodeWire } from "../../shared/contract/wire.ts";
import { type Caller, openCli, openElectron, openLoopback } from "./callers.ts";
import { type Memory, type Step, steps } from "./steps.ts";

test.describe.configure({ timeout: 300_000 });

/** The three hosts on equal libraries: empty ones into which no page puts the sample. */
async function openAll(folder: string): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const open of [openCli, openLoopback, openElectron]) {
    const data = join(folder, open.name);
    mkdirSync(data, { recursive: true });
    await openCli(data).call("settings.set", { hasSample: true });
    callers.push(await open(data));
  }
  return callers;
}

function at(value: unknown, way: string): unknown {
  return way.split(".").reduce((inner, key) => (inner as Memory | undefined)?.[key], value);
}

/** What differs by nature is made the same: ids by the order in which they appear, times, tokens, and the folder. */
function normaliser({ data }: Caller): (reply: unknown) => string {
  const ids = new Map<string, string>();
  return (reply) =>
    encodeWire(reply)
      .replaceAll(JSON.stringify(data).slice(1, -1), "FOLDER")
      .replace(/\b[0-9a-f]{20}\b/g, (id) => {
        if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`);
        return ids.get(id)!;
      })
      .replace(/\b1[789]\d{11}\b/g, "TIME")
      .replace(/"wallMs":\d+/g, '"wallMs":0')
      .replace(/"token":"[\w-]{32}"/g, '"token":"TOKEN"')
      .replace(/"window":(null|\{[^}]*\})/, '"window":null');
}

/** Takes the step's parameters and files as they stand on one host. */
async function take(step: Step, caller: Caller, memory: Memory): Promise<unknown> {
  const { method, params, files } = step;
  const given = typeof params === "function" ? (params as (m: Memory) => unknown)(memory) : params;
  const target = files?.target === undefined ? undefined : join(caller.data, files.target);
  const chosen = { ...files, ...(target !== undefined && { target }) };
  const reply = await caller.call(method, given ?? {}, chosen);
  for (const [name, way] of Object.entries(step.keep ?? {})) {
    memory[name] = at((reply as { value?: unknown }).value, way);
  }
  // Two rows of the same millisecond stand in the order of their ids, which are drawn.
  await new Promise((resolve) => setTimeout(resolve, 3));
  return reply;
}

interface ReplyParts {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code: string };
}

/** Every value is what the contract says, to the field. */
function expectForm(method: string, reply: ReplyParts): void {
  if (!reply.ok) return;
  const schema = methods[method as keyof typeof methods].result;
  const parsed = schema.safeParse(reply.value);
  expect(parsed.error?.issues ?? [], method).toEqual([]);
  expect(parsed.data, method).toEqual(reply.value);
}

test("every method gives the same bytes on every host, and what its schema says", async ({
  browserName,
}, info) => {
  void browserName;
  const walked = new Set(steps.map(({ method }) => method));
  expect(Object.keys(methods).filter((name) => !walked.has(name))).toEqual([]);
  const callers = await openAll(info.outputPath("data"));
  const walks = callers.map((caller) => ({
    ...{ caller, memory: {} as Memory, normalise: normaliser(caller) },
  }));
  for (const [number, step] of steps.entries()) {
    const replies: ReplyParts[] = [];
    for (const { caller, memory } of walks) {
      replies.push((await take(step, caller, memory)) as ReplyParts);
    }
    for (const reply of replies) expectForm(step.method, reply);
    const texts = replies.map((reply, i) => walks[i]!.normalise(reply));
    const name = `step ${number + 1}, ${step.method}`;
    if (step.differsBecause !== undefined) continue;
    expect(texts[1], `${name}: loopback against the command line`).toBe(texts[0]);
    expect(texts[2], `${name}: Electron against the command line`).toBe(texts[0]);
  }
  const exported = callers.map(({ data }) =>
    readFileSync(join(data, "exported.crossover"), "utf8"),
  );
  expect(new Set(exported).size).toBe(1);
  expect(exported[0]).toContain("crossover-scenario");
  for (const caller of callers) await caller.close();
});

const large = "x".repeat(10_000_000);

const wrong: readonly (readonly [string, string, unknown, string])[] = [
  ["an unknown method", "app.nothing", {}, "unknownMethod"],
  ["a name of JavaScript's own", "toString", {}, "unknownMethod"],
  ["a field that is NaN", "job.cancel", { job: Number.NaN }, "badParams"],
  ["NaN deep in a document", "scenario.check", { document: { a: [Number.NaN] } }, "badParams"],
  ["an infinite number", "run.list", { scenarioId: "a", limit: Infinity }, "badParams"],
  ["a text of 10 MB", "job.cancel", { job: large }, "tooLarge"],
  ["a text of 10 MB in a field too many", "app.info", { extra: large }, "tooLarge"],
  ["a list for an object", "app.info", [], "badParams"],
  ["null", "app.info", null, "badParams"],
  ["a text", "app.info", "{}", "badParams"],
];

test("what is wrong has the same code on every host", async ({ browserName }, info) => {
  void browserName;
  const callers = await openAll(info.outputPath("data"));
  const codeOf = async (caller: Caller, method: string, params: unknown): Promise<string> => {
    const { error } = (await caller.call(method, params)) as ReplyParts;
    return error?.code ?? "ok";
  };
  for (const [name, method, params, code] of wrong) {
    for (const caller of callers) {
      expect(await codeOf(caller, method, params), `${name} (${caller.host})`).toBe(code);
    }
  }
  for (const method of Object.keys(methods)) {
    for (const caller of callers) {
      // Electron's preload takes what stands there for files of the page, and passes only their paths on.
      if (method === "files.offer" && caller.host === "electron") continue;
      expect(await codeOf(caller, method, { extra: 1 }), `${method}, ${caller.host}`).toBe(
        "badParams",
      );
    }
  }
  for (const text of ["{", "NaN", '{"__proto__": {"a": 1}}', '{"job": NaN}']) {
    for (const caller of callers.filter(({ callText }) => callText !== undefined)) {
      const { error } = (await caller.callText!("job.cancel", text)) as ReplyParts;
      expect(error?.code, `${text} (${caller.host})`).toBe("badParams");
    }
  }
  // The command line has no sender but the person who typed it.
  const asked = callers.filter(({ callAsStranger }) => callAsStranger !== undefined);
  expect(asked.map(({ host }) => host)).toEqual(["loopback", "electron"]);
  for (const caller of asked) {
    const { error } = (await caller.callAsStranger!("app.info")) as ReplyParts;
    expect(error?.code, `a wrong sender (${caller.host})`).toBe("refused");
  }
  for (const caller of callers) await caller.close();
});
