/** A study as work for a Kubernetes cluster: an Indexed Job of shards, and a Job that merges them. */
import type { YamlValue } from "./yamlText.ts";

/** A file that the pods read, by its name beside the study. */
export interface ClusterFile {
  readonly name: string;
  readonly bytes: number;
  /** In base64 where it fits a ConfigMap; undefined where it is to be copied to the claim for inputs. */
  readonly base64?: string;
}

/** What is to be run. */
export interface ClusterStudy {
  /** A DNS label, at most 50 characters; names of all objects begin with it. */
  readonly name: string;
  readonly image: string;
  readonly shards: number;
  readonly runs: number;
  /** Text of the study file with its scenario in it. */
  readonly study: string;
  readonly traces: readonly ClusterFile[];
  /** Whether rows of the traces that cannot be used are left out. */
  readonly acceptRejects: boolean;
  readonly maxRuns: number;
}

/** A ConfigMap holds 1 MiB; what goes into one is kept below. */
export const configMapBytes = 900_000;

const program = "/app/out/electron/cli.cjs";
const resultsPath = "/results";

/** Whether everything that the pods read fits ConfigMaps. */
function isSmall({ study, traces }: ClusterStudy): boolean {
  return study.length <= configMapBytes && traces.every(({ base64 }) => base64 !== undefined);
}

/** All objects, in the order in which they are applied: inputs, the claim for results, the shards, the merge (which waits for them). */
export function clusterObjects(work: ClusterStudy): YamlValue[] {
  const inputs = isSmall(work) ? configMaps(work) : [claim(`${work.name}-inputs`, "ReadOnlyMany")];
  return [
    ...inputs,
    claim(`${work.name}-results`, "ReadWriteMany"),
    shardJob(work),
    mergeJob(work),
  ];
}

const labels = (work: ClusterStudy): YamlValue => ({
  "app.kubernetes.io/name": "crossover",
  "app.kubernetes.io/instance": work.name,
});

function configMaps(work: ClusterStudy): YamlValue[] {
  const map = (name: string, content: Record<string, YamlValue>): YamlValue => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels: labels(work) },
    ...content,
  });
  return [
    map(`${work.name}-study`, { data: { "study.json": work.study } }),
    ...work.traces.map(({ name, base64 = "" }, index) =>
      map(`${work.name}-trace-${index}`, { binaryData: { [name]: base64 } }),
    ),
  ];
}

function claim(name: string, mode: string): YamlValue {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { accessModes: [mode], resources: { requests: { storage: "1Gi" } } },
  };
}

/** The study and its traces in one folder. */
function inputVolume(work: ClusterStudy): YamlValue {
  if (!isSmall(work)) {
    return {
      name: "inputs",
      persistentVolumeClaim: { claimName: `${work.name}-inputs`, readOnly: true },
    };
  }
  const maps = [`${work.name}-study`, ...work.traces.map((_, i) => `${work.name}-trace-${i}`)];
  return {
    name: "inputs",
    projected: { sources: maps.map((name) => ({ configMap: { name } })) },
  };
}

const resultVolume = (work: ClusterStudy): YamlValue => ({
  name: "results",
  persistentVolumeClaim: { claimName: `${work.name}-results` },
});

const locked: YamlValue = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

