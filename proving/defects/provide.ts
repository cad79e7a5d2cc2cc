import { provideReplacements } from '../../support/environments/replacements';

/**
 * Hands the defects to the embedded vault. The catalogue is loaded only where one is asked for: it has dozens
 * of files.
 */
provideReplacements((defect) =>
  (require('./applied') as typeof import('./applied')).appliedReplacements(defect),
);
