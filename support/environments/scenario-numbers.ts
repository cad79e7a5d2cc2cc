import { workerCount, workerNumber } from '../process/worker-number';

/** Numbers scenarios so that no two of a run share one, over all workers. */
export class ScenarioNumbers {
  #next = workerNumber();

  next(): number {
    const number = this.#next;
    this.#next += workerCount();
    return number;
  }
}
