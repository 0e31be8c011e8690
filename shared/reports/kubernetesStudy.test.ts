import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  type ClusterStudy,
  clusterDockerfile,
  clusterObjects,
  clusterReadme,
} from "./kubernetesStudy.ts";
import { yamlText } from "./yamlText.ts";

const work: ClusterStudy = {
  name: "study-x",
  image: "registry.example/crossover:1",
  shards: 7,
  runs: 6500,
  study: '{\n  "a": 1\n}\n',
  traces: [{ name: "t-x.csv.gz", bytes: 3, base64: "AAAA" }],
  acceptRejects: false,
  maxRuns: 10_000,
};

/** The objects as a cluster would read them. */
const objects = (changes: Partial<ClusterStudy> = {}) =>
  parseAllDocuments(yamlText(clusterObjects({ ...work, ...changes }))).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJSON();
  });
const named = (all: ReturnType<typeof objects>, name: string) =>
  all.find((each) => each.metadata.name === name);

/** Fields that batch/v1 JobSpec, v1 PodSpec and v1 Container know (Kubernetes API reference v1.31), as far as one may want them here. */
const jobFields =
  "activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions manualSelector maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy selector successPolicy suspend template ttlSecondsAfterFinished";
const podFields =
  "activeDeadlineSeconds affinity automountServiceAccountToken containers initContainers imagePullSecrets nodeSelector priorityClassName restartPolicy securityContext serviceAccountName terminationGracePeriodSeconds tolerations volumes";
const containerFields =
  "args command env envFrom image imagePullPolicy name resources securityContext volumeMounts workingDir";
const within = (object: object, fields: string) =>
  expect(fields.split(" ")).toEqual(expect.arrayContaining(Object.keys(object)));

describe("a study for a cluster", () => {
  test("is an Indexed Job whose pods each do the shard of their index", () => {
    const { apiVersion, kind, spec } = named(objects(), "study-x");
    expect([apiVersion, kind]).toEqual(["batch/v1", "Job"]);
    expect(spec).toMatchObject({ completionMode: "Indexed", completions: 7, parallelism: 7 });
    const pod = spec.template.spec;
    expect(pod.restartPolicy).toBe("Never");
    const [container] = pod.containers;
    expect(container.image).toBe(work.image);
    expect(container.command.slice(0, 2)).toEqual(["sh", "-c"]);
    expect(container.command[2]).toContain('--shard "$((JOB_COMPLETION_INDEX + 1))/7"');
    expect(container.command[2]).toContain("study /inputs/study.json");
    expect(container.resources.requests).toEqual({ cpu: "2", memory: "2Gi" });
    expect(spec.podFailurePolicy.rules[0]).toEqual({
      action: "FailJob",
      onExitCodes: { containerName: container.name, operator: "In", values: [2, 3] },
    });
  });

  test("uses only fields that batch/v1 and v1 know, and mounts only volumes that are there", () => {
    for (const job of objects().filter(({ kind }) => kind === "Job")) {
      within(job, "apiVersion kind metadata spec");
      within(job.spec, jobFields);
      const pod = job.spec.template.spec;
      within(pod, podFields);
      const volumes = pod.volumes.map((volume: { name: string }) => volume.name);
      for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
        within(container, containerFields);
        for (const mount of container.volumeMounts) expect(volumes).toContain(mount.name);
        expect(container.securityContext.allowPrivilegeEscalation).toBe(false);
      }
    }
  });

  test("puts study and traces into ConfigMaps, one folder for the pods", () => {
    const all = objects();
    expect(named(all, "study-x-study").data).toEqual({ "study.json": work.study });
    expect(named(all, "study-x-trace-0").binaryData).toEqual({ "t-x.csv.gz": "AAAA" });
    const [inputs] = named(all, "study-x").spec.template.spec.volumes;
    expect(inputs.projected.sources).toEqual([
      { configMap: { name: "study-x-study" } },
      { configMap: { name: "study-x-trace-0" } },
    ]);
  });

  test("takes a claim where a trace is too large for a ConfigMap, and says what to copy", () => {
    const traces = [{ name: "big.csv.gz", bytes: 5e6 }];
    const all = objects({ traces });
    expect(all.filter(({ kind }) => kind === "ConfigMap")).toEqual([]);
    expect(named(all, "study-x-inputs").kind).toBe("PersistentVolumeClaim");
    const [inputs] = named(all, "study-x").spec.template.spec.volumes;
    expect(inputs.persistentVolumeClaim.claimName).toBe("study-x-inputs");
    expect(clusterReadme({ ...work, traces })).toContain("study.json, big.csv.gz");
  });

  test("merges when all shards are there", () => {
    const pod = named(objects(), "study-x-merge").spec.template.spec;
    expect(pod.initContainers[0].command[2]).toContain("-lt 7");
    expect(pod.containers[0].command[2]).toContain("study merge /results/shard-*-of-7.json");
  });

  test("counts rejected rows that were accepted as done", () => {
    const { command } = named(objects({ acceptRejects: true }), "study-x").spec.template.spec
      .containers[0];
    expect(command[2]).toMatch(/--accept-rejects \|\| \[ \$\? -eq 4 \]$/);
  });

  test("comes with a Dockerfile and steps that name image, job and claim", () => {
    expect(clusterDockerfile).toContain("npm ci && npm run -s build");
    const readme = clusterReadme(work);
    for (const word of [work.image, "job/study-x-merge", "study-x-results"]) {
      expect(readme).toContain(word);
    }
  });
});
