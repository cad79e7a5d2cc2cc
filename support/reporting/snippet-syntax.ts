interface SnippetRequest {
  readonly functionName: string;
  readonly generatedExpressions: readonly {
    readonly source: string;
    readonly parameterInfos: readonly { readonly name: string }[];
    readonly parameterNames: readonly string[];
  }[];
  readonly stepParameterNames: readonly string[];
}

/** The types that Cucumber's own parameter types and step arguments turn into, by their names. */
const TYPES: Readonly<Record<string, string>> = {
  int: 'number',
  float: 'number',
  byte: 'number',
  short: 'number',
  long: 'number',
  double: 'number',
  biginteger: 'bigint',
  string: 'string',
  word: 'string',
  dataTable: 'DataTable',
  docString: 'string',
};
const SHOWN_ALTERNATIVES = 3;

/**
 * Builds what an undefined step prints: a definition in the style of this house, ready to paste into
 * `step-definitions/`.
 */
export class HouseSnippetSyntax {
  build({ functionName, generatedExpressions, stepParameterNames }: SnippetRequest): string {
    const [best, ...others] = generatedExpressions;
    if (best === undefined) return '';
    const inStep = best.parameterNames.map(
      (name, at) => `${identifier(name)}: ${typeOf(best.parameterInfos[at]?.name)}`,
    );
    const trailing = stepParameterNames.map((name) => `${name}: ${typeOf(name)}`);
    const parameters = ['this: VaultWorld', ...inStep, ...trailing].join(', ');
    return [
      ...others.slice(0, SHOWN_ALTERNATIVES).map(({ source }) => `// or: ${quoted(source)}`),
      `${functionName}(${quoted(best.source)}, async function (${parameters}) {`,
      "  return 'pending';",
      '});',
    ].join('\n');
  }
}

/** The type of a parameter that only its author knows; `unknown` makes the compiler ask. */
function typeOf(name: string | undefined): string {
  return TYPES[name ?? ''] ?? 'unknown';
}

/** Parameter types of this suite have names with spaces. */
function identifier(name: string): string {
  return name.replace(/[^\p{L}\p{N}_$]+(.?)/gu, (_, next: string) => next.toUpperCase());
}

function quoted(source: string): string {
  return `'${source.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
