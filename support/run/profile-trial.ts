import { BSON } from 'mongodb';
import { AnswerError } from '../../services/answer';
import { auditEvent } from '../bytes/audit-event';
import { checksumOf } from '../bytes/checksum';
import { safeText } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import type { MetadataRecord, SeenMember } from '../profile/metadata-shape';
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
  const { jobId } = await services.ingestion.ingest({ provider_id: TRIED_PROVIDER, range: scope.range });
  const job = await services.watcher.untilEnded(jobId);
  const end = job.error === undefined ? job.state : `${job.state} (${job.error.code}: ${job.error.message})`;
  const seen: Seen[] = [
    { isRight: job.state === 'completed', words: `the job that was to bring one log ended ${end}` },
    {
      isRight: environment.findings().length === 0,
      words: environment.findings().join('; ') || 'the provider was asked as it is played',
    },
    ...(await inMetadata(environment, log)),
    ...(await inStorage(environment, services, log, jobId)),
    ...(await inAnswers(environment, services, log)),
    await look('provider.health', async () => await healthSeen(environment, services)),
    ...(job.state === 'completed' ? await furtherJobsSeen(environment, services, scope) : []),
  ];
  say('');
  for (const { isRight, words } of seen)
    say(`  ${isRight ? '✓' : '✗'} ${safeText(words, { limit: QUOTED_CHARACTERS })}`);
  await tell(environment, say);
  await environment.reset();
  return seen.every(({ isRight }) => isRight);
}

async function furtherJobsSeen(
  environment: Environment,
  services: Services,
  scope: ScenarioScope,
): Promise<readonly Seen[]> {
  return [
    await look('provider.listing.next', async () => await pagesSeen(environment, services, scope)),
    ...(await jobErrorsSeen(environment, services, scope)),
  ];
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
  const isFound = (await metadata.recordsOf(log)).length === 1;
  return [
    ...members.map(memberSeen),
    {
      isRight: isFound,
      words: isFound
        ? 'the log is found by its provider and its id there'
        : `the log is not found by the provider "${log.providerId}" and the id "${log.sourceId}"`,
    },
  ];
}

function othersSeen(others: readonly string[] | undefined): string {
  if (others === undefined) return 'which collections do, the offline stand-in for MongoDB cannot tell';
  return others.length === 0 ? 'no collection does' : `these do: ${others.join(', ')}`;
}

function memberSeen({ name, path, value, problem }: SeenMember): Seen {
  const found = safeText(JSON.stringify(value) ?? 'nothing', { limit: QUOTED_VALUE });
  return problem === undefined
    ? { isRight: true, words: `metadata.${name}, at ${path}: ${found}` }
    : { isRight: false, words: `metadata.${name}, at ${path}: ${problem}` };
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

async function inAnswers(
  environment: Environment,
  services: Services,
  log: NamedLog,
): Promise<readonly Seen[]> {
  try {
    return await answersSeen(environment, services, log);
  } catch (error) {
    // Of another shape than the profile says: that is what is to be told.
    if (!(error instanceof AnswerError)) throw error;
    return [{ isRight: false, words: error.message }];
  }
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
