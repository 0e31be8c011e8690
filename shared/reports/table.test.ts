import { expect, test } from "vitest";
import { figureColumn, formatMarkdownTable, formatTextTable, textColumn } from "./table.ts";

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
