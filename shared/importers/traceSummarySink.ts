import { tagsOf } from "../schema/rowTags.ts";
import { ArrivalOrder } from "./arrivalOrder.ts";
import type { ImportResult } from "./importResult.ts";
import { RateWindows } from "./rateWindows.ts";
import type { RowSink } from "./rowSink.ts";
import { TokenHistogram, type TokenQuantiles } from "./tokenHistogram.ts";

/** What one model of a trace was asked. */
export interface ModelSummary {
  readonly model: string;
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** What the requests with one tag asked for; a request with several counts at each of them. */
export interface TagSummary {
  readonly tag: string;
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** What a cache without limits could have reused, by the longest prefix of ids seen in rows above. */
export interface PrefixSummary {
  /** Prompt tokens in reusable blocks, and their share of all prompt tokens (0..1). */
  readonly reusableTokens: number;
  readonly reusableTokenShare: number;
  readonly blocks: number;
  readonly uniqueBlocks: number;
  readonly reusableBlockShare: number;
  readonly blockTokens: number;
}

/** The figures of a trace. Rates are requests per second; quantiles are exact below 2^20 tokens. */
export interface TraceSummary {
  readonly rows: number;
  readonly totals: {
    readonly promptTokens: number;
    readonly outputTokens: number;
    readonly cachedTokens?: number;
  };
  /** First to last arrival. */
  readonly durationS: number;
  /** Rows / durationS; undefined when all rows arrive at once. */
  readonly meanRps: number | undefined;
  /** Highest rates in windows on end from the first arrival; undefined for traces longer than 194 days. */
  readonly peakRps: {
    readonly in1S: number | undefined;
    readonly in10S: number | undefined;
    readonly in60S: number | undefined;
  };
  /** Of the counts per minute. */
  readonly minuteCountCv: number | undefined;
  /** Of the gaps between arrivals; undefined for unsorted traces. */
  readonly interArrivalCv: number | undefined;
  readonly promptTokens: TokenQuantiles | undefined;
  readonly outputTokens: TokenQuantiles | undefined;
  readonly zeroPromptRows: number;
  readonly zeroOutputRows: number;
  readonly sorted: boolean;
  /** Rows that arrived before the row above them. */
  readonly outOfOrder: number;
  /** Rows with the very arrival of the row above them. */
  readonly duplicateTimes: number;
  readonly tickS: number | undefined;
  readonly firstArrival:
    | { readonly kind: "calendar"; readonly epochMs: number; readonly zone: "utc" | "assumedUtc" }
    | { readonly kind: "relative" };
  readonly models: readonly ModelSummary[];
  readonly tenants: number;
  readonly tags: readonly TagSummary[];
  readonly prefix: PrefixSummary | undefined;
}

function rowsHave(rows: number): string {
  return rows === 1 ? "1 row has" : `${rows} rows have`;
}

interface NameSums {
  requests: number;
  promptTokens: number;
  outputTokens: number;
}

function addTo(sums: NameSums[], index: number, promptTokens: number, outputTokens: number): void {
  while (sums.length <= index) sums.push({ requests: 0, promptTokens: 0, outputTokens: 0 });
  const own = sums[index];
  own.requests += 1;
  own.promptTokens += promptTokens;
  own.outputTokens += outputTokens;
}

/** Sums by cell, a cell being one tag or a list of them, as sums by tag, in order of first appearance. */
function tagSummaries(cells: readonly NameSums[], texts: readonly string[]): TagSummary[] {
  const byTag = new Map<string, NameSums>();
  cells.forEach((sums, cell) => {
    for (const tag of tagsOf(texts[cell])) {
      const own = byTag.get(tag) ?? { requests: 0, promptTokens: 0, outputTokens: 0 };
      own.requests += sums.requests;
      own.promptTokens += sums.promptTokens;
      own.outputTokens += sums.outputTokens;
      byTag.set(tag, own);
    }
  });
  return [...byTag].map(([tag, sums]) => ({ tag, ...sums }));
}

/** Sums up a trace of any length in constant memory (apart from names and one second's count for each second of the trace). */
export class TraceSummarySink implements RowSink {
  private readonly prompt = new TokenHistogram();
  private readonly output = new TokenHistogram();
  private readonly order = new ArrivalOrder();
  private readonly windows = new RateWindows();
  private baseS = 0;
  private firstNs = 0;
  private minNs = 0;
  private maxNs = 0;
  private lastNs = 0;
  private gapSum = 0;
  private gapSquares = 0;
  private cachedTokens = 0;
  private hasCached = false;
  private promptOfLast = 0;
  private readonly byModel: NameSums[] = [];
  private readonly byTagCell: NameSums[] = [];
  private blocks = 0;
  private reusableBlocks = 0;
  private reusableTokens = 0;
  private uniqueBlocks = 0;
  private blockTokens = 0;

