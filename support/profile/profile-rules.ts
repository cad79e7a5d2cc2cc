import { ANSWER_RULES } from './answer-rules';
import { METADATA_RULES } from './metadata-rules';
import { nearest } from './nearest';
import { OBJECT_RULES } from './object-rules';
import type { ProfileDocument } from './profile-document';
import { PROVIDER_RULES } from './provider-rules';
import { type ProfileProblem, problem, type Rule } from './rule';

/** Templates have the names they need, and no others; members do not contradict one another. */
export function brokenRules(document: ProfileDocument, requirementIds: readonly string[]): ProfileProblem[] {
  return [
    ...OBJECT_RULES,
    ...METADATA_RULES,
    ...ANSWER_RULES,
    ...PROVIDER_RULES,
    unknownRequirements(requirementIds),
  ]
    .flatMap((rule) => rule(document))
    .filter((problem) => problem !== undefined);
}

function unknownRequirements(requirementIds: readonly string[]): Rule {
  return ({ not_claimed: unclaimed = {} }) =>
    Object.keys(unclaimed).map((id) =>
      requirementIds.includes(id)
        ? undefined
        : problem(
            ['not_claimed', id],
            `${id} is no requirement${nearest(id, requirementIds)}: features/requirements.md lists them`,
          ),
    );
}
