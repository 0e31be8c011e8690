/** Library folders for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WriteFile } from "./blobs.ts";
import { createStorage, type Storage, type StorageOptions } from "./storage.ts";

/** 1 June 2026. */
export const startMs = Date.UTC(2026, 5, 1);
export const dayMs = 86_400_000;

const folders: string[] = [];
const opened: Storage[] = [];

/** Closes and removes everything that a test has opened: for afterEach. */
export function removeFolders(): void {
  for (const storage of opened.splice(0)) storage.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder that goes with removeFolders. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crossover-storage-"));
  folders.push(folder);
  return folder;
}

/** How a test's storages write files and tell the time, unless one of them says otherwise. */
export function storageMaker(writeFile: WriteFile) {
  return (folder: string, options: Partial<StorageOptions> = {}): Storage => {
    const storage = createStorage({ folder, writeFile, now: () => startMs, ...options });
    opened.push(storage);
    return storage;
  };
}

/** Saves a scenario with some content; gives the name of its document's file. */
export function addScenario(storage: Storage, id: string, text = id): string {
  const documentHash = storage.putBlob(Buffer.from(text));
  const saved = { id, name: id, documentHash, summary: {}, label: null, nowMs: startMs };
  storage.tables.createScenario(saved);
  return documentHash;
}
