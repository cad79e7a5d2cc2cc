import { JsonFormatter } from '@cucumber/cucumber';

type StepData = Parameters<JsonFormatter['getStepData']>[0];

const UNTOLD = { status: 'UNKNOWN', duration: { seconds: 0, nanos: 0 } } as StepData['testStepResult'];

/**
 * `reports/cucumber.json`: Cucumber's own, which would throw at a step that a worker's death left without a
 * result.
 */
export class CucumberJson extends JsonFormatter {
  override getStepData(data: StepData): ReturnType<JsonFormatter['getStepData']> {
    return super.getStepData({
      ...data,
      testStepAttachments: data.testStepAttachments ?? [],
      testStepResult: data.testStepResult ?? UNTOLD,
    });
  }
}
