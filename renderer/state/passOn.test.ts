import { describe, expect, it } from "vitest";
import { CallFailed, type Client } from "../api/client.ts";
import { App } from "./appState.ts";
import { exportScenarios, fileNameOf } from "./passOn.ts";

/** An app over a library in which "bad" cannot be written and "draft" has unsaved work. */
function world(isCancelled = false) {
  const calls: string[] = [];
  const draft = { document: { name: "changed" }, savedMs: 1, revision: "r" };
  const answers: Record<string, (params: Record<string, unknown>) => unknown> = {
    "files.chooseTarget": ({ suggestedName: name }) => ({
      target: isCancelled ? null : { token: "t", name },
    }),
    "files.chooseTargets": ({ suggestedNames }) => ({
      targets: isCancelled
        ? null
        : (suggestedNames as string[]).map((name, i) => ({ token: `t${i}`, name })),
    }),
    "scenario.open": ({ id }) => ({
      version: 1,
      document: {},
      draft: id === "draft" ? draft : null,
    }),
    "scenario.save": () => ({ version: 2 }),
    "scenario.export": ({ id }) => {
      if (id === "bad") throw new CallFailed({ code: "badInput", message: "bad: no pool" });
      return {};
    },
  };
  const client: Client = {
    hasDialogs: true,
    call: async (name, params) => {
      calls.push(`${name} ${String((params as { id?: string }).id ?? "")}`.trim());
      return answers[name]!(params as Record<string, unknown>) as never;
    },
    offerFiles: async () => [],
    on: () => () => {},
  };
  const app = new App(client);
  const told = () => app.store.getState().notices.map(({ text }) => text);
  return { app, calls, told };
}

const named = (...ids: string[]) => ids.map((id) => ({ id, name: id }));

describe("scenarios as files", () => {
  it("are asked for once however many they are; one that fails does not keep the others out", async () => {
    const { app, calls, told } = world();
    await exportScenarios(app, named("a", "bad", "b"));
    expect(calls.filter((each) => each.startsWith("files."))).toEqual(["files.chooseTargets"]);
    expect(calls.filter((each) => each.startsWith("scenario.export"))).toHaveLength(3);
    expect(told()).toEqual(["bad: no pool", "2 of 3 files are written."]);
  });

  it("hold unsaved work, which becomes a version first", async () => {
    const { app, calls, told } = world();
    await exportScenarios(app, named("draft"));
    expect(calls.slice(1)).toEqual([
      ...["scenario.open draft", "scenario.save draft", "scenario.export draft"],
    ]);
    expect(told()).toEqual(["draft.crossover is written."]);
  });

  it("are not written when the person cancels, and nothing is saved then", async () => {
    const { app, calls, told } = world(true);
    await exportScenarios(app, named("draft", "a"));
    expect([calls, told()]).toEqual([["files.chooseTargets"], []]);
  });

  it("have names that every system takes", () => {
    expect(fileNameOf('a/b: "c"?', "crossover")).toBe("a b c.crossover");
    expect(fileNameOf("***", "csv")).toBe("untitled.csv");
    expect(fileNameOf("x".repeat(300), "csv")).toHaveLength(124);
  });
});
