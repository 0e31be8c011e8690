/** A study as the thread that runs it is given it: checked scenarios with their traces, and what is asked. */
import type { StudySpec } from "../../../shared/contract/studyMethods.ts";
import type { JobRunner } from "../../../shared/planning/jobs/jobs.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";

/** A scenario of a study. It is sound. */
export interface StudyScenario {
  /** What it is called in the result. */
  readonly label: string;
  readonly scenario: Scenario;
  /** By source id; a trace that several scenarios play is one object. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
  readonly warnings: readonly string[];
}

/** What is to be run. */
export interface StudyTask {
  readonly spec: StudySpec;
  readonly name: string;
  readonly scenarios: readonly StudyScenario[];
}

/** What a study runs with. */
export interface StudyHost {
  /** A runner over traces by the names that jobs give them. */
  runnerOver(traces: ReadonlyMap<string, TraceColumns>): JobRunner;
  isCancelled(): boolean;
  /** 0..1 of the whole. */
  onProgress(share: number): void;
  /** Milliseconds. */
  now(): number;
  /** Lets messages in. */
  pause(): Promise<void>;
}

/** Watches one part, [from, to] of the whole. */
export function watchPart(host: StudyHost, [from, to]: readonly [number, number] = [0, 1]) {
  return {
    isCancelled: () => host.isCancelled(),
    onProgress: (share: number) => host.onProgress(from + (to - from) * share),
  };
}
