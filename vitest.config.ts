import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Unit tests stand beside their files. They measure no time, so that a busy machine fails none of them: the limit only ends what hangs. */
export default defineConfig({
  test: {
    include: ["{shared,electron,renderer,scripts,bench}/**/*.test.{ts,tsx}"],
    // The files share their modules: to load these once for each of some 250 files took a quarter of the time.
    isolate: false,
    // Vitest leaves one processor idle, which is half of a machine that has two.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
