import { describe, it } from 'node:test';
import { expect } from 'chai';

// Without its ending this name is the shim's beside it, which Cucumber loads.
const { HouseSnippetSyntax }: typeof import('./snippet-syntax') = require('./snippet-syntax.ts');

describe('HouseSnippetSyntax', () => {
  const expression = (source: string, ...types: readonly string[]) => ({
    source,
    parameterInfos: types.map((name) => ({ name })),
    parameterNames: types,
  });

  it('writes a step in the style of the house', () => {
    const snippet = new HouseSnippetSyntax().build({
      functionName: 'Given',
      generatedExpressions: [
        expression("the clerk's {log} of {int} days under \\/", 'log', 'int'),
        expression('or {float}', 'float'),
      ],
      stepParameterNames: ['dataTable'],
    });
    expect(snippet.split('\n')).to.deep.equal([
      "// or: 'or {float}'",
      "Given('the clerk\\'s {log} of {int} days under \\\\/', async function (this: VaultWorld, log: unknown, int: number, dataTable: DataTable) {",
      "  return 'pending';",
      '});',
    ]);
  });

  it('makes names of parameter types into identifiers', () => {
    const generatedExpressions = [expression('{kind of payload}', 'kind of payload')];
    const snippet = new HouseSnippetSyntax().build({
      functionName: 'When',
      generatedExpressions,
      stepParameterNames: [],
    });
    expect(snippet).to.contain('kindOfPayload: unknown');
  });
});
