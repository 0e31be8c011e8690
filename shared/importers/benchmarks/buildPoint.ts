/** From what a tool says to a measured point: the checks and the assumptions that all tools share. */
import { InputError } from "../../units/errors.ts";
import type {
  AssumedLoad,
  BenchmarkTool,
  LoadBasis,
  MeasuredLatency,
  MeasuredPoint,
  PointSource,
} from "./measuredPoint.ts";

/** What was read of a point, in milliseconds, tokens and seconds; undefined for what the file does not say. */
export interface RawPoint {
  readonly tool: BenchmarkTool;
  readonly model?: string;
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  readonly concurrency?: number;
  readonly rateRps?: number;
  readonly requests?: number;
  readonly ttftMs?: MeasuredLatency;
  readonly tpotMs?: MeasuredLatency;
  /** Mean. */
  readonly e2eMs?: number;
  readonly outputTokensPerS?: number;
  readonly requestsPerS?: number;
  readonly notes?: readonly string[];
  /** Names of the tool's fields, for messages. */
  readonly fields: Readonly<Record<"promptTokens" | "outputTokens" | "tpotMs", string>>;
}

interface Load {
  readonly concurrency?: number;
  readonly rateRps?: number;
  readonly loadBasis: LoadBasis;
  readonly note?: string;
}

/** Share of the allowed requests in flight from which a load with a rate and a limit counts as held by the limit. */
const heldByLimit = 0.9;

/** The point. Throws InputError that names the field without which it is none. */
export function buildPoint(
  raw: RawPoint,
  assumed: AssumedLoad,
  source: PointSource,
): MeasuredPoint {
  const notes = [...(raw.notes ?? [])];
  const promptTokens = tokens(raw, "promptTokens", assumed.promptTokens, "isl", 1, notes);
  const outputTokens = tokens(raw, "outputTokens", assumed.outputTokens, "osl", 2, notes);
  const tpotMs = requireTpot(raw);
  const requestsPerS = raw.requestsPerS;
  const e2eMs = raw.e2eMs ?? (raw.ttftMs?.mean ?? 0) + (outputTokens - 1) * tpotMs.mean;
  const inFlight = requestsPerS === undefined ? undefined : (requestsPerS * e2eMs) / 1000;
  const { note, ...load } = resolveLoad(raw, assumed, inFlight);
  if (note !== undefined) notes.push(note);
  return {
    tool: raw.tool,
    model: raw.model,
    promptTokens,
    outputTokens,
    ...load,
    requests: raw.requests,
    ttftMs: raw.ttftMs !== undefined && raw.ttftMs.mean > 0 ? raw.ttftMs : undefined,
    tpotMs,
    outputTokensPerS:
      raw.outputTokensPerS ??
      (requestsPerS === undefined ? undefined : requestsPerS * outputTokens),
    requestsPerS,
    notes,
    source,
  };
}

function tokens(
  raw: RawPoint,
  name: "promptTokens" | "outputTokens",
  given: number | undefined,
  option: string,
  least: number,
  notes: string[],
): number {
  const stated = raw[name];
  const words = name === "promptTokens" ? "prompt length" : "output length";
  const value = stated === undefined || stated === 0 ? given : stated;
  if (value === undefined) {
    const field = raw.fields[name];
    throw new InputError(
      `${field}: found ${stated ?? "nothing"}, wanted the mean ${words} in tokens. Give it with --${option} N.`,
      { field },
    );
  }
  if (value !== stated) notes.push(`the ${words} is ${value} tokens, as given`);
  if (Math.round(value) >= least) return value;
  throw new InputError(
    `${raw.fields[name]}: found a mean ${words} of ${value}, wanted at least ${least} token${least === 1 ? "" : "s"}${least === 2 ? ": one output token has no time between tokens" : ""}. Leave the point out.`,
    { field: raw.fields[name] },
  );
}

function requireTpot({ tpotMs, fields }: RawPoint): MeasuredLatency {
  if (tpotMs !== undefined && tpotMs.mean > 0) return tpotMs;
  throw new InputError(
    `${fields.tpotMs}: found ${tpotMs?.mean ?? "nothing"}, wanted the mean time between output tokens, above 0. Run the tool with streaming on and at least two output tokens.`,
    { field: fields.tpotMs },
  );
}

function resolveLoad(raw: RawPoint, assumed: AssumedLoad, inFlight: number | undefined): Load {
  const stated = loadOf(raw, inFlight, "stated");
  if (stated !== undefined) return stated;
  const given = loadOf(assumed, inFlight, "given");
  if (given !== undefined) return given;
  if (inFlight === undefined || inFlight === 0) {
    throw new InputError(
      "The file says neither how many clients there were, nor their rate, nor the throughput. Give --concurrency N or --rate RPS.",
      { field: "concurrency" },
    );
  }
  const concurrency = Math.max(1, Math.round(inFlight));
  return {
    concurrency,
    loadBasis: "estimated",
    note: `the file does not say the load: ${inFlight.toPrecision(3)} requests in flight by Little's law (requests/s x latency), taken as ${concurrency} client${concurrency === 1 ? "" : "s"}; say it with --concurrency N or --rate RPS`,
  };
}

function loadOf(
  { concurrency, rateRps }: AssumedLoad,
  inFlight: number | undefined,
  loadBasis: LoadBasis,
): Load | undefined {
  const clients = concurrency === undefined ? 0 : Math.round(concurrency);
  const hasRate = rateRps !== undefined && rateRps > 0;
  if (clients < 1) return hasRate ? { rateRps, loadBasis } : undefined;
  if (!hasRate) return { concurrency: clients, loadBasis };
  if (inFlight !== undefined && inFlight < heldByLimit * clients) {
    return {
      rateRps,
      loadBasis,
      note: `the limit of ${clients} requests in flight was not reached (${inFlight.toPrecision(3)} on average): taken as arrivals at ${rateRps} requests/s alone`,
    };
  }
  return {
    concurrency: clients,
    loadBasis,
    note: `the limit of ${clients} requests in flight held the rate of ${rateRps} requests/s back: taken as ${clients} clients`,
  };
}
