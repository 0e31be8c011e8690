/** Which pools run on which instances of one GPU, as far as that can be told. */

/** A pool on instances of one profile. */
export interface InstancePool {
  readonly id: string;
  readonly replicas: number;
}

/**
 * Pools by instance, for the instances of one profile on each of so many GPUs: pools take instances in their order, each as many on a
 * GPU as its replicas come to. What is too much is put onto the last instance, so that no pool is out of sight; the check says what is wrong with it.
 */
export function poolsByInstance(
  pools: readonly InstancePool[],
  instances: number,
  gpus: number,
): string[][] {
  const byInstance = Array.from({ length: instances }, (): string[] => []);
  let next = 0;
  for (const { id, replicas } of pools) {
    const onEach = Math.max(1, Math.ceil(replicas / Math.max(1, gpus)));
    for (let i = 0; i < onEach; i++) {
      const at = Math.min(next, instances - 1);
      if (at >= 0 && !byInstance[at].includes(id)) byInstance[at].push(id);
      next++;
    }
  }
  return byInstance;
}
