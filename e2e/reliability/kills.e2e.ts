/** Nothing acknowledged is lost by a kill, whenever it comes. `npm run reliability` does the same at length. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { atomicWriteFile } from "../../electron/files/atomicWrite.ts";
import { libraryPaths } from "../../electron/storage/openLibrary.ts";
import { createStorage } from "../../electron/storage/storage.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { findLosses, kill } from "./kills.ts";

test.describe.configure({ timeout: 120_000 });

/** Where in a work it is killed, and the point's N-th time. */
const points: readonly (readonly [string, string])[] = [
  ["save", "blob:1"],
  ["save", "blob:5"],
  ["save", "save:1"],
  ["save", "save:6"],
  ["import", "import:1"],
  ["import", "import:3"],
  ["import", "blob:2"],
  ["import", "save:2"],
  ["export", "export:1"],
  ["export", "export:2"],
  ["backup", "backup:1"],
  ["backup", "backup:3"],
];

for (const [work, at] of points) {
  test(`a kill at ${at} of ${work} loses nothing`, async ({ browserName }, info) => {
    void browserName;
    const folder = info.outputPath("library");
    mkdirSync(folder, { recursive: true });
    const { acknowledged, signal } = await kill(folder, work, "1", { at });
    expect(signal).toBe("SIGKILL");
    expect(findLosses(folder, acknowledged)).toEqual([]);
    // The next start works on as if nothing had been.
    const next = await kill(folder, work, "2", { afterMs: 150 });
    const all = [...acknowledged.filter(({ kind }) => kind !== "export"), ...next.acknowledged];
    expect(findLosses(folder, all)).toEqual([]);
  });
}

/** A library with scenarios and a backup, as the last victim acknowledged them. */
async function makeLibrary(folder: string): Promise<readonly Acknowledged[]> {
  mkdirSync(folder, { recursive: true });
  const { acknowledged } = await kill(folder, "backup", "1", { at: "backup:4" });
  expect(acknowledged.filter(({ kind }) => kind === "backup")).toHaveLength(3);
  return acknowledged;
}

for (const at of ["migration:1", "migration:2", "migration:3", "backup:1"]) {
  test(`a kill at ${at} of a migration loses nothing, and the next start goes on`, async ({
    browserName,
  }, info) => {
    void browserName;
    const folder = info.outputPath("library");
    const acknowledged = await makeLibrary(folder);
    const death = await kill(folder, "migration", "2", { at });
    expect([death.signal, death.acknowledged]).toEqual(["SIGKILL", []]);
    const { backups } = libraryPaths(join(folder, "library"));
    const isBackedUp = readdirSync(backups).some((name) => name.endsWith("-migration.sqlite"));
    expect(isBackedUp).toBe(at !== "backup:1");
    expect(findLosses(folder, acknowledged, true)).toEqual([]);
    const again = await kill(folder, "migration", "3", { at: "nowhere" });
    expect([again.signal, again.acknowledged]).toEqual([null, [{ kind: "open" }]]);
  });
}

for (const at of ["restore", "backup", "replace"]) {
  test(`a kill at ${at} of going back to a backup leaves the library as it was`, async ({
    browserName,
  }, info) => {
    void browserName;
    const folder = info.outputPath("library");
    const acknowledged = await makeLibrary(folder);
    const death = await kill(folder, "goBack", "2", { at: `${at}:1` });
    expect(death.signal).toBe("SIGKILL");
    expect(findLosses(folder, acknowledged)).toEqual([]);
  });
}

for (const at of ["quarantine", "restore"]) {
  test(`a kill at ${at} of a recovery leaves the damaged file and the backups, and the next start recovers`, async ({
    browserName,
  }, info) => {
    void browserName;
    const folder = info.outputPath("library");
    const acknowledged = await makeLibrary(folder);
    const paths = libraryPaths(join(folder, "library"));
    // With its log, SQLite puts a damaged file right: the look closes the library, after which there is none.
    expect(findLosses(folder, acknowledged)).toEqual([]);
    writeFileSync(paths.database, "garbage ".repeat(10_000));
    expect((await kill(folder, "save", "2", { at })).signal).toBe("SIGKILL");
    const now = (): number => Date.now();
    const storage = createStorage({
      folder: join(folder, "library"),
      writeFile: atomicWriteFile,
      now,
    });
    expect(storage.status().state).toMatchObject({ kind: "recovered" });
    // The last backup was made after the third scenario.
    expect(storage.tables.listScenarios()).toHaveLength(3);
    storage.close();
    const [kept] = readdirSync(paths.quarantine);
    expect(existsSync(join(paths.quarantine, kept!, "library.sqlite"))).toBe(true);
  });
}

test("a few kills at any moment lose nothing", async ({ browserName }, info) => {
  void browserName;
  const folder = info.outputPath("library");
  mkdirSync(folder, { recursive: true });
  const all: Acknowledged[] = [];
  for (const [i, afterMs] of [0, 15, 40, 90, 170, 260].entries()) {
    const { acknowledged, signal } = await kill(folder, "save", String(i), { afterMs });
    expect(signal).toBe("SIGKILL");
    all.push(...acknowledged);
    expect(findLosses(folder, all)).toEqual([]);
  }
  expect(all.filter(({ kind }) => kind === "version").length).toBeGreaterThan(6);
});

test("the look at what is left finds what is lost", async ({ browserName }, info) => {
  void browserName;
  const folder = info.outputPath("library");
  const acknowledged = await makeLibrary(folder);
  const { blobs, database } = libraryPaths(join(folder, "library"));
  const lost = [{ kind: "version", id: "nobody", version: 1, name: "x" } as const];
  expect(findLosses(folder, [...acknowledged, ...lost])).toHaveLength(1);
  rmSync(blobs, { recursive: true });
  expect(findLosses(folder, acknowledged).join()).toMatch(/cannot be read/);
  writeFileSync(database, "garbage ".repeat(1000));
  expect(findLosses(folder, acknowledged).join()).toMatch(/recovered/);
});
