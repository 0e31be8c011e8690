/** What a scenario assumes, each with where it comes from: every part of the document that names its sources. */
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { formatGiven, formatNumber } from "../../shared/reports/formatters.ts";

/** One assumption and one of its sources. */
export interface Assumption {
  /** Where it stands in the document; elements of lists by their ids: "pools.own.price". */
  readonly path: string;
  /** What it is of, as a reader calls it: "OpenAI GPT-4.1: price". */
  readonly of: string;
  /** Its figures with their units, beside its first source. */
  readonly figures: string;
  readonly source: string;
  readonly retrievedOn: string;
  readonly basis: string;
  /** Whether it is what something costs. */
  readonly isPrice: boolean;
}

type Entries = Readonly<Record<string, unknown>>;

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const usd = (value: number): string => `$${formatGiven(value, value === 0 ? 0 : 2)}`;
const share = (value: number): string => `${formatGiven(value * 100)} %`;
const given = (value: number): string => formatGiven(value);

/** How figures are written, by the name of their field; others follow their name. */
const figureTexts: Readonly<Record<string, (value: number) => string>> = {
  usdPerGpuHour: (value) => `${usd(value)} a GPU hour`,
  usdPerGpuYear: (value) => `${usd(value)} a GPU and year`,
  usdPerMonth: (value) => `${usd(value)} a month`,
  inputUsdPerMTok: (value) => `${usd(value)} per M input tokens`,
  outputUsdPerMTok: (value) => `${usd(value)} per M output tokens`,
  cachedInputUsdPerMTok: (value) => `${usd(value)} per M cached input tokens`,
  cacheWriteUsdPerMTok: (value) => `${usd(value)} per M tokens written to the cache`,
  batchDiscount: (value) => `${share(value)} off in batch`,
  errorRate: (value) => `${share(value)} of requests fail`,
  tokenizerFactor: (value) =>
    value === 1 ? "tokens as counted" : `${given(value)} times as many tokens`,
  bandwidthBytesPerS: (value) => `${formatNumber(value / 1e12)} TB/s`,
  f16Flops: (value) => `${formatNumber(value / 1e12)} TFLOPS at 16 bit`,
  f8Flops: (value) => `${formatNumber(value / 1e12)} TFLOPS at 8 bit`,
  memoryGib: (value) => `${given(value)} GiB`,
  smCount: (value) => `${given(value)} SMs`,
  layers: (value) => `${given(value)} layers`,
  heads: (value) => `${given(value)} heads`,
  kvHeads: (value) => `${given(value)} KV heads`,
  ttftMedianS: (value) => `first token after ${given(value)} s (median)`,
  ttftPerPromptTokenS: (value) => `${given(value)} s more for each prompt token`,
  ttftSigma: (value) => `spread of it (sigma) ${given(value)}`,
  outputSigma: (value) => `spread of the speed (sigma) ${given(value)}`,
  outputTokensPerS: (value) => `${given(value)} output tokens a second`,
};

/** "ttftPerPromptTokenS" as "ttft per prompt token s". */
function spelled(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** Parts with hundreds of numbers of their own: named, not listed. */
const long = new Set(["coefficients"]);
const mostFigures = 6;

function figuresOf(own: Entries): string {
  const numbers = Object.entries(own).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  // A licence by the year has no fee by the hour: its 0 says nothing.
  const telling = numbers.filter(([key, value]) => value !== 0 || !key.startsWith("usdPer"));
  const listed = (telling.length > 0 ? telling : numbers).map(([key, value]) =>
    Object.hasOwn(figureTexts, key) ? figureTexts[key](value) : `${spelled(key)} ${given(value)}`,
  );
  const more = listed.length > mostFigures ? ` and ${listed.length - mostFigures} more` : "";
  return `${listed.slice(0, mostFigures).join(", ")}${more}`;
}

const partWords: Readonly<Record<string, string>> = {
  coefficients: "fitted times, ",
  rules: "rule ",
};

/** Names of the parts on the way to an assumption, as a reader calls them. */
interface Way {
  readonly path: string;
  readonly of: string;
}

function sourcesOf(own: Entries, { path, of }: Way): Assumption[] {
  if (!Array.isArray(own.provenance)) return [];
  const [root] = path.split(".");
  const isLong = long.has(root);
  const isPrice = /(^|\.)price(\.|$)/.test(path) || root === "licences" || root === "fixedCosts";
  return own.provenance.filter(isEntries).map((each, i) => ({
    ...{ path, of, isPrice },
    figures:
      i > 0
        ? ""
        : isLong
          ? begun(String(own.statedError ?? "fitted coefficients"))
          : figuresOf(own),
    source: String(each.source ?? "no source"),
    retrievedOn: String(each.retrievedOn ?? "no date"),
    basis: String(each.basis ?? "not said"),
  }));
}

/** The beginning of a long statement; the whole stands in the scenario's file. */
function begun(statement: string): string {
  const end = statement.indexOf(";", 60);
  return end < 0 ? statement : `${statement.slice(0, end)} …`;
}

function nameOf(element: Entries): string | undefined {
  const name = [element.name, element.label, element.id].find((each) => typeof each === "string");
  return name as string | undefined;
}

function elementWay(list: string, { path, of }: Way, element: unknown, index: number): Way {
  const id = isEntries(element) && typeof element.id === "string" ? element.id : undefined;
  const name = (isEntries(element) ? nameOf(element) : undefined) ?? `${of} ${index + 1}`;
  return {
    path: id === undefined ? `${path}[${index}]` : `${path}.${id}`,
    of: `${partWords[list] ?? ""}${name}`,
  };
}

/** In the order of the document. */
export function assumptionsOf(document: ScenarioDocument): Assumption[] {
  const found: Assumption[] = [];
  const visit = (way: Way, value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      value.forEach((each, i) => void visit(elementWay(key, way, each, i), each, ""));
    } else if (isEntries(value)) {
      found.push(...sourcesOf(value, way));
      for (const [inner, each] of Object.entries(value)) {
        if (inner === "provenance") continue;
        const path = way.path === "" ? inner : `${way.path}.${inner}`;
        const of = way.of === "" ? inner : `${way.of}: ${spelled(inner)}`;
        visit({ path, of }, each, inner);
      }
    }
  };
  visit({ path: "", of: "" }, document, "");
  return found;
}
