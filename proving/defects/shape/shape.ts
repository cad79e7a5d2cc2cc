import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { VaultProfile } from '../../../support/profile/profile';
import { type ProfileDocument, profileDocument } from '../../../support/profile/profile-document';
import { readProfile } from '../../../support/profile/read-profile';
import { requirementIds } from '../../../support/profile/requirement-ids';
import type { IdKind } from './log-id-writer';

/** A shape as a profile says it: as the suite reads it, and as it is written. */
export interface Shape {
  readonly profile: VaultProfile;
  readonly document: ProfileDocument;
  /** Of which kind opaque ids are, which no profile says. */
  readonly idKind: IdKind;
}

/** @param file a profile @throws SuiteError where it is none */
export function readShape(file: string, idKind: IdKind = 'text'): Shape {
  return {
    profile: readProfile(file, requirementIds()),
    idKind,
    document: profileDocument.parse(parse(readFileSync(file, 'utf8'))),
  };
}
