import { describe, it } from 'node:test';
import { expect } from 'chai';
import { contractMapProblems, readContractMap } from './contract-map';

const CONTRACT = `# Contract

Bytes are kept. A vault
may be slow.

| call | answer |
|---|---|
| \`GET /x\` | \`200\` · \`404\` when unknown |

- Never lie.

\`\`\`yaml
an: example
\`\`\`
`;
const WHOLE = `
- says: Bytes are kept.
  requirements: [FID-1]
- says: A vault may be slow.
  because: permission
- says: call answer
  because: definition
- says: '\`GET /x\` \`200\`'
  requirements: [FID-1]
- says: '\`404\` when unknown'
  requirements: [API-1]
- says: Never lie.
  requirements: [API-1]
`;

const problemsOf = (map: string, ids = ['FID-1', 'API-1']): readonly string[] =>
  contractMapProblems(CONTRACT, readContractMap(map), ids);

describe('contractMapProblems', () => {
  it('finds nothing where everything fits, however the contract is laid out', () => {
    expect(problemsOf(WHOLE)).to.deep.equal([]);
  });

  it('notices what the map leaves out', () => {
    const [problem, ...others] = problemsOf(WHOLE.replace(/- says: A vault.*\n.*\n/, ''));
    expect(problem).to.contain('leaves out "A vault may be slow."');
    expect(others).to.deep.equal([]);
  });

  it('notices a sentence that was changed', () => {
    const problems = problemsOf(WHOLE.replace('Never lie', 'Seldom lie')).join('\n');
    expect(problems).to.contain('does not say "Seldom lie."').and.to.contain('leaves out "Never lie."');
  });

  it('notices an id that is none, and a requirement that nothing asks for', () => {
    expect(problemsOf(WHOLE, ['FID-1', 'OPS-1'])).to.deep.equal([
      'features/contract-map.yaml names API-1, which features/requirements.md does not.',
      'OPS-1 follows from no passage of the contract in features/contract-map.yaml.',
    ]);
  });

  it('takes no passage without requirements or a reason that it knows', () => {
    expect(() => readContractMap('- says: Bytes are kept.')).to.throw();
    expect(() => readContractMap('- {says: Bytes are kept., because: too hard}')).to.throw();
  });
});
