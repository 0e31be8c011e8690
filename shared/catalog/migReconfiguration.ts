/** How long a GPU is out of service while its MIG layout is changed. */
import type { Provenance } from "../schema/common.ts";
import { InputError } from "../units/errors.ts";

/** What the instances are doing, and how long the change itself takes. */
export interface MigReconfigurationInput {
  /** Output tokens that each running request still has to make; waiting ones go elsewhere. */
  readonly remainingOutputTokens: readonly number[];
  /** Seconds per output token while they end; that of the load before the drain is on the safe side, as batches only shrink. */
  readonly tpotS: number;
  /** Seconds that clearing and creating instances takes (mig-parted), and where that figure comes from; it varies with the node. */
  readonly reconfigure: { readonly seconds: number; readonly provenance: Provenance };
}

/** Seconds without new requests, in parts, and what they rest on. */
export interface MigReconfiguration {
  readonly drainS: number;
  readonly reconfigureS: number;
  readonly outOfServiceS: number;
  readonly basis: readonly string[];
}

/**
 * Drain, clear, create anew: the plan that always works, whatever the placements are now; the whole GPU drains, also instances
 * of which the new layout has as many. drainS is at most the longest remaining output x tpotS. Loading weights afterwards is the start of a
 * replica and not counted here. Throws InputError for a negative or endless figure.
 */
export function estimateMigReconfiguration(input: MigReconfigurationInput): MigReconfiguration {
  const { remainingOutputTokens, tpotS, reconfigure } = input;
  for (const tokens of remainingOutputTokens) check("remainingOutputTokens", tokens);
  check("tpotS", tpotS);
  check("reconfigure.seconds", reconfigure.seconds);
  const longest = remainingOutputTokens.reduce((most, tokens) => Math.max(most, tokens), 0);
  const drainS = longest * tpotS;
  const { source, retrievedOn, basis } = reconfigure.provenance;
  return {
    drainS,
    reconfigureS: reconfigure.seconds,
    outOfServiceS: drainS + reconfigure.seconds,
    basis: [
      `drain: until the running requests end, at most ${longest} tokens x ${tpotS} s; no new ones are taken`,
      `reconfiguration: ${reconfigure.seconds} s, ${basis} (${source}, ${retrievedOn})`,
    ],
  };
}

function check(field: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new InputError(`${field} is ${value}. Wanted a number from 0 on; correct it.`, { field });
}
