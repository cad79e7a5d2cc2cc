const only = (name, from, forbidden, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: forbidden },
});

module.exports = {
  forbidden: [
    only(
      'services-stand-alone',
      '^services/',
      '^(support|step-definitions|reference-vault)/',
      'A service object only knows the vault it talks to.',
    ),
    only(
      'support-not-steps',
      '^support/',
      '^step-definitions/',
      'Steps are glue on top; nothing stands on them.',
    ),
    only(
      'vault-stands-alone',
      '^reference-vault/',
      '^(support|services|step-definitions)/',
      'The system under test imports nothing of the suite.',
    ),
    only(
      'steps-not-vault',
      '^step-definitions/',
      '^reference-vault/',
      'A step must not know which vault it judges.',
    ),
    {
      name: 'vault-behind-the-embedded-environment',
      severity: 'error',
      comment: 'Only the embedded environment and the defects know the reference vault.',
      from: { path: '^support/', pathNot: '^support/(environments/embedded\\.ts|defects/)' },
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
