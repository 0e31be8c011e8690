/** How the page talks to core: one interface, whatever carries it. */
import type { ContractError, Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";

/** The contract as the page sees it. */
export interface Client {
  /** Whether the host asks the person for files itself. */
  readonly hasDialogs: boolean;
  /** Runs a method; throws CallFailed where the reply is an error. */
  call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>>;
  /** Tokens for files that the person dropped on the page or gave to its file input. Throws CallFailed. */
  offerFiles(files: readonly File[]): Promise<ChosenFile[]>;
  /** Hears core's events until the returned function is called. */
  on(listener: (event: CoreEvent) => void): () => void;
}

/** A reply that is an error. */
export class CallFailed extends Error {
  readonly error: ContractError;

  constructor(error: ContractError) {
    super(error.message);
    this.name = "CallFailed";
    this.error = error;
  }
}

/** The value of a reply. */
export function unwrap<Name extends MethodName>(reply: Reply<unknown>): MethodResult<Name> {
  if (!reply.ok) throw new CallFailed(reply.error);
  return reply.value as MethodResult<Name>;
}
