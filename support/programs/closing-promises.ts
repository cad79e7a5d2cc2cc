import type { ProgramLog, ProgramRun } from './program-run';

/** What a log has to do with, and the requirements that are judged by having it as it was in the end. */
const BY_LOG: readonly (readonly [(log: ProgramLog) => boolean, readonly string[]])[] = [
  [() => true, ['FID-1', 'FID-3', 'API-21', 'API-22', 'API-24', 'CON-7', 'SEC-1']],
  [({ offer }) => (offer.listedTimes ?? 1) > 1, ['API-20']],
  [({ offer }) => offer.listedAt !== undefined, ['API-23']],
  [({ offer }) => Object.keys(offer.delivery ?? {}).length > 0, ['FID-10']],
  [({ now }) => isGzip(now.payload), ['FID-11']],
  [({ damage }) => damage?.kind === 'orphaned', ['CON-1']],
  [({ damage }) => damage?.kind === 'altered', ['CON-4']],
  [({ wasDamaged, damage }) => wasDamaged && damage === undefined, ['CON-3']],
  [({ versions }) => versions > 1, ['CON-6']],
];

/** What happened to a vault, and the requirements that are judged by its having everything in the end. */
const BY_DISTURBANCE = {
  'MongoDB is away': ['RES-30', 'RES-33', 'RES-34'],
  'the vault is down': ['OPS-1', 'OPS-2', 'OPS-3', 'OPS-4', 'OPS-5'],
} as const;

/** Returns the requirements that the end of a program judges: every log can be had, every job has ended. */
export function closingPromises(run: ProgramRun): readonly string[] {
  const { disturbances, environment } = run.shared;
  const kinds = ['MongoDB is away', 'the vault is down'] as const;
  return [
    ...BY_LOG.filter(([isAbout]) => run.logs.some(isAbout)).flatMap(([, ids]) => ids),
    ...(run.logs.length > 1 ? ['FID-4'] : []),
    ...(run.logs.length > environment.provider.pageLogs ? ['API-20'] : []),
    ...kinds.filter((kind) => disturbances.times(kind) > 0).flatMap((kind) => BY_DISTURBANCE[kind]),
    ...(environment.vault.members.length > 1 ? ['CON-15'] : []),
  ];
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
