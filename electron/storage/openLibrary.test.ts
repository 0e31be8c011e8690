import { spawn } from "node:child_process";
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { InputError } from "../../shared/units/errors.ts";
import { atomicWriteFile } from "../files/atomicWrite.ts";
import { newestForm } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import { libraryPaths } from "./openLibrary.ts";
import { addScenario, removeFolders, startMs, storageMaker, testFolder } from "./testFolder.ts";

const testStorage = storageMaker(atomicWriteFile);
afterEach(removeFolders);

/** A library with a backup that holds scenario "a", and "b" saved after it; closed. */
function makeLibrary(): string {
  const folder = testFolder();
  const storage = testStorage(folder);
  addScenario(storage, "a");
  storage.backUp();
  addScenario(storage, "b");
  storage.close();
  return folder;
}

function ids(storage: ReturnType<typeof testStorage>): string[] {
  return storage.tables
    .listScenarios()
    .map(({ id }) => id)
    .sort();
}

function fileNames(folder: string): string[] {
  return readdirSync(folder).sort();
}

describe("opening a library", () => {
  it("makes the folder at the first start, and is ready", () => {
    const folder = join(testFolder(), "deep", "down");
    const storage = testStorage(folder);
    expect(storage.status()).toEqual({ state: { kind: "ready" }, folder, backups: [] });
    expect(existsSync(libraryPaths(folder).marker)).toBe(true);
  });

  it("puts a damaged database aside whole, with its log, and goes on from the newest backup", () => {
    const folder = makeLibrary();
    const { database } = libraryPaths(folder);
    writeFileSync(database, "garbage ".repeat(1000));
    writeFileSync(`${database}-wal`, "its log");
    const storage = testStorage(folder);
    const { state } = storage.status();
    expect(state).toMatchObject({ kind: "recovered", restoredMs: startMs });
    expect(ids(storage)).toEqual(["a"]);
    const { keptIn } = state as { keptIn: string };
    expect(fileNames(keptIn)).toEqual([
      "library.sqlite",
      "library.sqlite-shm",
      "library.sqlite-wal",
    ]);
    expect(readFileSync(join(keptIn, "library.sqlite"), "utf8")).toBe("garbage ".repeat(1000));
    expect(readFileSync(join(keptIn, "library.sqlite-wal"), "utf8")).toBe("its log");
    storage.close();
    expect(testStorage(folder).status().state).toEqual({ kind: "ready" });
  });

  it("takes an empty or missing database beside the marker for damage, and keeps the log that is left", () => {
    for (const harm of [(path: string) => truncateSync(path, 0), (path: string) => rmSync(path)]) {
      const folder = makeLibrary();
      const { database } = libraryPaths(folder);
      harm(database);
      writeFileSync(`${database}-wal`, "what was acknowledged last");
      const storage = testStorage(folder);
      const { state } = storage.status();
      expect(state).toMatchObject({
        kind: "recovered",
        detail: expect.stringMatching(/gone or empty/),
      });
      const { keptIn } = state as { keptIn: string };
      expect(readFileSync(join(keptIn, "library.sqlite-wal"), "utf8")).toContain("acknowledged");
      expect(ids(storage)).toEqual(["a"]);
    }
  });

  it("says that nothing was kept where nothing was left, and begins empty without a backup", () => {
    const folder = testFolder();
    testStorage(folder).close();
    rmSync(libraryPaths(folder).database);
    const storage = testStorage(folder);
    expect(storage.status().state).toMatchObject({ keptIn: null, restoredMs: null });
    expect(ids(storage)).toEqual([]);
  });

  it("opens nothing of a newer library and changes no byte of it, until the person puts it aside", () => {
    const folder = makeLibrary();
    const { database } = libraryPaths(folder);
    const db = new Database(database);
    db.pragma("user_version = 9990");
    db.pragma("journal_mode = delete");
    db.close();
    const before = readFileSync(database);
    const storage = testStorage(folder);
    expect(storage.status().state).toEqual({
      kind: "newer",
      found: 9990,
      known: newestForm(migrations),
    });
    expect(() => storage.tables).toThrow("a newer Crossover made this library");
    expect(() => storage.putBlob(Buffer.from("x"))).toThrow("a newer Crossover");
    expect(readFileSync(database).equals(before)).toBe(true);
    storage.startFresh();
    expect(storage.status().state).toEqual({ kind: "ready" });
    expect(ids(storage)).toEqual([]);
    const [kept] = fileNames(libraryPaths(folder).quarantine);
    const moved = join(libraryPaths(folder).quarantine, kept, "library.sqlite");
    expect(readFileSync(moved).equals(before)).toBe(true);
  });

  it("leaves another program's file alone", () => {
    const folder = testFolder();
    const { database } = libraryPaths(folder);
    const db = new Database(database);
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    const before = readFileSync(database);
    expect(testStorage(folder).status().state.kind).toBe("foreign");
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  it("is for one program at a time; the second is told, and can do no harm", () => {
    const folder = makeLibrary();
    const first = testStorage(folder);
    const second = testStorage(folder);
    expect(second.status().state).toEqual({ kind: "locked" });
    expect(() => second.tables).toThrow("another Crossover has this library open");
    second.startFresh();
    expect(second.status().state).toEqual({ kind: "locked" });
    addScenario(first, "c");
    expect(ids(first)).toEqual(["a", "b", "c"]);
    expect(existsSync(libraryPaths(folder).quarantine)).toBe(false);
    first.close();
    second.reopen();
    expect(second.status().state).toEqual({ kind: "ready" });
    expect(ids(second)).toEqual(["a", "b", "c"]);
  });

  it("is free again when the program that had it was killed", async () => {
    const folder = makeLibrary();
    const script = `
      import { createStorage } from ${JSON.stringify(join(import.meta.dirname, "storage.ts"))};
      createStorage({ folder: ${JSON.stringify(folder)}, writeFile: () => {}, now: () => 0 });
      console.log("open");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const storage = testStorage(folder);
    expect(storage.status().state).toEqual({ kind: "locked" });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    storage.reopen();
    expect(storage.status().state).toEqual({ kind: "ready" });
  });

  it("makes a damaged lock file anew", () => {
    const folder = makeLibrary();
    writeFileSync(libraryPaths(folder).lock, "something".repeat(500));
    expect(testStorage(folder).status().state).toEqual({ kind: "ready" });
    expect(testStorage(folder).status().state).toEqual({ kind: "locked" });
  });

  it("says that the folder cannot be made or written, and opens once it can", () => {
    const parent = testFolder();
    writeFileSync(join(parent, "file"), "");
    const under = testStorage(join(parent, "file", "library")).status().state;
    expect(under).toMatchObject({ kind: "unwritable" });
    const folder = makeLibrary();
    let isFull = true;
    const writeFile = (path: string, data: Uint8Array): void => {
      if (isFull)
        throw new InputError(`${path}: cannot be written, the disk is full.`, { field: "file" });
      atomicWriteFile(path, data);
    };
    const storage = testStorage(folder, { writeFile });
    expect(storage.status().state).toMatchObject({
      kind: "unwritable",
      detail: expect.stringMatching(/the disk is full/),
    });
    isFull = false;
    storage.reopen();
    expect(ids(storage)).toEqual(["a", "b"]);
  });

  it("backs up before a step to a newer form", () => {
    const folder = makeLibrary();
    const next = {
      version: newestForm(migrations) + 10,
      sql: "ALTER TABLE scenario ADD COLUMN colour TEXT",
    };
    const storage = testStorage(folder, { migrations: [...migrations, next] });
    expect(storage.status().state).toEqual({ kind: "ready" });
    const reasons = storage.status().backups.map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(["asked", "migration"]);
    expect(ids(storage)).toEqual(["a", "b"]);
  });

  it("leaves a library as it was where a step fails, and says so", () => {
    const folder = makeLibrary();
    const next = {
      version: newestForm(migrations) + 10,
      sql: "CREATE TABLE x (y); INSERT INTO nowhere VALUES (1)",
    };
    const storage = testStorage(folder, { migrations: [...migrations, next] });
    expect(storage.status().state).toMatchObject({
      kind: "failed",
      detail: expect.stringMatching(/nowhere/),
    });
    storage.close();
    expect(ids(testStorage(folder))).toEqual(["a", "b"]);
  });

  it("recovers from the backups that are sound, past those that are not", () => {
    const folder = makeLibrary();
    const { database, backups } = libraryPaths(folder);
    writeFileSync(join(backups, `library-20260701T000000-${startMs + 1}-daily.sqlite`), "");
    writeFileSync(database, "garbage".repeat(1000));
    const storage = testStorage(folder);
    expect(storage.status().state).toMatchObject({ kind: "recovered", restoredMs: startMs });
    expect(ids(storage)).toEqual(["a"]);
  });

  it("keeps two damaged databases of the same moment apart", () => {
    const folder = makeLibrary();
    for (let i = 0; i < 2; i++) {
      writeFileSync(libraryPaths(folder).database, `garbage ${i}`.repeat(1000));
      testStorage(folder).close();
    }
    expect(fileNames(libraryPaths(folder).quarantine)).toHaveLength(2);
  });

  it("is its owner's only", () => {
    const folder = join(testFolder(), "new", "library");
    const storage = testStorage(folder);
    const hash = addScenario(storage, "a");
    const { mode } = statSync(join(folder, "blobs", hash.slice(0, 2), hash));
    expect(mode & 0o077).toBe(0);
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(join(folder, "..")).mode & 0o077).toBe(0);
  });
});
