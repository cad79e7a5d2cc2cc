/** Something that no vault may do, seen while programs ran. */
export interface ProgramFinding {
  /** For people; one line, unless it quotes what a vault wrote. */
  readonly words: string;
  /** The requirements it breaks, by their ids; none where none can be named. */
  readonly requirements: readonly string[];
}

/** Thrown for findings of programs, a line each. */
export class FindingError extends Error {
  override readonly name = 'FindingError';
  readonly findings: readonly ProgramFinding[];

  constructor(...findings: readonly (ProgramFinding | string)[]) {
    const all = findings.map((found) =>
      typeof found === 'string' ? { words: found, requirements: [] } : found,
    );
    super(all.map(programFindingText).join('\n'));
    this.findings = all;
  }
}

/** A finding as a failure quotes it: the requirements that it breaks stand at the end. */
function programFindingText({ words, requirements }: ProgramFinding): string {
  return requirements.length === 0 ? words : `${words} [${requirements.join(', ')}]`;
}
