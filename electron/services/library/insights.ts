/** Use cases that look into a run: requests, flow, routing of one request, figures taken apart. */

import { ServiceError } from "../../../shared/contract/errors.ts";
import type {
  FlowReply,
  LatencyDistribution,
  RequestPage,
  RouteTestReply,
  RunRef,
} from "../../../shared/contract/insightMethods.ts";
import type { CheckedParams } from "../../../shared/contract/methods.ts";
import { decodeWire, encodeWire } from "../../../shared/contract/wire.ts";
import { requireSound } from "../../../shared/planning/checkScenario.ts";
import type { JobRunner } from "../../../shared/planning/jobs/jobs.ts";
import type { RequestColumns } from "../../../shared/planning/points/requestColumns.ts";
import { type PoolLoad, testRoute } from "../../../shared/planning/routing/testRoute.ts";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { explainableFigures, explainFigure } from "../../../shared/reports/explainFigure.ts";
import type { Explanation } from "../../../shared/reports/explanation.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { nearestNames } from "../../../shared/units/nearestNames.ts";
import type { JobHandle } from "../jobDesk.ts";
import { nameOf, scenarioOf } from "./documents.ts";
import type { LibraryPort } from "./libraryPort.ts";
import { latencyDistributions } from "./requestLatencies.ts";
import { decodeRequests, encodeRequests } from "./requestTableFile.ts";
import { pageOf } from "./requestTables.ts";
import type { RunnerOf, RunService } from "./runs.ts";

/** Tables that are kept in memory. */
const keptTables = 2;

/** A run that is looked into: its scenario, the hash of its inputs, what simulates it once more. */
interface Prepared {
  readonly scenario: Scenario;
  readonly key: string;
  readonly runner: JobRunner;
}

/** Looks into runs. */
export class InsightService {
  private readonly library: LibraryPort;
  private readonly now: () => number;
  private readonly runs: RunService;
  private readonly runnerOf: RunnerOf;
  /** By the hash of the run's inputs, newest last. */
  private readonly tables = new Map<string, RequestColumns>();

  constructor(library: LibraryPort, now: () => number, runs: RunService, runnerOf: RunnerOf) {
    this.library = library;
    this.now = now;
    this.runs = runs;
    this.runnerOf = runnerOf;
  }

  async requests(
    params: Omit<CheckedParams<"run.requests">, "job">,
    handle: JobHandle,
  ): Promise<RequestPage> {
    const { run, filter, offset, limit } = params;
    const table = await this.tableOf(await this.prepare(run), handle);
    return pageOf(table, filter, offset, limit);
  }

  async latencies(ref: RunRef, fromS: number, handle: JobHandle): Promise<LatencyDistribution[]> {
    const prepared = await this.prepare(ref);
    return this.once(prepared.key, `latencies/1 ${fromS}`, async () => {
      const table = await this.tableOf(prepared, handle);
      return latencyDistributions(table, prepared.scenario, fromS);
    });
  }

  async flow(ref: RunRef, handle: JobHandle): Promise<FlowReply> {
    const { scenario, key, runner } = await this.prepare(ref);
    return this.once(key, "flow/1", async () => {
      const [flow] = await runner.run("flow", [{ scenario }], watchOf(handle));
      return { ...flow, cells: [...flow.cells], rest: [...flow.rest] };
    });
  }

  /** Throws ProblemsError for a document that cannot run. */
  async routeTest(params: CheckedParams<"run.routeTest">): Promise<RouteTestReply> {
    const { document, request, spentUsd, limitedProviders, load } = params;
    const scenario = scenarioOf(document);
    requireSound(scenario, nameOf(document));
    const shown =
      load === undefined ? {} : loadsAt(scenario, await this.report(load.runId), load.atS);
    const pools = { ...shown, ...params.pools };
    const tested = testRoute(scenario, request, { pools, spentUsd, limitedProviders });
    return {
      ...tested,
      rules: tested.rules.map(({ conditions, guards, ...rule }) => ({
        ...rule,
        conditions: [...conditions],
        guards: [...guards],
      })),
    };
  }

  /** Throws ServiceError (notFound), with the nearest names, for a figure that the run does not have. */
  async explain(runId: string, figure: string) {
    const report = await this.report(runId);
    const found = explainFigure(report, figure);
    if (found !== undefined) return shownExplanation(found);
    const near = nearestNames(figure, explainableFigures(report));
    throw new ServiceError(
      "notFound",
      `The run has no figure "${figure}". Nearest: ${near.slice(0, 5).join(", ") || "none"}.`,
      { field: "figure" },
    );
  }

