/** The decoding requests of a replica ordered by the iteration at whose end they finish. */

/** A binary heap keyed by absolute iteration index. Completion order among equals is settled by the caller. */
export class CompletionHeap {
  size = 0;
  private readonly keys: Float64Array;
  private readonly requests: Int32Array;

  constructor(capacity: number) {
    this.keys = new Float64Array(capacity + 1);
    this.requests = new Int32Array(capacity + 1);
  }

  /** Iteration index at which the first of them finishes; Infinity when empty. */
  get firstKey(): number {
    return this.size === 0 ? Infinity : this.keys[0];
  }

  get firstRequest(): number {
    return this.requests[0];
  }

  /** Key at heap position i (0 <= i < size), in no particular order. */
  keyAt(i: number): number {
    return this.keys[i];
  }

  /** Request at heap position i. */
  requestAt(i: number): number {
    return this.requests[i];
  }

  add(key: number, request: number): void {
    this.siftUp(this.size++, key, request);
  }

  removeFirst(): void {
    const last = --this.size;
    if (last > 0) this.siftDown(0, this.keys[last], this.requests[last]);
  }

  /** Removes the entry at heap position i. */
  removeAt(i: number): void {
    const last = --this.size;
    if (i === last) return;
    const key = this.keys[last];
    const request = this.requests[last];
    if (i > 0 && this.keys[(i - 1) >> 1] > key) this.siftUp(i, key, request);
    else this.siftDown(i, key, request);
  }

  private siftUp(start: number, key: number, request: number): void {
    const { keys, requests } = this;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[i] = keys[parent];
      requests[i] = requests[parent];
      i = parent;
    }
    keys[i] = key;
    requests[i] = request;
  }

  private siftDown(start: number, key: number, request: number): void {
    const { keys, requests, size } = this;
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[i] = keys[child];
      requests[i] = requests[child];
      i = child;
    }
    keys[i] = key;
    requests[i] = request;
  }
}
