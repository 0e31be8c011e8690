import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { DraftWork, RunRow, StudyRow, TraceRow } from "../../shared/contract/libraryRows.ts";
import { atomicWriteFile } from "../files/atomicWrite.ts";
import { openDatabase } from "./database.ts";
import { largeSize, makeLargeLibrary } from "./largeLibrary.ts";
import { libraryPaths } from "./openLibrary.ts";
import type { Storage } from "./storage.ts";
import {
  addScenario,
  dayMs,
  removeFolders,
  startMs,
  storageMaker,
  testFolder,
} from "./testFolder.ts";

const testStorage = storageMaker(atomicWriteFile);
afterEach(removeFolders);

const hash = (digit: string): string => digit.repeat(64);

function runRow(id: string, scenarioId: string | null, more: Partial<RunRow> = {}): RunRow {
  return {
    ...{ id, scenarioId, inputHash: hash("1"), documentHash: hash("2"), engine: "1" },
    ...{ seed: 1, replications: 1, startedMs: startMs, wallMs: 5, figures: { monthUsd: 1.5 } },
    ...{ reportHash: hash("3"), runHash: hash("4") },
    ...more,
  };
}

function studyRow(id: string, scenarioId: string | null): StudyRow {
  return {
    ...{ id, scenarioId, kind: "sweep", name: id, inputHash: hash("1"), engine: "1" },
    ...{ startedMs: startMs, wallMs: 1, figures: { points: 3 }, resultHash: hash("5") },
  };
}

function traceRow(id: string, more: Partial<TraceRow> = {}): TraceRow {
  return {
    ...{ id, name: id, sha256: hash("a"), options: { format: "auto" }, columnsHash: hash("b") },
    ...{ rows: 3, rejected: 0, bytes: 10, importedMs: startMs, summary: { rows: 3 } },
    ...more,
  };
}

function draftOf(id: string, more: Partial<DraftWork> = {}): DraftWork {
  const work = { id, documentHash: hash("d"), baseVersion: 1, over: undefined, nowMs: startMs };
  return { ...work, ...more };
}

