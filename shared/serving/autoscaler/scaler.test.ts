import { expect, test } from "vitest";
import { autoscalerSchema } from "../../schema/fleet.ts";
import { Scaler } from "./scaler.ts";

function scalerOf(choice: object, max = 8, maxNumSeqs = 10): Scaler {
  const times = { provisionS: 0, imagePullS: 0, weightLoadS: 0 };
  return new Scaler(autoscalerSchema.parse({ ...times, ...choice }), max, maxNumSeqs);
}

const atS = (seconds: number): number => seconds * 1e9;

test("each signal divides its sum by the target and rounds up, within min and max", () => {
  const load = { waiting: 7, running: 31 };
  expect(scalerOf({ signal: "runningShare", target: 0.5 }).evaluate(load, 0)).toBe(7);
  expect(scalerOf({ signal: "requestsPerReplica", target: 10 }).evaluate(load, 0)).toBe(4);
  expect(scalerOf({ signal: "requestsPerReplica", target: 10 }, 3).evaluate(load, 0)).toBe(3);
  expect(scalerOf({ signal: "requestsPerReplica", target: 10, min: 6 }).evaluate(load, 0)).toBe(6);
  expect(scalerOf({ signal: "waitingPerReplica", target: 2 }).evaluate(load, 0)).toBe(4);
  expect(scalerOf({ signal: "waitingPerReplica", target: 1 }).evaluate(load, 0)).toBe(7);
});

test("a signal of waiting requests keeps as many replicas as the running ones fill", () => {
  const scaler = scalerOf({ signal: "waitingPerReplica", target: 5, scaleDownDelayS: 0 });
  expect(scaler.evaluate({ waiting: 0, running: 25 }, 0)).toBe(3);
});

test("whoever waits wants one replica at least, and an empty pool wants none", () => {
  const scaler = scalerOf({ signal: "runningShare", target: 0.5, min: 0, scaleDownDelayS: 0 });
  expect(scaler.evaluate({ waiting: 1, running: 0 }, 0)).toBe(1);
  expect(scaler.evaluate({ waiting: 0, running: 0 }, 1)).toBe(0);
});

test("it goes up at once and comes down to the most that the delay's evaluations wanted", () => {
  const scaler = scalerOf({ signal: "requestsPerReplica", target: 1, min: 0, scaleDownDelayS: 60 });
  const wanted = (seconds: number, running: number): number =>
    scaler.evaluate({ waiting: 0, running }, atS(seconds));
  expect(wanted(0, 5)).toBe(5);
  expect(wanted(15, 3)).toBe(5);
  expect(wanted(30, 4)).toBe(5);
  expect(wanted(45, 1)).toBe(5);
  expect(wanted(60, 0)).toBe(4);
  expect(wanted(75, 0)).toBe(4);
  expect(wanted(90, 2)).toBe(2);
  expect(wanted(105, 6)).toBe(6);
});
