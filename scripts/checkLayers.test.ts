import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { steps } from "../e2e/parity/steps.ts";
import { methods } from "../shared/contract/methods.ts";
import { checkLayers, violationLine } from "./checkLayers.ts";

const trees: string[] = [];

/** A tree of its own with these files; it goes away after the test. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "crossover-layers-"));
  trees.push(root);
  const all = { "package.json": '{"dependencies": {"zod": "1"}}', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function found(files: Record<string, string>): string[] {
  return checkLayers(plant(files)).map(violationLine);
}

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

const long = (lines: number, line: string): string => `${line}\n`.repeat(lines);
const empty = "export const x = 1;\n";

const planted: [string, Record<string, string>, string][] = [
  [
    "a downward room importing an upward one",
    { "shared/units/a.ts": 'import "../serving/b.ts";', "shared/serving/b.ts": empty },
    "shared/units/a.ts:1: imports: shared/units may not import shared/serving",
  ],
  [
    "the kernel importing the schema",
    { "shared/sim/a.ts": 'import type { B } from "../schema/b.ts";', "shared/schema/b.ts": empty },
    "shared/sim/a.ts:1: imports: shared/sim may not import shared/schema",
  ],
  [
    "an importer importing sim",
    { "shared/importers/a.ts": 'import "../sim/b.ts";', "shared/sim/b.ts": empty },
    "shared/importers/a.ts:1: imports: shared/importers may not import shared/sim",
  ],
  [
    "a report running planning instead of reading its types",
    {
      "shared/reports/a.ts": 'import { x } from "../planning/b.ts";',
      "shared/planning/b.ts": empty,
    },
    "shared/reports/a.ts:1: imports: shared/reports may import only types of planning",
  ],
  [
    "a room that the plan does not have",
    { "shared/helpers/a.ts": 'import "../units/b.ts";', "shared/units/b.ts": empty },
    "shared/helpers/a.ts:1: imports: shared/helpers is no room of the house",
  ],
  [
    "shared importing electron",
    { "shared/units/a.ts": 'import "../../electron/core/b.ts";', "electron/core/b.ts": empty },
    "shared/units/a.ts:1: imports: shared may not import electron/core/b.ts",
  ],
  [
    "shared importing a Node module",
    { "shared/units/a.ts": 'import "node:fs";' },
    "shared/units/a.ts:1: packages: shared may not import node:fs; it has only zod, udsv, @noble/hashes",
  ],
  [
    "zod beside the one file that sets it up",
    { "shared/schema/a.ts": 'import { z } from "zod";' },
    "shared/schema/a.ts:1: packages: zod is imported only by shared/schema/zod.ts",
  ],
  [
    "product code using a development package",
    { "electron/cli/a.ts": 'import "vitest";' },
    "electron/cli/a.ts:1: packages: vitest is not among the dependencies of package.json",
  ],
  [
    "a service importing files instead of taking a port",
    { "electron/services/a.ts": 'import "../files/b.ts";', "electron/files/b.ts": empty },
    "electron/services/a.ts:1: imports: electron/services may not import electron/files",
  ],
  [
    "storage importing core",
    { "electron/storage/a.ts": 'import "../core/b.ts";', "electron/core/b.ts": empty },
    "electron/storage/a.ts:1: imports: electron/storage may not import electron/core",
  ],
  [
    "a service importing core",
    { "electron/services/a.ts": 'import "../core/b.ts";', "electron/core/b.ts": empty },
    "electron/services/a.ts:1: imports: electron/services may not import electron/core",
  ],
  [
    "the preload importing core",
    { "electron/preload/a.ts": 'import "../core/b.ts";', "electron/core/b.ts": empty },
    "electron/preload/a.ts:1: imports: electron/preload may not import electron/core",
  ],
  [
    "a host reaching past core",
    { "electron/loopback/a.ts": 'import "../storage/b.ts";', "electron/storage/b.ts": empty },
    "electron/loopback/a.ts:1: imports: electron/loopback may not import electron/storage",
  ],
  [
    "the command line opening a database itself",
    { "electron/cli/a.ts": 'import "../storage/b.ts";', "electron/storage/b.ts": empty },
    "electron/cli/a.ts:1: imports: electron/cli may not import electron/storage",
  ],
  [
    "one host importing another",
    { "electron/main/a.ts": 'import "../loopback/b.ts";', "electron/loopback/b.ts": empty },
    "electron/main/a.ts:1: imports: electron/main may not import electron/loopback",
  ],
  [
    "the renderer importing the engine",
    { "renderer/a.ts": 'import type { X } from "../shared/sim/b.ts";', "shared/sim/b.ts": empty },
    "renderer/a.ts:1: imports: renderer may not import shared/sim",
  ],
  [
    "the renderer importing electron",
    { "renderer/a.ts": 'import "../electron/core/b.ts";', "electron/core/b.ts": empty },
    "renderer/a.ts:1: imports: renderer may not import electron",
  ],
  [
    "the renderer creating a worker",
    { "renderer/a.ts": "new Worker('x');" },
    "renderer/a.ts:1: single file: the renderer creates no Worker",
  ],
  [
    "the preload bridge touched in a second file",
    { "renderer/views/a.ts": "window.crossover.call();" },
    "renderer/views/a.ts:1: single file: window.crossover stands only in renderer/api/preloadClient.ts",
  ],
  [
    "an import of a test",
    { "shared/units/a.ts": 'import "./b.test.ts";', "shared/units/b.test.ts": empty },
    "shared/units/a.ts:1: imports: a test is imported",
  ],
  [
    "an import cycle",
    { "shared/units/a.ts": 'import "./b.ts";', "shared/units/b.ts": 'import "./a.ts";' },
    "shared/units/a.ts:1: cycles: import cycle: shared/units/a.ts -> shared/units/b.ts -> shared/units/a.ts",
  ],
  [
    "a barrel",
    { "shared/units/all.ts": 'export { x } from "./b.ts";', "shared/units/b.ts": empty },
    "shared/units/all.ts:1: barrels: a barrel file in shared",
  ],
  [
    "an index file",
    { "shared/units/index.ts": empty },
    "shared/units/index.ts:1: barrels: a barrel file in shared",
  ],
  [
    "the language's power",
    { "shared/units/a.ts": "export const f = (x: number) => x ** 2;" },
    "shared/units/a.ts:1: power: ** differs between V8 versions; use power() of shared/units/units.ts",
  ],
  [
    "Math.pow",
    { "shared/units/a.ts": "export const x = Math.pow(2, 3);" },
    "shared/units/a.ts:1: power: Math.pow is not the same on every host; see units.ts",
  ],
  [
    "Math.pow by a computed name",
    { "shared/units/a.ts": 'export const x = Math["pow"](2, 3);' },
    "shared/units/a.ts:1: power: Math.pow is not the same on every host; see units.ts",
  ],
  [
    "Math taken apart",
    { "shared/units/a.ts": "const { pow } = Math; export const x = pow(2, 3);" },
    "shared/units/a.ts:1: power: Math is taken apart; call its functions by name",
  ],
  [
    "chance of the host",
    { "shared/sim/a.ts": "export const x = Math.random();" },
    "shared/sim/a.ts:1: chance: Math.random: chance comes from named streams",
  ],
  [
    "the clock of the host",
    { "shared/units/a.ts": "export const x = Date.now();" },
    "shared/units/a.ts:1: clock: Date.now: the current time is passed in, not read",
  ],
  [
    "a date of now",
    { "shared/units/a.ts": "export const x = new Date();" },
    "shared/units/a.ts:1: clock: the current time is passed in, not read",
  ],
  [
    "the console",
    { "shared/units/a.ts": "console.log(1);" },
    "shared/units/a.ts:1: globals: shared may not use console",
  ],
  [
    "the process",
    { "shared/units/a.ts": "export const x = process.env;" },
    "shared/units/a.ts:1: globals: shared may not use process",
  ],
  [
    "an import at run time",
    { "shared/units/a.ts": 'export const x = import("./b.ts");', "shared/units/b.ts": empty },
    "shared/units/a.ts:1: globals: shared imports nothing at run time",
  ],
  [
    "a word of the domain in the kernel",
    { "shared/sim/a.ts": "export const requestCount = 1;" },
    'shared/sim/a.ts:1: kernel words: sim knows no "requestCount"',
  ],
  [
    "a second server",
    { "electron/core/a.ts": 'import http from "node:http"; http.createServer();' },
    "electron/core/a.ts:1: single file: http.createServer stands only in electron/loopback/server.ts",
  ],
  [
    "a second writer of files",
    { "electron/core/a.ts": 'import { writeFileSync } from "node:fs"; writeFileSync("a", "b");' },
    "electron/core/a.ts:1: single file: writeFileSync stands only in electron/files/atomicWrite.ts",
  ],
  [
    "a second database",
    { "electron/core/a.ts": "new Database('x');" },
    "electron/core/a.ts:1: single file: new Database stands only in electron/storage/database.ts",
  ],
  [
    "a second window",
    { "electron/core/a.ts": "new BrowserWindow({});" },
    "electron/core/a.ts:1: single file: new BrowserWindow stands only in electron/main/windows.ts",
  ],
  [
    "a second ipcMain",
    { "electron/core/a.ts": 'import { ipcMain } from "electron";' },
    "electron/core/a.ts:1: single file: ipcMain stands only in electron/main/ipc.ts",
  ],
  [
    "a second openExternal",
    { "electron/core/a.ts": "shell.openExternal('https://example.org');" },
    "electron/core/a.ts:1: single file: shell.openExternal stands only in electron/main/security/externalUrl.ts",
  ],
  [
    "an exit outside the entry",
    { "electron/core/a.ts": "process.exit(1);" },
    "electron/core/a.ts:1: exit: process.exit stands only in electron/cli/main.ts",
  ],
  [
    "a file that is too long",
    { "shared/units/a.ts": long(401, "// line") },
    "shared/units/a.ts:1: length: 401 lines; a file has at most 400",
  ],
  [
    "a function that is too long",
    { "shared/units/a.ts": `export function f() {\n${long(79, "  f();")}}\n` },
    "shared/units/a.ts:1: length: a function of 81 lines; it has at most 80",
  ],
  [
    "functions that are long as a rule",
    { "shared/units/a.ts": `export function f() {\n${long(10, "  f();")}}\n` },
    "(all product code):1: length: functions have a median of 12 lines; wanted at most 8",
  ],
  [
    "any",
    { "shared/units/a.ts": "export let x: any;" },
    'shared/units/a.ts:1: escape: "any" is not used here',
  ],
  [
    "a cast through unknown",
    { "shared/units/a.ts": "export const x = 1 as unknown as string;" },
    'shared/units/a.ts:1: escape: "as unknown as" is not used here',
  ],
  [
    "a silenced type error",
    { "shared/units/a.ts": `// @ts-${"ignore"}\nexport const x = 1;` },
    `shared/units/a.ts:1: escape: @ts-${"ignore"} is not used here`,
  ],
  [
    "a skipped test",
    { "shared/units/a.test.ts": "it.skip('x', () => {});" },
    'shared/units/a.test.ts:1: escape: "it.skip" is not used here',
  ],
];

describe("the layer checker", () => {
  it("finds nothing wrong with this project", { timeout: 60_000 }, () => {
    const root = join(import.meta.dirname, "..");
    expect(checkLayers(root).map(violationLine)).toEqual([]);
  });

  it.each(planted)("reports %s", (_name, files, expected) => {
    expect(found(files)).toContain(expected);
  });

  it("lets names pass that only look like globals", () => {
    const text = [
      "export interface Arrivals { process: string }",
      "export const read = (a: Arrivals): string => a.process;",
      "export const show = ({ process }: Arrivals): string => process;",
      "export const make = (): Arrivals => ({ process: 'poisson' });",
      "export const day = new Date(0);",
    ].join("\n");
    expect(found({ "shared/units/a.ts": text })).toEqual([]);
  });

  it("lets tests import what they test with", () => {
    const text = 'import { it } from "vitest"; import "node:fs"; it("a", () => {});';
    expect(found({ "shared/units/a.test.ts": text })).toEqual([]);
  });
});

describe("the parity test", () => {
  it("walks through every method of the contract (add a step to e2e/parity/steps.ts)", () => {
    const walked = new Set(steps.map(({ method }) => method));
    expect(Object.keys(methods).filter((name) => !walked.has(name))).toEqual([]);
  });
});
