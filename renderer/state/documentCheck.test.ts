import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client } from "../api/client.ts";
import { CatalogShelf } from "./catalogShelf.ts";
import { DocumentCheck, isAt } from "./documentCheck.ts";
import { OpenDocument } from "./openDocument.ts";

type Answer = (method: string, params: unknown) => unknown;

/** A client that answers as told, and keeps what was asked. */
function fakeClient(answer: Answer): { client: Client; calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  const call = async (method: string, params: unknown): Promise<unknown> => {
    calls.push([method, params]);
    return answer(method, params);
  };
  const client = { hasDialogs: false, call, on: () => () => undefined, offerFiles: async () => [] };
  return { client: client as object as Client, calls };
}

const opened = { id: "a", version: 1, document: { name: "a" }, draft: null, tags: [] };
const sound = { problems: [], warnings: [], unknownFields: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function problemsOf({ document }: { document: { name?: string } }) {
  const problems = document.name === "" ? [{ field: "name", message: "found nothing" }] : [];
  return { ...sound, problems };
}

describe("the check of a document", () => {
  it("follows the edits, one question for a row of them, and says when it is behind", async () => {
    const { client, calls } = fakeClient((method, params) =>
      method === "scenario.check" ? problemsOf(params as never) : {},
    );
    const document = new OpenDocument(client, opened);
    const check = new DocumentCheck(client, document);
    await vi.advanceTimersByTimeAsync(200);
    expect(check.store.getState()).toMatchObject({ problems: [], isCurrent: true });
    for (const name of ["x", "xy", ""]) {
      document.edit("rename", (draft) => Object.assign(draft, { name }));
    }
    expect(check.store.getState().isCurrent).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(check.store.getState().problems).toEqual([{ field: "name", message: "found nothing" }]);
    expect(calls.filter(([method]) => method === "scenario.check")).toHaveLength(2);
  });

  it("keeps the findings of the newest document when answers come late", async () => {
    const waiting: ((value: unknown) => void)[] = [];
    const { client } = fakeClient((method) =>
      method === "scenario.check" ? new Promise((resolve) => waiting.push(resolve)) : {},
    );
    const document = new OpenDocument(client, opened);
    const check = new DocumentCheck(client, document);
    await vi.advanceTimersByTimeAsync(200);
    document.edit("rename", (draft) => Object.assign(draft, { name: "b" }));
    await vi.advanceTimersByTimeAsync(200);
    waiting[1](sound);
    waiting[0]({ ...sound, problems: [{ field: "old", message: "old" }] });
    await vi.advanceTimersByTimeAsync(1);
    expect(check.store.getState()).toMatchObject({ problems: [], isCurrent: true });
  });

  it("says why where it could not be made, and nothing more once it is closed", async () => {
    const { client } = fakeClient(() => {
      throw new Error("the host is gone");
    });
    const document = new OpenDocument(client, opened);
    const check = new DocumentCheck(client, document);
    await vi.advanceTimersByTimeAsync(200);
    expect(check.store.getState().problems[0].message).toBe("the host is gone");
    check.close();
    document.edit("rename", (draft) => Object.assign(draft, { name: "b" }));
    expect(check.store.getState().isCurrent).toBe(true);
  });

  it("puts a finding at its field and at what is around it, not at names that begin alike", () => {
    const finding = { field: "pools[1].engine.maxNumSeqs", message: "" };
    expect(isAt(finding, "pools[1]")).toBe(true);
    expect(isAt(finding, "pools")).toBe(true);
    expect(isAt(finding, "pools[1].engine.maxNumSeqs")).toBe(true);
    expect(isAt(finding, "pools[1].engine.maxNum")).toBe(false);
    expect(isAt({ field: "pools[10]", message: "" }, "pools[1]")).toBe(false);
  });
});

describe("the catalog's shelf", () => {
  it("reads the catalog once, and again after it failed", async () => {
    let fails = true;
    const { client, calls } = fakeClient(() => {
      if (fails) throw new Error("no file");
      return { gpus: [] };
    });
    const shelf = new CatalogShelf(client);
    await shelf.read();
    expect(shelf.store.getState().problem).toBe("no file");
    fails = false;
    await Promise.all([shelf.read(), shelf.read()]);
    await shelf.read();
    expect(shelf.store.getState()).toMatchObject({ catalog: { gpus: [] }, problem: undefined });
    expect(calls).toHaveLength(2);
  });

  it("asks each question about memory once, and keeps why there is no answer", async () => {
    const { client, calls } = fakeClient((_, params) => {
      if ((params as { model: string }).model === "x") throw new Error("no model x");
      return { fit: { fits: true }, wouldFit: [] };
    });
    const shelf = new CatalogShelf(client);
    const question = { model: "m", gpu: "g" };
    await Promise.all([
      shelf.ask(question),
      shelf.ask({ ...question }),
      shelf.ask({ ...question, model: "x" }),
    ]);
    expect(calls).toHaveLength(2);
    expect([...shelf.store.getState().fits.values()]).toEqual([
      { reply: { fit: { fits: true }, wouldFit: [] } },
      { problem: "no model x" },
    ]);
  });
});
