import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../units/errors.ts";
import { FieldBytes } from "./fieldBytes.ts";
import { Instant, parseIsoTime, parseNumericTime, parseTokens } from "./fieldText.ts";
import { importBytes } from "./fixtures/importBytes.ts";
import { textParser } from "./unknownCsv.ts";

const header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type";

const plainNumber = fc.nat({ max: 3_000_000_000 }).map(String);
const oddNumber = fc.constantFrom(
  "",
  "-1",
  "1.5",
  "2.0",
  "NaN",
  "x",
  "1e3",
  " 7 ",
  "2147483648",
  "007",
);
const numberText = fc.oneof({ weight: 8, arbitrary: plainNumber }, oddNumber);
const seconds = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.nat({ max: 5000 }), fc.nat({ max: 999_999 }))
      .map(([s, f]) => `${s}.${String(f).padStart(6, "0")}`),
  },
  { weight: 2, arbitrary: fc.nat({ max: 20_000 }).map(String) },
  fc.constantFrom("-1", "1e-7", "0.9999999996", "5.", ".5", "x", "1:2", ""),
);
const name = fc.oneof(
  fc.constantFrom("ChatGPT", "GPT-4", "", 'say "hi"', "a,b", "Größe", "two\nlines", '"'),
  fc.string({ maxLength: 6 }).filter((text) => !text.includes("\r") && text === text.trim()),
);

function quoteField(text: string, always: boolean): string {
  return always || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface TableCase {
  rows: { fields: string[]; quoted: boolean[] }[];
  lineEnd: string;
  isTerminated: boolean;
  cuts: number[];
}

const tableCase: fc.Arbitrary<TableCase> = fc.record({
  rows: fc.array(
    fc.record({
      fields: fc.tuple(seconds, name, numberText, numberText, numberText, name),
      quoted: fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.boolean()), {
        minLength: 6,
        maxLength: 6,
      }),
    }),
    { maxLength: 12 },
  ),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  isTerminated: fc.boolean(),
  cuts: fc.array(fc.nat({ max: 900 }), { maxLength: 12 }),
});

function tableText({ rows, lineEnd, isTerminated }: TableCase): string {
  const lines = rows.map(({ fields, quoted }) =>
    fields.map((field, i) => quoteField(field, quoted[i])).join(","),
  );
  const body = [header, ...lines].join(lineEnd);
  return isTerminated ? body + lineEnd : body;
}

/** What uDSV and the text readers make of the same table: accepted rows only. */
function oracleRows(text: string, lineEnd: string): (readonly [string, number, number])[] {
  const body = text.slice(text.indexOf("\n") + 1).replaceAll(lineEnd, "\n");
  if (body === "") return [];
  const rows = textParser(header.split(","), ",", '"')(body.endsWith("\n") ? body : `${body}\n`);
  const instant = new Instant();
  return rows.flatMap((row) => {
    const prompt = parseTokens(row[2]);
    const output = parseTokens(row[3]);
    const isBad = parseNumericTime(row[0], "s", instant) !== undefined;
    if (isBad || typeof prompt !== "number" || typeof output !== "number") return [];
    return [[row[1].trim(), prompt, output] as const];
  });
}

describe("the byte scanner", () => {
  test("takes the rows and values that uDSV takes, however the bytes are cut", () => {
    fc.assert(
      fc.property(tableCase, (table) => {
        const text = tableText(table);
        const expected = oracleRows(text, table.lineEnd);
        const bytes = Buffer.from(text);
        const run = () => importBytes(bytes, { format: "burstGpt", cuts: table.cuts });
        if (expected.length === 0) {
          expect(run).toThrow(InputError);
          return;
        }
        const { columns, result } = run();
        expect(result.rows + result.rejected.count).toBe(table.rows.length);
        const rows = Array.from({ length: columns.count }, (_, i) => [
          columns.models[columns.modelIndex?.[i] ?? 0],
          columns.promptTokens[i],
          columns.outputTokens[i],
        ]);
        const byText = (a: unknown, b: unknown) => (String(a) < String(b) ? -1 : 1);
        expect(rows.sort(byText)).toEqual(expected.map((row) => [...row]).sort(byText));
      }),
      { numRuns: 300 },
    );
  });

  test("gives the same rows, rejects and lines in one piece and cut between any two bytes", () => {
    const text = `${header}\r\n5,A,1,2,3,x\r\n\r\n6,"B\r\nb",1,2,3,"x"\r\nbad,A,1,2,3,x\r\n7,A,1,2,3\r\n8,Ä,1,0,1,x`;
    const bytes = Buffer.from(text);
    const whole = importBytes(bytes, { format: "burstGpt" });
    expect(whole.result.rejected.rows.map(({ line, reason }) => [line, reason])).toEqual([
      [6, "unreadableTime"],
      [7, "wrongColumnCount"],
    ]);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(importBytes(bytes, { format: "burstGpt", cuts: [cut] })).toEqual(whole);
    }
    const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
    expect(importBytes(bytes, { format: "burstGpt", cuts: everywhere })).toEqual(whole);
  });
});

