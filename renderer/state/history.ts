/** Undo and redo as named steps: what each one changed, forwards and backwards. */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from "immer";

enablePatches();

/** One undoable step. */
interface Step {
  /** What it did, for the menu: "change GPU count". */
  readonly name: string;
  readonly forwards: readonly Patch[];
  readonly backwards: readonly Patch[];
  /** Steps that follow one another under the same key become one: a slider's drag, a word being typed. */
  readonly key: string | undefined;
}

/** A value with its past and its undone future. */
export interface History<Value> {
  readonly value: Value;
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

const keptSteps = 500;

/** A value without a past. */
export function startHistory<Value>(value: Value): History<Value> {
  return { value, done: [], undone: [] };
}

/** Changes the value in one named step; an edit that changes nothing is none. */
export function edit<Value extends object>(
  history: History<Value>,
  name: string,
  recipe: (draft: Value) => void,
  key?: string,
): History<Value> {
  const [value, forwards, backwards] = produceWithPatches(history.value, (draft) => {
    recipe(draft as Value);
  });
  if (forwards.length === 0) return history;
  const last = history.done[history.done.length - 1];
  const isJoined = key !== undefined && last?.key === key && history.undone.length === 0;
  const step = isJoined
    ? {
        ...last,
        forwards: [...last.forwards, ...forwards],
        backwards: [...backwards, ...last.backwards],
      }
    : { name, forwards, backwards, key };
  const before = isJoined ? history.done.slice(0, -1) : history.done.slice(-keptSteps + 1);
  return { value, done: [...before, step], undone: [] };
}

/** Ends a row of joined steps: the next edit under the same key is a step of its own. */
export function seal<Value>(history: History<Value>): History<Value> {
  const last = history.done[history.done.length - 1];
  if (last?.key === undefined) return history;
  return { ...history, done: [...history.done.slice(0, -1), { ...last, key: undefined }] };
}

/** One step back; the same history where there is none. */
export function undo<Value extends object>(history: History<Value>): History<Value> {
  const step = history.done[history.done.length - 1];
  if (step === undefined) return history;
  return {
    value: applyPatches(history.value, [...step.backwards]),
    done: history.done.slice(0, -1),
    undone: [...history.undone, step],
  };
}

/** One step forward again; the same history where there is none. */
export function redo<Value extends object>(history: History<Value>): History<Value> {
  const step = history.undone[history.undone.length - 1];
  if (step === undefined) return history;
  return {
    value: applyPatches(history.value, [...step.forwards]),
    done: [...history.done, step],
    undone: history.undone.slice(0, -1),
  };
}

/** What the next undo and redo would do, in words; undefined where there is nothing. */
export function stepNames<Value>(history: History<Value>): { undo?: string; redo?: string } {
  const { done, undone } = history;
  return {
    ...(done.length > 0 && { undo: done[done.length - 1].name }),
    ...(undone.length > 0 && { redo: undone[undone.length - 1].name }),
  };
}
