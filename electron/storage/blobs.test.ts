import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { atomicWriteFile } from "../files/atomicWrite.ts";
import { BlobDamaged, BlobStore } from "./blobs.ts";
import { dayMs, removeFolders, testFolder } from "./testFolder.ts";

afterEach(removeFolders);

const nowMs = Date.now();

function open(now = () => nowMs) {
  const folder = join(testFolder(), "blobs");
  const written: string[] = [];
  const write = (path: string, data: Uint8Array): void => {
    written.push(path);
    atomicWriteFile(path, data);
  };
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  return { store: new BlobStore(folder, write, now), pathOf, written };
}

describe("the store of files", () => {
  it("names bytes by their SHA-256 and gives them back", () => {
    const { store } = open();
    const hash = store.put(Buffer.from("abc"));
    expect(hash).toBe(createHash("sha256").update("abc").digest("hex"));
    expect(Buffer.from(store.get(hash)).toString()).toBe("abc");
  });

  it("reads, compares and hashes in pieces, and misses no byte between them", () => {
    const folder = join(testFolder(), "blobs");
    const store = new BlobStore(folder, atomicWriteFile, () => nowMs, 3);
    for (const text of ["", "a", "abc", "abcd", "abcdef", "abcdefgh"]) {
      const hash = store.put(Buffer.from(text));
      expect(hash).toBe(createHash("sha256").update(text).digest("hex"));
      expect(Buffer.from(store.get(hash)).toString()).toBe(text);
      const path = join(folder, hash.slice(0, 2), hash);
      for (let at = 0; at < text.length; at++) {
        const changed = Buffer.from(text);
        changed[at] = 0x7a;
        writeFileSync(path, changed);
        expect(() => store.get(hash)).toThrow(BlobDamaged);
        store.put(Buffer.from(text));
        expect(readFileSync(path, "utf8")).toBe(text);
      }
    }
  });

  it("writes equal bytes once", () => {
    const { store, written } = open();
    const hash = store.put(Buffer.from("abc"));
    expect(store.put(Buffer.from("abc"))).toBe(hash);
    expect(written).toHaveLength(1);
  });

  it("says which file is gone or damaged, and leaves a damaged one as it is", () => {
    const { store, pathOf } = open();
    expect(() => store.get("0".repeat(64))).toThrow(BlobDamaged);
    const hash = store.put(Buffer.from("abc"));
    writeFileSync(pathOf(hash), "abd");
    expect(() => store.get(hash)).toThrow(/was damaged.*It was left as it is/);
    expect(readFileSync(pathOf(hash), "utf8")).toBe("abd");
  });

  it("mends a damaged file when its bytes are handed in again", () => {
    const { store, pathOf } = open();
    const hash = store.put(Buffer.from("abc"));
    writeFileSync(pathOf(hash), "abd");
    store.put(Buffer.from("abc"));
    expect(Buffer.from(store.get(hash)).toString()).toBe("abc");
  });

  it("removes only what is old and not named", () => {
    let now = nowMs;
    const { store, pathOf } = open(() => now);
    const [named, unnamed] = ["named", "unnamed"].map((text) => store.put(Buffer.from(text)));
    expect(store.prune((hash) => hash === named, dayMs)).toBe(0);
    now += 2 * dayMs;
    const young = store.put(Buffer.from("young"));
    expect(statSync(pathOf(young)).mtimeMs).toBeLessThan(now);
    store.put(Buffer.from("young"));
    expect(store.prune((hash) => hash === named, dayMs)).toBe(1);
    const kept = [named, unnamed, young].map((hash) => existsSync(pathOf(hash)));
    expect(kept).toEqual([true, false, true]);
  });

  it("counts a file that is handed in again as young: a save is about to name it", () => {
    let now = nowMs;
    const { store } = open(() => now);
    const hash = store.put(Buffer.from("abc"));
    now += 100 * dayMs;
    store.put(Buffer.from("abc"));
    expect(store.prune(() => false, dayMs)).toBe(0);
    expect(Buffer.from(store.get(hash)).toString()).toBe("abc");
  });

  it("keeps nothing half: a write that fails leaves no file under the name", () => {
    const folder = join(testFolder(), "blobs");
    const fail = (): void => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    };
    const store = new BlobStore(folder, fail, () => nowMs);
    expect(() => store.put(Buffer.from("abc"))).toThrow("no space left");
    expect(() => store.get(createHash("sha256").update("abc").digest("hex"))).toThrow(BlobDamaged);
  });
});
