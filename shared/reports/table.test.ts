import { expect, test } from "vitest";
import {
  figureColumn,
  formatMarkdownTable,
  formatTextTable,
  maxTableWidth,
  textColumn,
} from "./table.ts";

const columns = [textColumn("pool"), figureColumn("busy (%)")];

test("a text table aligns words to the left and figures to the right", () => {
  const rows = [
    ["chat", "41.2"],
    ["night shift", "7.10"],
  ];
  expect(formatTextTable({ columns, rows })).toEqual([
    "pool         busy (%)",
    "-----------  --------",
    "chat             41.2",
    "night shift      7.10",
  ]);
});

test("a table without rows is its header", () => {
  expect(formatTextTable({ columns, rows: [] })).toHaveLength(2);
});

test("text in a Markdown table stays in its cell and is not read as markup", () => {
  const rows = [["a|b\n<script>*x*", "1"]];
  expect(formatMarkdownTable({ columns, rows })).toBe(
    "| pool | busy (%) |\n| --- | ---: |\n| a\\|b &lt;script>\\*x\\* | 1 |\n",
  );
});

test("a table that is too wide breaks its widest columns of text over lines, and no figure", () => {
  const long = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
  const columns = [textColumn("name"), textColumn("what"), figureColumn("count")];
  const lines = formatTextTable({
    columns,
    rows: [
      [long, "x".repeat(200), "123,456"],
      ["b", "c", "7"],
    ],
  });
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(maxTableWidth);
  expect(lines[2]).toMatch(/^word0 word1 .*x{20,} +123,456$/);
  expect(lines.at(-1)).toMatch(/^b +c +7$/);
  const words = lines.slice(2, -1).flatMap((line) => line.match(/word\d+/g) ?? []);
  expect(words.join(" ")).toBe(long);
});
