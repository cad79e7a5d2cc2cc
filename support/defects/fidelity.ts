import { defaultParts } from '../../reference-vault/parts';
import type { Defect } from './defect';

/** Bugs that change the bytes of a payload. */
export const fidelityDefects: readonly Defect[] = [
  {
    name: 'payload-reserialised',
    sentence: 'parses the payload and writes it again with JSON.stringify',
    requirement: 'FID-1',
    replacements: {
      entityReader: () => async (...args) => {
        const bytes = await defaultParts.entityReader({} as never)(...args);
        try {
          return Buffer.from(JSON.stringify(JSON.parse(bytes.toString())));
        } catch {
          return bytes;
        }
      },
    },
  },
];
