/**
 * Builds everything: the page in out/renderer, what runs on Node in out/electron (CommonJS for Node 16, the Node inside
 * Electron 22, and later), the worker threads' program as a bundle of its own (one file, whose hash names the engine), the
 * golden program in out/golden.
 */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { noticesPlugin } from "../scripts/noticesPlugin.ts";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const outside = ["electron", "better-sqlite3", /^node:/];

/** Bundles for Node: everything inside but Node's own modules, Electron and the native binding. */
const nodeBundle = (outDir: string, input: Record<string, string>, emptyOutDir = true) => ({
  consumer: "server" as const,
  resolve: { noExternal: true as const, external: ["electron", "better-sqlite3"] },
  build: {
    outDir: at(outDir),
    emptyOutDir,
    copyPublicDir: false,
    target: "node16",
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, at(path)])),
      external: outside,
      output: {
        format: "cjs" as const,
        entryFileNames: "[name].cjs",
        chunkFileNames: "[name]-[hash].cjs",
      },
    },
  },
});

/** The preload is one file: a sandboxed one cannot load others. */
const preloadBundle = () => {
  const bundle = nodeBundle("out/electron", { preload: "electron/preload/preload.ts" }, false);
  const { rolldownOptions } = bundle.build;
  const output = { ...rolldownOptions.output, codeSplitting: false };
  return { ...bundle, build: { ...bundle.build, rolldownOptions: { ...rolldownOptions, output } } };
};

const notices = noticesPlugin(at("out/THIRD_PARTY_NOTICES.txt"), [
  at("node_modules/better-sqlite3"),
]);
/** Whether this build makes all that is shipped. */
const isWhole = ["client", "node"].every(
  (name) => process.env.CROSSOVER_BUILD?.split(",").includes(name) ?? true,
);

const order = ["client", "node", "worker", "preload", "golden"];

export default defineConfig({
  root: at("renderer"),
  base: "./",
  publicDir: false,
  plugins: [react(), ...(isWhole ? [notices] : [])],
  builder: {
    sharedConfigBuild: true,
    async buildApp(builder) {
      const only = process.env.CROSSOVER_BUILD?.split(",");
      for (const name of only ?? order) await builder.build(builder.environments[name]!);
    },
  },
  environments: {
    client: {
      build: {
        outDir: at("out/renderer"),
        emptyOutDir: true,
        target: "chrome108",
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        // Read from this machine's disk in one go.
        chunkSizeWarningLimit: 4000,
      },
    },
    node: nodeBundle("out/electron", {
      cli: "electron/cli/main.ts",
      cliThread: "electron/cli/threadMain.ts",
      main: "electron/main/main.ts",
      loopback: "electron/loopback/main.ts",
      storageWorker: "electron/core/storageWorker.ts",
      traceWorker: "electron/core/traceWorker.ts",
      studyWorker: "electron/core/studyWorker.ts",
    }),
    worker: nodeBundle(
      "out/electron",
      { simulationWorker: "electron/workers/simulationWorker.ts" },
      false,
    ),
    preload: preloadBundle(),
    golden: nodeBundle("out/golden", { goldenHash: "scripts/goldenHash.ts" }),
  },
});
