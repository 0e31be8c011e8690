/** What a replica knows of a request's size: output it will give, memory at its end, weight for the balancer. */
import type { ReplicaConfig } from "./replicaEngine.ts";
import type { RequestTable } from "./requestTable.ts";

/** Sizes of requests under the limits of one replica, in tokens. */
export class RequestSizes {
  private readonly table: RequestTable;
  private readonly maxModelLen: number;
  private readonly expectedOutput: Float64Array;

  constructor(table: RequestTable, config: ReplicaConfig) {
    this.table = table;
    this.maxModelLen = config.maxModelLen;
    this.expectedOutput = config.expectedOutput;
  }

  /** Output until the model's context ends. */
  outputOf(request: number): number {
    const output = this.table.outputTokens[request];
    const room = this.maxModelLen - this.table.promptTokens[request];
    return output < room ? output : room;
  }

  /** Prompt and output together. */
  lastTokensOf(request: number): number {
    return this.table.promptTokens[request] + this.outputOf(request);
  }

  /** Prompt and the output that a gateway expects of the request's class. */
  weightOf(request: number): number {
    const { promptTokens, classIndex } = this.table;
    return promptTokens[request] + this.expectedOutput[classIndex[request]];
  }
}
