/** Orders requests that finish together as they were admitted, so that engines agree on what is freed first. */

/** Sorts the first `count` requests in place by their admission number; few, so by insertion. */
export function sortByAdmission(requests: Int32Array, count: number, admission: Int32Array): void {
  for (let i = 1; i < count; i++) {
    const request = requests[i];
    let j = i;
    while (j > 0 && admission[requests[j - 1]] > admission[request]) {
      requests[j] = requests[j - 1];
      j--;
    }
    requests[j] = request;
  }
}
