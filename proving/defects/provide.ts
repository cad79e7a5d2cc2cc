import { provideSubject } from '../../support/environments/subject';

/**
 * Hands the defects, and other shapes, to the embedded environment. The catalogue is loaded only where one is
 * asked for: it has dozens of files.
 */
provideSubject((context) => (require('./applied') as typeof import('./applied')).subjectOf(context));
