/** Which of Cucumber's workers this process is; 0 in a serial run. */
export function workerNumber(environment: NodeJS.ProcessEnv = process.env): number {
  return Number(environment.CUCUMBER_WORKER_ID ?? 0);
}

/** How many workers share the run; 1 in a serial run. */
export function workerCount(environment: NodeJS.ProcessEnv = process.env): number {
  return Number(environment.CUCUMBER_TOTAL_WORKERS ?? 1);
}
