import { absences, lateAnswers, lostAnswers, outages } from './absence-steps';
import { payloadBrownouts, readBrownouts, uploadBrownouts } from './brownout-steps';
import { earlyEnds } from './early-end-steps';
import { growths } from './growth-steps';
import { heldListings } from './held-listing-steps';
import { connectionTests } from './key-test-steps';
import { lastTries } from './last-try-steps';
import { longWaits } from './long-wait-steps';
import { histories, longWorks } from './long-work-steps';
import { lookUpFaults } from './look-up-steps';
import { amendmentsBetweenTries, leftovers, losses } from './loss-steps';
import { oddIngestions, oddSearches } from './odd-request-steps';
import { amendments, floods, offers } from './offer-steps';
import { coldStarts, kills, standstills, stops } from './process-steps';
import { healings, listingFaults, payloadFaults } from './provider-steps';
import { queues } from './queue-steps';
import { hangUps, slowReads } from './reader-steps';
import { hostileRequests, refusedRequests } from './refused-request-steps';
import { bursts, conditionalReads, partialReads, strangeRequests, unknownLookUps } from './request-steps';
import { rushes } from './rush-steps';
import type { StepKind } from './step';
import { manifestFaults, readFaults, uploadFaults } from './storage-steps';
import { deletions, relabellings, repairs, swaps, tamperings } from './tampering-steps';
import { beginnings, ingestions, lookUps, reads, searches, waits } from './vault-steps';
import { walks } from './walk-steps';

interface WeighedKind {
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
  readonly steps: StepKind;
  /** Whether every program may take it, or only one in which it is switched on. */
  readonly when: 'always' | 'switched on' | 'switched on, and the vault may be killed';
  /** Whether one may take seconds: it is for those who have minutes. */
  readonly isSlow?: true;
}

const always = (weight: number, steps: StepKind): WeighedKind => ({ weight, steps, when: 'always' });
const switched = (weight: number, steps: StepKind): WeighedKind => ({ weight, steps, when: 'switched on' });
const slow = (weight: number, steps: StepKind): WeighedKind => ({ ...switched(weight, steps), isSlow: true });

/** Every kind of step by its name, the offers first: a program begins with one. */
export const STEP_KINDS: Readonly<Record<string, WeighedKind>> = {
  offers: always(9, offers),
  ingestions: always(16, ingestions),
  beginnings: always(8, beginnings),
  reads: always(8, reads),
  searches: always(5, searches),
  walks: switched(4, walks),
  waits: switched(4, waits),
  floods: slow(3, floods),
  growths: switched(4, growths),
  amendments: switched(5, amendments),
  uploadFaults: switched(15, uploadFaults),
  payloadFaults: switched(28, payloadFaults),
  listingFaults: switched(19, listingFaults),
  readFaults: switched(14, readFaults),
  uploadBrownouts: switched(3, uploadBrownouts),
  payloadBrownouts: switched(3, payloadBrownouts),
  readBrownouts: switched(4, readBrownouts),
  strangeRequests: switched(6, strangeRequests),
  unknownLookUps: switched(4, unknownLookUps),
  hostileRequests: switched(3, hostileRequests),
  refusedRequests: switched(9, refusedRequests),
  oddIngestions: switched(8, oddIngestions),
  oddSearches: switched(5, oddSearches),
  partialReads: switched(8, partialReads),
  conditionalReads: switched(4, conditionalReads),
  slowReads: switched(3, slowReads),
  hangUps: switched(3, hangUps),
  bursts: switched(4, bursts),
  connectionTests: switched(6, connectionTests),
  healings: switched(5, healings),
  deletions: switched(7, deletions),
  repairs: switched(4, repairs),
  tamperings: switched(7, tamperings),
  swaps: switched(3, swaps),
  relabellings: switched(3, relabellings),
  lookUpFaults: switched(7, lookUpFaults),
  earlyEnds: switched(4, earlyEnds),
  losses: switched(6, losses),
  leftovers: switched(4, leftovers),
  amendmentsBetweenTries: switched(3, amendmentsBetweenTries),
  manifestFaults: switched(6, manifestFaults),
  lookUps: switched(4, lookUps),
  heldListings: switched(4, heldListings),
  queues: switched(4, queues),
  lastTries: switched(5, lastTries),
  rushes: switched(4, rushes),
  longWorks: slow(3, longWorks),
  histories: slow(3, histories),
  coldStarts: switched(3, coldStarts),
  stops: switched(7, stops),
  absences: switched(3, absences),
  outages: slow(2, outages),
  lostAnswers: switched(3, lostAnswers),
  lateAnswers: switched(3, lateAnswers),
  longWaits: slow(3, longWaits),
  standstills: { weight: 6, steps: standstills, when: 'switched on, and the vault may be killed' },
  kills: { weight: 11, steps: kills, when: 'switched on, and the vault may be killed' },
};
