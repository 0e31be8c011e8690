/** Fits the host terms of the execution-time model, and what earlier engines did otherwise, to measured serving points, through the engine, and reports errors, fitted and cross-validated: `npm run -s fit:host`; with --write they go into data/catalog/coefficients.json and data/fidelity/fidelityCard.json. Another file of points may be named. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { atomicWriteFile } from "../electron/files/atomicWrite.ts";
import { loadCatalog } from "../electron/services/catalogFiles.ts";
import type { Catalog } from "../shared/catalog/catalog.ts";
import type { HostTerms } from "../shared/planning/benchmark/fitHostTerms.ts";
import { figureColumn, formatTextTable, textColumn } from "../shared/reports/table.ts";
import type { EarlierEngine } from "../shared/schema/catalog.ts";
import type { ErrorPair, ServingGroup } from "../shared/schema/fidelityCard.ts";
import { fitHosts, type HostFit } from "./fit/hostFit.ts";
import { type EarlierFit, fitEarlierEngines } from "./fit/offlineFit.ts";
import {
  leftOutFigures,
  readServingPoints,
  servingGroups,
  servingPart,
  servingPath,
} from "./fit/servingCard.ts";

/** Sets without points of their own take what was fitted to the one that does the same work. */
const heirs: Readonly<Record<string, string>> = { "trtllm-fp8": "trtllm-fp8kv" };

/** What replaces parts of a stored set. */
interface SetUpdate {
  readonly host?: HostTerms;
  readonly earlierEngines?: readonly EarlierEngine[];
}

function updatesOf(hosts: readonly HostFit[], earlier: readonly EarlierFit[]) {
  return (id: string): SetUpdate => {
    const source = heirs[id] ?? id;
    const host = hosts.find(({ setId }) => setId === source)?.host;
    const entry = earlier.find(({ setId }) => setId === source)?.entry;
    return {
      ...(host && { host: rounded(host) }),
      ...(entry && { earlierEngines: [entry] }),
    };
  };
}

function rounded(host: HostTerms): HostTerms {
  const digits = (name: keyof HostTerms): number => Number(host[name].toPrecision(6));
  return {
    gpuScale: digits("gpuScale"),
    oIterUs: digits("oIterUs"),
    oSeqUs: digits("oSeqUs"),
    oTpUs: digits("oTpUs"),
    oReqMs: digits("oReqMs"),
    prefillShare: digits("prefillShare"),
    blockPrefillShare: digits("blockPrefillShare"),
  };
}

function updated(catalog: Catalog, updateOf: (id: string) => SetUpdate): Catalog {
  const coefficients = catalog.coefficients.map((set) => {
    const { host = set.host, earlierEngines = set.earlierEngines } = updateOf(set.id);
    return { ...set, host, earlierEngines: earlierEngines && [...earlierEngines] };
  });
  return { ...catalog, coefficients };
}

function pairText(pair: ErrorPair | null): string {
  return pair === null ? "-" : `${pair.medianPct.toFixed(1)} / ${pair.p90Pct.toFixed(1)}`;
}

function groupTable(groups: readonly ServingGroup[]): string[] {
  return formatTextTable({
    columns: [
      ...["figure", "kind", "backend", "model", "precision"].map(textColumn),
      ...["rows", "fitted %", "cross-validated %", "bar %", "estimator %"].map(figureColumn),
    ],
    rows: groups.map((each) => [
      ...[each.figure, each.kind, each.backend, each.model, each.precision, String(each.rows)],
      ...[each.fitted, each.crossValidated, each.bar, each.estimator].map(pairText),
    ]),
  });
}

interface StoredSet extends SetUpdate {
  readonly id: string;
  readonly backend: string;
  readonly precision: string;
  statedError: string;
}

/** Writes what was fitted into the catalog, and the errors there and into the card. */
function store(updateOf: (id: string) => SetUpdate, groups: ServingGroup[]): void {
  const path = fileURLToPath(new URL("../data/catalog/coefficients.json", import.meta.url));
  const file = JSON.parse(readFileSync(path, "utf8")) as { entries: StoredSet[] };
  for (const entry of file.entries) {
    Object.assign(entry, updateOf(entry.id));
    const [before] = entry.statedError.split(/ Measured serving:| The error of this set against/);
    const source = heirs[entry.id] ?? entry.id;
    const own = groups.filter((each) => each.kind !== "mig_offline" && setOf(each) === source);
    if (own.length === 0) continue;
    entry.statedError = `${before} Measured serving: ${own.map(errorSentence).join("; ")}.`;
  }
  atomicWriteFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
  const cardPath = fileURLToPath(new URL("../data/fidelity/fidelityCard.json", import.meta.url));
  const card = JSON.parse(readFileSync(cardPath, "utf8")) as Record<string, unknown>;
  card.serving = servingPart(groups);
  atomicWriteFile(cardPath, `${JSON.stringify(card, undefined, 2)}\n`);
}

/** TensorRT-LLM keeps an fp8 KV cache under fp8 weights where it may choose, as in all these rows. */
function setOf({ backend, precision }: ServingGroup): string {
  return backend === "trtllm" && precision === "fp8" ? "trtllm-fp8kv" : `${backend}-${precision}`;
}

const figureNames = { tpot: "TPOT", ttft: "TTFT", throughput: "throughput" } as const;

function errorSentence(group: ServingGroup): string {
  const { figure, kind, backend, model, precision, rows, fitted, crossValidated } = group;
  const what = kind === "offline_max" ? "offline maximum" : figureNames[figure];
  const how = crossValidated ? "cross-validated" : "nothing fitted to it";
  return `${what} of ${backend} ${model} ${precision}, ${rows} points, ${how}: ${pairText(crossValidated ?? fitted)} %`;
}

const path = process.argv.slice(2).find((each) => !each.startsWith("--")) ?? servingPath;
const catalog = loadCatalog();
const table = readServingPoints(path);
const hosts = fitHosts(table, catalog);
const withHosts = updated(catalog, updatesOf(hosts, []));
const earlier = fitEarlierEngines(table, withHosts);
const updateOf = updatesOf(hosts, earlier);
const groups = servingGroups(table, updated(catalog, updateOf), leftOutFigures(hosts, earlier));
process.stdout.write(`${groupTable(groups).join("\n")}\n\n`);
for (const { setId } of [...hosts, ...earlier]) {
  process.stdout.write(`${JSON.stringify({ coefficients: setId, ...updateOf(setId) })}\n`);
}
if (process.argv.includes("--write")) store(updateOf, groups);
