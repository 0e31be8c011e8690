/** The named numbers of the claim ledger: given, read from the catalog, counted in a trace, or computed from others. */
import { type Catalog, findEntry } from "../../catalog/catalog.ts";
import type { ClaimsFile, Quantity } from "../../schema/claims.ts";
import type { Provenance } from "../../schema/common.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { InputError } from "../../units/errors.ts";
import { type LookUp, readFormula, unknownName } from "./formula.ts";

/** What the ledger is computed from. Change a price in `catalog` and every value found follows. */
export interface ClaimInputs {
  readonly file: ClaimsFile;
  readonly catalog: Catalog;
  /** Rows of the file's traces by id. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
}

/** A named number as the ledger shows it beside a formula. */
export interface NamedValue {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly about: string;
  /** Of a computed one; its own inputs stand in the same list. */
  readonly formula?: string;
  readonly provenance?: readonly Provenance[];
}

type CatalogQuantity = Extract<Quantity, { kind: "catalog" }>;

/** What entries of all kinds have; a price has a source of its own. */
interface CatalogEntry {
  readonly id: string;
  readonly price?: { readonly provenance: readonly Provenance[] };
  readonly provenance?: readonly Provenance[];
}

/** Looks quantities up and remembers them. */
export class QuantityBook {
  private readonly inputs: ClaimInputs;
  private readonly known = new Map<string, number>();
  /** Names being computed, to find circles. */
  private readonly open: string[] = [];

  constructor(inputs: ClaimInputs) {
    this.inputs = inputs;
  }

  /** The value of a quantity. Throws InputError for an unknown one, one that needs itself, and a catalog field that is no number. */
  value(name: string): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.open.includes(name)) {
      throw new InputError(
        `The quantity "${name}" needs itself: ${[...this.open, name].join(" -> ")}. Break the circle.`,
        { field: `quantities.${name}` },
      );
    }
    this.open.push(name);
    const value = this.compute(this.find(name));
    this.open.pop();
    this.known.set(name, value);
    return value;
  }

  /** The value of a formula; `figures` come before quantities of the same name. */
  evaluate(formula: string, figures: Readonly<Record<string, number>> = {}): number {
    const lookUp: LookUp = (name) =>
      Object.hasOwn(figures, name) ? figures[name] : this.value(name);
    return readFormula(formula).evaluate(lookUp);
  }

  /** The quantities that a formula needs, those behind them included, each once. */
  behind(formula: string): NamedValue[] {
    const found = new Map<string, NamedValue>();
    const visit = (text: string): void => {
      for (const name of readFormula(text).names) {
        if (found.has(name) || !Object.hasOwn(this.inputs.file.quantities, name)) continue;
        found.set(name, this.named(name));
        const quantity = this.find(name);
        if (quantity.kind === "formula") visit(quantity.formula);
      }
    };
    visit(formula);
    return [...found.values()];
  }

  /** A quantity with its unit, meaning and source. */
  named(name: string): NamedValue {
    const quantity = this.find(name);
    const { unit, about } = quantity;
    const formula = quantity.kind === "formula" ? quantity.formula : undefined;
    const provenance = this.provenanceOf(quantity);
    return { name, value: this.value(name), unit, about, formula, provenance };
  }

  private find(name: string): Quantity {
    const { quantities } = this.inputs.file;
    if (Object.hasOwn(quantities, name)) return quantities[name];
    throw unknownName("quantity", name, Object.keys(quantities));
  }

  private compute(quantity: Quantity): number {
    if (quantity.kind === "given") return quantity.value;
    if (quantity.kind === "formula") return this.evaluate(quantity.formula);
    if (quantity.kind === "trace")
      return countTrace(findTrace(this.inputs.traces, quantity.trace), quantity.figure);
    const { list, entry, field } = quantity;
    return numberAt(this.entry(quantity), field, `${list} ${entry}`);
  }

  private provenanceOf(quantity: Quantity): readonly Provenance[] | undefined {
    const { file } = this.inputs;
    if (quantity.kind === "formula") return undefined;
    if (quantity.kind === "given") return [sourceOf(file, quantity.source)];
    if (quantity.kind === "catalog") {
      const { price, provenance } = this.entry(quantity);
      return price?.provenance ?? provenance;
    }
    const { source } = findEntry(file.traces, quantity.trace, "trace");
    return [sourceOf(file, source)];
  }

  private entry({ list, entry }: CatalogQuantity): CatalogEntry {
    return findEntry<CatalogEntry>(this.inputs.catalog[list], entry, list);
  }
}

/** The rows of that trace. Throws InputError with the nearest ids. */
export function findTrace(traces: ClaimInputs["traces"], id: string): TraceColumns {
  const trace = traces.get(id);
  if (trace !== undefined) return trace;
  throw unknownName("trace", id, [...traces.keys()]);
}

/** The source of that key. Throws InputError with the nearest keys. */
export function sourceOf(file: ClaimsFile, key: string): Provenance {
  if (Object.hasOwn(file.sources, key)) return file.sources[key];
  throw unknownName("source", key, Object.keys(file.sources));
}

/** The number at a path like "price.inputUsdPerMTok" or "pools.0.busyFraction". Throws InputError where there is none. */
export function numberAt(from: object, path: string, what: string): number {
  let value: unknown = from;
  for (const key of path.split(".")) {
    const isHolder = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    value = isHolder ? (value as Record<string, unknown>)[key] : undefined;
  }
  if (typeof value === "number") return value;
  throw new InputError(`${what} has no number at "${path}". Correct the path.`, { field: path });
}

function countTrace(trace: TraceColumns, figure: string): number {
  if (figure === "requests") return trace.count;
  return sum(figure === "promptTokens" ? trace.promptTokens : trace.outputTokens);
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
