/** A fingerprint of the requests of a run, part by part: whether two runs were given the same traffic, and what of it differs. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { nsPerS } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { ColumnFold } from "../columnFold.ts";

/** The parts of traffic that are told apart, as people call them. */
export const trafficParts = [
  "arrivals",
  "token lengths",
  "classes",
  "models",
  "tenants",
  "cached tokens",
  "prompt blocks",
] as const;
export type TrafficPart = (typeof trafficParts)[number];

/** Traffic of one run. Equal parts have equal texts; an empty text where the traffic has no such part. */
export interface TrafficPrint {
  readonly requests: number;
  readonly spanS: number;
  /** Closed-loop clients send when they are answered: their arrivals are part of the answer, not of the traffic. */
  readonly hasClosedLoops: boolean;
  readonly parts: Readonly<Record<TrafficPart, string>>;
}

/** The fingerprint of a workload whose classes have these ids, in order. */
export function printTraffic(workload: Workload, classIds: readonly string[]): TrafficPrint {
  const { promptTokens, outputTokens, classIndex, cachedTokens, prefix } = workload;
  return {
    requests: workload.count,
    spanS: workload.spanNs / nsPerS,
    hasClosedLoops: workload.closedLoops.length > 0,
    parts: {
      arrivals: arrivalsText(workload),
      "token lengths": foldNumbers(promptTokens, outputTokens),
      classes: `${foldNumbers(classIndex)} ${namesText(classIds)}`,
      models: namedText(workload.models, workload.modelIndex),
      tenants: namedText(workload.tenants, workload.tenantIndex),
      "cached tokens": cachedTokens === undefined ? "" : foldNumbers(cachedTokens),
      "prompt blocks": (prefix && foldNumbers(prefix.offsets, prefix.ids, prefix.idTokens)) || "",
    },
  };
}

/** The parts in which two traffics differ, in the order of trafficParts. */
export function differingParts(a: TrafficPrint, b: TrafficPrint): TrafficPart[] {
  return trafficParts.filter((part) => a.parts[part] !== b.parts[part]);
}

function foldNumbers(...columns: (Int32Array | Uint16Array | Uint8Array)[]): string {
  const fold = new ColumnFold();
  for (const column of columns) fold.addNumbers(column);
  return fold.text;
}

function arrivalsText({ arrivalNs, closedLoops }: Workload): string {
  const fold = new ColumnFold();
  fold.addTimes(arrivalNs);
  for (const loop of closedLoops) {
    fold.addTimes(loop.clientStartNs);
    fold.addTimes(loop.thinkNs);
  }
  return fold.text;
}

function namedText(names: readonly string[], index: Int32Array | Uint16Array | undefined): string {
  return index === undefined ? "" : `${foldNumbers(index)} ${namesText(names)}`;
}

function namesText(names: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(names)))).slice(0, 16);
}
