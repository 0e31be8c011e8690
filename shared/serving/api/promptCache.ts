/** A provider's prompt cache: a stated share, the hash chain with a time to live, or what the trace itself says was cached. */
import type { Provider } from "../../schema/routing.ts";
import type { Workload } from "../../workload/workload.ts";

/** Decides how many prompt tokens of a request are billed as cached. Never silently zero: a note says when nothing is known. */
export class PromptCache {
  /** Tokens that the last request newly wrote to the cache. */
  lastWrittenTokens = 0;
  private readonly workload: Workload;
  private readonly statedShare: number;
  private readonly ttlNs: number;
  private readonly minTokens: number;
  private readonly expiryNs: Float64Array;

  constructor(rule: Provider["promptCache"], workload: Workload) {
    this.workload = workload;
    const isStated = "share" in rule && typeof rule.share === "number";
    this.statedShare = isStated ? (rule.share as number) : 0;
    this.ttlNs = isStated ? 0 : (rule.ttlS as number) * 1e9;
    this.minTokens = isStated ? 0 : (rule.minTokens as number);
    const ids = this.ttlNs > 0 ? (workload.prefix?.idTokens.length ?? 0) : 0;
    this.expiryNs = new Float64Array(ids).fill(-1);
  }

  /** Prompt tokens of this request found in the cache at nowNs; the request's chain is in the cache afterwards. */
  hitTokens(request: number, nowNs: number): number {
    const { workload } = this;
    const prompt = workload.promptTokens[request];
    this.lastWrittenTokens = 0;
    if (this.statedShare > 0) return Math.round(this.statedShare * prompt);
    if (workload.cachedTokens !== undefined) {
      return Math.min(prompt, workload.cachedTokens[request]);
    }
    if (this.expiryNs.length === 0 || workload.prefix === undefined) return 0;
    return this.walk(request, prompt, nowNs);
  }

  /**
   * OpenAI caches "prompts containing 1024 tokens or more"; Anthropic: shorter prompts "cannot be cached, even if marked" and are
   * "processed without caching" (both providers' guides to prompt caching). A shorter one therefore neither hits nor writes:
   * a later long prompt pays for its own write.
   */
  private walk(request: number, prompt: number, nowNs: number): number {
    const length = this.cacheableTokens(request, prompt);
    if (length < this.minTokens) return 0;
    const hit = this.mark(request, prompt, nowNs);
    const counted = hit < this.minTokens ? 0 : hit;
    this.lastWrittenTokens = length - counted;
    return counted;
  }

  /** Tokens of the prompt that its chain covers. */
  private cacheableTokens(request: number, prompt: number): number {
    const { offsets, ids, idTokens } = this.workload.prefix!;
    let position = 0;
    for (let at = offsets[request]; at < offsets[request + 1] && position < prompt; at++) {
      position += idTokens[ids[at]];
    }
    return Math.min(position, prompt);
  }

  /** Renews or writes every block of the chain; the tokens of those that were there from the start of the prompt on. */
  private mark(request: number, prompt: number, nowNs: number): number {
    const { offsets, ids, idTokens } = this.workload.prefix!;
    let position = 0;
    let hit = 0;
    let isKnown = true;
    for (let at = offsets[request]; at < offsets[request + 1] && position < prompt; at++) {
      const id = ids[at];
      isKnown = isKnown && this.expiryNs[id] >= nowNs;
      position += Math.min(idTokens[id], prompt - position);
      if (isKnown) hit = position;
      this.expiryNs[id] = nowNs + this.ttlNs;
    }
    return hit;
  }
}