describe("numbers and times read from bytes", () => {
  const field = new FieldBytes();
  const end = (text: string) => Buffer.from(`${text}\n`);

  test("tokens agree with the text reader wherever bytes suffice", () => {
    fc.assert(
      fc.property(fc.oneof(numberText, fc.stringMatching(/^[0-9.eE+-]{0,12}$/)), (text) => {
        const isRead = field.readTokens(end(text), 0) && field.position === text.length;
        if (isRead) expect(field.value).toBe(parseTokens(text));
      }),
    );
  });

  test("seconds agree with the text reader to the nanosecond", () => {
    const decimals = fc.stringMatching(/^\d{1,9}(\.\d{0,14})?$/);
    fc.assert(
      fc.property(fc.oneof(seconds, decimals), (text) => {
        const instant = new Instant();
        const isRead = field.readSeconds(end(text), 0) && field.position === text.length;
        if (!isRead) return;
        expect(parseNumericTime(text, "s", instant)).toBeUndefined();
        expect([field.timeS, field.timeNs]).toEqual([instant.timeS, instant.timeNs]);
      }),
      { numRuns: 500 },
    );
  });

  test("clock times agree with the text reader, and with the platform's to the millisecond", () => {
    const times = fc.record({
      date: fc.date({
        min: new Date(Date.UTC(1970, 0, 1)),
        max: new Date(Date.UTC(2100, 0, 1)),
        noInvalidDate: true,
      }),
      fraction: fc.stringMatching(/^\d{0,11}$/),
      separator: fc.constantFrom(" ", "T"),
      zone: fc.constantFrom("", "Z", "+00:00", "-07:30", "+05:45"),
    });
    fc.assert(
      fc.property(times, ({ date, fraction, separator, zone }) => {
        const clock = date.toISOString().slice(0, 19);
        const text = `${clock.replace("T", separator)}${fraction === "" ? "" : `.${fraction}`}${zone}`;
        const instant = new Instant();
        expect(parseIsoTime(text, instant)).toBeUndefined();
        expect(instant.timeS * 1000).toBe(Date.parse(`${clock}${zone === "" ? "Z" : zone}`));
        expect(instant.timeNs).toBe(Number(fraction.padEnd(9, "0").slice(0, 9)));
        expect(field.readIso(end(text), 0)).toBe(true);
        expect([field.timeS, field.timeNs, field.hasZone, field.position]).toEqual([
          instant.timeS,
          instant.timeNs,
          instant.hasZone,
          text.length,
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test("what is no date is not read, in either way", () => {
    for (const text of [
      "2023-02-29 00:00:00",
      "2023-13-01 00:00:00",
      "2023-00-10 00:00:00",
      "2023-11-16 24:00:00",
      "2023-11-16 18:61:00",
      "10xx-11-16 18:00:00",
      "2023-11-16 18:15:46+99:00",
      "2023/11/16 18:15:46",
    ]) {
      expect(field.readIso(end(text), 0) && field.position === text.length).toBe(false);
      expect(parseIsoTime(text, new Instant())?.reason).toBe("unreadableTime");
    }
    expect(parseIsoTime("2024-02-29", new Instant())).toBeUndefined();
  });
});
