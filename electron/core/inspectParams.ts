/** A look at parameters before anything else reads them: how large, how deep, and whether every host can carry them. */
import { joinPath } from "../../shared/schema/unknownFields.ts";

/** What is wrong with a value, and where; the field is "" for the value itself. */
export interface ParamsProblem {
  readonly field: string;
  readonly problem: string;
}

/** A problem with its path from the inside out. */
interface Found {
  readonly path: (string | number)[];
  readonly problem: string;
}

/** Levels of lists and objects inside each other; scenario files have as many at most, and parameters wrap them. */
const maxDepth = 70;

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function problem(text: string): Found {
  return { path: [], problem: text };
}

class Inspection {
  private left: number;

  constructor(limit: number) {
    this.left = limit;
  }

  visit(value: unknown, depth: number): "tooLarge" | Found | undefined {
    this.left -= typeof value === "string" ? Buffer.byteLength(value) + 2 : 1;
    if (this.left < 0) return "tooLarge";
    if (typeof value === "object" && value !== null) return this.visitObject(value, depth);
    if (typeof value === "number" && !Number.isFinite(value)) {
      return problem(`found ${value}, wanted a finite number`);
    }
    const isJson = ["string", "number", "boolean", "undefined", "object"].includes(typeof value);
    return isJson ? undefined : problem(`found a ${typeof value}, wanted what JSON can say`);
  }

  private visitObject(value: object, depth: number): "tooLarge" | Found | undefined {
    if (depth >= maxDepth) return problem(`more than ${maxDepth} levels inside each other`);
    if (Array.isArray(value)) return this.visitEach(value.entries(), depth);
    if (!isPlain(value)) return problem("wanted a plain object, a list, a text or a number");
    if (Object.hasOwn(value, "__proto__")) return problem("a field may not be named __proto__");
    return this.visitEach(Object.entries(value), depth);
  }

  private visitEach(entries: Iterable<[string | number, unknown]>, depth: number) {
    for (const [key, each] of entries) {
      this.left -= typeof key === "string" ? key.length + 4 : 1;
      const found = this.visit(each, depth + 1);
      if (found === "tooLarge") return found;
      if (found !== undefined) {
        found.path.push(typeof key === "string" ? key.slice(0, 100) : key);
        return found;
      }
    }
    return undefined;
  }
}

/**
 * "tooLarge" beyond `limit` bytes, counted roughly as JSON; the first problem of a value that is not plain JSON, which not
 * every host carries as it is; undefined for a good one.
 */
export function inspectParams(
  params: unknown,
  limit: number,
): "tooLarge" | ParamsProblem | undefined {
  const found = new Inspection(limit).visit(params, 0);
  if (found === "tooLarge" || found === undefined) return found;
  return { field: found.path.reduceRight<string>(joinPath, ""), problem: found.problem };
}
