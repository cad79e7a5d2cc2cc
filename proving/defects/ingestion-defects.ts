import { setTimeout as pause } from 'node:timers/promises';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import { acceptingWith, apiWith, limitingBodies } from './api-with';
import { breaking, type Defect } from './defect';
import { rewritingTimes, understanding } from './request-changes';

const LONGEST_WAIT_MS = 14_000;

/** Bugs in how a vault accepts an ingestion, and in what it will not accept. */
export const ingestionDefects: readonly Defect[] = [
  ...breaking('API-10', {
    'ingest-answered-after-its-job: answers an ingestion when its job has ended': {
      'jobRepository.submit': async ({ real }, request) => {
        const submitted = await real.submit(request);
        const endsAt = performance.now() + LONGEST_WAIT_MS;
        while (performance.now() < endsAt) {
          const job = await real.find(submitted.jobId);
          if (job?.state === 'completed' || job?.state === 'failed') break;
          await pause(20);
        }
        return submitted;
      },
    },
    'ingest-answered-200: answers an accepted ingestion with 200': acceptingWith((accepted, reply) => {
      reply.code(200);
      return accepted;
    }),
    'ingest-answered-with-a-job-state: gives the state of the job, pending, as the status of the ingestion':
      acceptingWith((accepted) => ({ ...accepted, status: 'pending' })),
    'estimate-left-out: gives no estimate while it has no figures to make one from': acceptingWith(
      ({ job_id, status }) => ({ job_id, status }),
    ),
  }),
  ...breaking('API-11', {
    'location-left-out: does not say in Location where the job is found': acceptingWith((accepted, reply) => {
      reply.removeHeader('location');
      return accepted;
    }),
    'location-of-new-jobs-alone: says where a job is found to whoever asked for it first': apiWith((app) => {
      const given = new Set<unknown>();
      app.addHook('onSend', async ({ url }, reply) => {
        const location = reply.getHeader('location');
        if (url !== '/v1/ingest' || location === undefined) return;
        if (given.has(location)) reply.removeHeader('location');
        given.add(location);
      });
    }),
    'media-type-compared-whole: compares the media type with application/json, parameters included': apiWith(
      (app) => {
        app.addHook('onRequest', async ({ method, headers }) => {
          if (method === 'POST' && headers['content-type'] !== 'application/json') {
            throw Object.assign(new Error('Only application/json is read.'), { statusCode: 415 });
          }
        });
      },
    ),
    'body-limit-in-thousands: takes 64 KiB for 64,000 bytes': limitingBodies(64_000),
    'unknown-members-refused: refuses a request with members it does not know': understanding((body) => {
      const known = ['provider_id', 'range', 'priority'];
      if (Object.keys(body).some((name) => !known.includes(name)))
        throw new BadRequest('A member is unknown.');
      return body;
    }),
    'only-z-is-utc: knows no UTC but that written as Z': rewritingTimes((time) =>
      time.endsWith('+00:00') ? '' : time,
    ),
    'fine-fractions-refused: reads no fractions of a second beyond milliseconds': rewritingTimes((time) =>
      /\.\d{4}/.test(time) ? '' : time,
    ),
    'range-sent-unencoded: puts the range into the query as it came: the plus of +00:00 arrives as a space': {
      'providerCalls.get': async ({ real }, path, ...rest) =>
        await real.get(path.replaceAll('%2B', '+'), ...rest),
    },
  }),
];
