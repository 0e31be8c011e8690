/** Builds what runs on Node: CommonJS for Node 16 (the Node inside Electron 22) and later, in out/electron, its worker threads' program as a bundle of its own (one file, whose hash names the engine); the golden program in out/golden. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** One bundle for Node: everything inside but Node's own modules. */
const nodeBundle = (outDir: string, input: Record<string, string>, emptyOutDir = true) => ({
  consumer: "server" as const,
  resolve: { noExternal: true as const },
  build: {
    outDir: at(outDir),
    emptyOutDir,
    copyPublicDir: false,
    target: "node16",
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, at(path)])),
      external: [/^node:/],
      output: {
        format: "cjs" as const,
        entryFileNames: "[name].cjs",
        chunkFileNames: "[name]-[hash].cjs",
      },
    },
  },
});

export default defineConfig({
  root: at("electron"),
  publicDir: false,
  builder: {
    sharedConfigBuild: true,
    async buildApp(builder) {
      for (const name of ["golden", "cli", "worker"])
        await builder.build(builder.environments[name]!);
    },
  },
  environments: {
    cli: nodeBundle("out/electron", { cli: "electron/cli/main.ts" }),
    worker: nodeBundle(
      "out/electron",
      { simulationWorker: "electron/workers/simulationWorker.ts" },
      false,
    ),
    golden: nodeBundle("out/golden", { goldenHash: "scripts/goldenHash.ts" }),
  },
});
