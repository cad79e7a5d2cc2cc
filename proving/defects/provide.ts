import { provideReplacements } from '../../support/environments/replacements';

/** The catalogue has dozens of files, which a run without a defect need not wait for. */
provideReplacements((defect) =>
  (require('./applied') as typeof import('./applied')).appliedReplacements(defect),
);
