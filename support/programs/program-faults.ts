import type { IngestRequest } from '../../services/ingestion-service';
import { type Instant, instantRangeOf, isWithin } from '../bytes/instant';
import type { ArmedFault } from '../faults/fault-board';
import type { NamedLog } from '../scenario/scenario-scope';
import type { JobCircumstances } from './job-verdict';

/** How a fault affects a job that meets it. */
export type FaultEffect =
  | { readonly to: 'provider' | 'upload'; readonly how: 'may be tried again' }
  | { readonly to: 'provider' | 'upload'; readonly how: 'refused'; readonly code: string }
  /** A call to storage failed, and how a job takes that is the vault's own affair. */
  | { readonly to: 'storage' }
  | { readonly to: 'nothing' };

interface ProgramFault {
  readonly armed: ArmedFault<unknown>;
  /** Which call it strikes: the faults of one call add up. */
  readonly call: string;
  readonly effect: FaultEffect;
  readonly providerId: string;
  /** The log it is about, by the instant at which it is filed; `undefined` for a listing. */
  readonly filedAt: Instant | undefined;
}

/** How often each fault had struck at some moment. */
export type FaultHits = ReadonlyMap<object, number>;

/** What of a log tells which jobs meet a fault that is about it. */
interface Struck {
  readonly name: string;
  readonly now: NamedLog;
  readonly filedAt: Instant;
}

/** The faults of a program, and which of them a job can have met. */
export class ProgramFaults {
  readonly #faults: ProgramFault[] = [];

  /** Notes a fault about a log, or about the listing of a provider. */
  armed(armed: ArmedFault<unknown>, effect: FaultEffect, about: Struck | string): void {
    const [providerId, filedAt, name] =
      typeof about === 'string'
        ? [about, undefined, 'listing']
        : [about.now.providerId, about.filedAt, about.name];
    this.#faults.push({ armed, call: `${effect.to} ${providerId} ${name}`, effect, providerId, filedAt });
  }

  /** How often each fault has struck so far: a job that is asked for now meets only what comes after. */
  hits(): FaultHits {
    return new Map(this.#faults.map((fault) => [fault, fault.armed.hits]));
  }

  /** What a job for this range met since then. Faults of one call add up, and the most of one call count. */
  metBy(
    request: IngestRequest,
    before: FaultHits,
  ): Pick<JobCircumstances, 'providerFaults' | 'uploadFaults' | 'storageFaults' | 'refusals'> {
    const met = this.#faults
      .filter((fault) => isAskedFor(fault, request))
      .map((fault) => ({ ...fault, hits: fault.armed.hits - (before.get(fault) ?? 0) }))
      .filter(({ hits }) => hits > 0);
    const most = (to: 'provider' | 'upload'): number => {
      const perCall = new Map<string, number>();
      for (const { effect, call, hits } of met) {
        if (effect.to === to && effect.how === 'may be tried again')
          perCall.set(call, (perCall.get(call) ?? 0) + hits);
      }
      return Math.max(0, ...perCall.values());
    };
    const ofStorage = met.filter(({ effect }) => effect.to === 'storage');
    return {
      providerFaults: most('provider'),
      uploadFaults: most('upload'),
      storageFaults: ofStorage.reduce((sum, { hits }) => sum + hits, 0),
      refusals: new Set(
        met.flatMap(({ effect }) => ('how' in effect && effect.how === 'refused' ? [effect.code] : [])),
      ),
    };
  }
}

function isAskedFor({ providerId, filedAt }: ProgramFault, { provider_id, range }: IngestRequest): boolean {
  return providerId === provider_id && (filedAt === undefined || isWithin(filedAt, instantRangeOf(range)));
}
