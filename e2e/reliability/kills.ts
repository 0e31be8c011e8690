/** Kills a victim and looks at what it left: everything acknowledged is there, and every file is whole. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atomicWriteFile } from "../../electron/files/atomicWrite.ts";
import { decodeColumns } from "../../electron/services/library/columnsFile.ts";
import { isSound, listBackups } from "../../electron/storage/backups.ts";
import { migrations } from "../../electron/storage/migrations/list.ts";
import { libraryPaths } from "../../electron/storage/openLibrary.ts";
import { createStorage, type Storage } from "../../electron/storage/storage.ts";
import { type Acknowledged, victimMigrations } from "./acknowledged.ts";

/** What a victim did before it was killed. */
export interface Death {
  readonly acknowledged: readonly Acknowledged[];
  readonly signal: NodeJS.Signals | null;
}

/** How a victim dies: at a named point, or some milliseconds after its library is open. */
export type Fate = { readonly at: string } | { readonly afterMs: number };

const lifeLimitMs = 60_000;

/** Runs a victim to its death. */
export async function kill(folder: string, work: string, seed: string, fate: Fate): Promise<Death> {
  const victim = join(import.meta.dirname, "victim.ts");
  const env = { ...process.env, ...("at" in fate && { CROSSOVER_CRASH_AT: fate.at }) };
  const child = spawn(process.execPath, [victim, folder, work, seed], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: Acknowledged[] = [];
  let timer = setTimeout(() => child.kill("SIGKILL"), lifeLimitMs);
  createInterface({ input: child.stdout }).on("line", (line) => {
    acknowledged.push(JSON.parse(line) as Acknowledged);
    if (acknowledged.length > 1 || !("afterMs" in fate)) return;
    clearTimeout(timer);
    timer = setTimeout(() => child.kill("SIGKILL"), fate.afterMs);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("close", (_code, by) => resolve(by));
  });
  clearTimeout(timer);
  return { acknowledged, signal };
}

/** The library as the next start finds it; after a migration with the forms that the victim makes. */
function open(folder: string, isMigrated: boolean): Storage {
  const more = isMigrated ? victimMigrations : [];
  return createStorage({
    folder: join(folder, "library"),
    writeFile: atomicWriteFile,
    now: () => Date.now(),
    migrations: [...migrations, ...more],
  });
}

function nameIn(storage: Storage, hash: string): string {
  return (JSON.parse(Buffer.from(storage.getBlob(hash)).toString("utf8")) as { name: string }).name;
}

function checkRows(storage: Storage, what: Acknowledged): string | undefined {
  const { tables } = storage;
  if (what.kind === "version") {
    const found = tables.listVersions(what.id).find(({ version }) => version === what.version);
    const name = found && nameIn(storage, found.documentHash);
    return name === what.name ? undefined : `version ${what.version} of ${what.id} holds ${name}`;
  }
  if (what.kind === "trace") {
    const row = tables.getTrace(what.id);
    const rows = row && decodeColumns(storage.getBlob(row.columnsHash)).count;
    return rows === what.rows ? undefined : `trace ${what.id} has ${rows} rows, not ${what.rows}`;
  }
  return undefined;
}

/** The last draft of a scenario stands until a save ends it; a later one that was not acknowledged may stand in its place. */
function checkDrafts(storage: Storage, all: readonly Acknowledged[]): string[] {
  const last = new Map<string, Acknowledged>();
  for (const each of all) if ("id" in each) last.set(each.id, each);
  return [...last.values()].flatMap((each) => {
    if (each.kind !== "draft") return [];
    const draft = storage.tables.getDraft(each.id);
    const version = storage.tables.getScenario(each.id)?.version ?? 0;
    const number = Number(each.name.split("-").pop());
    if (draft === undefined) return version > number ? [] : [`the draft ${each.name} is gone`];
    return nameIn(storage, draft.documentHash) === each.name
      ? []
      : [`another draft than ${each.name}`];
  });
}

/** The exported file is whole: the last one that was acknowledged, or a later one. */
function checkExport(folder: string, all: readonly Acknowledged[]): string[] {
  const done = all.filter((each) => each.kind === "export");
  const path = join(folder, "exported.crossover");
  if (!existsSync(path)) return done.length === 0 ? [] : ["the exported file is gone"];
  const { name } = JSON.parse(readFileSync(path, "utf8")) as { name: string };
  const last = done[done.length - 1];
  if (last === undefined) return [];
  const [seed, number] = name.split("-");
  const [lastSeed, lastNumber] = last.name.split("-");
  return seed === lastSeed && Number(number) >= Number(lastNumber)
    ? []
    : [`the exported file holds ${name}, not ${last.name}`];
}

function blobHashes(storage: Storage): string[] {
  const { tables } = storage;
  const scenarios = [...tables.listScenarios(), ...tables.listDeletedScenarios()];
  const versions = scenarios.flatMap(({ id }) => tables.listVersions(id));
  const drafts = scenarios.flatMap(({ id }) => tables.getDraft(id) ?? []);
  const traces = tables.listTraces().map(({ columnsHash }) => columnsHash);
  return [...versions, ...drafts].map(({ documentHash }) => documentHash).concat(traces);
}

/** Everything that is wrong with the library after a kill; empty when nothing is. */
export function findLosses(
  folder: string,
  all: readonly Acknowledged[],
  isMigrated = false,
): string[] {
  const storage = open(folder, isMigrated);
  try {
    const { state } = storage.status();
    if (state.kind !== "ready") return [`the library is ${JSON.stringify(state)}`];
    // Each is checked by its hash when it is read.
    for (const hash of blobHashes(storage)) storage.getBlob(hash);
    const { backups } = libraryPaths(join(folder, "library"));
    const unsound = listBackups(backups).filter(({ path }) => !isSound(path, {}));
    return [
      ...all.flatMap((each) => checkRows(storage, each) ?? []),
      ...checkDrafts(storage, all),
      ...checkExport(folder, all),
      ...unsound.map(({ path }) => `the backup ${path} is not sound`),
    ];
  } catch (error) {
    return [String(error)];
  } finally {
    storage.close();
  }
}
