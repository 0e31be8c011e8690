/**
 * `npm start [-- --browser] [-- --data FOLDER] [-- --port N]`: builds, then opens the desktop app where Electron's program is there or can be fetched, else serves the same
 * page on loopback; says which, and why.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const fetchLimitMs = 120_000;
/** Chromium refuses its sandbox to root. */
const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** Electron's program, or why there is none. */
interface FoundElectron {
  readonly program?: string;
  readonly missing?: string;
}

const programs: Partial<Record<NodeJS.Platform, string>> = {
  win32: "electron.exe",
  darwin: "Electron.app/Contents/MacOS/Electron",
};

/** The program that npm's electron package downloads at its first use, or the one that ELECTRON_OVERRIDE_DIST_PATH names. */
function findElectron(): FoundElectron {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (folder !== undefined) {
    return tried(join(folder, programs[process.platform] ?? "electron"));
  }
  const electron = join(root, "node_modules/electron");
  const pathFile = join(electron, "path.txt");
  if (!existsSync(pathFile)) {
    const install = join(electron, "install.js");
    if (!existsSync(install)) return { missing: "the electron package is not installed" };
    console.error("crossover: fetching Electron (once, about 100 MB) ...");
    const options = { encoding: "utf8" as const, timeout: fetchLimitMs };
    const result = spawnSync(process.execPath, [install], options);
    if (result.status !== 0) {
      return { missing: `Electron's program could not be fetched (${reasonOf(result)})` };
    }
  }
  return tried(join(electron, "dist", readFileSync(pathFile, "utf8").trim()));
}

/** What a program said before it failed: the line of the error, where there is one. */
function reasonOf({ stderr, error }: { stderr: string | null; error?: Error }): string {
  const lines = (stderr ?? "").split("\n").map((line) => line.trim());
  const found = lines.find((line) => /error/i.test(line)) ?? lines.find((line) => line !== "");
  return found ?? error?.message ?? "it did not answer in time";
}

/** Whether the program starts here at all: libraries of the system may be missing. */
function tried(program: string): FoundElectron {
  const result = spawnSync(program, ["--version", ...asRoot], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (result.status === 0) return { program };
  return { missing: `Electron's program does not start here (${reasonOf(result)})` };
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
function chooseHost(isBrowser: boolean): FoundElectron {
  if (isBrowser) return { missing: "--browser was given" };
  return hasDisplay() ? findElectron() : { missing: "there is no display" };
}

/** The folder of the work by the option that both hosts have here; the rest is for the host that opens. */
function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: { browser: { type: "boolean" }, data: { type: "string" }, port: { type: "string" } },
  });
  return values;
}

function start(): void {
  const { browser = false, data, port } = readArguments(process.argv.slice(2));
  build();
  const { program, missing } = chooseHost(browser);
  if (program === undefined) {
    const dataArgs = data === undefined ? [] : ["--data", data];
    serve(missing ?? "there is no Electron", [...dataArgs, ...(port ? ["--port", port] : [])]);
    return;
  }
  console.error("crossover: opening the desktop app (Electron).");
  if (port !== undefined) console.error("crossover: --port is for the browser only.");
  const dataArgs = data === undefined ? [] : [`--user-data-dir=${resolve(data)}`];
  follow(program, [root, ...asRoot, ...dataArgs]);
}

try {
  start();
} catch (error) {
  console.error(`crossover: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
