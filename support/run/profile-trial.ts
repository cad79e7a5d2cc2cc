import { BSON } from 'mongodb';
import type { Job } from '../../services/job-service';
import { auditEvent } from '../bytes/audit-event';
import { checksumOf } from '../bytes/checksum';
import { safeText } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import type { MetadataRecord, SeenMember } from '../profile/metadata-shape';
import { providerRefusals } from '../provider/provider-findings';
import { type NamedLog, ScenarioScope } from '../scenario/scenario-scope';
import { Services } from '../scenario/services';
import { jobErrorsSeen, lossSeen } from './failure-trial';
import { healthSeen, pagesSeen } from './provider-trial';
import { look, type Seen, TRIED_PROVIDER } from './trial';

const QUOTED_CHARACTERS = 2_000;
const QUOTED_VALUE = 120;
const SHOWN = 20;

/**
 * Has a vault ingest one log, and says member by member what is where its profile says, and what is not.
 * @returns whether all of it was found
 */
export async function tryProfile(environment: Environment, say: (line: string) => void): Promise<boolean> {
  const services = new Services(environment);
  const scope = new ScenarioScope(environment.provider, environment.runId, environment.nextScenarioNumber());
  const log = scope.offer('the log', { providerId: TRIED_PROVIDER, payload: auditEvent('profile') });
  const seen: Seen[] = [];
  const see = async (what: string, at: () => Promise<Seen | readonly Seen[]>): Promise<void> => {
    seen.push(...(await look(what, at)));
  };
  const later: string[] = [];
  let job: Job | undefined;
  await see('the job that was to bring one log', async () => {
    const { jobId } = await services.ingestion.ingest({ provider_id: TRIED_PROVIDER, range: scope.range });
    job = await services.watcher.untilEnded(jobId);
    return jobSeen(job);
  });
  await see('the provider', async () => askedSeen(environment));
  await see('provider.health', async () => await healthSeen(environment, services));
  const hasCompleted = job?.state === 'completed';
  if (hasCompleted || (await environment.metadata.count()) > 0) {
    const described = await look('metadata', async () => await inMetadata(environment, log));
    seen.push(...described);
    if (job !== undefined && described.every((each) => each.isRight)) {
      const { jobId } = job;
      await see('storage', async () => await inStorage(environment, services, log, jobId));
      await see('answers', async () => await answersSeen(environment, services, log));
    } else later.push('its object, search and its raw answer once metadata is as the profile says');
  } else later.push('what it leaves in the stores once the job completes');
  if (hasCompleted) {
    await see('provider.listing.next', async () => await pagesSeen(environment, services, scope));
    seen.push(...(await jobErrorsSeen(environment, services, scope)));
  }
  const isRight = seen.every((each) => each.isRight);
  say('');
  for (const each of seen)
    say(`  ${each.isRight ? '✓' : '✗'} ${safeText(each.words, { limit: QUOTED_CHARACTERS })}`);
  for (const what of later) say(`  · looked at later: ${what}`);
  await tell(environment, say);
  if (!isRight) tellOutput(environment.vault.output(), { ...services, say });
  await environment.reset();
  return isRight;
}

function jobSeen({ state, error }: Job): Seen {
  const end = error === undefined ? state : `${state} (${error.code}: ${error.message})`;
  return { isRight: state === 'completed', words: `the job that was to bring one log ended ${end}` };
}

function askedSeen(environment: Environment): Seen {
  const turnedAway = providerRefusals(environment.provider).map((call) => `the provider turned away ${call}`);
  const findings = environment.findings().length > 0 ? environment.findings() : turnedAway;
  return {
    isRight: findings.length === 0,
    words: findings.join('; ') || 'the provider was asked as it is played',
  };
}

/** What a vault that did not do as its profile says wrote last. */
function tellOutput(
  output: string,
  { redact, say }: { readonly redact: (text: string) => string; readonly say: (line: string) => void },
): void {
  if (output.trim() === '') return;
  say('\nThe vault’s own output');
  for (const line of redact(output).trimEnd().split('\n').slice(-SHOWN)) say(`  ${safeText(line)}`);
}

async function inMetadata({ metadata, profile }: Environment, log: NamedLog): Promise<readonly Seen[]> {
  const [document] = await metadata.documents();
  const { collection } = profile.metadata;
  if (document === undefined) {
    const others = await metadata.filledCollections();
    return [
      {
        isRight: false,
        words: `metadata.collection: "${collection}" holds nothing; ${othersSeen(others)}`,
      },
    ];
  }
  const members = profile.metadata.members(document);
  const [record, ...others] = await metadata.recordsOf(log);
  const isFound = record !== undefined && others.length === 0;
  return [
    ...members.map(memberSeen),
    {
      isRight: isFound,
      words: isFound
        ? 'the log is found by its provider and its id there'
        : `the log is not found by the provider "${log.providerId}" and the id "${log.sourceId}"`,
    },
    ...idSeen(record?.logId, profile.ids.of(log)),
  ];
}

