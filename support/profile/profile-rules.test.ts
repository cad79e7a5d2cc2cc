import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import type { VaultProfile } from './profile';
import { profileIn } from './read-profile';
import { requirementIds } from './requirement-ids';

const read = (text: string): VaultProfile => profileIn(text, 'acme.yaml', requirementIds());

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    assert(error instanceof SuiteError, String(error));
    return error.message;
  }
  return 'it was not refused';
}

describe('the rules of a profile', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['an empty file', '', /acme\.yaml:1: a profile is a list of members/],
    ['no YAML', 'vault: "x', /is no YAML: acme\.yaml:1/],
    ['a file twice the same member', 'vault: a\nvault: b', /acme\.yaml:2: .*unique/],
    [
      'an unknown member',
      'vault: x\nlogid: opaque',
      /acme\.yaml:2: logid: there is no such member \(did you mean log_id\?\)/,
    ],
    [
      'an unknown member within',
      'metadata:\n  colection: x',
      /:2: metadata\.colection: .*did you mean collection/,
    ],
    ['a number as a name', 'vault: 4.2', /:1: vault: has to be a text, in quotes/],
    [
      'a name that is not in quotes',
      'provider:\n  payload: {id}',
      /:2: provider\.payload: has to be a text, in quotes/,
    ],
    ['another word for ids', 'log_id: random', /log_id: is neither contract nor opaque/],
    [
      'keys that do not tell logs apart',
      'objects:\n  key: "raw/{yyyy}.bin"',
      /:2: objects\.key: .*needs \{log_id\}/,
    ],
    ['an unknown name', 'objects:\n  key: "raw/{logid}.bin"', /\{logid\} \(did you mean log_id\?\)/],
    ['a lonely brace', 'objects:\n  key: "raw/{log_id}}.bin"', /a brace without its partner/],
    ['manifests without a job', 'objects:\n  manifest: m.json', /lacks \{job_id\}/],
    [
      'members in one place',
      'metadata:\n  bytes: content\n  checksum: content',
      /metadata\.bytes.*place of its own/,
    ],
    ['a member within another', 'metadata:\n  bytes: a.b\n  timestamp: a', /place of its own/],
    ['no members', 'objects:\nlog_id: opaque', /:1: objects: has to hold members: key, manifest$/],
    [
      'a text in place of members',
      'metadata: evidence',
      /:1: metadata: has to hold members: collection, log/,
    ],
    [
      'requirements without reasons',
      'not_claimed:\n  - API-17',
      /:1: not_claimed: has to hold requirements, each with its reason, such as API-17: keeps no manifest$/,
    ],
    [
      'a member in the place of one that it leaves out',
      'vault: x\nmetadata:\n  job_id: timestamp',
      /:3: metadata\.job_id: "timestamp" is where metadata\.timestamp is too/,
    ],
    [
      'an object in the place of another',
      'metadata:\n  object: checksum',
      /:2: metadata\.object: .*place of/,
    ],
    [
      'a bucket where the key is',
      'metadata:\n  object:\n    bucket: at\n    key: at',
      /:4: metadata\.object\.key: .*metadata\.object\.bucket/,
    ],
    [
      'an unknown member of an object',
      'metadata:\n  object: { bucket: a, key: b, region: c }',
      /:2: metadata\.object\.region: .*can have bucket, key$/,
    ],
    ['a member of the prototype', 'metadata: { log_id: __proto__.x }', /is no path of members/],
    ['an empty header', 'checksum: { header: "" }', /^.*\n.*:1: checksum\.header: is empty$/],
    ['another form of checksums', 'checksum: { form: md5 }', /is not prefixed, hex or base64/],
    ['a loss like an unknown log', 'answers:\n  missing_object: 404', /:2: .*never existed/],
    ['a loss that is no error', 'answers: { missing_object: 200 }', /has to be an error/],
    [
      'one word for two codes',
      'job_errors:\n  storage_rejected: X\n  storage_unavailable: X',
      /:2: .*the word for storage_unavailable too/,
    ],
    [
      'a code that is none',
      'job_errors: { storage_down: X }',
      /job_errors\.storage_down: there is no such member/,
    ],
    ['a setting below 1', 'settings: { concurrency: 0 }', /has to be a whole number above 0/],
    ['a header without the key', 'provider: { authorization: { value: "SSWS" } }', /lacks \{key\}/],
    [
      'a listing without a range',
      'provider:\n  listing:\n    path: "/{provider_id}/e?c={cursor}"',
      /:3: .*lacks \{start\}, \{end\}/,
    ],
    [
      'a listing without a cursor',
      'provider: { listing: { path: "/{provider_id}/e?s={start}&e={end}" } }',
      /lacks \{cursor\}/,
    ],
    [
      'a cursor in the path of a listing',
      'provider: { listing: { path: "/{provider_id}/e/{cursor}?s={start}&e={end}" } }',
      /has \{cursor\} in its path: .*first page/,
    ],
    [
      'a cursor beside another name',
      'provider: { listing: { path: "/{provider_id}/e?q={start},{end},{cursor}" } }',
      /has \{cursor\} beside another name/,
    ],
    [
      'names that touch one another in a path',
      'provider: { payload: "/raw/{provider_id}{id}" }',
      /has names that touch/,
    ],
    ['an address with a fragment', 'provider: { payload: "/{provider_id}/raw#{id}" }', /no "#"/],
    ['a path with a space', 'provider: { payload: "/{provider_id}/raw log/{id}" }', /percent-encoded/],
    ['a relation that is none', "provider: { listing: { next: { link: 'a\"b' } } }", /no relation of a link/],
    [
      'a key on two lines',
      'provider: { authorization: { value: "a\\n{key}" } }',
      /no value of an HTTP header/,
    ],
    ['another word for inline', 'provider: { payload: Inline }', /has to be a path .*, or inline$/],
    ['a list that leads nowhere', 'provider: { listing: { logs: "." } }', /say next: \{link: next\}/],
    ['an address without a slash', 'provider: { payload: "{provider_id}/{id}" }', /has to be a path below/],
    ['a payload without an id', 'provider: { payload: "/{provider_id}/raw" }', /lacks \{id\}/],
    [
      'a health check that is a listing without its query',
      'provider: { listing: { path: "/e?p={provider_id}&s={start}&e={end}&c={cursor}" }, health: { path: "/e" } }',
      /looks like the path of a listing/,
    ],
    [
      'a listing at the path of the usual health check',
      'provider:\n  listing:\n    path: "/health?p={provider_id}&s={start}&e={end}&c={cursor}"',
      /:3: provider\.listing\.path: .*looks like .*"\/health"/,
    ],
    ['addresses that are alike', 'provider: { payload: "/{provider_id}/{id}" }', /paths have to differ/],
    ['a health check that is a failure', 'provider: { health: { ok: 404 } }', /has to be a success/],
    [
      'metadata where jobs are',
      'metadata:\n  collection: jobs',
      /:2: metadata\.collection: "jobs" is where a vault keeps its jobs/,
    ],
    [
      'metadata where the suite has its mark',
      'metadata: { collection: audit_vault_suite }',
      /is where the suite marks/,
    ],
    ['a collection that ends in a dot', 'metadata: { collection: logs. }', /no name of a MongoDB collection/],
    [
      'the id of a document for what logs share',
      'metadata:\n  log_id: id\n  job_id: _id',
      /:3: metadata\.job_id: .*one job stores many logs/,
    ],
    [
      'a checksum in a header of the answer itself',
      'vault: x\nchecksum:\n  header: Content-Type',
      /:3: checksum\.header: Content-Type has a meaning of its own in HTTP, .* such as X-Content-SHA256$/,
    ],
    [
      'a checksum in a header of the connection',
      'checksum: { header: transfer-encoding }',
      /meaning of its own/,
    ],
    ['a checksum in a header of the contract', 'checksum: { header: Retry-After }', /meaning of its own/],
    [
      'a key in a header of the connection',
      'provider:\n  authorization:\n    header: Host',
      /:3: provider\.authorization\.header: Host has a meaning of its own in HTTP, .* such as X-Api-Key$/,
    ],
    [
      'a key with white space around it',
      'provider: { authorization: { value: "{key} " } }',
      /"\{key\} " has white space around it/,
    ],
    [
      'manifests that look like logs',
      'log_id: opaque\nobjects:\n  key: "{provider_id}/{log_id}"\n  manifest: "{provider_id}/{job_id}"',
      /:4: objects\.manifest: .* look alike, .* manifest: none$/,
    ],
    [
      'a provider and an id that cannot be told apart',
      'provider: { payload: "/raw/{provider_id}_{id}" }',
      /does not show its names: in "\/raw\/okta_system_log_evt.*" \{provider_id\} reads as "okta"/,
    ],
    [
      'a cursor that looks like a start',
      'provider: { listing: { path: "/{provider_id}/e?t={cursor}&t={start}&t={end}" } }',
      /\{cursor\} reads as "2026/,
    ],
    [
      'a name in the name of a query member',
      'provider: { listing: { path: "/{provider_id}/e?{start}=x&e={end}&c={cursor}" } }',
      /\{start\} reads as nothing/,
    ],
    [
      'a path that addresses write otherwise',
      'provider: { payload: "/a/../{provider_id}/raw/{id}" }',
      /is changed on its way, to "\/okta_system_log\/raw\//,
    ],
    ['an unknown requirement', 'not_claimed:\n  API-1170: x', /:2: .*API-1170 is no requirement/],
    ['no reason', 'not_claimed: { API-17: "" }', /not_claimed\.API-17: is empty/],
    ['a blank reason', 'not_claimed: { API-17: " " }', /not_claimed\.API-17: is empty/],
  ];

  const legal: readonly (readonly [string, string])[] = [
    ['a checksum in an ETag', 'checksum: { header: ETag, form: hex }'],
    ['a checksum in a digest', 'checksum: { header: Repr-Digest, form: base64 }'],
    [
      'a listing and payloads at one path, told apart by their queries',
      'provider: { listing: { path: "/e?p={provider_id}&s={start}&e={end}&c={cursor}" }, payload: "/e?p={provider_id}&id={id}" }',
    ],
    [
      'a listing beside the usual health check',
      'provider: { listing: { path: "/{provider_id}?s={start}&e={end}&c={cursor}" } }',
    ],
    ['a key in a cookie', 'provider: { authorization: { header: Cookie, value: "session={key}" } }'],
    ['objects whose key is the id', 'log_id: opaque\nmetadata: { object: { bucket: b, key: _id } }'],
    ['ids of two members', 'metadata: { log_id: id, provider_id: _id.provider, source_id: _id.event }'],
    [
      'manifests beside logs, whose ids tell them apart',
      'objects: { key: "{provider_id}/{log_id}", manifest: "{provider_id}/{job_id}" }',
    ],
    [
      'a range in two members of one name',
      'provider: { listing: { path: "/{provider_id}/e?date=ge{start}&date=lt{end}&c={cursor}" } }',
    ],
    [
      'a range in one member',
      'provider: { listing: { path: "/{provider_id}/e?range={start}-{end}&c={cursor}" } }',
    ],
    ['an id beside its provider', 'provider: { payload: "/raw/{provider_id}-{id}" }'],
    [
      'numbered pages with links',
      'provider: { listing: { path: "/{provider_id}/e?s={start}&e={end}&page=1", next: { link: next } } }',
    ],
  ];
  for (const [what, text] of legal) {
    it(`allow ${what}`, () => {
      read(text);
    });
  }

  for (const [what, text, words] of refused) {
    it(`refuse one with ${what}`, () => {
      expect(refusal(text)).to.match(words);
    });
  }
});
