import { describe, expect, test } from "vitest";
import { RuleBudgets } from "./budget.ts";

const hourNs = 3600e9;

describe("a rule's monthly budget", () => {
  test("it is open while less than the limit has been spent, and closed from then on", () => {
    const budgets = new RuleBudgets(2, 730, 1e18);
    expect(budgets.isWithin(0, 10, 0)).toBe(true);
    budgets.spend(0, 9.99);
    expect(budgets.isWithin(0, 10, hourNs)).toBe(true);
    budgets.spend(0, 0.01);
    expect(budgets.isWithin(0, 10, 2 * hourNs)).toBe(false);
    expect(budgets.isWithin(1, 10, 2 * hourNs)).toBe(true);
  });

  test("a new month begins after the scenario's month, counted from the start of the run", () => {
    const budgets = new RuleBudgets(1, 730, 1e18);
    budgets.spend(0, 10);
    expect(budgets.isWithin(0, 10, 730 * hourNs - 1)).toBe(false);
    expect(budgets.isWithin(0, 10, 730 * hourNs)).toBe(true);
  });

  test("without a limit it is always open", () => {
    const budgets = new RuleBudgets(1, 730, 1e18);
    budgets.spend(0, 1e12);
    expect(budgets.isWithin(0, Number.POSITIVE_INFINITY, 0)).toBe(true);
  });

  test("is prorated in a run shorter than a month", () => {
    const budgets = new RuleBudgets(1, 730, 73 * 3600e9);
    budgets.spend(0, 9.99);
    expect(budgets.isWithin(0, 100, 0)).toBe(true);
    budgets.spend(0, 0.01);
    expect(budgets.isWithin(0, 100, 0)).toBe(false);
  });
});
