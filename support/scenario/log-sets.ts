import { auditEvent } from '../bytes/audit-event';
import { auditTrail } from '../bytes/payloads';
import type { PayloadDelivery } from '../provider/offered-log';
import type { NamedLog, ScenarioScope } from './scenario-scope';

/** More than any buffer that is worth sharing holds: 64 KiB is what most libraries read at once. */
const LARGE_BYTES = 256 * 1024;

/** A log of 256 KiB, of other bytes than every other of the scenario, but of as many. */
export function offerLarge(
  scope: ScenarioScope,
  providerId: string,
  name: string,
  delivery: PayloadDelivery = {},
): void {
  scope.offer(name, { providerId, payload: auditTrail(LARGE_BYTES, scope.logs.length + 1), delivery });
}

/** Has a provider offer some logs. */
export type OfferSet = (scope: ScenarioScope, providerId: string) => void;

/** Has several providers offer that many logs each. */
export type Arrangement = (scope: ScenarioScope, providers: readonly string[], each: number) => void;

/** The sets of logs, by the words of feature files that follow their number. */
const sets: Readonly<Record<string, (count: number) => OfferSet>> = {
  log: (count) => (scope, providerId) => scope.offerMany(count, providerId),
  logs: (count) => (scope, providerId) => scope.offerMany(count, providerId),
  'logs with the same bytes': (count) => (scope, providerId) =>
    scope.offerMany(count, providerId, () => ({ payload: auditEvent('heartbeat') })),
  'logs with the same timestamp': (count) => (scope, providerId) =>
    scope.offerMany(count, providerId, () => ({ timestamp: scope.at(1000) })),
  'large logs': (count) => (scope, providerId) => {
    for (let number = 1; number <= count; number += 1) offerLarge(scope, providerId, `log ${number}`);
  },
};

/**
 * @param words `12 logs`, `6 large logs`, `3 logs with the same bytes`, … @throws Error for words it does not
 * know
 */
export function offerSetOf(words: string): OfferSet {
  const [, count, kind = ''] = /^(\d+) (.+)$/.exec(words) ?? [];
  const offer = sets[kind];
  if (offer === undefined) {
    throw new Error(
      `no logs are called "${words}"; there are, after a number: ${Object.keys(sets).join(', ')}`,
    );
  }
  return offer(Number(count));
}

/** Logs of several providers, a second apart: one of the first, one of the second, and so on. */
export function offerInTurns(scope: ScenarioScope, providers: readonly string[], each: number): void {
  for (let number = 1; number <= each; number += 1) {
    for (const providerId of providers) {
      const name = `${providerId} ${number}`;
      scope.offer(name, { providerId, payload: auditEvent(name) });
    }
  }
}

/** Logs of several providers which have the same ids there, but other bytes. */
export function offerAlike(scope: ScenarioScope, providers: readonly string[], each: number): void {
  for (let number = 1; number <= each; number += 1) {
    for (const providerId of providers) {
      const name = `${providerId} ${number}`;
      scope.offer(name, {
        providerId,
        payload: auditEvent(name),
        sourceId: scope.sourceId(`event ${number}`),
      });
    }
  }
}

/** Logs at times of the scenario's day, such as `14:00:00.5+02:00`, listed in this order. */
export function offerAt(scope: ScenarioScope, providerId: string, times: readonly string[]): void {
  const day = scope.at(0).slice(0, 'YYYY-MM-DD'.length);
  for (const [index, time] of times.entries()) {
    const name = `log ${index + 1} at ${time}`;
    scope.offer(name, { providerId, payload: auditEvent(name), timestamp: `${day}T${time}` });
  }
}

/** A log that its provider lists with those of the day, whatever its own timestamp. */
export function offerDated(scope: ScenarioScope, providerId: string, name: string, timestamp: string): void {
  scope.offer(name, { providerId, payload: auditEvent(name), timestamp, listedAt: scope.at(1000) });
}

/** The later half of each provider's logs, then the earlier half of each. */
export function laterHalvesFirst(logs: readonly NamedLog[]): readonly (readonly NamedLog[])[] {
  const providers = [...new Set(logs.map(({ providerId }) => providerId))];
  const halves = providers.map((providerId) => {
    const own = logs.filter((log) => log.providerId === providerId);
    return { earlier: own.slice(0, own.length / 2), later: own.slice(own.length / 2) };
  });
  return [...halves.map(({ later }) => later), ...halves.map(({ earlier }) => earlier)];
}
