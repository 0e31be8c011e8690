/** Says how old the Electron is that packages are made with, and whether there is a newer one: a release checks this line (security item 16). */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const limitMs = 30_000;
const dayMs = 86_400_000;

/** One line: version, day, age in days, and the newest version; undefined parts could not be asked for. */
export function ageLine(
  version: string,
  published: string | undefined,
  newest: string | undefined,
  nowMs: number,
): string {
  const day = published?.slice(0, 10);
  const days = published === undefined ? undefined : (nowMs - Date.parse(published)) / dayMs;
  const age =
    day === undefined || days === undefined
      ? "its day could not be asked for"
      : `published ${day}, ${Math.floor(days)} days old`;
  const isNewest = newest === version ? "the newest" : `the newest is ${newest}`;
  return `Electron ${version} for packages: ${age}; ${newest === undefined ? "the newest could not be asked for" : isNewest}.`;
}

function ask(...args: readonly string[]): string | undefined {
  const options = { encoding: "utf8" as const, timeout: limitMs };
  const { status, stdout } = spawnSync("npm", ["view", ...args], options);
  const text = (stdout ?? "").trim();
  return status === 0 && text !== "" ? text : undefined;
}

function main(): void {
  const file = join(import.meta.dirname, "../package.json");
  const { devDependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    devDependencies: { electron: string };
  };
  const { electron } = devDependencies;
  const published = ask("electron", `time[${electron}]`);
  console.log(ageLine(electron, published, ask("electron", "version"), Date.now()));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
