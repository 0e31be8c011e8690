import { expect, test } from "vitest";
import { CapacityRecorder, capacityField } from "./capacityRecorder.ts";

test("steps are integrated exactly over windows, and what comes after the horizon is left out", () => {
  const recorder = new CapacityRecorder(10, 25);
  recorder.set(0, 1, 0, 2);
  recorder.set(4, 3, 2, 2);
  recorder.set(12, 3, 1, 2);
  recorder.set(22, 0, 0, 0);
  recorder.set(40, 9, 9, 9);
  const total = (field: number, from?: number, to?: number) => recorder.total(field, 60, from, to);
  const { provisionedNs, upNs, wantedNs, belowNs } = capacityField;
  expect([0, 1, 2].map((w) => total(provisionedNs, w, w + 1))).toEqual([4 + 18, 30, 6]);
  expect([0, 1, 2].map((w) => total(upNs, w, w + 1))).toEqual([12, 4 + 8, 2]);
  expect(total(wantedNs)).toBe(44);
  expect(total(belowNs)).toBe(4 + 10);
  expect(recorder.peakProvisioned).toBe(3);
});

test("without a horizon there is one window up to the time that is asked for", () => {
  const recorder = new CapacityRecorder(10, Number.POSITIVE_INFINITY);
  recorder.set(0, 2, 2, 2);
  recorder.set(30, 1, 1, 1);
  expect(recorder.total(capacityField.provisionedNs, 100)).toBe(60 + 70);
});
