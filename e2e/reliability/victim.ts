/**
 * A program that is to be killed: `node victim.ts FOLDER WORK SEED` does one kind of work on a library without end, and prints a
 * line for everything that was acknowledged to it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Core, createCore } from "../../electron/core/createCore.ts";
import { atomicWriteFile } from "../../electron/files/atomicWrite.ts";
import { migrations } from "../../electron/storage/migrations/list.ts";
import { createStorage } from "../../electron/storage/storage.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";

import { type Acknowledged, victimMigrations } from "./acknowledged.ts";

const [folder = "", work = "", seed = "0"] = process.argv.slice(2);
const caller = { host: "cli" as const, id: "victim" };

/** The line is in the pipe when this returns: a kill afterwards does not take it back. */
function acknowledge(what: Acknowledged): void {
  writeFileSync(1, `${JSON.stringify(what)}\n`);
}

function documentOf(name: string) {
  const note = `${name} `.repeat(200);
  return { format: "crossover-scenario", version: 1, name, note };
}

async function call<Name extends MethodName>(core: Core, name: Name, params: MethodParams<Name>) {
  const reply = (await core.call(name, params, caller)) as Reply<MethodResult<Name>>;
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`);
  return reply.value;
}

async function save(core: Core): Promise<void> {
  for (let i = 0; ; i++) {
    const name = `${seed}-${i}`;
    const { id } = await call(core, "scenario.create", { document: documentOf(name) });
    acknowledge({ kind: "version", id, version: 1, name });
    for (let version = 1; version < 4; version++) {
      const draft = `${name}-draft-${version}`;
      const document = documentOf(draft);
      await call(core, "scenario.saveDraft", { id, baseVersion: version, document });
      acknowledge({ kind: "draft", id, name: draft });
      const saved = { id, baseVersion: version, document: documentOf(`${name}-${version}`) };
      await call(core, "scenario.save", saved);
      acknowledge({ kind: "version", id, version: version + 1, name: `${name}-${version}` });
    }
  }
}

async function importTraces(core: Core): Promise<void> {
  for (let i = 0; ; i++) {
    const rows = 50 + i;
    const lines = Array.from({ length: rows }, (_, row) => `${row},${seed.length + row},${i + 1}`);
    const path = join(folder, "victim.csv");
    writeFileSync(path, `arrival_s,prompt_tokens,output_tokens\n${lines.join("\n")}\n`);
    const { token } = core.files.offer({ path, name: `${seed}-${i}`, bytes: 1, use: "read" });
    const { trace } = await call(core, "trace.import", { job: "import", file: token });
    acknowledge({ kind: "trace", id: trace.id, rows });
  }
}

async function exportScenarios(core: Core): Promise<void> {
  const { id } = await call(core, "scenario.createSample", {});
  const { document } = await call(core, "scenario.open", { id });
  for (let version = 1; ; version++) {
    const name = `${seed}-${version}`;
    await call(core, "scenario.save", {
      id,
      baseVersion: version,
      document: { ...document, name },
    });
    const path = join(folder, "exported.crossover");
    const offer = { path, name: "exported.crossover", bytes: 0, use: "write" as const };
    await call(core, "scenario.export", { id, target: core.files.offer(offer).token });
    acknowledge({ kind: "export", name });
  }
}

async function backUp(core: Core): Promise<void> {
  for (let i = 0; ; i++) {
    const name = `${seed}-${i}`;
    const { id } = await call(core, "scenario.create", { document: documentOf(name) });
    acknowledge({ kind: "version", id, version: 1, name });
    await call(core, "storage.act", { action: "backUp" });
    acknowledge({ kind: "backup" });
  }
}

/** Goes back to a backup. */
async function goBack(core: Core): Promise<void> {
  const { backups } = await call(core, "storage.backups", {});
  await call(core, "storage.restore", { backup: backups[0]!.id });
}

/** Brings the library to a form that only this test knows. */
function migrateOn(): void {
  const list = [...migrations, ...victimMigrations];
  const now = (): number => Date.now();
  const at = join(folder, "library");
  const storage = createStorage({ folder: at, writeFile: atomicWriteFile, now, migrations: list });
  acknowledge({ kind: "open" });
  storage.close();
}

const works: Record<string, (core: Core) => Promise<void>> = {
  save,
  import: importTraces,
  export: exportScenarios,
  backup: backUp,
  goBack,
};

async function main(): Promise<void> {
  if (work === "migration") return migrateOn();
  const log = (error: unknown): void => console.error(error);
  const about = { version: "0.0.0", isPackaged: false, dataFolder: folder, log };
  const core = createCore({ host: "cli", ...about });
  await call(core, "storage.status", {});
  acknowledge({ kind: "open" });
  await works[work]!(core);
}

await main();
