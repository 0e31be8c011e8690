/** Exit codes of the command line, as the README lists them. */
export const exitCodes = {
  /** The command did what was asked. */
  ok: 0,
  /** Something in Crossover itself went wrong. */
  internalError: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** A file, field or value cannot be used; or what was checked does not hold. */
  badInput: 3,
  /** Done, but some rows of the input were rejected; each is counted and reported. */
  rowsRejected: 4,
  /** Stopped by Ctrl+C. */
  interrupted: 130,
} as const;