const podSecurity: YamlValue = {
  runAsNonRoot: true,
  runAsUser: 1000,
  fsGroup: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

const shardFile = (index: string, shards: number): string =>
  `${resultsPath}/shard-${index}-of-${shards}.json`;

function shardCommand({ shards, acceptRejects, maxRuns }: ClusterStudy): string {
  const index = "$((JOB_COMPLETION_INDEX + 1))";
  const command = `node ${program} study /inputs/study.json --shard "${index}/${shards}" --out "${shardFile(index, shards)}" --max-runs ${maxRuns} --cache /tmp/cache`;
  // Exit code 4 says that rows were left out, which was asked for.
  return acceptRejects ? `${command} --accept-rejects || [ $? -eq 4 ]` : command;
}

function shardJob(work: ClusterStudy): YamlValue {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: work.name, labels: labels(work) },
    spec: {
      completionMode: "Indexed",
      completions: work.shards,
      parallelism: work.shards,
      backoffLimit: 6,
      podFailurePolicy: {
        rules: [
          {
            action: "FailJob",
            onExitCodes: { containerName: "study", operator: "In", values: [2, 3] },
          },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
      template: {
        metadata: { labels: labels(work) },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          containers: [
            {
              name: "study",
              image: work.image,
              command: ["sh", "-c", shardCommand(work)],
              resources: {
                requests: { cpu: "2", memory: "2Gi" },
                limits: { cpu: "2", memory: "4Gi" },
              },
              securityContext: locked,
              volumeMounts: [
                { name: "inputs", mountPath: "/inputs", readOnly: true },
                { name: "results", mountPath: resultsPath },
                { name: "scratch", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [inputVolume(work), resultVolume(work), { name: "scratch", emptyDir: {} }],
        },
      },
    },
  };
}

function mergeJob(work: ClusterStudy): YamlValue {
  const { shards } = work;
  const files = `${resultsPath}/shard-*-of-${shards}.json`;
  const mounts: YamlValue = [{ name: "results", mountPath: resultsPath }];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${work.name}-merge`, labels: labels(work) },
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { labels: labels(work) },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          initContainers: [
            {
              name: "wait-for-shards",
              image: work.image,
              command: [
                "sh",
                "-c",
                `while [ "$(ls ${files} 2>/dev/null | wc -l)" -lt ${shards} ]; do sleep 5; done`,
              ],
              resources: {
                requests: { cpu: "10m", memory: "16Mi" },
                limits: { memory: "64Mi" },
              },
              securityContext: locked,
              volumeMounts: mounts,
            },
          ],
          containers: [
            {
              name: "merge",
              image: work.image,
              command: [
                "sh",
                "-c",
                `node ${program} study merge ${files} --out ${resultsPath}/result.json --csv ${resultsPath}/result.csv`,
              ],
              resources: {
                requests: { cpu: "1", memory: "1Gi" },
                limits: { memory: "4Gi" },
              },
              securityContext: locked,
              volumeMounts: mounts,
            },
          ],
          volumes: [resultVolume(work)],
        },
      },
    },
  };
}

/** The image: this repository, built. */
export const clusterDockerfile = `# Builds the image that the pods run; from the root of Crossover's repository:
#   docker build -f Dockerfile -t IMAGE . && docker push IMAGE
FROM node:24-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run -s build

FROM node:24-slim
WORKDIR /app
COPY --from=build /app/out/electron out/electron
COPY --from=build /app/data/catalog data/catalog
USER 1000
ENTRYPOINT ["node", "${program}"]
`;

/** What to do with the files, step by step. */
export function clusterReadme(work: ClusterStudy): string {
  const { name, image, shards, runs, traces } = work;
  const copied = ["study.json", ...traces.map((trace) => trace.name)];
  const inputs = isSmall(work)
    ? "   The study and its traces are in ConfigMaps; nothing is to be copied."
    : [
        `   The inputs are too large for a ConfigMap. Fill the claim ${name}-inputs first: start a pod that mounts it,`,
        `   \`kubectl cp\` these files of this folder to its root, and delete the pod: ${copied.join(", ")}.`,
      ].join("\n");
  return `# ${name}: ${runs} runs in ${shards} shards

1. Build and push the image with the Dockerfile beside this file, from the root of Crossover's repository, and put its
   name in place of \`${image}\` in job.yaml (or export again with \`--image\`).
2. Apply: \`kubectl apply -f job.yaml\`. Needs Kubernetes 1.26 or later and storage with ReadWriteMany for the claim
   ${name}-results (set storageClassName where the default has none).
${inputs}
3. Wait: \`kubectl wait --for=condition=complete --timeout=-1s job/${name} job/${name}-merge\`.
   Pod k of the Indexed Job does shard k + 1 of ${shards}; a pod that fails is started again, but for input that cannot be
   used (exit codes 2 and 3), which ends the Job. The merge waits until all shards lie in the claim.
4. Fetch result.json and result.csv from the claim ${name}-results with a pod that mounts it. They are byte for byte
   what \`crossover study study.json --out result.json --csv result.csv\` gives on one machine.

Each pod uses as many worker threads as it has processors; change the resources in job.yaml to the size of your nodes.
`;
}
