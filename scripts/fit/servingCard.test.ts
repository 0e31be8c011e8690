import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { loadFidelityCard } from "../../electron/services/fidelityCardFile.ts";
import { isWithin } from "../../shared/schema/fidelityCard.ts";
import { readServingPoints, servingGroups, servingPath } from "./servingCard.ts";

const card = loadFidelityCard();
const found = servingGroups(readServingPoints(), loadCatalog(), new Map());

test("the card's errors of measured serving are what the stored catalog gives on the stored points", () => {
  const sha256 = createHash("sha256").update(readFileSync(servingPath)).digest("hex");
  expect(card.serving.rows.sha256).toBe(sha256);
  const plain = card.serving.groups.map((group) => ({ ...group, crossValidated: null }));
  expect(found).toEqual(plain);
});

test("what was fitted to rows is cross-validated: all closed loops and the maxima of earlier engines", () => {
  const without = card.serving.groups.filter((group) => group.crossValidated === null);
  expect(without.map(({ kind, model }) => `${kind} ${model}`).sort()).toEqual([
    "mig_offline llama-3.1-8b",
    "offline_max llama-3.1-405b",
    "offline_max llama-3.3-70b",
  ]);
});

test("every group is within its bar, and ahead of NVIDIA's estimator, also cross-validated", () => {
  for (const group of card.serving.groups) {
    const name = `${group.figure} ${group.kind} ${group.backend} ${group.model}`;
    const errors = group.crossValidated ?? group.fitted;
    if (group.bar !== null) expect(isWithin(group.fitted, group.bar), name).toBe(true);
    if (group.bar !== null && group.figure !== "ttft") {
      expect(isWithin(errors, group.bar), name).toBe(true);
    }
    if (group.estimator !== null) expect(isWithin(errors, group.estimator), name).toBe(true);
  }
});
