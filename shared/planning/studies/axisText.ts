/** Axes as they are written on a command line. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { readJson } from "../../schema/jsonText.ts";
import type { Axis, AxisInput } from "../../schema/study.ts";
import { InputError } from "../../units/errors.ts";

const numberPattern = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const rangePattern = new RegExp(
  `^(${numberPattern})\\.\\.(${numberPattern})(?::(${numberPattern})|\\*(\\d+) *\\(?(log|linear)?\\)?)?$`,
);
const plainNumber = new RegExp(`^${numberPattern}$`);

const wanted =
  "wanted PATH=1,2,3, PATH=from..to:step, PATH=from..to*n or PATH=from..to*n(log); inputs that move together are joined by ';'";

/** One axis: "pools.own.replicas=1,2,3", "a=1..9:2", "a;b=1..100*5(log)" (both get the value), "a=1,2;b=x,y" (they move together). Throws InputError. */
export function parseAxis(text: string): Axis {
  const inputs: AxisInput[] = [];
  let paths: string[] = [];
  for (const part of splitParts(text)) {
    const equals = part.indexOf("=");
    const path = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (path === "") throw wrongAxis(text, "a path is missing");
    paths.push(path);
    if (equals < 0) continue;
    inputs.push({
      path: paths.length === 1 ? path : paths,
      ...parseValues(part.slice(equals + 1).trim(), text),
    });
    paths = [];
  }
  if (inputs.length === 0 || paths.length > 0) throw wrongAxis(text, "its values are missing");
  return { inputs };
}

/** Parts between semicolons; one inside a JSON list belongs to it. */
function splitParts(text: string): string[] {
  return text.split(/;(?![^[]*\])/);
}

function parseValues(text: string, axis: string): Pick<AxisInput, "values" | "range"> {
  const range = rangePattern.exec(text);
  if (range !== null) {
    const [, from, to, step, count, scale] = range;
    return {
      range: {
        from: Number(from),
        to: Number(to),
        step: step === undefined ? undefined : Number(step),
        count: count === undefined ? undefined : Number(count),
        scale: scale === "log" ? "log" : "linear",
      },
    };
  }
  if (text === "") throw wrongAxis(axis, "its values are missing");
  if (text.startsWith("[")) {
    const values = readJson(text, `--axis ${axis}`);
    if (Array.isArray(values) && values.length > 0) return { values };
    throw wrongAxis(axis, "its list of values is empty");
  }
  if (text.includes("..")) throw wrongAxis(axis, `"${text}" is no range`);
  return { values: text.split(",").map((each) => parseScalar(each.trim(), axis)) };
}

/** A number, true, false, null, or else a text. Throws InputError for nothing at all. */
export function parseScalar(text: string, axis: string): JsonValue {
  if (text === "") throw wrongAxis(axis, "a value is empty");
  if (plainNumber.test(text) && Number.isFinite(Number(text))) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  return text === "null" ? null : text;
}

function wrongAxis(axis: string, what: string): InputError {
  return new InputError(`--axis ${axis}: ${what}; ${wanted}.`, { field: "axis" });
}
