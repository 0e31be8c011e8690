import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import { type Core, createCore } from "./createCore.ts";

const caller = { host: "cli" as const, id: "test" };
const samples = join(import.meta.dirname, "../../data/samples");
let folder = "";
let core: Core;
let logged: unknown[] = [];

function open(host: "cli" | "loopback" = "cli"): Core {
  return createCore({
    host,
    version: "0.0.0",
    isPackaged: false,
    dataFolder: folder,
    workers: 1,
    log: (error) => logged.push(error),
  });
}

async function call<Name extends MethodName>(name: Name, params: MethodParams<Name>) {
  const reply = (await core.call(name, params, caller)) as Reply<MethodResult<Name>>;
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-library-"));
  logged = [];
  core = open();
});

afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true });
  expect(logged).toEqual([]);
});

describe("the library", () => {
  it("runs the sample, and everything is there after a restart", async () => {
    const events: CoreEvent[] = [];
    core.subscribe((event) => events.push(event));
    const { id } = await call("scenario.createSample", {});
    const { document } = await call("scenario.open", { id });
    const first = await call("run.start", { job: "j1", document, scenarioId: id });
    expect(first.isCached).toBe(false);
    expect(first.run?.summary.finished).toBe(19_366);
    expect(events).toContainEqual({ kind: "done", job: "j1", outcome: "done" });
    await core.close();
    core = open();
    const { scenarios } = await call("scenario.list", {});
    expect(scenarios).toHaveLength(1);
    expect(scenarios[0].lastRun).toEqual(first.run?.summary);
    const { traces } = await call("trace.list", {});
    expect(traces[0].summary).toMatchObject({
      rows: 19_366,
      promptTokens: 22_361_870,
      outputTokens: 4_088_665,
    });
    const again = await call("run.start", { job: "j2", document, scenarioId: id });
    expect(again.isCached).toBe(true);
    expect(again.report).toEqual(first.report);
    expect(await call("run.get", { id: first.run!.id })).toEqual({
      run: first.run,
      report: first.report,
    });
  }, 30_000);

  it("keeps versions and unsaved work, and refuses a save over another one", async () => {
    const document = JSON.parse(readFileSync(join(samples, "azure-conv-hybrid.crossover"), "utf8"));
    const { id } = await call("scenario.create", { document });
    const changed = { ...document, name: "changed", unknownToUs: { kept: [1, 2] } };
    await call("scenario.saveDraft", { id, baseVersion: 1, document: changed });
    const opened = await call("scenario.open", { id });
    expect(opened.draft?.document).toEqual(changed);
    expect(opened.document).toEqual(document);
    expect(await call("scenario.save", { id, baseVersion: 1, document: changed })).toEqual({
      id,
      version: 2,
    });
    await expect(call("scenario.save", { id, baseVersion: 1, document })).rejects.toThrow(
      "conflict: The scenario was saved by someone else meanwhile",
    );
    const saved = await call("scenario.open", { id });
    expect(saved).toMatchObject({ version: 2, document: changed, draft: null });
    expect(await call("scenario.open", { id, version: 1 })).toMatchObject({ document });
    const { versions } = await call("scenario.versions", { id });
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
  });

  it("does not write over unsaved work of another page, and tells all of the one that there is", async () => {
    const format = "crossover-scenario";
    const events: CoreEvent[] = [];
    core.subscribe((event) => events.push(event));
    const { id } = await call("scenario.create", { document: { format, version: 1, name: "a" } });
    const work = (name: string, over: string | null) =>
      call("scenario.saveDraft", {
        ...{ id, baseVersion: 1, over },
        document: { format, version: 1, name },
      });
    const { revision } = await work("b", null);
    await expect(work("c", null)).rejects.toThrow(
      "conflict: Unsaved work on the scenario was changed in another window meanwhile",
    );
    await expect(call("scenario.dropDraft", { id, over: null })).rejects.toThrow("conflict");
    const document = { format, version: 1, name: "d" };
    const save = { id, baseVersion: 1, document, over: null };
    await expect(call("scenario.save", save)).rejects.toThrow("conflict: Unsaved work");
    const { draft } = await call("scenario.open", { id });
    expect(draft).toMatchObject({ document: { name: "b" }, revision });
    expect(events).toContainEqual({ kind: "libraryChanged", of: "drafts", id, revision });
    expect((await work("c", revision)).revision).not.toBe(revision);
    await call("scenario.dropDraft", { id });
    expect(events).toContainEqual({ kind: "libraryChanged", of: "drafts", id, revision: null });
    await expect(work("e", revision)).rejects.toThrow("conflict");
    await expect(call("scenario.saveDraft", { id, baseVersion: 2, document })).rejects.toThrow(
      "conflict: The scenario was saved by someone else meanwhile",
    );
  });

  it("says which document is damaged or gone, and goes on with all others", async () => {
    const format = "crossover-scenario";
    const make = (name: string) =>
      call("scenario.create", { document: { format, version: 1, name } });
    const [damaged, gone, sound] = [await make("damaged"), await make("gone"), await make("sound")];
    const blobs = join(folder, "library", "blobs");
    const pathOf = (text: string): string => {
      const paths = readdirSync(blobs, { recursive: true }) as string[];
      const files = paths.map((each) => join(blobs, each)).filter((path) => /\w{64}$/.test(path));
      return files.find((path) => readFileSync(path, "utf8").includes(`"${text}"`))!;
    };
    rmSync(pathOf("gone"));
    writeFileSync(pathOf("damaged"), "another text");
    await expect(call("scenario.open", { id: damaged.id })).rejects.toThrow(
      /^storage: A file of the library was damaged: .* It was left as it is/,
    );
    await expect(call("scenario.open", { id: gone.id })).rejects.toThrow(
      /^storage: A file of the library cannot be read .* Put .* back/,
    );
    await expect(call("scenario.duplicate", { id: gone.id })).rejects.toThrow(/^storage: /);
    expect((await call("scenario.open", { id: sound.id })).document.name).toBe("sound");
    expect((await call("scenario.list", {})).scenarios).toHaveLength(3);
    const document = { format, version: 1, name: "mended" };
    await call("scenario.save", { id: gone.id, baseVersion: 1, document });
    expect((await call("scenario.open", { id: gone.id })).document).toEqual(document);
  });

  it("moves scenarios into the bin and out of it, and erases only from there", async () => {
    const document = JSON.parse(readFileSync(join(samples, "azure-conv-hybrid.crossover"), "utf8"));
    const { id } = await call("scenario.create", { document });
    await expect(call("scenario.erase", { id })).rejects.toThrow("conflict");
    await call("scenario.delete", { id });
    expect((await call("scenario.list", {})).scenarios).toEqual([]);
    expect((await call("scenario.list", { isDeleted: true })).scenarios).toHaveLength(1);
    await call("scenario.restore", { id });
    expect((await call("scenario.list", {})).scenarios).toHaveLength(1);
    await call("scenario.delete", { id });
    await call("scenario.erase", { id });
    await expect(call("scenario.open", { id })).rejects.toThrow("notFound");
  });

  it("takes files by tokens that are good for one use", async () => {
    const path = join(folder, "copy.csv");
    copyFileSync(join(samples, "AzureLLMInferenceTrace_conv.csv"), path);
    const { token } = core.files.offer({ path, name: "copy.csv", bytes: 1, use: "read" });
    const preview = await call("trace.preview", { file: token });
    expect(preview).toMatchObject({ format: "azure", problem: null });
    expect(preview.rows).toHaveLength(100);
    const { trace } = await call("trace.import", { job: "i", file: token });
    expect(trace.summary.rows).toBe(19_366);
    await expect(call("trace.import", { job: "i", file: token })).rejects.toThrow(
      "notFound: The chosen file is no longer known",
    );
    const again = core.files.offer({ path, name: "copy.csv", bytes: 1, use: "read" });
    const second = await call("trace.import", { job: "i", file: again.token });
    expect(second.trace.id).toBe(trace.id);
  });

  it("writes a scenario file that reads back as it was", async () => {
    const path = join(samples, "azure-conv-hybrid.crossover");
    const offer = { path, name: "sample.crossover", bytes: 1, use: "read" as const };
    const { token } = core.files.offer(offer);
    const preview = await call("scenario.preview", { file: token });
    expect(preview).toMatchObject({ name: "Azure conversations, hybrid", problems: [] });
    expect(preview.traces[0].isInLibrary).toBe(false);
    expect(preview.isInLibrary).toBe(false);
    expect(preview.contentHash).toMatch(/^[0-9a-f]{64}$/);
    const { id } = await call("scenario.import", { file: token });
    const again = core.files.offer(offer);
    expect(await call("scenario.preview", { file: again.token })).toMatchObject({
      ...{ isInLibrary: true, contentHash: preview.contentHash },
    });
    const target = join(folder, "out.crossover");
    const to = core.files.offer({ path: target, name: "out.crossover", bytes: 0, use: "write" });
    await call("scenario.export", { id, target: to.token });
    expect(JSON.parse(readFileSync(target, "utf8"))).toEqual(
      JSON.parse(readFileSync(path, "utf8")),
    );
  });

  it("says which trace a scenario lacks, and checks documents without running them", async () => {
    const document = JSON.parse(readFileSync(join(samples, "azure-conv-hybrid.crossover"), "utf8"));
    await expect(call("run.start", { job: "j", document })).rejects.toThrow(
      'badInput: The trace of source "azure-conv" is not in the library',
    );
    const broken = { ...document, pools: [{ ...document.pools[0], replicas: -1 }] };
    const { problems } = await call("scenario.check", { document: broken });
    expect(problems[0]).toMatchObject({ field: "pools[0].replicas" });
  });

  it("keeps settings, field by field", async () => {
    await call("settings.set", { theme: "dark" });
    await call("settings.set", { hasSample: true });
    await core.close();
    core = open();
    expect(await call("settings.get", {})).toMatchObject({ theme: "dark", hasSample: true });
  });
});

