/** Token lengths of generated requests: two independent draws, or whole rows drawn from a trace. */
import type { Lengths } from "../schema/traffic.ts";
import { createRandomStream, type RandomStream } from "../sim/random.ts";
import type { Sampler } from "../sim/variates.ts";
import { InputError } from "../units/errors.ts";
import { maxTokens, wholeTokens } from "./limits.ts";
import { createSampler } from "./sampler.ts";
import type { LengthRows, SourceContext } from "./sourceRequests.ts";

function drawTokens(sampler: Sampler, stream: RandomStream, count: number): Int32Array {
  const tokens = new Int32Array(count);
  for (let i = 0; i < count; i++) tokens[i] = wholeTokens(sampler.quantile(stream.nextUniform()));
  return tokens;
}

/** Rows drawn with equal chance, with replacement: prompt and output stay together. */
function drawRows(rows: LengthRows, stream: RandomStream, count: number): LengthRows {
  const n = rows.promptTokens.length;
  const promptTokens = new Int32Array(count);
  const outputTokens = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const row = Math.min(n - 1, Math.floor(stream.nextUniform() * n));
    promptTokens[i] = wholeTokens(rows.promptTokens[row]!);
    outputTokens[i] = wholeTokens(rows.outputTokens[row]!);
  }
  return { promptTokens, outputTokens };
}

function noteOnCuts(rows: LengthRows, sourceId: string): string[] {
  let cut = 0;
  for (const column of [rows.promptTokens, rows.outputTokens]) {
    for (let i = 0; i < column.length; i++) if (column[i] === maxTokens) cut++;
  }
  if (cut === 0) return [];
  return [`${cut} lengths of source '${sourceId}' were drawn above 100,000,000 tokens and cut.`];
}

/**
 * Prompt and output tokens of `count` requests of a source: whole, at least 1 each.
 * Streams: prompt/<source> and output/<source>; a joint draw takes one uniform of prompt/<source> a request.
 */
export function drawLengths(
  lengths: Lengths,
  sourceId: string,
  count: number,
  context: SourceContext,
): LengthRows & { readonly notes: readonly string[] } {
  const stream = (purpose: string): RandomStream =>
    createRandomStream(context.seed, `${purpose}/${sourceId}`, context.replication);
  if ("fromTrace" in lengths) {
    const rows = context.lengthsOfTrace(String(lengths.fromTrace));
    if (rows.promptTokens.length === 0) {
      throw new InputError(
        `Source '${sourceId}' draws its lengths from trace '${lengths.fromTrace}', which has no rows. Load a trace with at least one row.`,
      );
    }
    return { ...drawRows(rows, stream("prompt"), count), notes: [] };
  }
  const drawn = {
    promptTokens: drawTokens(createSampler(lengths.prompt), stream("prompt"), count),
    outputTokens: drawTokens(createSampler(lengths.output), stream("output"), count),
  };
  return { ...drawn, notes: noteOnCuts(drawn, sourceId) };
}