  async figures(runId: string): Promise<string[]> {
    return explainableFigures(await this.report(runId));
  }

  private async report(runId: string): Promise<RunReport> {
    const { report } = await this.runs.get(runId);
    return report as object as RunReport;
  }

  private async prepare(ref: RunRef): Promise<Prepared> {
    const document = "document" in ref ? ref.document : await this.runs.documentOf(ref.id);
    const scenario = scenarioOf(document);
    requireSound(scenario, nameOf(document));
    const sources = await this.runs.tracesOf(scenario);
    const key = this.runs.inputHash(document, sources.names, 1);
    const runner: JobRunner = this.runnerOf(sources.names, sources.traces);
    return { scenario, key, runner };
  }

  private async tableOf({ scenario, key, runner }: Prepared, handle: JobHandle) {
    const known = this.tables.get(key) ?? (await this.kept(key, "requests", decodeRequests));
    if (known !== undefined) return this.remember(key, known);
    const [table] = await runner.run("requestColumns", [{ scenario }], watchOf(handle));
    this.keep(key, "requests", () => encodeRequests(table));
    return this.remember(key, table);
  }

  /** What was found out about a kept run before; else what `find` finds, kept for the next time. */
  private async once<Found>(key: string, kind: string, find: () => Promise<Found>): Promise<Found> {
    const decode = (bytes: Uint8Array) => decodeWire(Buffer.from(bytes).toString("utf8")) as Found;
    const known = await this.kept(key, kind, decode);
    if (known !== undefined) return known;
    const found = await find();
    this.keep(key, kind, () => Buffer.from(encodeWire(found), "utf8"));
    return found;
  }

  /** Undefined where nothing is kept, or what is kept cannot be read: then it is made again. */
  private async kept<Found>(key: string, kind: string, decode: (bytes: Uint8Array) => Found) {
    try {
      const row = await this.library.findInsight(key, kind);
      return row && decode(await this.library.getBlob(row.blobHash));
    } catch {
      return undefined;
    }
  }

  /** Of a run in the library only: every edit makes another. Nobody waits for it, and what the disk does not take is made again. */
  private keep(inputHash: string, kind: string, encode: () => Uint8Array): void {
    const put = async (): Promise<void> => {
      if ((await this.library.findRun(inputHash)) === undefined) return;
      const bytes = encode();
      const blobHash = await this.library.putBlob(bytes);
      const madeMs = this.now();
      await this.library.putInsight({ inputHash, kind, blobHash, bytes: bytes.length, madeMs });
    };
    void put().catch(() => undefined);
  }

  private remember(key: string, table: RequestColumns): RequestColumns {
    this.tables.delete(key);
    this.tables.set(key, table);
    for (const oldest of this.tables.keys()) {
      if (this.tables.size <= keptTables) break;
      this.tables.delete(oldest);
    }
    return table;
  }
}

function watchOf(handle: JobHandle) {
  return {
    isCancelled: () => handle.isCancelled(),
    onProgress: (share: number) => handle.progress(share * 0.98, "simulating"),
  };
}

/** How busy each pool was in the window of a run that holds a second of it; means over the window and its replicas. */
function loadsAt(scenario: Scenario, { series }: RunReport, atS: number): Record<string, PoolLoad> {
  const window = Math.min(series.windows - 1, Math.floor(atS / series.windowS));
  const loads = scenario.pools.flatMap(({ id, replicas, engine }): [string, PoolLoad][] => {
    const shown = series.pools[id];
    if (shown === undefined) return [];
    const up = Math.max(1, shown.capacity?.up[window] ?? replicas);
    return [
      [
        id,
        {
          waitingPerReplica: shown.waiting[window] / up,
          runningShare: shown.running[window] / (up * engine.maxNumSeqs),
          kvUsage: shown.kvUsage[window],
          estimatedWaitS: 0,
        },
      ],
    ];
  });
  return Object.fromEntries(loads);
}

function shownExplanation(found: Explanation) {
  return {
    ...found,
    notes: [...found.notes],
    terms: found.terms.map(({ provenance, ...term }) => ({
      ...term,
      ...(provenance && { provenance: [...provenance] }),
    })),
  };
}
