import { z } from 'zod';
import type { Finding } from '../ledger/finding';
import { requirementIdsOf } from './requirements';

/** The requirements that the failures of a scenario break. */
export interface BrokenRequirements {
  /**
   * True where they are all that the scenario is about, its tags: a step failed that does not say which of
   * them it speaks of, or something that names no requirement was found.
   */
  readonly own: boolean;
  /** The requirements that a step names which failed, or that were found broken at its end. */
  readonly found: readonly string[];
}

/** As much of an attachment as it takes to know what it says; Cucumber's broadcaster is untyped. */
export interface BrokenAttachment {
  readonly mediaType: string;
  readonly body: string;
}

/**
 * By an attachment of this type the hook that ends a scenario says which requirements its problems break. Not
 * by its words, for these quote what a vault wrote; a message of Cucumber's, so that it comes with the run
 * wherever that is reported.
 */
const MEDIA_TYPE = 'application/vnd.audit-vault.broken+json';

const attached = z.object({ own: z.boolean(), found: z.array(z.string()) });

/** The broken requirements of a scenario that did not fail. */
export const NOTHING_BROKEN: BrokenRequirements = { own: false, found: [] };

/** The attachment that says what these problems break. */
export function brokenAttachment(problems: readonly Finding[]): BrokenAttachment {
  const named = problems.flatMap(({ requirement }) => requirement ?? []);
  return attachmentOf({ own: named.length < problems.length, found: [...new Set(named)] });
}

/** The attachment that says which requirements are broken. */
export function attachmentOf(broken: BrokenRequirements): BrokenAttachment {
  return { mediaType: MEDIA_TYPE, body: JSON.stringify(broken) };
}

/** Returns true where an attachment is for the machines that read a run, and nothing to show. */
export function isBrokenAttachment({ mediaType }: Pick<BrokenAttachment, 'mediaType'>): boolean {
  return mediaType === MEDIA_TYPE;
}

/**
 * Joins what failed steps and hooks have broken.
 * @param failures the attachments of each; one that says nothing of requirements counts against all that its
 * scenario is about
 * @param named the requirements that those steps break which say so themselves
 */
export function brokenIn(
  failures: readonly (readonly BrokenAttachment[])[],
  named: readonly string[] = [],
): BrokenRequirements {
  const each = failures.map((attachments) => attachments.filter(isBrokenAttachment).map(attachedIn));
  return {
    own: each.some((told) => told.every(({ found }) => found.length === 0) || told.some(({ own }) => own)),
    found: [...new Set([...named, ...each.flat().flatMap(({ found }) => found)])],
  };
}

/** Reads such an attachment; one that cannot be understood is no reason to let anything pass. */
function attachedIn({ body }: BrokenAttachment): BrokenRequirements {
  try {
    return attached.parse(JSON.parse(body));
  } catch {
    return { own: true, found: [] };
  }
}

/** As much of a scenario's outcome as it takes to say what it broke. */
interface JudgedOutcome {
  readonly status: string;
  readonly tags: readonly string[];
  readonly broken: BrokenRequirements;
}

/** The requirements that a failed scenario broke (`BrokenRequirements`); none where it did not fail. */
export function brokenBy({ status, tags, broken }: JudgedOutcome): readonly string[] {
  if (status !== 'failed' && status !== 'known') return [];
  // A failure that is held against nothing would be lost.
  const own = broken.own || broken.found.length === 0 ? requirementIdsOf(tags) : [];
  return [...new Set([...own, ...broken.found])];
}

/** Returns true where a scenario has something to say of a requirement: it carries its id, or broke it. */
export function concerns(outcome: JudgedOutcome, id: string): boolean {
  return requirementIdsOf(outcome.tags).includes(id) || brokenBy(outcome).includes(id);
}
