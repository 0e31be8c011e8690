/** Results of earlier runs in a folder: one file a result, named by its key, checked by its hash when it is read. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { InputError } from "../../shared/units/errors.ts";
import { atomicWriteFile } from "./atomicWrite.ts";

/** The most that a folder of results may hold: 512 MiB. */
export const defaultCacheBytes = 512 * 1024 * 1024;

/** Share of the limit that is left after a clearing. */
const clearedTo = 0.8;
/** Results lie in this many folders by the first two digits of their key. */
const folders = 256;
/** After this many new results the size is looked at. */
const putsPerLook = 2000;

/** The folder of this user's caches: XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows; inside it "crossover". */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "crossover", "Cache");
  }
  if (platform === "darwin") return join(home, "Library", "Caches", "crossover");
  const xdg = env.XDG_CACHE_HOME;
  // The XDG rules say that a relative path is to be ignored.
  return join(xdg?.startsWith("/") ? xdg : join(home, ".cache"), "crossover");
}

/** A store in a folder. What is damaged counts as not there and is removed; over its size the oldest go. */
export class ResultFolder {
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly made = new Set<string>();
  private puts = 0;
  private lastFolder = "";
  /** Files that did not hold what was put there. */
  damaged = 0;

  /** Opens `folder`, which is made where it is missing. Throws InputError where that cannot be. */
  constructor(folder: string, maxBytes: number = defaultCacheBytes) {
    this.path = join(folder, "results");
    this.maxBytes = maxBytes;
    makeFolder(this.path);
  }

  /** The text under a key; undefined where there is none or it is damaged. */
  get(key: string): string | undefined {
    const path = this.fileOf(key);
    let file: string;
    try {
      file = readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
    const end = file.indexOf("\n");
    const text = file.slice(end + 1);
    if (end > 0 && file.slice(0, end) === seal(key, text)) return text;
    this.damaged++;
    rmSync(path, { force: true });
    return undefined;
  }

  /** Keeps a text under a key. Throws InputError where it cannot be written. */
  put(key: string, text: string): void {
    const folder = join(this.path, key.slice(0, 2));
    if (!this.made.has(folder)) {
      makeFolder(folder);
      this.made.add(folder);
    }
    atomicWriteFile(this.fileOf(key), `${seal(key, text)}\n${text}`, { isFlushed: false });
    this.lastFolder = folder;
    if (++this.puts % putsPerLook === 0) this.keepToSize();
  }

  /** Removes the oldest results when there are too many bytes. Keys spread evenly, so one of the folders tells whether to look at all. */
  keepToSize(): void {
    if (this.lastFolder === "") return;
    const sample = filesOf(this.lastFolder).reduce((sum, file) => sum + file.bytes, 0);
    if (sample * folders < this.maxBytes / 2) return;
    const files = readdirSync(this.path).flatMap((name) => filesOf(join(this.path, name)));
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes <= this.maxBytes) return;
    files.sort((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1));
    for (const file of files) {
      if (bytes <= this.maxBytes * clearedTo) return;
      rmSync(file.path, { force: true });
      bytes -= file.bytes;
    }
  }

  private fileOf(key: string): string {
    return join(this.path, key.slice(0, 2), key);
  }
}

/** First line of a file: a hash over the key that it belongs to and its text. */
function seal(key: string, text: string): string {
  return createHash("sha256").update(`${key}\n${text}`).digest("hex");
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

function filesOf(folder: string): StoredFile[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) return [];
    return [{ path, bytes: stat.size, writtenMs: stat.mtimeMs }];
  });
}

/** Makes a folder and those above it, one by one: mkdir's own recursion does not come to an end under /proc. */
function makeFolder(path: string): void {
  try {
    makeFolders(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `The folder for earlier results, ${path}, cannot be made: ${why}. Name another with --cache DIR, or run with --no-cache.`,
      { field: "cache" },
    );
  }
}

function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolders(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
