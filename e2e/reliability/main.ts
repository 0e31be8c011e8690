/**
 * `npm run reliability [-- --kills N] [-- --seed N]`: kills a working program N times (200 unless told), at moments drawn from
 * the seed, and looks after each what is there. Exit code 1 when anything acknowledged is lost, or a file is not whole.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandomStream } from "../../shared/sim/random.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { findLosses, kill } from "./kills.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
  },
});

const works = ["save", "import", "export", "backup"] as const;
/** Kills that one library goes through before the next begins. */
const killsPerLibrary = 10;

async function main(): Promise<void> {
  const kills = Number(values.kills);
  const random = createRandomStream(Number(values.seed), "reliability");
  const counts: Record<string, number> = {};
  let folder = "";
  let all: Acknowledged[] = [];
  let lost = 0;
  for (let i = 0; i < kills; i++) {
    if (i % killsPerLibrary === 0) {
      if (folder !== "") rmSync(folder, { recursive: true });
      folder = mkdtempSync(join(tmpdir(), "crossover-reliability-"));
      all = [];
    }
    const work = works[random.nextIndex(works.length)]!;
    // An export that is not this victim's last belongs to an earlier one.
    all = all.filter((each) => each.kind !== "export");
    const { acknowledged, signal } = await kill(folder, work, String(i), {
      afterMs: random.nextUniform() * 400,
    });
    all.push(...acknowledged);
    for (const { kind } of acknowledged) counts[kind] = (counts[kind] ?? 0) + 1;
    const losses = findLosses(folder, all);
    if (signal !== "SIGKILL") losses.push("the program ended by itself");
    lost += losses.length;
    for (const loss of losses) console.log(`kill ${i + 1} (${work}): ${loss}`);
    if ((i + 1) % 20 === 0) console.log(`${i + 1} kills, ${lost} losses`);
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`${kills} kills; acknowledged ${JSON.stringify(counts)}; lost or damaged: ${lost}`);
  if (lost > 0) process.exitCode = 1;
}

await main();
