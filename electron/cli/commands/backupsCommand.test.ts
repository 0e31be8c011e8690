import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackupEntry } from "../../../shared/contract/libraryRows.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { backupsCommand } from "./backupsCommand.ts";
import { callCommand } from "./callCommand.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-backups-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function backups(...args: string[]) {
  const given = ["backups", ...args, "--library", folder];
  return callCommandLine([backupsCommand], given);
}

async function listed(...args: string[]): Promise<BackupEntry[]> {
  const { stdout } = await backups(...args, "--json");
  return (JSON.parse(stdout) as { backups: BackupEntry[] }).backups;
}

async function addScenario(name: string): Promise<void> {
  const document = { format: "crossover-scenario", version: 1, name };
  const params = JSON.stringify({ document });
  const args = ["call", "scenario.create", "--params", params, "--library", folder];
  expect((await callCommandLine([callCommand], args)).code).toBe(0);
}

describe("crossover backups", () => {
  it("makes one, lists what each holds, and goes back to one; what there was is the newest then", async () => {
    await addScenario("first");
    const made = (await listed("--make")).find(({ reason }) => reason === "asked")!;
    expect(made.contents).toMatchObject({ scenarios: 1, newest: ["first"] });
    await addScenario("second");
    const [replaced] = await listed("--restore", made.id);
    expect(replaced).toMatchObject({ reason: "replaced", contents: { scenarios: 2 } });
    const { stdout } = await backups();
    expect(stdout).toContain(`${replaced!.id} `);
    expect(stdout).toContain("1 scenarios, 0 traces, 0 runs, 0 studies; changed last: first");
    const list = ["call", "scenario.list", "--library", folder];
    const { value } = JSON.parse((await callCommandLine([callCommand], list)).stdout);
    expect(value.scenarios.map(({ name }: { name: string }) => name)).toEqual(["first"]);
  }, 20_000);

  it("says what is wrong with an id, and with too many wishes at once", async () => {
    const unknown = await backups("--restore", "1-daily", "--json");
    expect(unknown.code).toBe(3);
    expect(JSON.parse(unknown.stdout).error).toMatchObject({
      ...{ field: "restore", hint: "crossover backups lists their ids" },
      message: "This backup is not there (any more).",
    });
    expect((await backups("--restore", "../../etc/passwd")).code).toBe(3);
    expect((await backups("--make", "--restore", "1-daily")).code).toBe(2);
    expect((await backups()).stdout).toMatch(/asked|daily|no backup yet/);
  }, 20_000);
});
