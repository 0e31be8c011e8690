import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantError } from "../units/errors.ts";
import { type EventHandler, Simulator } from "./simulator.ts";

type Seen = readonly [kind: string, id: number, timeNs: number];

/** Writes down every event; a slot's event clears the slot. */
class Recorder implements EventHandler {
  readonly seen: Seen[] = [];
  readonly simulator: Simulator;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  onArrival(index: number, nowNs: number): void {
    this.seen.push(["arrival", index, nowNs]);
  }

  onTimer(_kind: number, payload: number, nowNs: number): void {
    this.seen.push(["timer", payload, nowNs]);
  }

  onSlot(slot: number, nowNs: number): void {
    this.seen.push(["slot", slot, nowNs]);
    this.simulator.slots.set(slot, Number.POSITIVE_INFINITY);
  }
}

const timesArbitrary = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 });

function prepared(
  arrivals: readonly number[],
  timers: readonly number[],
  slots: readonly number[],
) {
  const sorted = [...arrivals].sort((a, b) => a - b);
  const simulator = new Simulator(Float64Array.from(sorted), sorted.length, slots.length);
  for (const [payload, timeNs] of timers.entries()) simulator.timers.add(timeNs, 0, 0, payload);
  for (const [slot, timeNs] of slots.entries()) simulator.slots.set(slot, timeNs);
  const ranks = { timer: 0, arrival: 1, slot: 2 } as const;
  const wanted = [
    ...timers.map((timeNs, id) => ({ kind: "timer" as const, id, timeNs })),
    ...sorted.map((timeNs, id) => ({ kind: "arrival" as const, id, timeNs })),
    ...slots.map((timeNs, id) => ({ kind: "slot" as const, id, timeNs })),
  ].sort((a, b) => a.timeNs - b.timeNs || ranks[a.kind] - ranks[b.kind] || a.id - b.id);
  return {
    simulator,
    recorder: new Recorder(simulator),
    wanted: wanted.map(({ kind, id, timeNs }): Seen => [kind, id, timeNs]),
  };
}

describe("Simulator", () => {
  test("events run by time; at equal times timers, then arrivals, then slots", () => {
    fc.assert(
      fc.property(timesArbitrary, timesArbitrary, timesArbitrary, (arrivals, timers, slots) => {
        const { simulator, recorder, wanted } = prepared(arrivals, timers, slots);
        expect(simulator.run(recorder, Number.POSITIVE_INFINITY)).toBe(false);
        expect(recorder.seen).toEqual(wanted);
        expect(simulator.eventCount).toBe(wanted.length);
        expect(simulator.arrivedCount).toBe(arrivals.length);
      }),
    );
  });

  test("running in pieces of any size runs the same events", () => {
    fc.assert(
      fc.property(
        timesArbitrary,
        timesArbitrary,
        timesArbitrary,
        fc.integer({ min: 1, max: 9 }),
        (arrivals, timers, slots, piece) => {
          const { simulator, recorder, wanted } = prepared(arrivals, timers, slots);
          while (simulator.run(recorder, Number.POSITIVE_INFINITY, piece));
          expect(recorder.seen).toEqual(wanted);
        },
      ),
    );
  });

  test("a run stops at its end, and what happens exactly then still counts", () => {
    const { simulator, recorder } = prepared([1, 5, 6], [5], [7]);
    expect(simulator.run(recorder, 5)).toBe(false);
    expect(recorder.seen.map(([kind, , timeNs]) => [kind, timeNs])).toEqual([
      ["arrival", 1],
      ["timer", 5],
      ["arrival", 5],
    ]);
  });

  test("an event set in the past is an impossible state, with its times", () => {
    const { simulator } = prepared([10], [], [20]);
    const handler: EventHandler = {
      onArrival: () => simulator.timers.add(3, 0, 0, 0),
      onTimer: () => {},
      onSlot: () => {},
    };
    const run = () => simulator.run(handler, Number.POSITIVE_INFINITY);
    expect(run).toThrow(new InvariantError("time runs from 10 ns back to 3 ns"));
  });
});