describe("scenarios", () => {
  it("have unsaved work that follows what it was made on, and is not written over another's", () => {
    const storage = testStorage(testFolder());
    const { tables } = storage;
    addScenario(storage, "a");
    const kept = { isKept: true };
    const refused = { isKept: false, found: 1 };
    const work = (documentHash: string | null, over: DraftWork["over"], more = {}) =>
      tables.putDraft(draftOf("a", { documentHash, over, ...more }));
    expect(work(hash("1"), null)).toEqual(kept);
    expect(work(hash("2"), null)).toEqual(refused);
    expect(work(hash("2"), hash("9"))).toEqual(refused);
    expect(work(null, null)).toEqual(refused);
    expect(tables.getDraft("a")?.documentHash).toBe(hash("1"));
    expect(work(hash("2"), hash("1"))).toEqual(kept);
    expect(work(hash("3"), undefined)).toEqual(kept);
    expect(work(hash("4"), hash("3"), { baseVersion: 2 })).toEqual(refused);
    const saved = { id: "a", name: "a", documentHash: hash("5"), summary: {}, label: null };
    const now = { ...saved, nowMs: startMs };
    expect(tables.saveScenario(now, 1, null)).toEqual({ isSaved: false, found: 1 });
    expect(tables.saveScenario(now, 1, hash("3"))).toEqual({ isSaved: true, version: 2 });
    expect(work(hash("6"), null)).toEqual({ isKept: false, found: 2 });
    expect(work(hash("6"), null, { baseVersion: 2 })).toEqual(kept);
    expect(work(null, hash("6"))).toEqual(kept);
    expect(tables.getDraft("a")).toBeUndefined();
    expect(tables.putDraft(draftOf("nobody"))).toEqual({ isKept: false, found: null });
  });

  it("are saved on the version that they build on, and not over another one", () => {
    const { tables, putBlob } = testStorage(testFolder());
    const saved = (text: string) => ({
      ...{ id: "a", name: text, documentHash: putBlob(Buffer.from(text)), summary: { text } },
      ...{ label: null, nowMs: startMs },
    });
    tables.createScenario(saved("one"));
    tables.putDraft(draftOf("a", { nowMs: startMs + 1 }));
    expect(tables.getScenario("a")).toMatchObject({ version: 1, hasDraft: true });
    expect(tables.saveScenario(saved("two"), 1)).toEqual({ isSaved: true, version: 2 });
    expect(tables.saveScenario(saved("three"), 1)).toEqual({ isSaved: false, found: 2 });
    expect(tables.saveScenario({ ...saved("x"), id: "b" }, 1)).toEqual({
      isSaved: false,
      found: null,
    });
    expect(tables.getScenario("a")).toMatchObject({ version: 2, name: "two", hasDraft: false });
    expect(tables.listVersions("a").map(({ version }) => version)).toEqual([2, 1]);
    expect(tables.getDraft("a")).toBeUndefined();
  });

  it("go into the bin and out of it, and are erased with all that is theirs from there only", () => {
    const storage = testStorage(testFolder());
    const { tables } = storage;
    addScenario(storage, "a");
    tables.putDraft(draftOf("a"));
    tables.putRun(runRow("r", "a"));
    tables.putStudy(studyRow("s", "a"));
    expect(tables.eraseScenario("a")).toBe(false);
    tables.setScenarioDeleted("a", startMs);
    expect(tables.listScenarios()).toEqual([]);
    expect(tables.listDeletedScenarios()).toHaveLength(1);
    expect(tables.eraseScenario("a")).toBe(true);
    const left = [
      tables.getScenario("a"),
      tables.getRun("r"),
      tables.getStudy("s"),
      tables.getDraft("a"),
    ];
    expect(left).toEqual([undefined, undefined, undefined, undefined]);
    expect(tables.listVersions("a")).toEqual([]);
  });

  it("keep their tags as they are, quotes and all", () => {
    const storage = testStorage(testFolder());
    addScenario(storage, "a");
    const tags = ['say "no"', "größer; DROP TABLE scenario"];
    expect(storage.tables.setScenarioTags("a", tags)).toBe(true);
    expect(storage.tables.setScenarioTags("b", tags)).toBe(false);
    expect(storage.tables.getScenario("a")?.tags).toEqual(tags);
  });
});

describe("runs, studies and calibrations", () => {
  it("are found by what went in, the newest first", () => {
    const storage = testStorage(testFolder());
    const { tables } = storage;
    addScenario(storage, "a");
    addScenario(storage, "b");
    const rows = [0, 1, 2].map((i) => runRow(`r${i}`, "a", { startedMs: startMs + i }));
    for (const row of rows) tables.putRun(row);
    tables.putRun(runRow("free", null, { inputHash: hash("9") }));
    expect(tables.getRun("r1")).toEqual(rows[1]);
    expect(tables.findRun(hash("1"))?.id).toBe("r2");
    expect(tables.findRun(hash("9"))?.id).toBe("free");
    expect(tables.findRun(hash("0"))).toBeUndefined();
    expect(tables.listRuns("a", 2).map(({ id }) => id)).toEqual(["r2", "r1"]);
    expect(tables.listNewestRuns().map(({ id }) => id)).toEqual(["r2"]);
    expect([tables.eraseRun("r2"), tables.eraseRun("r2")]).toEqual([true, false]);
    expect(tables.listNewestRuns().map(({ id }) => id)).toEqual(["r1"]);
  });

  it("have what was looked up in them until no run of the same inputs is left", () => {
    const storage = testStorage(testFolder());
    const { tables } = storage;
    addScenario(storage, "a");
    tables.putRun(runRow("r0", "a"));
    tables.putRun(runRow("r1", null));
    const row = { inputHash: hash("1"), kind: "flow", blobHash: hash("7"), bytes: 9, madeMs: 1 };
    tables.putInsight(row);
    expect(tables.findInsight(hash("1"), "flow")).toEqual(row);
    expect(tables.findInsight(hash("1"), "requests")).toBeUndefined();
    tables.putInsight({ ...row, blobHash: hash("8") });
    expect(tables.findInsight(hash("1"), "flow")?.blobHash).toBe(hash("8"));
    tables.setScenarioDeleted("a", 5);
    tables.eraseScenario("a");
    expect(tables.listRuns("a", 9)).toEqual([]);
    tables.dropStrayInsights();
    expect(tables.findInsight(hash("1"), "flow")?.blobHash).toBe(hash("8"));
    tables.eraseRun("r1");
    tables.dropStrayInsights();
    expect(tables.findInsight(hash("1"), "flow")).toBeUndefined();
  });

  it("lose the oldest of what was looked up in them where all of it is too large", () => {
    const { tables } = testStorage(testFolder());
    const put = (kind: string, madeMs: number, bytes: number): void =>
      tables.putInsight({ inputHash: hash("1"), kind, blobHash: hash("7"), bytes, madeMs });
    put("first", 1, 0.9e9);
    put("second", 2, 0.9e9);
    put("third", 3, 0.5e9);
    const kept = ["first", "second", "third"].filter((kind) => {
      return tables.findInsight(hash("1"), kind) !== undefined;
    });
    expect(kept).toEqual(["second", "third"]);
  });

  it("of a scenario that is not there are refused", () => {
    const { tables } = testStorage(testFolder());
    expect(() => tables.putRun(runRow("r", "nobody"))).toThrow(/FOREIGN KEY/);
    expect(() => tables.putStudy(studyRow("s", "nobody"))).toThrow(/FOREIGN KEY/);
  });

  it("keep studies and calibrations", () => {
    const storage = testStorage(testFolder());
    const { tables } = storage;
    addScenario(storage, "a");
    tables.putStudy(studyRow("s", "a"));
    expect(tables.listStudies("a")).toEqual([studyRow("s", "a")]);
    expect([tables.eraseStudy("s"), tables.eraseStudy("s")]).toEqual([true, false]);
    const row = { id: "c", name: "ours", documentHash: hash("6"), createdMs: 1, summary: { a: 1 } };
    tables.putCalibration(row);
    expect(tables.listCalibrations()).toEqual([row]);
    expect([tables.eraseCalibration("c"), tables.eraseCalibration("c")]).toEqual([true, false]);
  });
});

