import { ManifestKeys } from './log-shape';
import { CONTRACT_KEY, CONTRACT_MANIFEST } from './profile';
import { problem, type Rule, templateProblem } from './rule';
import { namesIn, Template } from './template';

const KEY_NAMES = ['provider_id', 'log_id', 'source_id', 'job_id', 'yyyy', 'mm', 'dd'];
const MANIFEST_NAMES = ['provider_id', 'job_id', 'yyyy', 'mm', 'dd'];

/** Keys tell one log from another, and a log from a manifest. */
export const OBJECT_RULES: readonly Rule[] = [
  ({ objects }) => {
    const key = objects?.key ?? 'contract';
    if (key === 'contract' || key === 'opaque') return [];
    const at = ['objects', 'key'];
    const names = namesIn(key);
    const tells = names.includes('log_id') || (names.includes('source_id') && names.includes('provider_id'));
    return [
      templateProblem(at, key, KEY_NAMES, []),
      tells
        ? undefined
        : problem(
            at,
            `"${key}" does not tell one log from another: it needs {log_id}, or {provider_id} and {source_id}; "opaque" where the vault makes keys up`,
          ),
    ];
  },
  ({ objects }) => {
    const manifest = objects?.manifest ?? 'contract';
    if (manifest === 'contract' || manifest === 'none') return [];
    return [templateProblem(['objects', 'manifest'], manifest, MANIFEST_NAMES, ['job_id'])];
  },
  ({ objects = {}, log_id: ids = 'contract' }) => {
    const { key = 'contract', manifest = 'contract' } = objects;
    if (key === 'opaque' || manifest === 'none') return [];
    const keys = key === 'contract' ? CONTRACT_KEY : key;
    const manifests = manifest === 'contract' ? CONTRACT_MANIFEST : manifest;
    const one = new Template(keys).fill({
      ...SAMPLE,
      log_id: ids === 'contract' ? `log_${'0a'.repeat(12)}` : 'log-1',
    });
    const isAlike = one !== undefined && new ManifestKeys(manifests).pattern.test(one);
    return [
      isAlike
        ? problem(
            ['objects', objects.manifest === undefined ? 'key' : 'manifest'],
            `a manifest at "${manifests}" and the object of a log at "${keys}" look alike, so that nothing tells which of them is uploaded: correct the one that lies elsewhere; where they do lie so, say manifest: none`,
          )
        : undefined,
    ];
  },
];

const SAMPLE = {
  provider_id: 'okta_system_log',
  source_id: 'evt-1',
  job_id: 'job-1',
  yyyy: '2026',
  mm: '01',
  dd: '31',
};
