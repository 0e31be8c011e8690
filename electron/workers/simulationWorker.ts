/** The entry of a worker thread: every job of the house. */
import { jobs } from "../../shared/planning/jobs/jobs.ts";
import { serveJobs } from "./serveJobs.ts";

serveJobs(jobs);
