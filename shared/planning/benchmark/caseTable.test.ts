import { describe, expect, it } from "vitest";
import { CaseReader, formatCaseTable, readCaseTable } from "./caseTable.ts";

const text = '\ufeffid,note,tp\r\na,"one, ""two""\nthree",2.0\r\n\r\nb,=1+1,\r\n';

describe("tables of cases", () => {
  it("are read with quotes, blank lines, either line end and a byte order mark", () => {
    const { columns, rows } = readCaseTable(text, ["id", "tp"]);
    expect(columns).toEqual(["id", "note", "tp"]);
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, "a", 'one, "two"\nthree', "2.0"],
      [5, "b", "=1+1", ""],
    ]);
  });

  it("are written back with every record as it stood and the new cells behind it", () => {
    const table = readCaseTable(text, ["id"]);
    expect(formatCaseTable(table, ["x", "y"], (index) => [String(index), "p,q"])).toBe(
      'id,note,tp,x,y\na,"one, ""two""\nthree",2.0,0,"p,q"\nb,=1+1,,1,"p,q"\n',
    );
  });

  it("without a wanted column are refused, with the column that may be meant", () => {
    expect(() => readCaseTable("id,modell\n", ["id", "model", "gpu"])).toThrow(
      "The file of cases lacks the columns model, gpu. Found: id, modell.",
    );
    expect(() => readCaseTable("", ["id"])).toThrow("The file of cases is empty");
    expect(() => readCaseTable('id\n"a\n', ["id"])).toThrow("begins on line 2");
  });

  it("give numbers and counts, or say what was found", () => {
    const { columns, rows } = readCaseTable("n,m\n2.0,x\n0,\n", ["n"]);
    const reader = new CaseReader(columns);
    expect(reader.count(rows[0], "n")).toBe(2);
    expect(reader.number(rows[1], "m")).toBe(undefined);
    expect(reader.text(rows[0], "none")).toBe("");
    expect(() => reader.number(rows[0], "m")).toThrow('m is "x". Wanted a number.');
    expect(() => reader.count(rows[1], "n")).toThrow("n is 0. Wanted a whole number");
    expect(() => reader.count(rows[1], "m")).toThrow("m is empty. Wanted a whole number");
  });
});
