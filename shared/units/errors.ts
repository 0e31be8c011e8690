/** Errors of the whole house: what was wrong, what was found, what was wanted, what to do. */

/** Input that cannot be used. The message stands alone; the parts serve programs. */
export class InputError extends Error {
  readonly field: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, options: { field?: string; hint?: string } = {}) {
    super(message);
    this.name = "InputError";
    this.field = options.field;
    this.hint = options.hint;
  }
}

/** A state that correct code cannot reach; carries the numbers that show it. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InvariantError";
  }
}
