/** Scenario documents between plain objects, blobs and checked scenarios. */
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { ScenarioSummary } from "../../../shared/contract/scenarioMethods.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";

/** Whether a document can be kept: it is a scenario by its format and version, whatever its fields say. A person's half-done work is kept too. */
export function refuseOtherDocument(document: ScenarioDocument): void {
  const { format, version } = document;
  if (format === "crossover-scenario" && typeof version === "number") return;
  throw new InputError(
    `The document is no Crossover scenario: its format is ${JSON.stringify(format) ?? "missing"}, wanted "crossover-scenario" and a version.`,
    { field: "format" },
  );
}

/** Bytes that a document is kept as: canonical, so that equal documents are one file. */
export function documentBytes(document: ScenarioDocument): Uint8Array {
  return Buffer.from(canonicalJson(document), "utf8");
}

/** The document that bytes of the library hold. */
export function documentOf(bytes: Uint8Array): ScenarioDocument {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as ScenarioDocument;
}

/** The checked scenario of a document; throws InputError or ProblemsError as for a file. */
export function scenarioOf(document: ScenarioDocument): Scenario {
  return parseScenario(JSON.stringify(document), nameOf(document)).scenario;
}

/** The name that a document gives itself, or words in its place. */
export function nameOf(document: ScenarioDocument): string {
  const { name } = document;
  return typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 200) : "Untitled";
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === "object" && each !== null);
}

function count(value: unknown, fallback: number): number {
  return typeof value === "number" && value >= 0 && value < Infinity ? value : fallback;
}

/** What lists show of a document, even of one that has problems. */
export function summarise(document: ScenarioDocument): ScenarioSummary {
  const pools = listOf(document.pools);
  const whole = pools.filter((pool) => pool.partition === undefined);
  const traffic = (document.traffic ?? {}) as Record<string, unknown>;
  const gpus =
    whole.reduce((sum, p) => sum + count(p.replicas, 1) * count(p.tensorParallel, 1), 0) +
    listOf(document.partitions).reduce((sum, p) => sum + count(p.gpus, 1), 0);
  return {
    gpus,
    pools: pools.length,
    providers: listOf(document.providers).map(({ name, id }) => String(name ?? id)),
    sources: listOf(traffic.sources).map(({ id }) => String(id)),
  };
}
