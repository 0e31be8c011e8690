import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { catalogKinds, catalogSchema } from "../../shared/catalog/catalog.ts";
import { provenanceSchema } from "../../shared/schema/common.ts";
import { InputError } from "../../shared/units/errors.ts";
import { catalogFolder, loadCatalog } from "./catalogFiles.ts";

const folders: string[] = [];

function copyCatalog(changed: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "crossover-catalog-"));
  folders.push(folder);
  cpSync(catalogFolder, folder, { recursive: true });
  writeFileSync(join(folder, changed), text);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("the catalog that ships", () => {
  const catalog = loadCatalog();

  it("passes the schema of the whole catalog", () => {
    expect(catalogSchema.safeParse(catalog).error).toBeUndefined();
  });

  it.each(catalogKinds)("states source, date and basis for every entry of %s", (kind) => {
    expect(catalog[kind].length).toBeGreaterThan(0);
    for (const entry of catalog[kind]) {
      const checked = provenanceSchema.array().min(1).safeParse(entry.provenance);
      expect(checked.error, `${kind} ${entry.id}`).toBeUndefined();
    }
  });

  it("says that the latency figures of providers are estimates", () => {
    for (const provider of catalog.providers) {
      const bases = provider.latency.provenance?.map((each) => each.basis);
      expect(bases, provider.id).toEqual(["estimated"]);
    }
  });

  it("stores dense flop/s: half of what datasheets print with sparsity", () => {
    const flops = catalog.gpus.map((gpu) => [
      gpu.id,
      gpu.f16Flops / 1e12,
      (gpu.f8Flops ?? 0) / 1e12,
    ]);
    expect(flops).toEqual([
      ["h100-sxm", 989, 1979],
      ["h100-pcie", 756.5, 1513],
      ["h100-nvl", 835.5, 1670.5],
      ["h200-sxm", 989, 1979],
      ["a100-sxm-80gb", 312, 0],
      ["a100-pcie-80gb", 312, 0],
      ["a100-sxm-40gb", 312, 0],
      ["a100-pcie-40gb", 312, 0],
      ["b200-sxm", 2250, 4500],
    ]);
  });

  it("has the prices of the worked examples", () => {
    const prices = catalog.providers.map(({ id, price }) => [
      id,
      price.inputUsdPerMTok,
      price.outputUsdPerMTok,
    ]);
    expect(prices).toContainEqual(["claude-sonnet-4.6", 3, 15]);
    expect(prices).toContainEqual(["gpt-4.1", 2, 8]);
    expect(prices).toContainEqual(["mistral-large-2", 2, 6]);
    const offers = catalog.offers.map(({ id, usdPerGpuHour }) => [id, usdPerGpuHour]);
    expect(offers).toContainEqual(["h100-sxm-gpu-cloud", 2.69]);
  });
});

describe("a catalog that cannot be used", () => {
  it("is refused with file and field", () => {
    const entry = { id: "x", name: "x", gpu: "h100-sxm", usdPerGpuHour: -1, provenance: [] };
    const text = JSON.stringify({ version: 1, about: "", entries: [entry] });
    expect(() => loadCatalog(copyCatalog("offers.json", text))).toThrow(
      /offers\.json, entries\.0\.usdPerGpuHour/,
    );
  });

  it("is refused when a file is missing or is not JSON", () => {
    expect(() => loadCatalog(join(tmpdir(), "no-such-catalog"))).toThrow(InputError);
    expect(() => loadCatalog(copyCatalog("gpus.json", "{"))).toThrow("gpus.json is not JSON");
  });

  it("is refused when an offer is for a GPU that is not there", () => {
    const empty = JSON.stringify({ version: 1, about: "", entries: [] });
    expect(() => loadCatalog(copyCatalog("gpus.json", empty))).toThrow('unknown GPU "h100-sxm"');
  });
});
