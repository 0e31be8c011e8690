import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isSound, listBackups, makeBackup, newestSound, restoreBackup } from "./backups.ts";
import { type Db, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import { dayMs, removeFolders, startMs, testFolder } from "./testFolder.ts";

afterEach(removeFolders);

function open(): { db: Db; folder: string; file: string } {
  const folder = testFolder();
  const file = join(folder, "library.sqlite");
  const db = openDatabase(file);
  migrate(db, migrations, () => undefined);
  return { db, folder: join(folder, "backups"), file };
}

function addSetting(db: Db, key: string): void {
  db.prepare("INSERT INTO setting (key, value) VALUES (?, '1')").run(key);
}

function settingsOf(path: string): unknown[] {
  const db = openDatabase(path, { isReadOnly: true });
  const found = db.prepare("SELECT key FROM setting ORDER BY key").pluck().all();
  db.close();
  return found;
}

describe("a backup", () => {
  it("holds what is only in the log yet, and is a sound library by itself", () => {
    const { db, folder } = open();
    addSetting(db, "a");
    const { path } = makeBackup(db, folder, "daily", startMs);
    expect(settingsOf(path)).toEqual(["a"]);
    expect(isSound(path, {})).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
    db.close();
  });

  it("that does not pass its check is not kept, and the ones before stay", () => {
    const { db, folder } = open();
    makeBackup(db, folder, "daily", startMs);
    // Without our mark the copy is no library: as good as a damaged one.
    db.pragma("application_id = 1");
    expect(() => makeBackup(db, folder, "daily", startMs + dayMs)).toThrow(
      "did not pass its check",
    );
    expect(listBackups(folder).map(({ madeMs }) => madeMs)).toEqual([startMs]);
    expect(readdirSync(folder)).toHaveLength(1);
    db.close();
  });

  it("is one of ten: the oldest goes", () => {
    const { db, folder } = open();
    for (let i = 0; i < 13; i++) makeBackup(db, folder, "daily", startMs + i * dayMs);
    const days = listBackups(folder).map(({ madeMs }) => (madeMs - startMs) / dayMs);
    expect(days).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    db.close();
  });

  it("asked for again and again pushes out no more than others of its kind", () => {
    const { db, folder } = open();
    for (let i = 0; i < 6; i++) makeBackup(db, folder, "daily", startMs + i * dayMs);
    makeBackup(db, folder, "migration", startMs + 6 * dayMs);
    for (let i = 0; i < 20; i++) makeBackup(db, folder, "asked", startMs + 7 * dayMs + i);
    const reasons = listBackups(folder).map(({ reason }) => reason);
    expect(reasons).toEqual([...Array(3).fill("asked"), "migration", ...Array(6).fill("daily")]);
    db.close();
  });

  it("removes what an earlier one left unfinished", () => {
    const { db, folder } = open();
    makeBackup(db, folder, "daily", startMs);
    writeFileSync(join(folder, "library-x.sqlite.tmp"), "half");
    makeBackup(db, folder, "daily", startMs + dayMs);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    db.close();
  });
});

describe("the newest sound backup", () => {
  it("is not an empty, cut or damaged one, however new", () => {
    const { db, folder, file } = open();
    addSetting(db, "a");
    const good = makeBackup(db, folder, "daily", startMs);
    const bad = [1, 2, 3].map((i) => makeBackup(db, folder, "daily", startMs + i * dayMs).path);
    writeFileSync(bad[0], "");
    writeFileSync(bad[1], readFileSync(bad[1]).subarray(0, 5000));
    writeFileSync(bad[2], "not a database".repeat(1000));
    const found = newestSound(folder, {});
    expect(found?.path).toBe(good.path);
    db.close();
    const restored = `${file}.restored`;
    restoreBackup(found!, restored, {});
    expect(settingsOf(restored)).toEqual(["a"]);
    expect(settingsOf(good.path)).toEqual(["a"]);
  });

  it("is none in a folder without any", () => {
    expect(newestSound(join(testFolder(), "backups"), {})).toBeUndefined();
  });
});
