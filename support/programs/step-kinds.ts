import { absences, lateAnswers, lostAnswers, outages } from './absence-steps';
import { payloadBrownouts, readBrownouts, uploadBrownouts } from './brownout-steps';
import { earlyEnds } from './early-end-steps';
import { growths } from './growth-steps';
import { connectionTests } from './key-test-steps';
import { longWaits } from './long-wait-steps';
import { histories, longWorks } from './long-work-steps';
import { lookUpFaults } from './look-up-steps';
import { amendmentsBetweenTries, leftovers, losses } from './loss-steps';
import { oddIngestions, oddSearches } from './odd-request-steps';
import { amendments, floods, offers } from './offer-steps';
import { kills, standstills, stops } from './process-steps';
import { healings, listingFaults, payloadFaults } from './provider-steps';
import { queues } from './queue-steps';
import { refusedRequests } from './refused-request-steps';
import { bursts, conditionalReads, partialReads, strangeRequests } from './request-steps';
import { rushes } from './rush-steps';
import type { StepKind } from './step';
import { manifestFaults, readFaults, uploadFaults } from './storage-steps';
import { deletions, relabellings, repairs, swaps, tamperings } from './tampering-steps';
import { beginnings, ingestions, lookUps, reads, searches, waits } from './vault-steps';

interface WeighedKind {
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
  readonly steps: StepKind;
  /** Whether every program may take it, or only one in which it is switched on. */
  readonly when: 'always' | 'switched on' | 'switched on, and the vault may be killed';
}

const always = (weight: number, steps: StepKind): WeighedKind => ({ weight, steps, when: 'always' });
const switched = (weight: number, steps: StepKind): WeighedKind => ({ weight, steps, when: 'switched on' });

/** Every kind of step by its name, the offers first: a program begins with one. */
export const STEP_KINDS: Readonly<Record<string, WeighedKind>> = {
  offers: always(12, offers),
  ingestions: always(20, ingestions),
  beginnings: always(10, beginnings),
  reads: always(10, reads),
  searches: always(7, searches),
  waits: switched(6, waits),
  floods: switched(1, floods),
  growths: switched(2, growths),
  amendments: switched(6, amendments),
  uploadFaults: switched(8, uploadFaults),
  payloadFaults: switched(14, payloadFaults),
  listingFaults: switched(10, listingFaults),
  readFaults: switched(6, readFaults),
  uploadBrownouts: switched(4, uploadBrownouts),
  payloadBrownouts: switched(3, payloadBrownouts),
  readBrownouts: switched(3, readBrownouts),
  strangeRequests: switched(8, strangeRequests),
  refusedRequests: switched(5, refusedRequests),
  oddIngestions: switched(6, oddIngestions),
  oddSearches: switched(4, oddSearches),
  partialReads: switched(4, partialReads),
  conditionalReads: switched(4, conditionalReads),
  bursts: switched(1, bursts),
  connectionTests: switched(3, connectionTests),
  healings: switched(5, healings),
  deletions: switched(7, deletions),
  repairs: switched(4, repairs),
  tamperings: switched(3, tamperings),
  swaps: switched(2, swaps),
  relabellings: switched(2, relabellings),
  lookUpFaults: switched(7, lookUpFaults),
  earlyEnds: switched(4, earlyEnds),
  losses: switched(6, losses),
  leftovers: switched(3, leftovers),
  amendmentsBetweenTries: switched(3, amendmentsBetweenTries),
  manifestFaults: switched(4, manifestFaults),
  lookUps: switched(4, lookUps),
  queues: switched(3, queues),
  rushes: switched(3, rushes),
  longWorks: switched(1, longWorks),
  histories: switched(1, histories),
  stops: switched(1, stops),
  absences: switched(2, absences),
  outages: switched(1, outages),
  lostAnswers: switched(2, lostAnswers),
  lateAnswers: switched(2, lateAnswers),
  longWaits: switched(4, longWaits),
  standstills: { weight: 4, steps: standstills, when: 'switched on, and the vault may be killed' },
  kills: { weight: 6, steps: kills, when: 'switched on, and the vault may be killed' },
};
