import { EventEmitter } from 'node:events';
import { formatterHelpers, supportCodeLibraryBuilder } from '@cucumber/cucumber';
import { loadConfiguration } from '@cucumber/cucumber/api';
import { initializeFormatters } from '@cucumber/cucumber/lib/api/formatters';
import { makeEnvironment } from '@cucumber/cucumber/lib/environment/index';
import { PluginManager } from '@cucumber/cucumber/lib/plugin/plugin_manager';
import type { Envelope } from '@cucumber/messages';

type SupportCodeLibrary = ReturnType<typeof supportCodeLibraryBuilder.finalize>;

/**
 * Sends the messages of a run to the formatters that cucumber.js lists, just as Cucumber does while it runs:
 * so what they write of it is what they would have written then.
 */
export async function replayMessages(envelopes: readonly Envelope[]): Promise<void> {
  const environment = makeEnvironment({});
  const { runConfiguration } = await loadConfiguration({}, environment);
  const eventBroadcaster = new EventEmitter();
  const pluginManager = new PluginManager(environment);
  eventBroadcaster.on('envelope', (envelope: Envelope) => pluginManager.emit('message', envelope));
  const finish = await initializeFormatters({
    ...environment,
    onStreamError: () => {
      process.exitCode = 1;
    },
    eventBroadcaster,
    eventDataCollector: new formatterHelpers.EventDataCollector(eventBroadcaster),
    configuration: runConfiguration.formats,
    supportCodeLibrary: libraryOf(envelopes),
    pluginManager,
  });
  for (const envelope of envelopes) eventBroadcaster.emit('envelope', envelope);
  await pluginManager.cleanup();
  await finish();
}

/**
 * As much of the support code as formatters ask for: where steps and hooks are defined, and the parameter
 * types, for snippets.
 */
function libraryOf(envelopes: readonly Envelope[]): SupportCodeLibrary {
  supportCodeLibraryBuilder.reset(process.cwd(), () => '');
  const names = new Set<string>();
  for (const { parameterType } of envelopes) {
    if (parameterType === undefined || names.has(parameterType.name)) continue;
    names.add(parameterType.name);
    supportCodeLibraryBuilder.methods.defineParameterType({
      name: parameterType.name,
      regexp: parameterType.regularExpressions.map((source) => new RegExp(source)),
      useForSnippets: parameterType.useForSnippets,
      preferForRegexpMatch: parameterType.preferForRegularExpressionMatch,
    });
  }
  const library = supportCodeLibraryBuilder.finalize();
  const definitions = envelopes.flatMap(({ stepDefinition, hook }) => {
    const definition = stepDefinition ?? hook;
    if (definition === undefined) return [];
    const { uri = '', location } = definition.sourceReference;
    const name = hook?.name;
    return [{ id: definition.id, uri, line: location?.line ?? 0, ...(name === undefined ? {} : { name }) }];
  });
  // They are looked up by their ids, and nothing is run.
  return {
    ...library,
    stepDefinitions: definitions,
    beforeTestCaseHookDefinitions: definitions,
    afterTestCaseHookDefinitions: definitions,
  } as unknown as SupportCodeLibrary;
}
