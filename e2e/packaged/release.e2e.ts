/** The package as it is released: what is in it, what it refuses, and that it works, also for a person without rights. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fuses from "@electron/fuses";
import { expect, test } from "playwright/test";
import { parse } from "yaml";
import { newerFuses, packageApp, provideElectron } from "../fixtures/packageApp.ts";
import { asarPaths, asRoot, runProgram } from "../fixtures/releasedProgram.ts";

const { FuseV1Options, FuseVersion, getCurrentFuseWire } = fuses;
/** A fuse in the program is a letter. */
const [fuseOn, fuseOff] = ["1", "0"].map((letter) => letter.charCodeAt(0));
const root = join(import.meta.dirname, "../..");
const sample = join(root, "data/samples/azure-conv-hybrid.crossover");
let folder = "";
let isOldRuntime = false;

test.beforeAll(() => {
  test.setTimeout(120_000);
  const electron = provideElectron();
  isOldRuntime = electron.version !== undefined;
  folder = packageApp(electron, false);
});

/** The report that --smoke prints. */
interface Report {
  readonly ok: boolean;
  readonly seccomp: number | null;
  readonly reply?: { readonly value?: { readonly isPackaged: boolean } };
}

function reportOf(stdout: string): Report {
  const line = stdout.split("\n").find((each) => each.startsWith("{")) ?? '{"ok": false}';
  return JSON.parse(line) as Report;
}

test("item 19: the fuses in the program are those of the configuration", async () => {
  const text = readFileSync(join(root, "electron-builder.yml"), "utf8");
  const { electronFuses } = parse(text) as { electronFuses: Record<string, boolean> };
  const names: Record<string, fuses.FuseV1Options> = {
    runAsNode: FuseV1Options.RunAsNode,
    enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
    enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
    enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
    loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
    grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
  };
  expect(Object.keys(electronFuses).sort()).toEqual(Object.keys(names).sort());
  const wire = await getCurrentFuseWire(join(folder, "crossover"));
  expect(wire.version).toBe(FuseVersion.V1);
  for (const [name, isOn] of Object.entries(electronFuses)) {
    // The old test runtime lacks two of them; a newer Electron is held to all.
    if (isOldRuntime && newerFuses.includes(name)) continue;
    expect([name, wire[names[name]!]]).toEqual([name, isOn ? fuseOn : fuseOff]);
  }
});

test("the program checks itself with --smoke: window, page, call", async () => {
  const data = test.info().outputPath("data");
  const { code, stdout } = await runProgram(folder, [
    ...asRoot,
    "--smoke",
    `--user-data-dir=${data}`,
  ]);
  expect(reportOf(stdout)).toMatchObject({ ok: true, reply: { value: { isPackaged: true } } });
  expect(code).toBe(0);
});

