import { describe, expect, it } from "vitest";
import type { TraceEntry } from "../../shared/contract/traceMethods.ts";
import { freeId, idOfName, replay, traceFields } from "./traceSource.ts";

function entry(readAs: TraceEntry["readAs"], format: string): TraceEntry {
  const columns = { arrival: "t", promptTokens: "in", outputTokens: "out", model: "llm" };
  return {
    ...{ id: "x", name: "log.csv", sha256: "a".repeat(64), bytes: 1, importedMs: 0, readAs },
    summary: { format, columns } as object as TraceEntry["summary"],
  };
}

describe("a source that replays a trace of the library", () => {
  it("says how the file was read, guessed columns with those that were chosen", () => {
    const mapped = entry(
      { format: "auto", mapping: { outputTokens: "out", timeUnit: "ms" } },
      "csv",
    );
    expect(traceFields(mapped)).toEqual({
      ...{ file: "log.csv", sha256: "a".repeat(64), format: "csv" },
      mapping: {
        ...{ arrival: "t", promptTokens: "in", outputTokens: "out", model: "llm" },
        timeUnit: "ms",
      },
    });
    expect(traceFields(entry({ format: "auto" }, "azure"))).toEqual({
      ...{ file: "log.csv", sha256: "a".repeat(64), format: "auto" },
    });
  });

  it("keeps what is done to the trace and drops the columns of the one before", () => {
    const source = {
      ...{ id: "chat", kind: "trace" as const, file: "old.csv", transforms: { volume: 2 } },
      mapping: { arrival: "a", promptTokens: "b", outputTokens: "c" },
    };
    replay(source, entry({ format: "auto" }, "azure"));
    expect(source).toEqual({
      ...{ id: "chat", kind: "trace", file: "log.csv", sha256: "a".repeat(64), format: "auto" },
      transforms: { volume: 2 },
    });
  });

  it("has an id made of the file's name that no other source has", () => {
    expect(idOfName("my log (2).csv.gz")).toBe("my-log-2");
    expect(idOfName("…")).toBe("trace");
    expect(freeId("chat", ["chat", "chat-2"])).toBe("chat-3");
  });
});
