import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { beyondThePromise } from './beyond-the-promise';
import { ScenarioTestRunner } from './scenario-test-runner';

/** The plugins that Stryker finds in this folder, under the names that `stryker.config.json` uses. */
export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'scenarios', ScenarioTestRunner),
  declareValuePlugin(PluginKind.Ignore, 'beyond-the-promise', beyondThePromise),
];
