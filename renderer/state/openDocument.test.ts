import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { OpenDocument } from "./openDocument.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Params {
  readonly document: ScenarioDocument;
  readonly baseVersion: number;
  readonly over: string | null;
  readonly version?: number;
}

function revisionOf(document: ScenarioDocument): string {
  return JSON.stringify(document);
}

/** One scenario in a library that several pages have open, with the library's own rule: nobody's work is written over unseen. */
function sharedLibrary() {
  let version = 1;
  let saved: ScenarioDocument = { name: "first" };
  const versions = [saved];
  let draft: ScenarioDocument | undefined;
  const refuse = (isWrong: boolean): void => {
    if (isWrong) throw new CallFailed({ code: "conflict", message: "changed elsewhere" });
  };
  const revision = (): string | null => (draft === undefined ? null : revisionOf(draft));
  const answers: Record<string, (params: Params) => unknown> = {
    "scenario.open": ({ version: wanted = version }) => ({
      ...{ id: "a", version: wanted, document: versions[wanted - 1], tags: [] },
      draft: draft === undefined ? null : { document: draft, savedMs: 1, revision: revision() },
    }),
    "scenario.saveDraft": ({ document, baseVersion, over }) => {
      refuse(baseVersion !== version || over !== revision());
      draft = document;
      return { savedMs: 1, revision: revision() };
    },
    "scenario.dropDraft": ({ over }) => {
      refuse(over !== revision());
      draft = undefined;
      return {};
    },
    "scenario.save": ({ document, baseVersion, over }) => {
      refuse(baseVersion !== version || over !== revision());
      version++;
      saved = document;
      versions.push(saved);
      draft = undefined;
      return { id: "a", version };
    },
  };
  const client: Client = {
    hasDialogs: false,
    call: async (method, params) => answers[method]!(params as Params) as never,
    offerFiles: async () => [],
    on: () => () => {},
  };
  const openPage = async () =>
    new OpenDocument(client, await client.call("scenario.open", { id: "a" }));
  return { openPage, now: () => ({ version, saved, draft }) };
}

function rename(document: OpenDocument, name: string): void {
  document.edit("rename", (draft) => Object.assign(draft, { name }));
}

const stateOf = ({ store, document }: OpenDocument): [string, unknown] => [
  store.getState().saveState,
  document.name,
];

describe("unsaved work", () => {
  it("is called kept only once the library has it", async () => {
    const { openPage, now } = sharedLibrary();
    const page = await openPage();
    const isKept = (): boolean => page.store.getState().kept === page.document;
    expect(isKept()).toBe(true);
    rename(page, "second");
    expect([isKept(), now().draft]).toEqual([false, undefined]);
    await vi.advanceTimersByTimeAsync(700);
    expect([isKept(), now().draft]).toEqual([true, { name: "second" }]);
    rename(page, "third");
    expect(isKept()).toBe(false);
    await page.save();
    expect([isKept(), now().saved]).toEqual([true, { name: "third" }]);
  });
});

