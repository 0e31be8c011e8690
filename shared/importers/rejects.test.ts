import { describe, expect, test } from "vitest";
import { importBytes } from "./fixtures/importBytes.ts";
import { rejectCsvLine } from "./rejectCsv.ts";
import type { RejectedRow } from "./rejects.ts";

const azure = (...rows: string[]) =>
  Buffer.from(["TIMESTAMP,ContextTokens,GeneratedTokens", ...rows].join("\n"));
const good = "2023-11-16 18:15:46.6805900,374,44";
const bytes = (text: string) => Buffer.from(text, "latin1");

describe("rejected rows", () => {
  test("each has its line, reason, field, what was found and what was wanted", () => {
    const { result } = importBytes(
      azure(
        good,
        "2023-11-16 18:15:47,374",
        "2023-11-16 18:15:47,374,44,5",
        "2023-11-16 18:15:47,abc,44",
        "2023-11-16 18:15:47,NaN,44",
        "2023-11-16 18:15:47,-3,44",
        "2023-11-16 18:15:47,3,4.5",
        "2023-11-16 18:15:47,2147483648,44",
        "yesterday,3,4",
        "2023-11-16 18:15:47,,4",
        `2023-11-16 18:15:47,"3"x,4`,
        good,
      ),
    );
    expect(result.rows).toBe(2);
    expect(
      result.rejected.rows.map(({ line, reason, field, found }) => [line, reason, field, found]),
    ).toEqual([
      [3, "wrongColumnCount", undefined, "2023-11-16 18:15:47,374"],
      [4, "wrongColumnCount", undefined, "2023-11-16 18:15:47,374,44,5"],
      [5, "notANumber", "ContextTokens", "abc"],
      [6, "nan", "ContextTokens", "NaN"],
      [7, "negative", "ContextTokens", "-3"],
      [8, "notWhole", "GeneratedTokens", "4.5"],
      [9, "tooLarge", "ContextTokens", "2147483648"],
      [10, "unreadableTime", "TIMESTAMP", "yesterday"],
      [11, "missingValue", "ContextTokens", ""],
      [12, "malformedQuote", undefined, '2023-11-16 18:15:47,"3"x,4'],
    ]);
    expect(result.rejected.byReason).toMatchObject({ wrongColumnCount: 2, nan: 1, tooLarge: 1 });
    expect(result.rejected.rows[2].wanted).toContain("whole number of tokens");
  });

  test("all are counted and handed on, while only the first ones are kept", () => {
    const seen: RejectedRow[] = [];
    const rows = Array.from({ length: 50 }, () => "x,1,1");
    const { result } = importBytes(azure(good, ...rows), {
      maxRejectedRows: 3,
      onReject: (row) => seen.push(row),
    });
    expect(result.rejected.count).toBe(50);
    expect(result.rejected.byReason).toEqual({ unreadableTime: 50 });
    expect(result.rejected.rows.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect(seen.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 3));
  });

  test("blank lines at the end are no rows; those between are skipped and counted", () => {
    const { result } = importBytes(azure(good, "", good, "", "", ""));
    expect(result).toMatchObject({ rows: 2, blankLines: 1, rejected: { count: 0 } });
    expect(result.notes).toContain("Skipped 1 blank line between rows.");
  });

  test("a quote that is never closed takes the rest of the file as one rejected row", () => {
    const { result } = importBytes(azure(good, '2023-11-16 18:15:47,"3,4', good));
    expect(result.rejected.rows[0]).toMatchObject({ line: 3, reason: "unclosedQuote" });
    expect(result.rows + result.rejected.count).toBe(2);
  });

  test("bytes that are not UTF-8 reject their row only", () => {
    const { result } = importBytes(
      bytes(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:47,\xff,4\n2023-11-16 18:15:47,1,4\n",
      ),
    );
    expect(result).toMatchObject({ rows: 1, rejected: { byReason: { notUtf8: 1 } } });
  });

  test("what was found is cut to 80 characters and is no formula in a spreadsheet", () => {
    const { result } = importBytes(azure(good, `=1+${"9".repeat(200)},1,1`));
    const row = result.rejected.rows[0];
    expect(row.found.length).toBe(80);
    expect(rejectCsvLine(row)).toMatch(/^3,unreadableTime,TIMESTAMP,'=1\+9/);
    expect(rejectCsvLine({ ...row, found: "-12.5" })).toContain(",-12.5,");
    expect(rejectCsvLine({ ...row, field: undefined })).toMatch(/^3,unreadableTime,,/);
  });
});

describe("files that cannot be used at all", () => {
  const cases: [string, Buffer, RegExp][] = [
    ["an empty file", Buffer.from(""), /empty/],
    ["a file of blank lines", Buffer.from("\n\n"), /no line with anything/],
    ["a header alone", azure(), /no rows below the header/],
    ["binary data", Buffer.from("TIMESTAMP,Con\0text\n1,2,3\n"), /NUL byte at offset 13/],
    ["gzip data", Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ["UTF-16", Buffer.from("\uFEFFTIMESTAMP,a,b\n", "utf16le"), /UTF-16/],
    [
      "a file with the line ends of old Macs",
      Buffer.from(azure(good, good).toString().replaceAll("\n", "\r")),
      /no line feed.*carriage returns only.*tr '\\r' '\\n' < FILE/,
    ],
    ["a header that is not UTF-8", bytes("\xc3\x28,b,c\n1,2,3\n"), /not UTF-8/],
    [
      "an unknown header",
      Buffer.from("foo,bar,baz\n1,2,3\n"),
      /--map arrival=NAME,.*Found the columns "foo", "bar", "baz"\. Known formats:\n {2}azure: T/,
    ],
    ["a file that is no table", Buffer.from("hello\nworld\n"), /"hello".*known|names no known/],
    [
      "a known header that names a column twice",
      Buffer.from("TIMESTAMP,ContextTokens,GeneratedTokens,contexttokens\n1,2,3,4\n"),
      /"contexttokens" stands in the header twice, as columns 2 and 4/,
    ],
    [
      "a guessed column that the header names twice",
      Buffer.from("time,tokens_in,tokens_out,time\n1,2,3,4\n"),
      /"time" stands in the header twice, as columns 1 and 4/,
    ],
    ["a JSON array without objects", Buffer.from("[1, 2]"), /JSON array.*no object/],
    ["a JSON document over several lines", Buffer.from('{\n"a": 1\n}\n'), /no JSON lines/],
    ["one row that is bad", azure("x,1,1"), /the only row was rejected.*line 2 in TIMESTAMP/],
    [
      "rows that are all bad",
      azure("x,1,1", "y,1,1"),
      /all 2 rows were rejected.*line 2 in TIMESTAMP.*"x"/,
    ],
  ];
  test.each(cases)("%s is refused with what was found and wanted", (_, file, message) => {
    expect(() => importBytes(file)).toThrow(message);
  });

  test("a format that the file is not in is refused", () => {
    expect(() => importBytes(azure(good), { format: "mooncake" })).toThrow(
      /does not begin a trace of format mooncake/,
    );
    expect(() => importBytes(azure(good), { format: "vidur" })).toThrow(/Wanted arrived_at/);
    expect(() =>
      importBytes(azure(good), { format: "azure", mapping: { arrival: "TIMESTAMP" } }),
    ).toThrow(/mapping/);
  });

  test("a line longer than 16 MiB is refused by its number", () => {
    const long = Buffer.concat([
      Buffer.from(`{"timestamp":0,"input_length":1,"output_length":1}\n{"a":"`),
      Buffer.alloc(18 * 1024 * 1024, 97),
    ]);
    const cuts = Array.from({ length: 18 }, (_, i) => (i + 1) * 1024 * 1024);
    expect(() => importBytes(long, { cuts })).toThrow(/Line 2 is longer than/);
  });
});
