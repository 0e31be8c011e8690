/** A strict JSON reader whose errors say line and column, the same on every engine; refuses what JSON.parse lets pass in silence: doubled keys, "__proto__", numbers too large, deep nesting. */
import { InputError } from "../units/errors.ts";

/** A value read from JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

const maxDepth = 64;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them raw
const plainPattern = /[^"\\\u0000-\u001f]*/y;
const spacePattern = /[ \t\n\r]*/y;
const wordPattern = /[A-Za-z_$][\w$]*/y;
const escapes: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** 1-based line and column of a position. */
function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return `line ${line}, column ${position - before.lastIndexOf("\n")}`;
}

class JsonReader {
  private readonly text: string;
  private readonly fileName: string;
  private position = 0;

  constructor(text: string, fileName: string) {
    this.text = text;
    this.fileName = fileName;
  }

  read(): JsonValue {
    const value = this.value(0);
    this.skipSpace();
    if (this.position < this.text.length) this.fail("the end of the file after the JSON value");
    return value;
  }

  private fail(wanted: string, at = this.position): never {
    const found = at >= this.text.length ? "the end of the file" : this.excerpt(at);
    throw new InputError(
      `${this.fileName} is not valid JSON: ${lineAndColumn(this.text, at)}: found ${found}, wanted ${wanted}. Correct that place, or export the file again.`,
    );
  }

  private excerpt(at: number): string {
    wordPattern.lastIndex = at;
    const word = wordPattern.exec(this.text)?.[0];
    return JSON.stringify(word?.slice(0, 30) ?? String.fromCodePoint(this.text.codePointAt(at)!));
  }

  private skipSpace(): void {
    spacePattern.lastIndex = this.position;
    spacePattern.test(this.text);
    this.position = spacePattern.lastIndex;
  }

  private value(depth: number): JsonValue {
    this.skipSpace();
    const c = this.text[this.position];
    if (c === "{") return this.object(depth);
    if (c === "[") return this.array(depth);
    if (c === '"') return this.string();
    if (c === "-" || (c !== undefined && c >= "0" && c <= "9")) return this.number();
    return this.word();
  }

  private enter(depth: number): void {
    if (depth >= maxDepth) this.fail(`at most ${maxDepth} levels of nesting`);
    this.position++;
    this.skipSpace();
  }

  /** Steps over a comma (true) or the closing mark (false). */
  private hasMore(close: string): boolean {
    this.skipSpace();
    const c = this.text[this.position];
    if (c !== "," && c !== close) this.fail(`"," or "${close}"`);
    this.position++;
    return c === ",";
  }

  private array(depth: number): JsonValue[] {
    const result: JsonValue[] = [];
    this.enter(depth);
    if (this.text[this.position] === "]") {
      this.position++;
      return result;
    }
    do result.push(this.value(depth + 1));
    while (this.hasMore("]"));
    return result;
  }

  private object(depth: number): { [key: string]: JsonValue } {
    const result: { [key: string]: JsonValue } = {};
    this.enter(depth);
    if (this.text[this.position] === "}") {
      this.position++;
      return result;
    }
    do this.member(result, depth);
    while (this.hasMore("}"));
    return result;
  }

  private member(result: { [key: string]: JsonValue }, depth: number): void {
    this.skipSpace();
    const at = this.position;
    if (this.text[at] !== '"') this.fail("a key in double quotes");
    const key = this.string();
    if (key === "__proto__") this.fail('a key other than "__proto__"', at);
    if (Object.hasOwn(result, key)) this.fail(`a key that is not there already ("${key}" is)`, at);
    this.skipSpace();
    if (this.text[this.position] !== ":") this.fail('":" after the key');
    this.position++;
    result[key] = this.value(depth + 1);
  }

  private string(): string {
    let result = "";
    this.position++;
    for (;;) {
      plainPattern.lastIndex = this.position;
      result += plainPattern.exec(this.text)![0];
      this.position = plainPattern.lastIndex;
      const c = this.text[this.position];
      if (c === '"') {
        this.position++;
        return result;
      }
      if (c !== "\\") this.fail("a closing quote on the same line");
      result += this.escape();
    }
  }

  private escape(): string {
    const c = this.text[this.position + 1] ?? "";
    if (c === "u") {
      const digits = this.text.slice(this.position + 2, this.position + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("four hexadecimal digits after \\u");
      this.position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (!Object.hasOwn(escapes, c)) this.fail('an escape such as \\n, \\" or \\u00e9');
    this.position += 2;
    return escapes[c]!;
  }

  private number(): number {
    numberPattern.lastIndex = this.position;
    const digits = numberPattern.exec(this.text)?.[0];
    if (digits === undefined) this.fail("a number such as -1.5 or 2e6");
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail("a number below 1.8e308");
    this.position = numberPattern.lastIndex;
    return value;
  }

  private word(): boolean | null {
    wordPattern.lastIndex = this.position;
    const word = wordPattern.exec(this.text)?.[0];
    if (word !== "true" && word !== "false" && word !== "null") {
      this.fail(
        "a JSON value (an object, list, text in double quotes, number, true, false or null)",
      );
    }
    this.position += word.length;
    return word === "null" ? null : word === "true";
  }
}

/** Reads one JSON document; a byte-order mark before it is skipped. Throws InputError with line, column, what was found and what was wanted. */
export function readJson(text: string, fileName: string): JsonValue {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  return new JsonReader(body, fileName).read();
}
