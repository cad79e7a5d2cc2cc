import { EventEmitter } from 'node:events';
import { formatterHelpers, type IFormatterOptions, JsonFormatter } from '@cucumber/cucumber';
import type { Envelope } from '@cucumber/messages';

type StepData = Parameters<JsonFormatter['getStepData']>[0];

const UNTOLD = { status: 'UNKNOWN', duration: { seconds: 0, nanos: 0 } } as StepData['testStepResult'];

/** Cucumber's own, which would throw at a step that a worker's death left without a result. */
class CucumberJson extends JsonFormatter {
  override getStepData(data: StepData): ReturnType<JsonFormatter['getStepData']> {
    return super.getStepData({
      ...data,
      testStepAttachments: data.testStepAttachments ?? [],
      testStepResult: data.testStepResult ?? UNTOLD,
    });
  }
}

/** `reports/cucumber.json`: Cucumber's classic JSON, of a run that may not have come to its end. */
export function cucumberJson(envelopes: readonly Envelope[]): string {
  const eventBroadcaster = new EventEmitter();
  let json = '[]';
  const options = {
    eventBroadcaster,
    eventDataCollector: new formatterHelpers.EventDataCollector(eventBroadcaster),
    log: (text: string) => {
      json = text;
    },
    parsedArgvOptions: {},
    supportCodeLibrary: { stepDefinitions: stepDefinitionsIn(envelopes) },
  };
  const formatter = new CucumberJson(options as unknown as IFormatterOptions);
  // At its end it would write; so it does without one.
  for (const envelope of envelopes) {
    if (envelope.testRunFinished === undefined) eventBroadcaster.emit('envelope', envelope);
  }
  formatter.onTestRunFinished();
  return json;
}

/** As much of the support code as the formatter asks for: where steps are defined. */
function stepDefinitionsIn(envelopes: readonly Envelope[]): readonly object[] {
  return envelopes.flatMap(({ stepDefinition }) => {
    if (stepDefinition === undefined) return [];
    const { uri = '', location } = stepDefinition.sourceReference;
    return [{ id: stepDefinition.id, uri, line: location?.line ?? 0 }];
  });
}
