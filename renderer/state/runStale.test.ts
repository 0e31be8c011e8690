import { describe, expect, it } from "vitest";
import type { App } from "./appState.ts";
import { runStale, staleText } from "./runStale.ts";

describe("simulating all that is stale", () => {
  it("runs what changed, leaves what has its answer, and says what could not be run", async () => {
    const replies: Record<string, object> = {
      changed: { isCached: false },
      known: { isCached: true },
    };
    const client = {
      call: async (name: string, { id, scenarioId }: { id?: string; scenarioId?: string }) => {
        if (name === "scenario.open") return { document: { id }, draft: null };
        const reply = replies[scenarioId ?? ""];
        if (reply === undefined) throw new Error("A trace is missing.");
        return reply;
      },
    };
    const scenarios = ["changed", "known", "broken"].map((id) => ({ id, name: id }));
    const app = {
      ...{ client, scenario: () => undefined },
      store: { getState: () => ({ scenarios }) },
    } as object as App;
    const outcome = await runStale(app);
    expect(outcome).toEqual({ simulated: 1, current: 1, failed: ["broken: A trace is missing."] });
    expect(staleText(outcome)).toBe(
      "1 scenario simulated, 1 scenario up to date. 1 scenario could not be run. broken: A trace is missing.",
    );
    expect(staleText({ simulated: 0, current: 3, failed: [] })).toBe(
      "Nothing was stale, 3 scenarios up to date.",
    );
  });
});