describe("traces", () => {
  it("are one where the same bytes were read in the same way, and several where not", () => {
    const { tables } = testStorage(testFolder());
    expect(tables.putTrace(traceRow("a"))).toBe("a");
    expect(tables.putTrace(traceRow("b", { name: "again" }))).toBe("a");
    expect(tables.getTrace("a")).toMatchObject({ name: "again" });
    expect(tables.putTrace(traceRow("c", { options: { format: "csv" } }))).toBe("c");
    expect(tables.findTraces(hash("a"))).toHaveLength(2);
    expect([tables.renameTrace("c", "mine"), tables.renameTrace("x", "mine")]).toEqual([
      true,
      false,
    ]);
    expect([tables.eraseTrace("a"), tables.eraseTrace("a")]).toEqual([true, false]);
    expect(tables.listTraces().map(({ id }) => id)).toEqual(["c"]);
  });
});

describe("settings", () => {
  it("change together or not at all", () => {
    const { tables } = testStorage(testFolder());
    tables.putSettings({ a: 1, b: { c: [null] } });
    expect(() => tables.putSettings({ a: 2, b: 5n })).toThrow();
    expect(tables.getSettings()).toEqual({ a: 1, b: { c: [null] } });
  });
});

describe("housekeeping", () => {
  function withClock() {
    const folder = testFolder();
    // Files carry the time of the machine.
    let nowMs = Date.now();
    const storage = testStorage(folder, { now: () => nowMs });
    const pass = (days: number): void => {
      nowMs += days * dayMs;
    };
    const has = (name: string): boolean =>
      existsSync(join(libraryPaths(folder).blobs, name.slice(0, 2), name));
    return { folder, storage, pass, has };
  }

  function daily(storage: Storage): number {
    return storage.status().backups.filter(({ reason }) => reason === "daily").length;
  }

  it("makes one backup a day", () => {
    const { storage, pass } = withClock();
    storage.maintain();
    storage.maintain();
    pass(0.5);
    storage.maintain();
    expect(daily(storage)).toBe(1);
    pass(0.5);
    storage.maintain();
    expect(daily(storage)).toBe(2);
  });

  it("makes one also where the last is from the future", () => {
    const { storage, pass } = withClock();
    pass(400);
    storage.maintain();
    pass(-400);
    storage.maintain();
    expect(daily(storage)).toBe(2);
  });

  it("says why a backup could not be made, until one is", () => {
    const { folder, storage, pass } = withClock();
    const { backups } = libraryPaths(folder);
    writeFileSync(backups, "in the way");
    expect(() => storage.maintain()).toThrow();
    expect(storage.status().backupProblem).toMatch(
      /part of its path is not a folder|not a folder/i,
    );
    expect(storage.status().state).toEqual({ kind: "ready" });
    rmSync(backups);
    pass(1);
    storage.maintain();
    expect(storage.status().backupProblem).toBeUndefined();
  });

  it("lets go of a file only when neither the library nor any backup names it", () => {
    const { storage, pass, has } = withClock();
    const name = addScenario(storage, "a", "erased later");
    const stays = addScenario(storage, "b", "stays");
    storage.maintain();
    pass(100);
    storage.tables.setScenarioDeleted("a", startMs);
    storage.tables.eraseScenario("a");
    for (let day = 0; day < 9; day++) {
      pass(1);
      storage.maintain();
      expect(has(name)).toBe(true);
    }
    // The eleventh backup pushes out the last one that names it.
    pass(1);
    storage.maintain();
    expect([has(name), has(stays)]).toEqual([false, true]);
  });

  it("lets go of nothing that a database put aside may name", () => {
    const { folder, storage, pass, has } = withClock();
    const name = addScenario(storage, "a", "in the library that is put aside");
    storage.startFresh();
    for (let day = 0; day < 15; day++) {
      pass(1);
      storage.maintain();
    }
    expect(has(name)).toBe(true);
    // One that cannot be read might name anything.
    const { quarantine } = libraryPaths(folder);
    const [aside] = readdirSync(quarantine);
    writeFileSync(join(quarantine, aside, "library.sqlite"), "damaged".repeat(1000));
    const unnamed = storage.putBlob(Buffer.from("never named"));
    pass(100);
    storage.maintain();
    expect([has(name), has(unnamed)]).toEqual([true, true]);
  });
});