describe("a scenario that is open in two pages", () => {
  it("shows in each what the other did, where the other has done nothing since", async () => {
    const { openPage } = sharedLibrary();
    const [one, two] = [await openPage(), await openPage()];
    rename(one, "by one");
    await vi.advanceTimersByTimeAsync(700);
    await two.follow();
    expect(stateOf(two)).toEqual(["unsaved", "by one"]);
    rename(two, "by two");
    await vi.advanceTimersByTimeAsync(700);
    await one.follow();
    expect(stateOf(one)).toEqual(["unsaved", "by two"]);
    await one.save();
    await two.follow();
    expect(stateOf(two)).toEqual(["saved", "by two"]);
    two.undo();
    expect(two.document.name).toBe("by one");
  });

  it("keeps both works apart where both were changed, and writes nothing until the person has chosen", async () => {
    const { openPage, now } = sharedLibrary();
    const [one, two] = [await openPage(), await openPage()];
    rename(one, "by one");
    rename(two, "by two");
    await vi.advanceTimersByTimeAsync(700);
    await two.follow();
    expect(stateOf(two)).toEqual(["conflict", "by two"]);
    expect(two.isStuck).toBe(true);
    rename(two, "by two, once more");
    await two.save();
    await vi.advanceTimersByTimeAsync(700);
    expect(stateOf(two)).toEqual(["conflict", "by two, once more"]);
    expect(now().draft).toEqual({ name: "by one" });
    await two.takeTheirs();
    expect(stateOf(two)).toEqual(["unsaved", "by one"]);
    expect(two.isStuck).toBe(false);
    two.undo();
    expect(two.document.name).toBe("by two, once more");
    await vi.advanceTimersByTimeAsync(700);
    expect(now().draft).toEqual({ name: "by two, once more" });
  });

  it("keeps this page's work in place of the other's when told to, also over a saved version", async () => {
    const { openPage, now } = sharedLibrary();
    const [one, two] = [await openPage(), await openPage()];
    rename(one, "by one");
    await one.save();
    rename(two, "by two");
    await vi.advanceTimersByTimeAsync(700);
    expect(stateOf(two)).toEqual(["conflict", "by two"]);
    await two.keepMine();
    expect(stateOf(two)).toEqual(["unsaved", "by two"]);
    expect(now()).toEqual({ version: 2, saved: { name: "by one" }, draft: { name: "by two" } });
    await two.save();
    expect(now()).toEqual({ version: 3, saved: { name: "by two" }, draft: undefined });
  });

  it("does not save over unsaved work that it has not seen, nor drop it", async () => {
    const { openPage, now } = sharedLibrary();
    const [one, two] = [await openPage(), await openPage()];
    rename(one, "by one");
    await vi.advanceTimersByTimeAsync(700);
    await two.save();
    expect(stateOf(two)).toEqual(["conflict", "first"]);
    const three = await openPage();
    rename(one, "by one, later");
    await vi.advanceTimersByTimeAsync(700);
    await three.revert();
    expect(now().draft).toEqual({ name: "by one, later" });
  });

  it("saves what is edited while a save is under way on top of that save", async () => {
    const { openPage, now } = sharedLibrary();
    const one = await openPage();
    rename(one, "by one");
    const saving = one.save();
    rename(one, "by one, later");
    await vi.advanceTimersByTimeAsync(700);
    await saving;
    await vi.advanceTimersByTimeAsync(700);
    expect(stateOf(one)[1]).toBe("by one, later");
    await one.save();
    expect(now().saved).toEqual({ name: "by one, later" });
    expect(stateOf(one)[0]).toBe("saved");
  });
});

describe("unsaved work", () => {
  it("is kept within a second of an edit, also while one edit follows another", async () => {
    const { openPage, now } = sharedLibrary();
    const one = await openPage();
    rename(one, "a");
    await vi.advanceTimersByTimeAsync(599);
    expect(now().draft).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(now().draft).toEqual({ name: "a" });
    for (let i = 0; i < 40; i++) {
      rename(one, `typing ${i}`);
      await vi.advanceTimersByTimeAsync(100);
      const { name } = now().draft as { name: string };
      if (i >= 10) expect(Number(name.split(" ")[1])).toBeGreaterThanOrEqual(i - 10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(now().draft).toEqual({ name: "typing 39" });
  });
});

describe("a saved version", () => {
  it("is what steps taken back to it lead to: nothing is unsaved then, and no work is kept", async () => {
    const { openPage, now } = sharedLibrary();
    const one = await openPage();
    rename(one, "a");
    await vi.advanceTimersByTimeAsync(700);
    expect([one.differs(), now().draft]).toEqual([true, { name: "a" }]);
    one.undo();
    await vi.advanceTimersByTimeAsync(700);
    expect([one.differs(), now().draft, stateOf(one)[0]]).toEqual([false, undefined, "saved"]);
    one.redo();
    expect([one.differs(), one.document.name]).toEqual([true, "a"]);
  });

  it("is gone back to in one step that undo takes back, also from work of an earlier session", async () => {
    const { openPage } = sharedLibrary();
    rename(await openPage(), "of yesterday");
    await vi.advanceTimersByTimeAsync(700);
    const today = await openPage();
    expect([today.document.name, today.differs()]).toEqual(["of yesterday", true]);
    await today.revert();
    expect(today.document.name).toBe("first");
    today.undo();
    expect(today.document.name).toBe("of yesterday");
  });

  it("is gone back to by an edit, which can be undone and leaves the versions since", async () => {
    const { openPage, now } = sharedLibrary();
    const one = await openPage();
    one.edit("more", (draft) => Object.assign(draft, { name: "second", note: "more" }));
    await one.save();
    await one.goBack(1);
    expect(one.document).toEqual({ name: "first" });
    await vi.advanceTimersByTimeAsync(700);
    expect(now()).toMatchObject({ version: 2, draft: { name: "first" } });
    one.undo();
    expect(one.document).toEqual({ name: "second", note: "more" });
    await vi.advanceTimersByTimeAsync(700);
    expect([stateOf(one)[0], now().draft]).toEqual(["saved", undefined]);
  });
});