/** @param due the id that follows from the log; `undefined` where the vault gives ids of its own */
function idSeen(given: string | undefined, due: string | undefined): readonly Seen[] {
  if (given === undefined || due === undefined || given === due) return [];
  const words = `log_id: contract makes the id ${due}, and the vault gave ${given}: say log_id: opaque where it gives ids of its own`;
  return [{ isRight: false, words }];
}

function othersSeen(others: readonly string[] | undefined): string {
  if (others === undefined) return 'which collections do, the offline stand-in for MongoDB cannot tell';
  return others.length === 0 ? 'no collection does' : `these do: ${others.join(', ')}`;
}

function memberSeen({ name, path, found, value, problem }: SeenMember): Seen {
  const where = `metadata.${name}, at ${path}`;
  if (problem === undefined)
    return { isRight: true, words: `${where}: ${quoted(typeof found === 'string' ? found : value)}` };
  const words = found === undefined ? problem : `${quoted(found)} ${problem}`;
  return { isRight: false, words: `${where}: ${words}` };
}

function quoted(value: unknown): string {
  return safeText(JSON.stringify(value) ?? 'nothing', { limit: QUOTED_VALUE });
}

async function inStorage(
  { metadata, objects, profile }: Environment,
  { finder }: Services,
  log: NamedLog,
  jobId: string,
): Promise<readonly Seen[]> {
  const [record] = await metadata.recordsOf(log);
  const located = await finder.locate(log);
  const bytes = await objects.get(located.objectKey);
  const manifest = profile.manifests.ifClaimed({
    jobId,
    providerId: TRIED_PROVIDER,
    rangeStart: log.timestamp,
  });
  const isSame = bytes?.equals(log.payload) === true;
  return [
    {
      isRight: isSame,
      words: `the object of the log, at ${located.objectKey}: ${bytes === undefined ? 'not there' : isSame ? 'there, byte for byte' : 'there, but with other bytes'}`,
    },
    ...(record?.kind === 'record' ? keySeen(record, profile.keys.ofRecord(record, [log.timestamp])) : []),
    ...(manifest === undefined
      ? []
      : [
          await objects.get(manifest).then((found) => ({
            isRight: found !== undefined,
            words: `the manifest of the job, at ${manifest}: ${found === undefined ? 'not there' : 'there'}`,
          })),
        ]),
  ];
}

/** @param keys those that follow from the record; `undefined` where none does */
function keySeen({ object }: MetadataRecord, keys: readonly string[] | undefined): readonly Seen[] {
  if (keys === undefined) return [];
  const isRight = keys.includes(object.key);
  return [
    { isRight, words: `objects.key: metadata names ${object.key}${isRight ? '' : `, not ${keys[0]}`}` },
  ];
}

async function answersSeen(
  environment: Environment,
  services: Services,
  log: NamedLog,
): Promise<readonly Seen[]> {
  const { logs, finder } = services;
  const located = await finder.locate(log);
  const times = await finder.timesIn(await logs.all(), log);
  const answer = await logs.raw(located.logId);
  const checksum = logs.checksumIn(answer);
  return [
    { isRight: times === 1, words: `search shows it ${times === 1 ? 'once' : `${times} times`}` },
    {
      isRight: answer.status === 200,
      words: `GET /v1/logs/${located.logId}/raw is answered with ${answer.status}`,
    },
    {
      isRight: checksum === checksumOf(log.payload),
      words: `its header ${logs.checksumHeader}: ${checksum}`,
    },
    await lossSeen(environment, services, located),
  ];
}

/** What there is to be seen, for whoever has to correct a profile. */
async function tell(
  { metadata, objects, provider }: Environment,
  say: (line: string) => void,
): Promise<void> {
  const [document] = await metadata.documents();
  say('\nThe document');
  say(
    document === undefined
      ? '  none'
      : safeText(BSON.EJSON.stringify(document, undefined, 2), { limit: QUOTED_CHARACTERS, multiLine: true }),
  );
  say('\nThe keys in the bucket');
  for (const key of (await objects.keys()).slice(0, SHOWN)) say(`  ${safeText(key)}`);
  say('\nThe calls to the provider');
  for (const { path, answer } of provider.requests.slice(0, SHOWN))
    say(`  GET ${safeText(path)} => ${answer}`);
}
