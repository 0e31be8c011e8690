/** Erlang's formulas for c servers offered a load of a erlangs. */

/** Share of arrivals that find all c servers busy and are lost (M/G/c/c): B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)). */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let c = 1; c <= servers; c++) blocked = (load * blocked) / (c + load * blocked);
  return blocked;
}

/** Share of arrivals that wait (M/M/c), 1 where the load is at least the number of servers. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}
