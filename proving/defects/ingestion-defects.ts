import { setTimeout as pause } from 'node:timers/promises';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import { acceptingWith, apiWith, limitingBodies } from './api-with';
import type { Defect } from './defect';
import { replacing } from './part-changes';
import { rewritingTimes, understanding } from './request-changes';

const LONGEST_WAIT_MS = 6_000;

/** Bugs in how a vault accepts an ingestion, and in what it will not accept. */
export const ingestionDefects: readonly Defect[] = [
  {
    name: 'ingest-answered-after-its-job',
    sentence: 'answers an ingestion when its job has ended',
    requirement: 'API-10',
    smoke: true,
    replacements: replacing('jobRepository', (real) => ({
      submit: async (request) => {
        const submitted = await real.submit(request);
        const endsAt = performance.now() + LONGEST_WAIT_MS;
        while (performance.now() < endsAt) {
          const job = await real.find(submitted.jobId);
          if (job?.state === 'completed' || job?.state === 'failed') break;
          await pause(20);
        }
        return submitted;
      },
    })),
  },
  {
    name: 'ingest-answered-200',
    sentence: 'answers an accepted ingestion with 200',
    requirement: 'API-10',
    replacements: acceptingWith((accepted, reply) => {
      reply.code(200);
      return accepted;
    }),
  },
  {
    name: 'ingest-answered-with-a-job-state',
    sentence: 'gives the state of the job, pending, as the status of the ingestion',
    requirement: 'API-10',
    replacements: acceptingWith((accepted) => ({ ...accepted, status: 'pending' })),
  },
  {
    name: 'estimate-left-out',
    sentence: 'gives no estimate while it has no figures to make one from',
    requirement: 'API-10',
    replacements: acceptingWith(({ job_id, status }) => ({ job_id, status })),
  },
  {
    name: 'location-left-out',
    sentence: 'does not say in Location where the job is found',
    requirement: 'API-11',
    replacements: acceptingWith((accepted, reply) => {
      reply.removeHeader('location');
      return accepted;
    }),
  },
  {
    name: 'location-of-new-jobs-alone',
    sentence: 'says where a job is found to whoever asked for it first',
    requirement: 'API-11',
    replacements: apiWith((app) => {
      const given = new Set<unknown>();
      app.addHook('onSend', async ({ url }, reply) => {
        const location = reply.getHeader('location');
        if (url !== '/v1/ingest' || location === undefined) return;
        if (given.has(location)) reply.removeHeader('location');
        given.add(location);
      });
    }),
  },
  {
    name: 'media-type-compared-whole',
    sentence: 'compares the media type with application/json, parameters included',
    requirement: 'API-11',
    replacements: apiWith((app) => {
      app.addHook('onRequest', async ({ method, headers }) => {
        if (method === 'POST' && headers['content-type'] !== 'application/json') {
          throw Object.assign(new Error('Only application/json is read.'), { statusCode: 415 });
        }
      });
    }),
  },
  {
    name: 'body-limit-in-thousands',
    sentence: 'takes 64 KiB for 64,000 bytes',
    requirement: 'API-11',
    replacements: limitingBodies(64_000),
  },
  understanding(
    {
      name: 'unknown-members-refused',
      sentence: 'refuses a request with members it does not know',
      requirement: 'API-11',
    },
    (body) => {
      const known = ['provider_id', 'range', 'priority'];
      if (Object.keys(body).some((name) => !known.includes(name)))
        throw new BadRequest('A member is unknown.');
      return body;
    },
  ),
  rewritingTimes(
    { name: 'only-z-is-utc', sentence: 'knows no UTC but that written as Z', requirement: 'API-11' },
    (time) => (time.endsWith('+00:00') ? '' : time),
  ),
  rewritingTimes(
    {
      name: 'fine-fractions-refused',
      sentence: 'reads no fractions of a second beyond milliseconds',
      requirement: 'API-11',
    },
    (time) => (/\.\d{4}/.test(time) ? '' : time),
  ),
  {
    name: 'range-sent-unencoded',
    sentence: 'puts the range into the query as it came, so that the plus of +00:00 arrives as a space',
    requirement: 'API-11',
    replacements: replacing('providerCalls', (real) => ({
      get: async (path, ...rest) => await real.get(path.replaceAll('%2B', '+'), ...rest),
    })),
  },
];
