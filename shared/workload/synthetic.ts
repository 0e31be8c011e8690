/** Generated traffic: an arrival process with drawn lengths, or a closed loop of clients. */
import type { Arrivals, ClosedLoopSource, SyntheticSource } from "../schema/traffic.ts";
import { createRandomStream } from "../sim/random.ts";
import { InputError } from "../units/errors.ts";
import { nsPerS, secondsToNs, sPerDay } from "../units/units.ts";
import { generateArrivals } from "./arrivals.ts";
import { drawLengths } from "./lengths.ts";
import { checkSpan, maxTrafficNs } from "./limits.ts";
import { createSampler } from "./sampler.ts";
import type { SourceContext, SourceRequests } from "./sourceRequests.ts";

/** How long a process lasts when nothing says so: a curve once through, a weekly profile one week. */
function naturalSpanS(arrivals: Arrivals): number | undefined {
  if (arrivals.process === "curve") return arrivals.windowS * arrivals.ratesRps.length;
  if (arrivals.process === "weekly") return 7 * sPerDay;
  return undefined;
}

/** The stated or natural end of a source, nanoseconds; Infinity when its number of requests ends it. */
function statedEndNs(source: SyntheticSource, context: SourceContext): number {
  const endS =
    source.durationS ?? (source.requests === undefined ? naturalSpanS(source.arrivals) : undefined);
  if (endS !== undefined) {
    const ns = secondsToNs(endS);
    checkSpan(`The duration of source '${source.id}'`, ns, "durationS");
    return ns;
  }
  if (source.requests !== undefined) return Number.POSITIVE_INFINITY;
  if (context.horizonNs < Number.POSITIVE_INFINITY) return context.horizonNs;
  throw new InputError(
    `Source '${source.id}' says neither how long it lasts nor how many requests it sends; wanted durationS, requests or run.horizonS. Add one of them.`,
    { field: "durationS" },
  );
}

function notesOn(source: SyntheticSource, endNs: number, context: SourceContext): string[] {
  const notes: string[] = [];
  const natural = naturalSpanS(source.arrivals);
  if (source.arrivals.process === "curve" && natural !== undefined && endNs > natural * nsPerS) {
    notes.push(
      `The rate curve of source '${source.id}' lasts ${natural} s and then comes round again.`,
    );
  }
  if (endNs > context.horizonNs && endNs < Number.POSITIVE_INFINITY) {
    notes.push(
      `Source '${source.id}' lasts ${endNs / nsPerS} s; the horizon of ${context.horizonNs / nsPerS} s ends it before.`,
    );
  }
  return notes;
}

function checkReached(source: SyntheticSource, arrivalNs: Float64Array, endNs: number): void {
  const wanted = source.requests ?? 0;
  if (endNs < Number.POSITIVE_INFINITY || arrivalNs.length >= wanted) return;
  const share = Math.max(1, arrivalNs.length) / wanted;
  checkSpan(
    `Sending ${wanted} requests from source '${source.id}'`,
    maxTrafficNs / share,
    "requests",
  );
}

/** Names that one optional name makes. */
function namesOf(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}

/** The requests of a synthetic source. Throws InputError where it has no end, lasts over 104 days or is too large. */
export function buildSynthetic(source: SyntheticSource, context: SourceContext): SourceRequests {
  const statedNs = statedEndNs(source, context);
  const endNs = Math.min(statedNs, context.horizonNs);
  const arrivalNs = generateArrivals(source.arrivals, {
    endNs,
    limit: source.requests ?? Number.POSITIVE_INFINITY,
    secondOfWeek: context.secondOfWeek,
    stream: createRandomStream(context.seed, `arrivals/${source.id}`, context.replication),
    sourceId: source.id,
  });
  checkReached(source, arrivalNs, endNs);
  const count = arrivalNs.length;
  const { promptTokens, outputTokens, notes } = drawLengths(
    source.lengths,
    source.id,
    count,
    context,
  );
  return {
    id: source.id,
    count,
    arrivalNs,
    promptTokens,
    outputTokens,
    models: namesOf(source.model),
    tenants: namesOf(source.tenant),
    spanNs: endNs < Number.POSITIVE_INFINITY ? endNs : (arrivalNs[count - 1] ?? 0),
    notes: [...notes, ...notesOn(source, statedNs, context)],
  };
}

function thinkTimes(source: ClosedLoopSource, context: SourceContext): Float64Array {
  const sampler = createSampler(source.thinkTimeS);
  const stream = createRandomStream(context.seed, `think/${source.id}`, context.replication);
  const thinkNs = new Float64Array(source.requests);
  for (let i = 0; i < thinkNs.length; i++) {
    thinkNs[i] = Math.min(maxTrafficNs, secondsToNs(sampler.quantile(stream.nextUniform())));
  }
  return thinkNs;
}

/** The requests of a closed loop, in the order in which its clients take them. */
export function buildClosedLoop(source: ClosedLoopSource, context: SourceContext): SourceRequests {
  checkSpan(`The stagger of source '${source.id}'`, secondsToNs(source.staggerS), "staggerS");
  const clientStartNs = new Float64Array(source.clients);
  for (let i = 0; i < clientStartNs.length; i++) {
    clientStartNs[i] = secondsToNs((i * source.staggerS) / source.clients);
  }
  return {
    id: source.id,
    count: source.requests,
    ...drawLengths(source.lengths, source.id, source.requests, context),
    models: namesOf(source.model),
    tenants: namesOf(source.tenant),
    loop: { clientStartNs, thinkNs: thinkTimes(source, context) },
    spanNs: 0,
  };
}
