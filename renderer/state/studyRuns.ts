/** Studies of one scenario: started, followed, cancelled and read back; they go on while other views are looked at. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { ContractError } from "../../shared/contract/errors.ts";
import type { MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { newJob } from "./jobNames.ts";

/** What a study is asked, as the contract takes it. */
export type StudyQuestion = MethodParams<"study.start">["study"];
/** Kinds that the page shows one at a time. */
export type StudyKind = StudyQuestion["kind"];
type StudyAnswer = Omit<MethodResult<"study.start">, "isCached">;

/** One kind of study of a scenario. */
export interface StudyState {
  readonly answer: StudyAnswer | undefined;
  /** The document that the answer is for; undefined for one that the library kept of another document, or of an unknown one. */
  readonly answered: ScenarioDocument | undefined;
  /** Of an answer that the library kept and that is not of a known document: false for one of another document, null where it is not known. */
  readonly isKeptCurrent: false | null | undefined;
  readonly isRunning: boolean;
  readonly share: number;
  readonly etaS: number | undefined;
  readonly text: string | undefined;
  readonly error: ContractError | undefined;
  readonly wasCancelled: boolean;
}

const blank: StudyState = {
  answer: undefined,
  answered: undefined,
  isKeptCurrent: undefined,
  isRunning: false,
  share: 0,
  etaS: undefined,
  text: undefined,
  error: undefined,
  wasCancelled: false,
};

export type StudyStates = Readonly<Partial<Record<StudyKind, StudyState>>>;

/** The state of a kind; blank before its first study. */
export function studyOf(states: StudyStates, kind: StudyKind): StudyState {
  return states[kind] ?? blank;
}

/** Studies of one scenario, one at a time of each kind. */
export class StudyRuns {
  readonly store: StoreApi<StudyStates>;
  private readonly client: Client;
  private readonly scenarioId: string;
  private readonly jobs = new Map<StudyKind, string>();
  private isRead = false;

  constructor(client: Client, scenarioId: string) {
    this.client = client;
    this.scenarioId = scenarioId;
    this.store = createStore<StudyStates>(() => ({}));
    client.on((event) => {
      if (event.kind !== "progress") return;
      for (const [kind, job] of this.jobs) {
        const { share, etaS, text } = event;
        if (job === event.job) this.patch(kind, { share, etaS, text });
      }
    });
  }

  /** Runs a study of the document; one of the same kind that is under way is dropped. */
  async start(study: StudyQuestion, document: ScenarioDocument, isFresh = false): Promise<void> {
    this.cancel(study.kind);
    const { kind } = study;
    const job = newJob(`study-${kind}`);
    this.jobs.set(kind, job);
    const begun = { isRunning: true, share: 0, etaS: undefined, text: undefined };
    this.patch(kind, { ...begun, error: undefined, wasCancelled: false });
    try {
      const scenarios = [{ document }];
      const { scenarioId } = this;
      const params = { job, study, scenarios, scenarioId, isFresh };
      const { study: entry, result } = await this.client.call("study.start", params);
      if (this.jobs.get(kind) !== job) return;
      const answer = { study: entry, result };
      this.end(kind, { answer, answered: document, isKeptCurrent: undefined });
    } catch (error) {
      if (this.jobs.get(kind) === job) this.fail(kind, error);
    }
  }

  /** Ends the study of a kind on the person's wish; what was run is kept for the next time. */
  cancel(kind: StudyKind): void {
    const job = this.jobs.get(kind);
    if (job === undefined) return;
    void this.client.call("job.cancel", { job });
    this.end(kind, { wasCancelled: true });
  }

  /** Reads back the newest kept study of each kind, once; each time, whether the studies in hand are of this document. */
  async readKept(document: ScenarioDocument): Promise<void> {
    if (this.isRead) return this.checkAll(document);
    this.isRead = true;
    const { scenarioId } = this;
    const { studies } = await this.client.call("study.list", { scenarioId });
    const kinds = [...new Set(studies.map(({ kind }) => kind))] as StudyKind[];
    const newest = kinds.map((kind) => studies.find((each) => each.kind === kind));
    await Promise.all(kinds.map((kind, i) => this.readOne(kind, newest[i]?.id ?? "", document)));
  }

  /** An edit and its opposite lead back to a document that has its study already. */
  private async checkAll(document: ScenarioDocument): Promise<void> {
    const states = Object.entries(this.store.getState()) as [StudyKind, StudyState][];
    for (const [kind, { answer, answered }] of states) {
      if (answer === undefined || answered === document) continue;
      await this.readOne(kind, answer.study.id, document);
    }
  }

  private async readOne(kind: StudyKind, id: string, document: ScenarioDocument): Promise<void> {
    const { isCurrent, ...answer } = await this.client.call("study.get", { id, document });
    const { isRunning, answer: known } = studyOf(this.store.getState(), kind);
    if (isRunning || (known !== undefined && known.study.id !== id)) return;
    const of = { answer: known ?? answer };
    if (isCurrent === true) {
      this.patch(kind, { ...of, answered: document, isKeptCurrent: undefined });
    } else if (known === undefined) this.patch(kind, { ...of, isKeptCurrent: isCurrent });
  }

  private fail(kind: StudyKind, error: unknown): void {
    const known = error instanceof CallFailed ? error.error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (known?.code === "cancelled") this.end(kind, { wasCancelled: true });
    else this.end(kind, { error: known ?? { code: "internal", message } });
  }

  private end(kind: StudyKind, patch: Partial<StudyState>): void {
    this.jobs.delete(kind);
    this.patch(kind, { isRunning: false, share: 0, etaS: undefined, text: undefined, ...patch });
  }

  private patch(kind: StudyKind, patch: Partial<StudyState>): void {
    this.store.setState((states) => ({ [kind]: { ...studyOf(states, kind), ...patch } }));
  }
}
