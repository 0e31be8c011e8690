import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, formatCsv } from "./csv.ts";

/** Cells of CSV text, by RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    row.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test("cells with quotes, commas or line breaks are quoted, and lines end with CR LF", () => {
  const text = formatCsv(
    ["a", 'b "x"'],
    [
      ["1,5", "two\nlines"],
      [2, null],
    ],
  );
  expect(text).toBe('a,"b ""x"""\r\n"1,5","two\nlines"\r\n2,\r\n');
});

test("what a spreadsheet would run as a formula gets an apostrophe, plain numbers do not", () => {
  const texts = ["=1+1", "+cmd", "-x", "@sum", "\tx", "-1.5", "+2e3", -3, "a=b"];
  expect(texts.map(csvCell)).toEqual([
    "'=1+1",
    "'+cmd",
    "'-x",
    "'@sum",
    "'\tx",
    "-1.5",
    "+2e3",
    "-3",
    "a=b",
  ]);
  expect(csvCell('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
});

test("any text comes back, with at most an apostrophe before it, and never starts a formula", () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, (row) => {
      const [, back] = parse(formatCsv(row.map(String), [row]));
      expect(back!.map((cell, i) => (row[i] === cell ? cell : cell.slice(1)))).toEqual(row);
      for (const cell of back!) expect(/^[=@]/.test(cell)).toBe(false);
    }),
  );
});
