/** Formulas of the claim ledger: arithmetic over named numbers, read from data and shown with it. */
import { blendedPrice, breakEvenTokens, gpuMonthUsd } from "../../cost/closedForms.ts";
import { InputError } from "../../units/errors.ts";
import { nearestNames } from "../../units/nearestNames.ts";

/** Gives the number of a name; throws InputError for a name that is not known. */
export type LookUp = (name: string) => number;

/** A formula that was read: the names in it, in order and once each, and its value for given numbers. */
export interface Formula {
  readonly text: string;
  readonly names: readonly string[];
  evaluate(lookUp: LookUp): number;
}

interface FormulaFunction {
  readonly parameters: string;
  /** Least and most arguments. */
  readonly arity: readonly [number, number];
  call(args: readonly number[]): number;
}

/** What formulas may call. Prices per million tokens in USD, months in USD; above and same give 1 or 0. */
export const formulaFunctions: Readonly<Record<string, FormulaFunction>> = {
  min: { parameters: "a, b, ...", arity: [1, 99], call: (args) => Math.min(...args) },
  max: { parameters: "a, b, ...", arity: [1, 99], call: (args) => Math.max(...args) },
  round: { parameters: "a", arity: [1, 1], call: ([a]) => Math.round(a) },
  ceil: { parameters: "a", arity: [1, 1], call: ([a]) => Math.ceil(a) },
  above: {
    parameters: "a, b",
    arity: [2, 2],
    call: ([a, b]) => (a > b ? 1 : 0),
  },
  same: {
    parameters: "a, b",
    arity: [2, 2],
    call: ([a, b]) => (a === b ? 1 : 0),
  },
  blended: {
    parameters: "inputUsdPerMTok, outputUsdPerMTok, partsInput, partsOutput",
    arity: [4, 4],
    call: ([inputUsdPerMTok, outputUsdPerMTok, input, output]) =>
      blendedPrice({ inputUsdPerMTok, outputUsdPerMTok }, { input, output }),
  },
  gpuMonth: {
    parameters: "usdPerGpuHour, monthHours, licenceUsdPerYear, licenceUsdPerHour",
    arity: [2, 4],
    call: ([usdPerGpuHour, monthHours, usdPerGpuYear = 0, licenceUsdPerHour = 0]) =>
      gpuMonthUsd(usdPerGpuHour, monthHours, { usdPerGpuYear, usdPerGpuHour: licenceUsdPerHour }),
  },
  breakEven: {
    parameters: "monthUsd, blendedUsdPerMTok",
    arity: [2, 2],
    call: ([monthUsd, usdPerMTok]) => breakEvenTokens(monthUsd, usdPerMTok) ?? Infinity,
  },
};

type Node = (lookUp: LookUp) => number;

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z][A-Za-z0-9]*)|([-+*/(),]))/y;

/** Recursive descent: sum = product (("+" | "-") product)*, product = factor (("*" | "/") factor)*, factor = number | name | call | "-" factor | "(" sum ")". */
class FormulaReader {
  readonly names = new Set<string>();
  private readonly text: string;
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = splitTokens(text);
  }

  read(): Node {
    const node = this.sum();
    if (this.at < this.tokens.length) throw this.problem("an operator or the end");
    return node;
  }

  private sum(): Node {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): Node {
    return this.chain(["*", "/"], () => this.factor());
  }

  private chain(operators: readonly string[], readPart: () => Node): Node {
    let left = readPart();
    for (;;) {
      const operator = this.tokens[this.at];
      if (!operators.includes(operator)) return left;
      this.at++;
      left = combine(operator, left, readPart());
    }
  }

  private factor(): Node {
    const token = this.tokens[this.at];
    if (token === "-") {
      this.at++;
      const inner = this.factor();
      return (lookUp) => -inner(lookUp);
    }
    if (token === "(") {
      this.at++;
      return this.closed(this.sum());
    }
    if (token === undefined || /^[+*/),]/.test(token)) throw this.problem("a number or a name");
    this.at++;
    if (/^\d/.test(token)) return () => Number(token);
    if (this.tokens[this.at] === "(") return this.call(token);
    this.names.add(token);
    return (lookUp) => lookUp(token);
  }

  private closed(node: Node): Node {
    if (this.tokens[this.at] !== ")") throw this.problem('")"');
    this.at++;
    return node;
  }

  private call(name: string): Node {
    const known = Object.hasOwn(formulaFunctions, name) ? formulaFunctions[name] : undefined;
    if (known === undefined) throw unknownName("function", name, Object.keys(formulaFunctions));
    this.at++;
    const args = [this.sum()];
    while (this.tokens[this.at] === ",") {
      this.at++;
      args.push(this.sum());
    }
    const [least, most] = known.arity;
    if (args.length < least || args.length > most) {
      throw this.problem(`${name}(${known.parameters}), not ${args.length} arguments`);
    }
    return this.closed((lookUp) => known.call(args.map((arg) => arg(lookUp))));
  }

  private problem(wanted: string): InputError {
    const found = this.tokens[this.at] ?? "the end";
    return new InputError(
      `The formula "${this.text}": found ${found} at part ${this.at + 1}, wanted ${wanted}. Correct it.`,
      { field: "formula" },
    );
  }
}

/** Reads a formula. Throws InputError for one that cannot be read, saying where. */
export function readFormula(text: string): Formula {
  const reader = new FormulaReader(text);
  const node = reader.read();
  return { text, names: [...reader.names], evaluate: (lookUp) => node(lookUp) };
}

/** The error about a name that is not known, with the nearest ones. */
export function unknownName(what: string, name: string, known: readonly string[]): InputError {
  const near = nearestNames(name, known).join(", ") || known.join(", ") || "none";
  return new InputError(`There is no ${what} "${name}". Nearest: ${near}. Use one of these.`, {
    field: what,
  });
}

function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) {
      throw new InputError(
        `The formula "${text}" has "${text.slice(start).trim().slice(0, 20)}" where a number, a name or one of + - * / ( ) , is wanted. Correct it.`,
        { field: "formula" },
      );
    }
    tokens.push(match[1] ?? match[2] ?? match[3]);
  }
  return tokens;
}

function combine(operator: string, left: Node, right: Node): Node {
  if (operator === "+") return (lookUp) => left(lookUp) + right(lookUp);
  if (operator === "-") return (lookUp) => left(lookUp) - right(lookUp);
  if (operator === "*") return (lookUp) => left(lookUp) * right(lookUp);
  return (lookUp) => left(lookUp) / right(lookUp);
}
