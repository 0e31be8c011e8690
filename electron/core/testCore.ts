/** For tests: a core over an empty library of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import { type Core, createCore } from "./createCore.ts";

const caller = { host: "cli" as const, id: "test" };

/** A core, what it told, and what it logged; close it when the test ends. */
export class TestCore {
  readonly folder: string;
  readonly events: CoreEvent[] = [];
  readonly logged: unknown[] = [];
  readonly core: Core;

  constructor(workers = 1, folder = mkdtempSync(join(tmpdir(), "crossover-core-"))) {
    this.folder = folder;
    this.core = createCore({
      ...{ host: "cli" as const, version: "0.0.0", isPackaged: false, workers },
      dataFolder: this.folder,
      log: (error) => this.logged.push(error),
    });
    this.core.subscribe((event) => this.events.push(event));
  }

  /** The value of a call. Throws Error with "code: message" where the reply is an error. */
  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    const reply = (await this.core.call(name, params, caller)) as Reply<MethodResult<Name>>;
    if (reply.ok) return reply.value;
    throw new Error(`${reply.error.code}: ${reply.error.message}`);
  }

  /** A file for the core to write to, as a person would choose it. */
  target(name: string): { readonly token: string; readonly path: string } {
    const path = join(this.folder, name);
    const { token } = this.core.files.offer({ path, name, bytes: 0, use: "write" });
    return { token, path };
  }

  async close(): Promise<void> {
    await this.core.close();
    rmSync(this.folder, { recursive: true });
  }
}
