import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atomicWriteFile, openAtomicWriter } from "./atomicWrite.ts";
import { hashFile, readChunks, readTextFile } from "./boundedRead.ts";
import { loadTrace } from "./loadTrace.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, data: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
};
const sample = new URL("../../data/samples/AzureLLMInferenceTrace_conv.csv", import.meta.url)
  .pathname;

describe("atomic writes", () => {
  test("a file appears whole at commit, replaces the old one, and leaves nothing beside it", () => {
    const path = put("old.txt", "old");
    const writer = openAtomicWriter(path);
    writer.write("new ");
    writer.write(Buffer.from("text"));
    expect(readFileSync(path, "utf8")).toBe("old");
    writer.commit();
    writer.abort();
    expect(readFileSync(path, "utf8")).toBe("new text");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a process that ends in the middle of a write leaves nothing beside the file", () => {
    const path = put("cut.txt", "old");
    const module = new URL("./atomicWrite.ts", import.meta.url).href;
    const script = `const { openAtomicWriter } = await import(${JSON.stringify(module)});
      openAtomicWriter(${JSON.stringify(path)}).write("new");
      process.exit(130);`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    expect(status).toBe(130);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("an aborted write leaves the old file and no other", () => {
    const path = put("kept.txt", "old");
    const writer = openAtomicWriter(path);
    writer.write("half");
    writer.abort();
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a missing folder, a folder and a symbolic link are refused with a message", () => {
    symlinkSync(put("target.txt", "x"), join(folder, "link.txt"));
    expect(() => atomicWriteFile(join(folder, "none", "x.txt"), "x")).toThrow(
      /folder does not exist/,
    );
    expect(() => atomicWriteFile(folder, "x")).toThrow(/not a file/);
    expect(() => atomicWriteFile(join(folder, "link.txt"), "x")).toThrow(/symbolic link/);
  });
});

describe("bounded reads", () => {
  test("a missing file and a folder are refused with a message", async () => {
    await expect(readTextFile(join(folder, "none.csv"), 10)).rejects.toThrow(/no such file/);
    await expect(readTextFile(folder, 10)).rejects.toThrow(/not a file|folder/);
  });

  test("a file over the limit is refused, and so is what a gzip file expands to", async () => {
    await expect(readTextFile(put("big.txt", "x".repeat(11)), 10)).rejects.toThrow(
      /11 bytes.*at most 10/,
    );
    const bomb = put("bomb.gz", gzipSync(Buffer.alloc(50_000_000)));
    await expect(readTextFile(bomb, 1_000_000)).rejects.toThrow(/expands to more than 1000000/);
  });

  test("a gzip file that expands out of all proportion is refused, one of the same text that does not is read", async () => {
    const text = "1,1,1\n".repeat(2_000_000);
    const bomb = put("ratio.csv.gz", gzipSync(text));
    const read = async (path: string): Promise<number> => {
      let length = 0;
      const limits = { freeExpandedBytes: 1e6, shownName: "ratio.csv.gz" };
      for await (const chunk of readChunks(path, limits)) length += chunk.length;
      return length;
    };
    await expect(read(bomb)).rejects.toThrow(
      /^ratio\.csv\.gz: the gzip data expands to more than 500 times its size/,
    );
    expect(await read(put("stored.csv.gz", gzipSync(text, { level: 0 })))).toBe(text.length);
  });

  test("what the system says of a file is told by the name that the person knows it by", async () => {
    const read = (path: string) => readTextFile(path, 100, "mine.csv");
    await expect(read(join(folder, "none.csv"))).rejects.toThrow(/^mine\.csv: there is no such/);
    await expect(read(put("f.txt", Buffer.from([0xff])))).rejects.toThrow(/^mine\.csv: .*UTF-8/);
    await expect(read(join(put("file", "x"), "below"))).rejects.toThrow(/^mine\.csv: part of its/);
    await expect(read(join(folder, "x".repeat(5000)))).rejects.toThrow(/^mine\.csv: .*too long/);
    symlinkSync(join(folder, "round"), join(folder, "round"));
    await expect(read(join(folder, "round"))).rejects.toThrow(/^mine\.csv: its links lead/);
    if (process.platform !== "linux") return;
    // A file that opens, and of which reading fails.
    await expect(read("/proc/self/mem")).rejects.toThrow(/^mine\.csv: the disk reports an error/);
  });

  test("text comes without its byte order mark, out of gzip too, and must be UTF-8", async () => {
    expect(await readTextFile(put("bom.txt", "\uFEFFä"), 100)).toBe("ä");
    expect(await readTextFile(put("text.gz", gzipSync("inside")), 100)).toBe("inside");
    await expect(readTextFile(put("bad.txt", Buffer.from([0xff])), 100)).rejects.toThrow(
      /not UTF-8/,
    );
  });

  test("a gzip file that was cut off is refused", async () => {
    const whole = gzipSync(readFileSync(sample));
    const cut = put("cut.csv.gz", whole.subarray(0, whole.length / 2));
    await expect(loadTrace(cut)).rejects.toThrow(/damaged or cut off/);
  });

  test("a read stops when its signal is aborted", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(readChunks(sample, { signal: controller.signal }).next()).rejects.toThrow(
      /abort/i,
    );
  });
});

describe("loading a trace", () => {
  test("yields columns, the account and the hash of the file's bytes", async () => {
    const { columns, result, sha256, bytes } = await loadTrace(sample);
    expect(columns.count).toBe(19_366);
    expect(result.format).toBe("azure");
    expect(bytes).toBe(719_188);
    expect(sha256).toBe(createHash("sha256").update(readFileSync(sample)).digest("hex"));
    expect(await hashFile(sample)).toBe(sha256);
  });

  test("a gzip file has the same rows", async () => {
    const seen: number[] = [];
    const plain = await loadTrace(sample);
    const zipped = await loadTrace(put("trace.csv.gz", gzipSync(readFileSync(sample))), {
      onProgress: ({ bytesRead }) => seen.push(bytesRead),
    });
    expect(zipped.columns).toEqual(plain.columns);
    expect(seen.at(-1)).toBe(zipped.bytes);
  });

  test("an unknown format is refused with the known ones", async () => {
    await expect(loadTrace(sample, { format: "parquet" })).rejects.toThrow(
      /"parquet".*azure, burstGpt/,
    );
  });
});
