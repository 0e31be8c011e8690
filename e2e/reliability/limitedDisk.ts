/** A disk that is small and can be made read-only: as root a memory file system of its own; else a folder whose permissions are taken away. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The disk, and what can happen to it. */
export interface LimitedDisk {
  readonly folder: string;
  /** Why a write fails once the disk is full, as a person reads it. */
  readonly words: RegExp;
  fill(): void;
  empty(): void;
  setReadOnly(isReadOnly: boolean): void;
  remove(): void;
}

const sizeMb = 24;

function mount(...args: string[]): void {
  execFileSync("mount", args, { stdio: "pipe" });
}

function memoryDisk(folder: string): LimitedDisk {
  mount("-t", "tmpfs", "-o", `size=${sizeMb}m`, "crossover-test", folder);
  const filler = join(folder, "filler");
  return {
    folder,
    words: /the disk is full/,
    fill() {
      try {
        for (let i = 0; i <= sizeMb * 1024; i++) {
          writeFileSync(filler, Buffer.alloc(1024), { flag: "a" });
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    empty: () => rmSync(filler, { force: true }),
    setReadOnly: (isReadOnly) => mount("-o", `remount,${isReadOnly ? "ro" : "rw"}`, folder),
    remove: () => execFileSync("umount", ["-l", folder]),
  };
}

function setModes(folder: string, mode: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) setModes(join(folder, entry.name), mode);
  }
  chmodSync(folder, mode);
}

function guardedFolder(folder: string): LimitedDisk {
  return {
    folder,
    words: /may not be written to/,
    fill: () => setModes(folder, 0o555),
    empty: () => setModes(folder, 0o755),
    setReadOnly: (isReadOnly) => setModes(folder, isReadOnly ? 0o555 : 0o755),
    remove: () => setModes(folder, 0o755),
  };
}

/** A disk at a folder that is made. */
export function makeLimitedDisk(folder: string): LimitedDisk {
  mkdirSync(folder, { recursive: true });
  return process.getuid?.() === 0 ? memoryDisk(folder) : guardedFolder(folder);
}
