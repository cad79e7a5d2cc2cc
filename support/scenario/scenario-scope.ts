import type { TimeRange } from '../../services/ingestion-service';
import { auditEvent } from '../bytes/audit-event';
import type { Whereabouts } from '../ledger/log-finder';
import type { OfferedLog, PayloadDelivery } from '../provider/offered-log';
import type { ProviderScript } from '../provider/provider-script';

/** A log of this scenario, under the name the feature file gives it. */
export interface NamedLog {
  readonly name: string;
  readonly providerId: string;
  readonly sourceId: string;
  readonly timestamp: string;
  /** Other timestamps under which it is listed as well. */
  readonly alsoDated?: readonly string[];
  /** The bytes the provider serves now. */
  readonly payload: Buffer;
}

/** A log, and where it lies in the vault. */
export type LocatedLog = NamedLog & Whereabouts;

export interface LogOffer {
  readonly providerId: string;
  readonly payload: Buffer;
  readonly timestamp?: string;
  readonly listedAt?: string;
  readonly listedTimes?: number;
  readonly alsoDated?: readonly string[];
  readonly sourceId?: string;
  readonly delivery?: PayloadDelivery;
}

const DAY_MS = 24 * 3600 * 1000;
const FIRST_DAY_MS = Date.UTC(2001, 0, 1);
/** Days a run may start at: its scenarios then use one day each, well before today. */
const START_DAYS = 6000;

/**
 * Holds what belongs to one scenario of one run alone: its day, its ids. A vault may cache or coalesce by id
 * or range, and no scenario may be answered with another's logs.
 */
export class ScenarioScope {
  readonly #tag: string;
  readonly #dayMs: number;
  readonly #provider: ProviderScript;
  readonly #logs = new Map<string, NamedLog>();
  readonly #versions: NamedLog[] = [];

  /**
   * @param runId random per run, lower-case hex.
   * @param number unique among the run's scenarios, over all workers.
   */
  constructor(provider: ProviderScript, runId: string, number: number) {
    this.#provider = provider;
    this.#tag = `${runId}-${number.toString(36)}`;
    this.#dayMs = FIRST_DAY_MS + ((Number.parseInt(runId, 16) + number) % START_DAYS) * DAY_MS;
  }

  /** The scenario's whole day. */
  get range(): TimeRange {
    return { start: this.at(0), end: this.at(DAY_MS) };
  }

  /** An instant of the scenario's day, so many milliseconds after midnight, as RFC 3339 in UTC. */
  at(offsetMs: number): string {
    return new Date(this.#dayMs + offsetMs).toISOString().replace('.000Z', 'Z');
  }

  /** A source id of this scenario alone. */
  sourceId(name: string): string {
    return `${name.replaceAll(' ', '-')}-${this.#tag}`;
  }

  /** The provider offers a log under this name; under a known name, a new version of it. */
  offer(name: string, offer: LogOffer): NamedLog {
    const before = this.#logs.get(name);
    const timestamp = offer.timestamp ?? before?.timestamp ?? this.#next();
    const sourceId = offer.sourceId ?? before?.sourceId ?? this.sourceId(name);
    const { providerId, payload } = offer;
    const offered: OfferedLog = {
      providerId,
      sourceId,
      timestamp,
      payload,
      ...(offer.delivery === undefined ? {} : { delivery: offer.delivery }),
      ...(offer.listedAt === undefined ? {} : { listedAt: offer.listedAt }),
      ...(offer.listedTimes === undefined ? {} : { listedTimes: offer.listedTimes }),
      ...(offer.alsoDated === undefined ? {} : { alsoDated: offer.alsoDated }),
    };
    const { payload: sent } = this.#provider.offer(offered);
    const log = {
      name,
      providerId,
      sourceId,
      timestamp,
      payload: sent,
      ...(offer.alsoDated === undefined ? {} : { alsoDated: offer.alsoDated }),
    };
    this.#logs.set(name, log);
    this.#versions.push(log);
    return log;
  }

  /** An instant that no log has had by default: a second after the last one, once round the day a millisecond more. */
  #next(): string {
    const offsetMs = (this.#logs.size + 1) * 1000;
    return this.at((offsetMs % DAY_MS) + Math.floor(offsetMs / DAY_MS));
  }

  /**
   * Offers that many logs, no two alike, a second apart; all in the scenario's day.
   * @param common what is to be otherwise about each
   */
  offerMany(count: number, providerId: string, common: () => Partial<LogOffer> = () => ({})): void {
    for (let number = 1; number <= count; number += 1) {
      const name = `log ${number}`;
      this.offer(name, { providerId, payload: auditEvent(name), ...common() });
    }
  }

  /** Every version of a log, the one offered first at the head. */
  versionsOf(name: string): readonly NamedLog[] {
    return this.#versions.filter((version) => version.name === name);
  }

  /** @throws Error when the feature file never named such a log. */
  log(name: string): NamedLog {
    const log = this.#logs.get(name);
    if (log === undefined) throw new Error(`the scenario has no log "${name}"; name it in a Given first`);
    return log;
  }

  get logs(): readonly NamedLog[] {
    return [...this.#logs.values()];
  }
}
