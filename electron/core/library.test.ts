import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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

function open(): Core {
  return createCore({
    host: "cli",
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
    const { id } = await call("scenario.import", { file: token });
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
