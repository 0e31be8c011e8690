import { describe, expect, it } from "vitest";
import { FileTokens } from "./fileTokens.ts";
import { readChosenPrices } from "./priceFiles.ts";

function portsOf(text: string) {
  let last = 0;
  const files = new FileTokens(() => `token-${++last}`);
  const { token } = files.offer({
    path: "/x/p.json",
    name: "p.json",
    bytes: text.length,
    use: "read",
  });
  const now = (): number => Date.UTC(2026, 10, 26);
  return { token, ports: { files, now, readText: async () => text } };
}

describe("the prices of a chosen file", () => {
  it("are read with the file's name and the day as their source, and the file stays chosen", async () => {
    const list = {
      m: { litellm_provider: "p", input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
    };
    const { token, ports } = portsOf(JSON.stringify(list));
    const reply = await readChosenPrices(ports, token);
    expect(reply.form).toBe("litellm");
    expect(reply.models[0].price.provenance).toEqual([
      { source: "p.json", retrievedOn: "2026-11-26", basis: "list price" },
    ]);
    expect(await readChosenPrices(ports, token)).toEqual(reply);
  });

  it("are refused with the place where a file is no JSON, and with the forms where it has no prices", async () => {
    const broken = portsOf("{oops");
    await expect(readChosenPrices(broken.ports, broken.token)).rejects.toThrow(
      /p\.json is not valid JSON: line 1/,
    );
    const empty = portsOf("{}");
    await expect(readChosenPrices(empty.ports, empty.token)).rejects.toThrow(
      /p\.json: found no prices/,
    );
  });
});
