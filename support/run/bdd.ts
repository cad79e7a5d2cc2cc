import { launch } from './launch';

/** `npm run bdd`: Cucumber, with the suite's own arguments. */
void launch(process.argv.slice(2));
