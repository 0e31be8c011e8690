/** Reads fields of a tool's JSON by path, with errors that say what was found there. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { InputError } from "../../units/errors.ts";

type JsonObject = { readonly [key: string]: JsonValue };

const shownCharacters = 60;

/** An object of a result file. Paths are keys joined with ".". */
export class ResultFields {
  readonly root: JsonObject;

  constructor(root: JsonObject) {
    this.root = root;
  }

  /** What stands at a path; undefined where nothing or null does. */
  at(path: string): JsonValue | undefined {
    let value: JsonValue = this.root;
    for (const key of path.split(".")) {
      if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key];
    }
    return value ?? undefined;
  }

  /** A number of at least 0; undefined where there is none. Throws InputError for anything else. */
  number(path: string): number | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    if (typeof value === "number" && value >= 0) return value;
    throw wrong(path, value, "a number of at least 0");
  }

  /** The number of the first path that has one. */
  firstNumber(paths: readonly string[]): number | undefined {
    for (const path of paths) {
      const value = this.number(path);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A text; undefined where there is none or something else. */
  text(path: string): string | undefined {
    const value = this.at(path);
    return typeof value === "string" ? value : undefined;
  }

  /** An object's fields; undefined where there is nothing. Throws InputError for what is no object. */
  object(path: string): ResultFields | undefined {
    const value = this.at(path);
    if (value === undefined) return undefined;
    if (isObject(value)) return new ResultFields(value);
    throw wrong(path, value, "an object");
  }

  /** The first text of a list, or the text that stands there. */
  firstText(path: string): string | undefined {
    const value = this.at(path);
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === "string" ? first : undefined;
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The error for a field that holds something else than was wanted. */
export function wrong(path: string, found: JsonValue, wanted: string): InputError {
  const text = JSON.stringify(found).slice(0, shownCharacters);
  return new InputError(`${path}: found ${text}, wanted ${wanted}. Export the result again.`, {
    field: path,
  });
}