/** A scenario over a trace file of the library, simulated in no time. */
function overTrace(sha256: string, mapping: object, name: string) {
  return {
    ...{ format: "crossover-scenario", version: 1, name },
    traffic: {
      sources: [{ id: "log", kind: "trace", file: "log.csv", format: "auto", sha256, mapping }],
      classes: [{ id: "all" }],
    },
    providers: [
      {
        ...{ id: "api", name: "API", model: "gpt", tokenizerFactor: 1 },
        price: {
          ...{ inputUsdPerMTok: 2, outputUsdPerMTok: 8 },
          provenance: [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" }],
        },
      },
    ],
    rules: [{ id: "all", to: { provider: "api" } }],
  };
}

describe("runs over traces of the library", () => {
  const mappings = ["a", "b"].map((promptTokens) => ({
    ...{ arrival: "when", promptTokens, outputTokens: "out", timeUnit: "s" as const },
  }));

  /** One file, read twice: prompts from column a, then from column b. */
  async function importTwice() {
    const path = join(folder, "log.csv");
    writeFileSync(path, "when,a,b,out\n0,100,900,10\n1,100,900,10\n2,100,900,10\n");
    const traces: MethodResult<"trace.import">["trace"][] = [];
    for (const mapping of mappings) {
      const { token } = core.files.offer({ path, name: "log.csv", bytes: 1, use: "read" });
      traces.push((await call("trace.import", { job: "i", file: token, mapping })).trace);
    }
    return traces;
  }

  it("take the rows as the source reads them, where one file was read in several ways", async () => {
    const [first, second] = await importTwice();
    expect(second.id).not.toBe(first.id);
    const usd = [];
    for (const mapping of mappings) {
      const document = overTrace(first.sha256, mapping, "same name");
      const { run, isCached } = await call("run.start", { job: "r", document });
      expect(isCached).toBe(false);
      usd.push(run!.summary.monthUsd);
    }
    // (100 x 2 + 10 x 8) to (900 x 2 + 10 x 8).
    expect(usd[1] / usd[0]).toBeCloseTo(1880 / 280, 6);
  });

  it("are given to every scenario that asks, and simulated again when what was kept is damaged", async () => {
    const [{ sha256 }] = await importTwice();
    const document = overTrace(sha256, mappings[0], "shared");
    const [one, two] = [
      await call("scenario.create", { document }),
      await call("scenario.create", { document }),
    ];
    const first = await call("run.start", { job: "r", document, scenarioId: one.id });
    const second = await call("run.start", { job: "r", document, scenarioId: two.id });
    expect([first.isCached, second.isCached]).toEqual([false, true]);
    expect(second.run).toMatchObject({ scenarioId: two.id, runHash: first.run!.runHash });
    const { scenarios } = await call("scenario.list", {});
    expect(scenarios.map(({ lastRun }) => lastRun)).toEqual([
      first.run!.summary,
      first.run!.summary,
    ]);

    const report = Buffer.from(JSON.stringify(first.report), "utf8");
    const hash = createHash("sha256").update(report).digest("hex");
    writeFileSync(join(folder, "library", "blobs", hash.slice(0, 2), hash), "damaged");
    await expect(call("run.get", { id: first.run!.id })).rejects.toThrow(
      "storage: A file of the library was damaged",
    );
    const again = await call("run.start", { job: "r", document, scenarioId: one.id });
    expect(again).toMatchObject({ isCached: false, report: first.report });
    expect((await call("run.get", { id: first.run!.id })).report).toEqual(first.report);
  });
});

describe("opening", () => {
  it("is the storage worker's: calls that need no library are answered while it is checked", async () => {
    await core.close();
    core = open("loopback");
    const order: string[] = [];
    await Promise.all(
      (["storage.status", "scenario.list", "app.info"] as const).map((name) =>
        call(name, {}).then(() => order.push(name)),
      ),
    );
    expect(order).toEqual(["app.info", "storage.status", "scenario.list"]);
  });

  it("is one program's: the second is told, and is let in once the first has ended", async () => {
    await call("scenario.list", {});
    const first = core;
    core = open("loopback");
    expect((await call("storage.status", {})).state).toEqual({ kind: "locked" });
    await expect(call("scenario.list", {})).rejects.toThrow(
      "storage: Nothing can be saved or opened: another Crossover has this library open.",
    );
    const events: CoreEvent[] = [];
    core.subscribe((event) => events.push(event));
    await first.close();
    expect((await call("storage.act", { action: "retry" })).state).toEqual({ kind: "ready" });
    expect(events).toContainEqual({ kind: "storageChanged" });
    expect(events).toContainEqual({ kind: "libraryChanged", of: "scenarios" });
  });

  it("is followed by a backup at the end of the first day's work", async () => {
    await call("scenario.createSample", {});
    await core.close();
    core = open();
    const { backups } = await call("storage.status", {});
    expect(backups.map(({ reason }) => reason)).toEqual(["daily"]);
  });
});
