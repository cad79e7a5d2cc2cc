import type { VaultProfile } from './profile';
import type { ProviderShape } from './provider-shape';
import { writtenName } from './written-name';

/** Says in words what the suite will look for in a vault of this shape, a line each. */
export function describeProfile(profile: VaultProfile): readonly string[] {
  const { vault, unclaimed, answers, ids, keys, manifests, metadata, provider, settings } = profile;
  const { paths, collection } = metadata;
  const { object } = paths;
  const fixed = Object.entries(settings);
  return [
    `The vault: ${vault ?? '(no name of its own)'}`,
    '',
    'In MongoDB',
    `  metadata lies in the collection "${collection}"; in a document of it`,
    ...Object.entries({
      'the log’s id': paths.logId,
      'the provider’s id': paths.providerId,
      'the log’s id at its provider': paths.sourceId,
      'the job that wrote it': paths.jobId,
      'the timestamp, as the provider wrote it': paths.timestamp,
      'the checksum': paths.checksum,
      'the number of bytes': paths.bytes,
      ...(typeof object === 'string'
        ? { 'the object, as s3://bucket/key': object }
        : { 'the object’s bucket': object.bucket, 'the object’s key': object.key }),
    }).map(([what, path]) => `    ${what} is ${path}`),
    `  a log’s id is ${ids.words}`,
    '',
    'In S3',
    `  the object of a log lies at ${keys.words}`,
    `  the manifest of a job lies at ${manifests.words}`,
    '',
    'In answers',
    `  a checksum is ${answers.checksumForm}, in search, in metadata and in the header ${answers.checksumHeader}`,
    `  a log whose object is gone is answered with ${answers.missingObject}`,
    ...profile.errorWords.map(([code, word]) => `  a job that fails with ${code} says ${word}`),
    '',
    'The suite plays a provider',
    ...providerLines(provider),
    ...(fixed.length === 0
      ? []
      : [
          '',
          'What the vault does, told or not',
          ...fixed.map(([name, value]) => `  ${writtenName(name)} is ${value}`),
        ]),
    ...(unclaimed.size === 0
      ? []
      : ['', 'Not claimed', ...[...unclaimed].map(([id, reason]) => `  ${id}: ${reason}`)]),
  ];
}

function providerLines({ authorization, listing, payload, health }: ProviderShape): readonly string[] {
  const next =
    'link' in listing.next
      ? `the address in a Link header with rel="${listing.next.link}"`
      : `the cursor in ${listing.next.member}`;
  return [
    `  that wants its key in every call as ${authorization.header}: ${authorization.value.text}`,
    `  that lists logs at GET {PROVIDER_BASE_URL}${listing.path.text}`,
    `    the logs are ${listing.logs === undefined ? 'the answer itself, a list' : `the list in ${listing.logs}`}, each with ${listing.id} and ${listing.timestamp}; ${next} leads to the next page`,
    payload === undefined
      ? '  whose payloads are the entries of its listing, each from its first byte to its last'
      : `  that gives a payload at GET {PROVIDER_BASE_URL}${payload.text}`,
    `  that answers GET {PROVIDER_BASE_URL}${health.path.text} with ${health.ok} where the key is good, else with 401`,
  ];
}
