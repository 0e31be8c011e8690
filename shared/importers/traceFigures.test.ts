import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../units/errors.ts";
import { RateWindows } from "./rateWindows.ts";
import { TokenHistogram } from "./tokenHistogram.ts";
import { TraceColumnsSink } from "./traceColumnsSink.ts";
import { decodeUtf8 } from "./utf8.ts";

describe("token histograms", () => {
  test("quantiles are those of the sorted list, interpolated", () => {
    const lengths = fc.array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 200_000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lengths, (values) => {
        const histogram = new TokenHistogram();
        for (const value of values) histogram.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        const rank = (sorted.length - 1) * 0.9;
        const low = sorted[Math.floor(rank)];
        const high = sorted[Math.ceil(rank)];
        const quantiles = histogram.quantiles();
        expect(quantiles?.p90).toBeCloseTo(low + (high - low) * (rank - Math.floor(rank)), 9);
        expect(quantiles).toMatchObject({ min: sorted[0], max: sorted.at(-1) });
      }),
      { numRuns: 100 },
    );
  });

  test("lengths above 2^20 are right to 0.1 %, and the total stays exact", () => {
    const histogram = new TokenHistogram();
    for (const value of [1_048_576, 5_000_001, 2_147_483_647]) histogram.add(value);
    expect(Math.abs((histogram.quantiles()?.p50 ?? 0) / 5_000_001 - 1)).toBeLessThan(0.001);
    expect(histogram.total).toBe(1_048_576 + 5_000_001 + 2_147_483_647);
  });
});

describe("rate windows", () => {
  test("peaks are the fullest windows, whatever the order of the rows", () => {
    const offsets = fc.array(fc.integer({ min: -20_000, max: 20_000 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(offsets, (seconds) => {
        const windows = new RateWindows();
        for (const second of seconds) windows.add(second * 1e9 + 1);
        const first = Math.min(...seconds);
        const counts = new Map<number, number>();
        for (const second of seconds) {
          const window = Math.floor((second - first) / 10);
          counts.set(window, (counts.get(window) ?? 0) + 1);
        }
        expect(windows.peakRps(10)).toBe(Math.max(...counts.values()) / 10);
      }),
      { numRuns: 60 },
    );
  });

  test("a trace longer than 194 days has no peaks", () => {
    const windows = new RateWindows();
    windows.add(0);
    windows.add(200 * 86_400 * 1e9);
    expect(windows.peakRps(1)).toBeUndefined();
  });
});

describe("trace columns", () => {
  test("a trace longer than 2^53 ns is refused", () => {
    const sink = new TraceColumnsSink();
    sink.addRow(0, 0, 1, 1, -1, 0, -1, -1, -1);
    sink.addRow(110 * 86_400, 0, 1, 1, -1, 0, -1, -1, -1);
    const names = { clock: { kind: "relative" }, models: [], tenants: [], tags: [] } as const;
    expect(() => sink.toColumns(names)).toThrow(/spans 110.0 days.*at most 104.2 days/);
  });

  test("rows beyond one chunk keep their values", () => {
    const sink = new TraceColumnsSink();
    const rows = 150_000;
    for (let i = 0; i < rows; i += 1) sink.addRow(rows - i, i, i, i + 1, -1, 0, -1, -1, -1);
    const columns = sink.toColumns({
      clock: { kind: "relative" },
      models: [],
      tenants: [],
      tags: [],
    });
    expect(columns.count).toBe(rows);
    for (let i = 0; i < rows; i += 1) {
      if (columns.promptTokens[i] !== rows - 1 - i || columns.outputTokens[i] !== rows - i) {
        expect(i).toBe("in reverse order");
      }
    }
    expect(columns.failed ?? columns.modelIndex ?? columns.prefix).toBeUndefined();
  });
});

describe("the plain UTF-8 decoder", () => {
  test("gives back any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 6000 }), (text) => {
        expect(decodeUtf8(Buffer.from(text))).toBe(Buffer.from(text).toString("utf8"));
      }),
      { numRuns: 100 },
    );
  });

  test("refuses exactly the bytes that the platform's strict decoder refuses", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const bytes = fc.array(
      fc.constantFrom(0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xa0, 0xed, 0xf0, 0x90, 0xf4, 0x8f, 0xff),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(bytes, (values) => {
        const input = Uint8Array.from(values);
        let expected: string | undefined;
        try {
          expected = strict.decode(input);
        } catch {
          expect(() => decodeUtf8(input)).toThrow(InputError);
          return;
        }
        expect(decodeUtf8(input)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
