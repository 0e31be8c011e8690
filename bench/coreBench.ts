/** Core on a library of its own, for measuring what a host asks of it, and for filling a library that a window then opens. */
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore } from "../electron/core/createCore.ts";
import type { Reply } from "../shared/contract/errors.ts";
import type { MethodName, MethodParams, MethodResult } from "../shared/contract/methods.ts";
import type { Scenario } from "../shared/schema/scenario.ts";
import { buildWorkload } from "../shared/workload/buildWorkload.ts";

/** A scenario as a file holds it. */
export type LoadDocument = Record<string, unknown>;

export class CoreBench {
  /** The library's folder; `remove` deletes it. */
  readonly folder = mkdtempSync(join(tmpdir(), "crossover-bench-"));
  private readonly core: Core;

  constructor() {
    this.core = createCore({
      ...{ host: "cli", version: "bench", isPackaged: false, dataFolder: this.folder, workers: 2 },
      log: (error) => console.error(error),
    });
  }

  /** Throws what core refuses. */
  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    const reply = await this.core.call(name, params, { host: "cli", id: "bench" });
    const known = reply as Reply<MethodResult<Name>>;
    if (!known.ok) throw new Error(known.error.message);
    return known.value;
  }

  /** The load's scenario over the imported trace of its requests. */
  async onTrace(scenario: Scenario): Promise<LoadDocument> {
    const path = join(this.folder, "made.csv");
    await writeTrace(scenario, path);
    const { token } = this.core.files.offer({ path, name: "made.csv", bytes: 1, use: "read" });
    const { trace } = await this.call("trace.import", { job: "import", file: token });
    const source = { id: "load", kind: "trace", file: "made.csv", sha256: trace.sha256 };
    const { traffic } = scenario;
    return JSON.parse(JSON.stringify({ ...scenario, traffic: { ...traffic, sources: [source] } }));
  }

  /** Ends core and leaves the library for a host to open. */
  async close(): Promise<void> {
    await this.core.close();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes the requests of a made load as a trace file. */
async function writeTrace(scenario: Scenario, path: string): Promise<void> {
  const { traffic, clock, seed } = scenario;
  const made = buildWorkload({ traffic, clock, seed, traces: new Map(), replication: 0 });
  const row = (i: number): string =>
    `${made.arrivalNs[i] / 1e9},${made.promptTokens[i]},${made.outputTokens[i]}\n`;
  await writeRows(path, "arrival_s,prompt_tokens,output_tokens\n", made.count, row);
}

/** Writes a text file row by row. */
export async function writeRows(
  path: string,
  head: string,
  count: number,
  row: (i: number) => string,
): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(head);
  for (let from = 0; from < count; from += 10_000) {
    const rows: string[] = [];
    for (let i = from; i < Math.min(count, from + 10_000); i++) rows.push(row(i));
    if (!stream.write(rows.join(""))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}
