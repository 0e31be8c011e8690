import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { methods } from "../../../shared/contract/methods.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { callCommand } from "./callCommand.ts";

const samples = join(import.meta.dirname, "../../../data/samples");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-call-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(...args: string[]) {
  const result = await callCommandLine([callCommand], ["call", ...args]);
  const reply = result.stdout.startsWith("{") ? JSON.parse(result.stdout) : undefined;
  return { ...result, reply };
}

const onLibrary = (...args: string[]) => call(...args, "--library", join(folder, "work"));

describe("crossover call", () => {
  it("prints the reply, and makes no library for a method that needs none", async () => {
    const { code, reply } = await onLibrary("app.info");
    expect([code, reply.value.host]).toEqual([0, "cli"]);
    const checked = await onLibrary("scenario.check", "--params", '{"document": {}}');
    expect(checked.reply.value.problems.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, "work"))).toBe(false);
  });

  it("works on the library, files chosen by options, and backs it up", async () => {
    const source = join(samples, "azure-conv-hybrid.crossover");
    const { reply } = await onLibrary("scenario.import", "--file", source);
    const { id } = reply.value;
    const target = join(folder, "out.crossover");
    const params = join(folder, "params.json");
    writeFileSync(params, JSON.stringify({ id }));
    const written = await onLibrary(
      "scenario.export",
      "--params",
      `@${params}`,
      "--target",
      target,
    );
    expect(written.code).toBe(0);
    expect(JSON.parse(readFileSync(target, "utf8"))).toEqual(
      JSON.parse(readFileSync(source, "utf8")),
    );
    const { value } = (await onLibrary("storage.status")).reply;
    expect(value.state).toEqual({ kind: "ready" });
    expect(value.backups.map(({ reason }: { reason: string }) => reason)).toEqual(["daily"]);
  });

  it("answers the dialogs with the files of the options", async () => {
    const file = join(samples, "AzureLLMInferenceTrace_conv.csv");
    const choice = await onLibrary(
      "files.choose",
      "--params",
      '{"purpose": "trace"}',
      "--file",
      file,
    );
    expect(choice.reply.value.files).toMatchObject([{ name: "AzureLLMInferenceTrace_conv.csv" }]);
    const none = await onLibrary("files.choose", "--params", '{"purpose": "trace"}');
    expect([none.code, none.reply.error.code]).toEqual([3, "badInput"]);
  });

  it("ends with the code of what was wrong", async () => {
    const unknown = await onLibrary("scenrio.list");
    expect([unknown.code, unknown.reply.error.code]).toEqual([2, "unknownMethod"]);
    expect(unknown.stderr).toContain("did you mean scenario.list");
    const extra = await onLibrary("app.info", "--params", '{"extra": 1}');
    expect([extra.code, extra.reply.error]).toEqual([
      3,
      { code: "badParams", message: "app.info: there is no parameter extra.", field: "extra" },
    ]);
    const missing = await onLibrary("scenario.import", "--file", join(folder, "none"));
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringMatching(/no such file/)]);
    const noJson = await onLibrary("app.info", "--params", "{", "--json");
    expect([noJson.code, noJson.reply.error.field]).toEqual([3, "params"]);
    expect((await call()).code).toBe(2);
  });

  it("lists the methods", async () => {
    const { stdout } = await call("--list");
    expect(stdout.trim().split("\n")).toEqual(Object.keys(methods));
  });
});
