import { takeDifferences } from '../assertions/noted-differences';
import { checksumOf } from '../bytes/checksum';
import type { Finding } from '../ledger/finding';
import { brokenAttachment } from '../reporting/broken-requirements';
import { byteComparison } from '../reporting/pictures/byte-comparison';
import type { Picture } from '../reporting/pictures/svg-picture';
import { uploadTimelines } from '../reporting/pictures/upload-timeline';
import { attachEvidence, type EvidenceSource } from './evidence';

const SVG = 'image/svg+xml';

/**
 * Tells the report what happened in a scenario: made when its steps have ended, asked before its stores are
 * emptied.
 */
export class ScenarioReport {
  readonly #world: EvidenceSource;
  readonly #stepsEndedMs = performance.now();

  constructor(world: EvidenceSource) {
    this.#world = world;
  }

  /**
   * Attaches the pictures: of uploads in every scenario that made them fail, of bytes where they differ. And,
   * where the scenario does not hold, the evidence.
   * @param failures what is said of what does not hold
   */
  async attachEvidence(failures: readonly string[]): Promise<void> {
    const { bucket, vault, scope } = this.#world;
    const contents = new Map(scope.logs.map(({ name, payload }) => [checksumOf(payload), name]));
    const names = new Map(
      bucket.attempts.map(({ key, checksum }) => [key, contents.get(checksum ?? '')] as const),
    );
    const nameOf = (key: string): string | undefined => names.get(key);
    for (const picture of uploadTimelines(bucket.attempts, { settings: vault.settings, nameOf })) {
      this.#attach(picture);
    }
    for (const { difference, ...compared } of takeDifferences()) {
      const { offset, path, expected, actual } = difference;
      const changed = { expected: expected.changed, actual: actual.changed };
      this.#attach(byteComparison({ ...compared, offset, path, changed }));
    }
    if (failures.length > 0) await attachEvidence(this.#world, this.#stepsEndedMs, failures.join('\n'));
  }

  /** Says which requirements are broken by what the scenario's end found. */
  attachBroken(findings: readonly Finding[]): void {
    const { body, mediaType } = brokenAttachment(findings);
    this.#world.attach(body, mediaType);
  }

  /** As bytes: Cucumber's own report shows no other picture. */
  #attach({ title, svg }: Picture): void {
    const { redact } = this.#world;
    this.#world.attach(Buffer.from(redact(svg)), { mediaType: SVG, fileName: redact(title) });
  }
}
