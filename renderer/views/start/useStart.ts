/** What the start page reads beside the library's list. */
import { useEffect, useState } from "react";
import type { PresetEntry, ScenarioEntry } from "../../../shared/contract/scenarioMethods.ts";
import { useApp, useWindow } from "../../components/useApp.ts";

/** The time, every half minute, for texts that say how long ago something was. */
export function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** Scenarios to begin from, and how to begin from one. */
export function usePresets() {
  const app = useApp();
  const [presets, setPresets] = useState<readonly PresetEntry[]>([]);
  useEffect(() => {
    void app.try(async () => setPresets((await app.client.call("scenario.presets", {})).presets));
  }, [app]);
  const begin = (preset: string): void =>
    void app.try(async () => {
      const { id } = await app.client.call("scenario.createPreset", { preset });
      await app.readScenarios();
      await app.show(id, "results");
    });
  return { presets, begin };
}

/** Scenarios in the bin, read anew whenever the library's list changes. */
export function useBin() {
  const app = useApp();
  const scenarios = useWindow((state) => state.scenarios);
  const [binned, setBinned] = useState<readonly ScenarioEntry[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void app.try(async () => {
      const reply = await app.client.call("scenario.list", { isDeleted: true });
      if (isCurrent && scenarios !== undefined) setBinned(reply.scenarios);
    });
    return () => {
      isCurrent = false;
    };
  }, [app, scenarios]);
  const act = (method: "scenario.restore" | "scenario.erase", ids: readonly string[]): void =>
    void app.try(async () => {
      for (const id of ids) await app.client.call(method, { id });
      await app.readScenarios();
    });
  return { binned, act };
}
