/** Files that a person chose, by tokens: pages never see or send a path. */
import { ServiceError } from "../../shared/contract/errors.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";

/** A chosen file behind its token. */
export interface ChosenPath {
  readonly path: string;
  /** Its own name, for people. */
  readonly name: string;
  readonly bytes: number;
  /** To read it, or to write it. */
  readonly use: "read" | "write";
  /** Called when the token is used up or forgotten, e.g. to remove an upload. */
  readonly onDone?: () => void;
  /** Of a file that is still on its way: settles when all of it is there, rejects when it never will be. Its beginning can be read before. */
  readonly whole?: Promise<void>;
}

const keptTokens = 256;

/** Tokens of one program; the oldest are forgotten beyond 256. */
export class FileTokens {
  private readonly newToken: () => string;
  private readonly files = new Map<string, ChosenPath>();

  constructor(newToken: () => string) {
    this.newToken = newToken;
  }

  /** A token for a file that the person chose. */
  offer(file: ChosenPath): ChosenFile {
    const token = this.newToken();
    this.files.set(token, file);
    for (const oldest of this.files.keys()) {
      if (this.files.size <= keptTokens) break;
      this.drop(oldest);
    }
    return { token, name: file.name, bytes: file.bytes };
  }

  /** The file of a token, which stays good. Throws ServiceError (notFound) for a token that is unknown, used up or for another use. */
  peek(token: string, use: "read" | "write"): ChosenPath {
    const file = this.files.get(token);
    if (file !== undefined && file.use === use) return file;
    throw new ServiceError(
      "notFound",
      "The chosen file is no longer known: each choice is good for one use. Choose the file again.",
      { field: use === "read" ? "file" : "target" },
    );
  }

  /** The file of a token for reading, when all of it is there; it stays good. Throws as peek does, and what kept the file from arriving. */
  async arrived(token: string): Promise<ChosenPath> {
    await this.peek(token, "read").whole;
    return this.peek(token, "read");
  }

  /** Does something with the file of a token and uses the token up, also when that fails after it began. */
  async use<Result>(
    token: string,
    use: "read" | "write",
    work: (file: ChosenPath) => Promise<Result>,
  ): Promise<Result> {
    const file = this.peek(token, use);
    this.files.delete(token);
    try {
      await file.whole;
      return await work(file);
    } finally {
      file.onDone?.();
    }
  }

  /** Forgets everything, e.g. at the end of the program. */
  clear(): void {
    for (const token of [...this.files.keys()]) this.drop(token);
  }

  private drop(token: string): void {
    this.files.get(token)?.onDone?.();
    this.files.delete(token);
  }
}
