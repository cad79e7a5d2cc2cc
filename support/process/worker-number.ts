/** The number of this process among Cucumber's workers; 0 in a serial run. */
export function workerNumber(environment: NodeJS.ProcessEnv = process.env): number {
  return Number(environment.CUCUMBER_WORKER_ID ?? 0);
}

/** The number of workers that share the run; 1 in a serial run. */
export function workerCount(environment: NodeJS.ProcessEnv = process.env): number {
  return Number(environment.CUCUMBER_TOTAL_WORKERS ?? 1);
}