test("item 4: for a person without rights every page is confined to filtered system calls, without --no-sandbox", async () => {
  test.setTimeout(120_000);
  if (asRoot.length === 0) {
    const data = test.info().outputPath("data");
    const { stdout } = await runProgram(folder, ["--smoke", `--user-data-dir=${data}`]);
    expect(reportOf(stdout)).toMatchObject({ ok: true, seccomp: 2 });
    return;
  }
  const name = "crossover-posture";
  const copy = mkdtempSync(join(tmpdir(), "crossover-posture-"));
  try {
    execFileSync("useradd", ["--system", "--no-create-home", name]);
    const [uid, gid] = ["-u", "-g"].map((what) =>
      Number(execFileSync("id", [what, name], { encoding: "utf8" })),
    );
    chmodSync(copy, 0o755);
    cpSync(folder, join(copy, "program"), { recursive: true });
    const home = mkdtempSync(join(copy, "home-"));
    chownSync(home, uid!, gid!);
    const { stdout, stderr } = await runProgram(
      join(copy, "program"),
      ["--smoke", `--user-data-dir=${join(home, "data")}`],
      { uid: uid!, gid: gid!, cwd: home, env: { HOME: home, XDG_RUNTIME_DIR: undefined } },
    );
    expect(reportOf(stdout), `as ${name}, this machine gave: ${stderr.slice(-2000)}`).toMatchObject(
      {
        ok: true,
        seccomp: 2,
      },
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
    execFileSync("userdel", [name], { stdio: "ignore" });
  }
});

test("item 19: it is no Node, takes no options of Node's from outside, and lets no debugger in", async () => {
  const module = test.info().outputPath("marker.cjs");
  const marker = test.info().outputPath("marker");
  writeFileSync(module, `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "x");`);
  const env = { ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: `--require ${module}` };
  const asNode = await runProgram(folder, [...asRoot, "--version"], { env });
  expect(asNode.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(existsSync(marker)).toBe(false);
  const data = test.info().outputPath("data");
  const inspected = await runProgram(folder, [
    ...[...asRoot, "--inspect=0", "--smoke"],
    `--user-data-dir=${data}`,
  ]);
  expect(reportOf(inspected.stdout).ok).toBe(true);
  expect(inspected.stderr).not.toContain("Debugger listening");
});

test("the archive holds the built program and its data, one native binding beside it, and no source", () => {
  const { packed, unpacked } = asarPaths(join(folder, "resources/app.asar"));
  for (const file of [
    "package.json",
    ...["out/electron/main.cjs", "out/electron/preload.cjs", "out/electron/cliThread.cjs"],
    ...["out/renderer/index.html", "electron/icons/png/256x256.png"],
    "data/samples/azure-conv-hybrid.crossover",
  ]) {
    expect(packed).toContain(file);
  }
  expect(unpacked).toEqual(["node_modules/better-sqlite3/prebuilds/linux-x64.node"]);
  const sources = [...packed, ...unpacked].filter((file) =>
    /\.(tsx?|map)$|^(e2e|scripts)\//.test(file),
  );
  expect(sources).toEqual([]);
});

test("licence and notices lie beside the program and name what is bundled", () => {
  const notices = readFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), "utf8");
  for (const name of ["react", "react-dom", "react-aria-components", "zustand", "zod", "udsv"]) {
    expect(notices).toMatch(new RegExp(`^${name} \\d[^\\n]* \\([\\w.-]+\\)$`, "m"));
  }
  expect(notices).toMatch(/^@fontsource-variable\/inter .* \(OFL-1\.1\)$/m);
  expect(notices).toMatch(/^better-sqlite3 .* \(MIT\)$/m);
  for (const file of [
    "LICENSE.txt",
    "NOTICE.txt",
    "LICENSE.electron.txt",
    "LICENSES.chromium.html",
  ]) {
    expect(existsSync(join(folder, file)), file).toBe(true);
  }
});

test("the command line works from the package, without a display, and gives the same answer", async () => {
  const env = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
  const args = ["run", sample, "--json"];
  const packaged = await runProgram(folder, [...asRoot, ...args], { env });
  expect(packaged.code).toBe(0);
  const plain = execFileSync(process.execPath, [join(root, "out/electron/cli.cjs"), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const withoutTime = (text: string): unknown => ({ ...(JSON.parse(text) as object), wallS: 0 });
  expect(withoutTime(packaged.stdout)).toEqual(withoutTime(plain));
  // Ctrl+C once some runs are done: they are printed.
  const cache = test.info().outputPath("results");
  const study = ["study", sample, "--axis", "seed=1..3000:1", "--cache", cache, "--json"];
  const stopped = await runProgram(folder, [...asRoot, ...study], {
    env,
    interruptWhen: () => existsSync(cache) && readdirSync(cache, { recursive: true }).length > 3,
  });
  expect(stopped.code, stopped.stderr).toBe(130);
  const { partial } = JSON.parse(stopped.stdout) as { partial: { runs: number; of: number } };
  expect(partial.runs).toBeGreaterThan(0);
  expect(partial.runs).toBeLessThan(partial.of);
  const wrong = await runProgram(folder, [...asRoot, "--headless", "rn"], { env });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("did you mean run?");
});
