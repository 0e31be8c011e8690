import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callCommandLine } from "../testCommandLine.ts";
import { newCommand } from "./newCommand.ts";
import { outlineCommand } from "./outlineCommand.ts";
import { runCommand } from "./runCommand.ts";

const known = [newCommand, outlineCommand, runCommand];
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-new-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a scenario from a preset", () => {
  it("lists the presets, as text and as JSON", async () => {
    const text = await callCommandLine(known, ["new"]);
    expect(text.stdout).toContain("hybrid-spillover\n  A day of chat");
    const json = await callCommandLine(known, ["new", "--json"]);
    expect(JSON.parse(json.stdout).presets).toHaveLength(5);
  });

  it("writes a file that runs, and that the outline tells in sentences", async () => {
    const file = join(folder, "mig.crossover");
    const made = await callCommandLine(known, ["new", "shared-mig-node", "--out", file]);
    expect(made).toMatchObject({ code: 0, stdout: "wrote mig.crossover\n" });
    const run = await callCommandLine(known, ["run", file, "--json"]);
    expect(JSON.parse(run.stdout).requests.finished).toBeGreaterThan(10_000);
    const outline = await callCommandLine(known, ["outline", file]);
    expect(outline.stdout).toContain("routing\n  Chat requests go to chat-half.\n");
    const json = await callCommandLine(known, ["outline", file, "--json"]);
    expect(JSON.parse(json.stdout).parts).toHaveLength(6);
    expect(readFileSync(file, "utf8")).toContain('"crossover-scenario"');
  }, 30_000);

  it("names the presets there are where one is not known, and wants at most one", async () => {
    const unknown = await callCommandLine(known, ["new", "none"]);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('There is no preset "none". Wanted one of article-baseline');
    expect((await callCommandLine(known, ["new", "a", "b"])).code).toBe(2);
    expect((await callCommandLine(known, ["new", "--out", "x"])).code).toBe(2);
    expect((await callCommandLine(known, ["outline"])).code).toBe(2);
  });
});
