/**
 * `npm start`: builds, then opens the desktop app where Electron's program is there or can be fetched, else serves the same
 * page on loopback; says which, and why.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const fetchLimitMs = 120_000;

/** Electron's program, or why there is none. */
interface FoundElectron {
  readonly program?: string;
  readonly missing?: string;
}

/** The program that npm's electron package downloads at its first use, or the one that ELECTRON_OVERRIDE_DIST_PATH names. */
function findElectron(): FoundElectron {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (folder !== undefined) return { program: join(folder, "electron") };
  const electron = join(root, "node_modules/electron");
  const pathFile = join(electron, "path.txt");
  if (!existsSync(pathFile)) {
    const install = join(electron, "install.js");
    if (!existsSync(install)) return { missing: "the electron package is not installed" };
    console.error("crossover: fetching Electron (once, about 100 MB) ...");
    const options = { encoding: "utf8" as const, timeout: fetchLimitMs };
    const result = spawnSync(process.execPath, [install], options);
    if (result.status !== 0) {
      const words = (result.stderr ?? "").trim().split("\n")[0] || "it did not answer in time";
      return { missing: `Electron's program could not be fetched (${words})` };
    }
  }
  return { program: join(electron, "dist", readFileSync(pathFile, "utf8").trim()) };
}

function hasDisplay(): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function build(): void {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const config = join(root, "electron/vite.config.ts");
  const args = [vite, "build", "--app", "--config", config, "--logLevel", "warn"];
  const env = { ...process.env, CROSSOVER_BUILD: "client,node,worker,preload" };
  const result = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root, env });
  if (result.status !== 0) throw new Error("the build failed; see above");
}

/** Runs a program in the foreground; signals reach it, and its end is ours. */
function follow(program: string, args: readonly string[]): void {
  const child = spawn(program, args, { stdio: "inherit", cwd: root });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void child.kill(signal));
  }
  child.once("error", (error) => {
    console.error(`crossover: ${program} does not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.once("exit", (code) => {
    process.exitCode = code ?? 0;
  });
}

/** The page's address is opened by the person: a line to click, as every local server prints. */
function serve(why: string, rest: readonly string[]): void {
  console.error(`crossover: serving the page on this machine instead of a window: ${why}.`);
  console.error("crossover: open this address in a browser on this machine (Ctrl+C ends it):");
  follow(process.execPath, [join(root, "out/electron/loopback.cjs"), ...rest]);
}

/** Electron's program, or why the page is served instead. */
function chooseHost(given: readonly string[]): FoundElectron {
  if (given.includes("--browser")) return { missing: "--browser was given" };
  return hasDisplay() ? findElectron() : { missing: "there is no display" };
}

function start(): void {
  const given = process.argv.slice(2);
  const rest = given.filter((each) => each !== "--browser");
  build();
  const { program, missing } = chooseHost(given);
  if (program === undefined) {
    serve(missing ?? "there is no Electron", rest);
    return;
  }
  console.error("crossover: opening the desktop app (Electron).");
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  follow(program, [root, ...asRoot, ...rest]);
}

start();