  addRow(
    timeS: number,
    timeNs: number,
    promptTokens: number,
    outputTokens: number,
    cachedTokens: number,
    _failed: number,
    modelIndex: number,
    _tenantIndex: number,
    tagIndex: number,
  ): void {
    this.addArrival(timeS, timeNs);
    this.prompt.add(promptTokens);
    this.output.add(outputTokens);
    this.promptOfLast = promptTokens;
    if (cachedTokens >= 0) {
      this.hasCached = true;
      this.cachedTokens += cachedTokens;
    }
    if (modelIndex >= 0) addTo(this.byModel, modelIndex, promptTokens, outputTokens);
    if (tagIndex >= 0) addTo(this.byTagCell, tagIndex, promptTokens, outputTokens);
  }

  addPrefix(ids: Int32Array, length: number, blockTokens: number): void {
    // Ids are dense in order of first appearance: an id is known exactly when it is below the count so far.
    let known = 0;
    while (known < length && ids[known] < this.uniqueBlocks) known += 1;
    for (let i = known; i < length; i += 1) {
      if (ids[i] >= this.uniqueBlocks) this.uniqueBlocks = ids[i] + 1;
    }
    this.blocks += length;
    this.reusableBlocks += known;
    this.reusableTokens += Math.min(known * blockTokens, this.promptOfLast);
    this.blockTokens = blockTokens;
  }

  notes(): string[] {
    const { order, output, prompt } = this;
    const notes = order.tickNotes();
    if (!order.isSorted) {
      notes.push(
        `Arrivals are not in order: ${order.outOfOrder} rows arrived before the row above them. A simulation sorts them; the variation of gaps is not given here.`,
      );
    }
    if (output.zeros > 0) notes.push(`${rowsHave(output.zeros)} 0 output tokens.`);
    if (prompt.zeros > 0) notes.push(`${rowsHave(prompt.zeros)} 0 prompt tokens.`);
    return notes;
  }

  /** The figures of all rows added, under the names and the clock of the import's result. */
  summary(result: Pick<ImportResult, "clock" | "models" | "tenants" | "tags">): TraceSummary {
    const { prompt, output, order, windows } = this;
    const durationS = (this.maxNs - this.minNs) / 1e9;
    return {
      rows: order.count,
      totals: {
        promptTokens: prompt.total,
        outputTokens: output.total,
        ...(this.hasCached ? { cachedTokens: this.cachedTokens } : {}),
      },
      durationS,
      meanRps: durationS > 0 ? order.count / durationS : undefined,
      peakRps: {
        in1S: windows.peakRps(1),
        in10S: windows.peakRps(10),
        in60S: windows.peakRps(60),
      },
      minuteCountCv: windows.countCv(60),
      interArrivalCv: this.interArrivalCv(),
      promptTokens: prompt.quantiles(),
      outputTokens: output.quantiles(),
      zeroPromptRows: prompt.zeros,
      zeroOutputRows: output.zeros,
      sorted: order.isSorted,
      outOfOrder: order.outOfOrder,
      duplicateTimes: order.duplicates,
      tickS: order.tickS,
      firstArrival:
        result.clock.kind === "relative"
          ? { kind: "relative" }
          : { ...result.clock, epochMs: this.baseS * 1000 + this.minNs / 1e6 },
      models: this.byModel.map((sums, i) => ({ model: result.models[i], ...sums })),
      tenants: result.tenants.length,
      tags: tagSummaries(this.byTagCell, result.tags),
      prefix: this.prefixSummary(),
    };
  }

  private addArrival(timeS: number, timeNs: number): void {
    const isFirst = this.order.count === 0;
    if (isFirst) this.baseS = timeS;
    const arrivalNs = (timeS - this.baseS) * 1e9 + timeNs;
    if (isFirst) {
      this.firstNs = arrivalNs;
      this.minNs = arrivalNs;
      this.maxNs = arrivalNs;
      this.lastNs = arrivalNs;
    }
    const gapS = (arrivalNs - this.lastNs) / 1e9;
    this.lastNs = arrivalNs;
    this.gapSum += gapS;
    this.gapSquares += gapS * gapS;
    if (arrivalNs < this.minNs) this.minNs = arrivalNs;
    if (arrivalNs > this.maxNs) this.maxNs = arrivalNs;
    this.order.add(arrivalNs);
    this.windows.add(arrivalNs - this.firstNs);
  }

  private interArrivalCv(): number | undefined {
    const gaps = this.order.count - 1;
    if (!this.order.isSorted || gaps < 2 || this.gapSum === 0) return undefined;
    const mean = this.gapSum / gaps;
    return Math.sqrt(Math.max(0, this.gapSquares / gaps - mean * mean)) / mean;
  }

  private prefixSummary(): PrefixSummary | undefined {
    if (this.blocks === 0) return undefined;
    return {
      reusableTokens: this.reusableTokens,
      reusableTokenShare: this.reusableTokens / this.prompt.total,
      blocks: this.blocks,
      uniqueBlocks: this.uniqueBlocks,
      reusableBlockShare: this.reusableBlocks / this.blocks,
      blockTokens: this.blockTokens,
    };
  }
}
