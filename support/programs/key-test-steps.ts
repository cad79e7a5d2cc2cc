import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { VaultAnswer } from '../../services/vault-client';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import type { ProviderRequest } from '../provider/provider-request';
import type { Checker } from './checker';
import type { ProgramRun } from './program-run';
import { wrongStatus } from './request-verdict';
import { stepKind } from './step';

const status = (codes: fc.Arbitrary<number>): fc.Arbitrary<ProviderFault> =>
  codes.map((code) => ({ kind: 'status', status: code }));

/** How a provider meets a test otherwise than by saying whether it knows the key. */
const faults: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 3, arbitrary: status(fc.constantFrom(401, 403)) },
  { weight: 3, arbitrary: status(fc.constantFrom(201, 202, 204, 301, 302, 304, 400, 404, 429, 500, 503)) },
  { weight: 2, arbitrary: status(fc.integer({ min: 201, max: 599 })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reset' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'silence' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'latency' as const, delayMs: 20 }) },
);

const tests = fc.record({
  /** What the key begins with: a vault sends it as it was given. */
  beginning: fc.constantFrom('', '', 'Bearer ', 'Basic ', '"', "'", '{{', '$', 'a b ', 'ZXkuLi4=.'),
  characters: fc.oneof(fc.constantFrom(1, 255, 256, 257, 1_024), fc.integer({ min: 1, max: 2_000 })),
  isKnown: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  fault: fc.option(faults, { nil: null }),
  /** What becomes of the key before it is tried once more. */
  afterwards: fc.constantFrom('nothing', 'it is withdrawn', 'the provider is down'),
});

interface Trial {
  readonly key: string;
  readonly isKnown: boolean;
  readonly fault: ProviderFault | null;
}

/** Somebody has a key tried, of any look, and once more when the provider has changed its mind. */
export const connectionTests = stepKind(
  tests,
  async (drawn, run, checker) => {
    const { beginning, characters, isKnown, afterwards } = drawn;
    const { provider, metadataGate } = run.shared.environment;
    const { secrets } = run.shared.services;
    const key = `${beginning}${newKey().padEnd(characters, randomBytes(48).toString('hex'))}`;
    secrets.push(key);
    metadataGate.watchFor(key);
    const fault = isKnown && isFaultHere(run, drawn.fault) ? drawn.fault : null;
    // The provider knows one such key at a time.
    await run.shared.keyTests.take(async () => {
      provider.acceptTested(isKnown ? key : newKey());
      run.transcript.when(
        `somebody has a key of ${key.length} characters${beginning === '' ? '' : ` that begins with ${beginning}`} tried, which the provider ${isKnown ? 'knows' : 'does not know'}${inWords(fault)}`,
      );
      await tryKey({ key, isKnown, fault }, run, checker);
      if (afterwards === 'nothing' || !isKnown) return;
      const isWithdrawn = afterwards === 'it is withdrawn';
      if (isWithdrawn) provider.acceptTested(newKey());
      run.transcript.when(`${afterwards}, and somebody has the key tried once more`);
      const down: ProviderFault = { kind: 'status', status: 503 };
      await tryKey({ key, isKnown: !isWithdrawn, fault: isWithdrawn ? null : down }, run, checker);
    });
  },
  {
    'a key of more than 1,000 characters': ({ characters }) => characters > 1_000,
    'a provider that fails': ({ isKnown, fault }) => isKnown && fault !== null,
    'a key that is withdrawn': ({ isKnown, afterwards }) => isKnown && afterwards === 'it is withdrawn',
  },
);

async function tryKey({ key, isKnown, fault }: Trial, run: ProgramRun, checker: Checker): Promise<void> {
  const { environment, services } = run.shared;
  const { provider } = environment;
  const sinceMs = performance.now();
  if (fault !== null) provider.arm({ kind: 'health' }, fault, 1);
  const expected = statusesFor(isKnown, fault);
  let answered: VaultAnswer | undefined;
  await checker.judge(
    [requirementOf(expected)],
    'a test of a key',
    () => services.providers.ask({ provider_type: 'rest', api_key: key }),
    (answer) => {
      answered = answer;
      return wrongStatus(answer, expected) ?? wrongWords(answer);
    },
  );
  if (answered === undefined || answered.status === 503) return;
  const asked = provider.requests.filter((request) => request.arrivedMs >= sinceMs && isTest(request)).length;
  // The HTTP client of a vault may send anew, by itself, what met a connection that was no longer there.
  const most = fault?.kind === 'reset' ? 2 : 1;
  run.judge(
    ['API-43'],
    asked > most ? `the vault asked its provider ${asked} times about one key` : undefined,
  );
  run.judge(['API-40'], asked === 0 ? 'the vault told of a key without asking its provider' : undefined);
}

/** A vault may look after its own key at any time. */
function isTest({ kind, tested, authorized }: ProviderRequest): boolean {
  return kind === 'health' && (tested || !authorized);
}

function statusesFor(isKnown: boolean, fault: ProviderFault | null): readonly number[] {
  if (!isKnown) return [401];
  if (fault === null || fault.kind === 'latency') return [200];
  if (fault.kind === 'status') return [fault.status === 401 || fault.status === 403 ? 401 : 502];
  return fault.kind === 'reset' ? [502, 200] : [502];
}

function requirementOf([status = 200]: readonly number[]): string {
  return status === 502 ? 'API-42' : status === 401 ? 'API-41' : 'API-40';
}

function wrongWords({ status, body }: VaultAnswer): string | undefined {
  if (status !== 401) return undefined;
  return /"error"\s*:\s*"Invalid Provider Credentials"/.test(body.toString())
    ? undefined
    : `its 401 does not say "Invalid Provider Credentials", but ${body.toString()}`;
}

/** What confirms a key is no fault, whichever status a provider does it with. */
function isFaultHere({ shared }: ProgramRun, fault: ProviderFault | null): boolean {
  const ok = shared.environment.provider.dialect.healthy().status;
  return !(fault?.kind === 'status' && [ok, 200].includes(fault.status));
}

function inWords(fault: ProviderFault | null): string {
  return fault === null ? '' : `, and which it meets with ${describeProviderFault(fault)}`;
}

function newKey(): string {
  return `key-${randomBytes(12).toString('hex')}`;
}
