/** What an explained figure is: types and paths. */
import type { Provenance } from "../schema/common.ts";

/** A value that a formula is made of. */
export interface ExplainedTerm {
  readonly label: string;
  readonly value: number | null;
  readonly unit: string;
  /** Path of the figure, where it can be taken apart in turn. */
  readonly figure?: string;
  /** Where it comes from; absent for what the simulation counted. */
  readonly provenance?: readonly Provenance[];
}

/** A figure taken apart. */
export interface Explanation {
  readonly figure: string;
  readonly title: string;
  /** In words and signs, with the labels of the terms. */
  readonly formula: string;
  readonly value: number | null;
  readonly unit: string;
  readonly terms: readonly ExplainedTerm[];
  /** What a reader must know of it: definitions, samples, scaling. */
  readonly notes: readonly string[];
}

/** The path of a figure from its parts. */
export function figurePath(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/%/g, "%25").replace(/\//g, "%2F")).join("/");
}