describe("a disk that refuses what is to be written", () => {
  it("shows in the state until a write succeeds; reading goes on", () => {
    const storage = testStorage(testFolder());
    addScenario(storage, "a");
    storage.noteWriting("the disk is full");
    expect(storage.status().state).toEqual({ kind: "unwritable", detail: "the disk is full" });
    expect(storage.tables.listScenarios()).toHaveLength(1);
    storage.noteWriting(undefined);
    expect(storage.status().state).toEqual({ kind: "ready" });
  });
});

describe("a library of 1,000 scenarios and 10,000 runs", () => {
  it("has a database under 100 MB, and lists what is in it", () => {
    const folder = testFolder();
    expect(makeLargeLibrary(folder)).toBeLessThan(100e6);
    const storage = testStorage(folder);
    expect(storage.status().state).toEqual({ kind: "ready" });
    expect(storage.tables.listScenarios()).toHaveLength(1000);
    expect(storage.tables.listNewestRuns()).toHaveLength(1000);
    expect(storage.tables.listRuns("scenario-7", 100)).toHaveLength(10);
    storage.backUp();
    expect(storage.status().backups).toHaveLength(1);
  });

  it("finds by an index what the app looks for while somebody waits", () => {
    const folder = testFolder();
    makeLargeLibrary(folder, { ...largeSize, scenarios: 10, runs: 100 });
    const db = openDatabase(libraryPaths(folder).database);
    const planOf = (sql: string): string =>
      db
        .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => detail)
        .join("; ");
    const scans = [
      "SELECT id FROM run WHERE input_hash = 'x' ORDER BY started_ms DESC LIMIT 1",
      "SELECT id FROM run WHERE scenario_id = 'x' ORDER BY started_ms DESC, id LIMIT 9",
      "SELECT version FROM scenario_version WHERE scenario_id = 'x' ORDER BY version DESC",
      "SELECT id FROM trace WHERE sha256 = 'x'",
    ].filter((sql) => /\bSCAN\b/.test(planOf(sql)));
    expect(scans).toEqual([]);
    db.close();
  });
});
