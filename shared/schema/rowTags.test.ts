import { expect, test } from "vitest";
import { tagsOf } from "./rowTags.ts";

test("a cell with plain text is one tag", () => {
  expect(tagsOf("API log")).toEqual(["API log"]);
  expect(tagsOf("")).toEqual([""]);
});

test("a JSON list of names is several tags, each once", () => {
  expect(tagsOf('["prod", " chat ","prod"]')).toEqual(["prod", "chat"]);
  expect(tagsOf("[]")).toEqual([""]);
});

test("text that only looks like a list is a tag as it stands", () => {
  expect(tagsOf("[draft")).toEqual(["[draft"]);
  expect(tagsOf("[1,2]")).toEqual(["[1,2]"]);
});
