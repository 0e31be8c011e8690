/** The entry of the storage worker. */
import { parentPort, workerData } from "node:worker_threads";
import { atomicWriteFile } from "../files/atomicWrite.ts";
import { serveStorage } from "../storage/serveStorage.ts";
import type { StorageSetup } from "../storage/storageMessages.ts";

serveStorage(parentPort!, workerData as StorageSetup, atomicWriteFile);
