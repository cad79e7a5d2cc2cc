/** The rooms of a folder, lowest first: each may import those before it, never those after it. */
const SUPPORT = [
  'bytes/',
  'faults/',
  'profile/',
  'provider/',
  'object-store/',
  'metadata-store/',
  'process/',
  'ledger/',
  'assertions/',
  'environments/',
  'reporting/',
  'scenario/',
  'programs/',
  'run/',
  'world(?:\\.test)?\\.ts',
  'parameter-types\\.ts',
  'hooks\\.ts',
];
const PROVING = ['checks/', 'defects/', 'explore/', 'steady/', 'mutation/'];

const only = (name, from, forbidden, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: forbidden },
});

/** One rule for each room that has others above it. */
const layers = (folder, rooms) =>
  rooms
    .slice(0, -1)
    .map((room, index) =>
      only(
        `${folder}-${room.replaceAll(/\(.*\)|\W+ts$|[^\w-]/g, '')}`,
        `^${folder}/${room}`,
        `^${folder}/(?:${rooms.slice(index + 1).join('|')})`,
        `A room imports the rooms below it alone: docs/architecture.md lists them from the ground up.`,
      ),
    );

module.exports = {
  forbidden: [
    ...layers('support', SUPPORT),
    ...layers('proving', PROVING),
    only(
      'rooms-have-a-place',
      `^support/(?!${SUPPORT.join('|')})`,
      '.*',
      'A new room of support/ belongs into the list above, at its height.',
    ),
    only(
      'services-stand-alone',
      '^services/',
      '^(proving|support|step-definitions|reference-vault)/',
      'A service object only knows the vault it talks to.',
    ),
    only(
      'support-stands-on-services',
      '^support/',
      '^(proving|step-definitions)/',
      'Steps are glue on top, and what proves the suite is no part of it.',
    ),
    only(
      'vault-stands-alone',
      '^reference-vault/',
      '^(proving|support|services|step-definitions)/',
      'The system under test imports nothing of the suite.',
    ),
    only(
      'steps-not-vault',
      '^step-definitions/',
      '^(proving|reference-vault)/',
      'A step must not know which vault it judges.',
    ),
    {
      name: 'vault-behind-the-embedded-environment',
      severity: 'error',
      comment: 'Only the embedded environment knows the reference vault.',
      from: { path: '^support/', pathNot: '^support/environments/embedded\\.ts' },
      to: { path: '^reference-vault/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two modules that need each other are one module.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-what-the-package-lists',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
