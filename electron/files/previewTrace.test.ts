import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewTrace } from "./previewTrace.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-preview-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function preview(name: string, content: string | Uint8Array, mapping?: Record<string, string>) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return previewTrace(path, name, "auto", mapping);
}

const objects = Array.from({ length: 30_000 }, (_, i) => ({
  ...{ startTime: 1_791_187_200 + i, prompt_tokens: 100 + i, completion_tokens: 5 },
  ...{ team_id: `team-${i % 3}`, request_tags: ["chat", "prod"] },
}));

describe("a look at the first part of a trace file", () => {
  test("of a long JSON array on one line counts whole objects only and rejects none", async () => {
    const json = JSON.stringify(objects);
    for (const content of [json, gzipSync(json)]) {
      const { rows, rowsRead, rejectedCount, isWhole, header, samples, result } = await preview(
        "log.json",
        content,
      );
      expect({ isWhole, rejectedCount, shown: rows.length }).toEqual({
        ...{ isWhole: false, rejectedCount: 0, shown: 100 },
      });
      expect(rowsRead).toBeGreaterThan(5000);
      expect(result?.warnings).toEqual([]);
      expect(samples[header.indexOf("request_tags")][0]).toBe('["chat","prod"]');
    }
  });

  test("says what names alone suggest, also of a meaning that the mapping leaves out", async () => {
    const csv = "time,prompt_tokens,output_tokens,team,cached_tokens\n1,20,3,red,7\n2,20,3,blue,\n";
    const { guessed, columns, rows } = await preview("log.csv", csv, { tenant: "" });
    expect(guessed.tenant).toBe("team");
    expect(columns).not.toHaveProperty("tenant");
    expect(rows.map(({ tenantIndex, cachedTokens }) => [tenantIndex, cachedTokens])).toEqual([
      [-1, 7],
      [-1, undefined],
    ]);
  });

  test("says of files that hold no trace what they are", async () => {
    const odd: [string, Uint8Array | string, RegExp][] = [
      ["empty.csv", "", /empty/],
      ["binary.csv", Uint8Array.from({ length: 300 }, (_, i) => i % 256), /binary|UTF-8/],
      ["utf16.csv", Buffer.from("\uFEFFa,b,c\n1,2,3\n", "utf16le"), /UTF-16/],
      ["header.csv", "arrival_s,prompt_tokens,output_tokens\n", /no rows/],
      ["bad.csv", "arrival_s,prompt_tokens,output_tokens\nx,1,1\n", /only row was rejected/],
    ];
    for (const [name, content, problem] of odd) {
      const { result, problem: found } = await preview(name, content);
      expect(result).toBeUndefined();
      expect(found).toMatch(problem);
    }
  });
});
