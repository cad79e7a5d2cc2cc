import { AddressTemplate } from './address-template';
import { Template } from './template';

/** The way to the next page of a listing: a member that holds a cursor, or a link of this relation. */
export type NextPage = { readonly member: string } | { readonly link: string };

/** How a provider speaks (contract, sections 2 and 8). */
export interface ProviderShape {
  readonly authorization: {
    /** In lower case. */
    readonly header: string;
    readonly value: Template;
  };
  readonly listing: {
    readonly path: AddressTemplate;
    /** Where the list of logs is; `undefined` where the answer itself is the list. */
    readonly logs: string | undefined;
    readonly id: string;
    readonly timestamp: string;
    readonly next: NextPage;
  };
  /** `undefined` where each entry of the listing is the payload. */
  readonly payload: AddressTemplate | undefined;
  readonly health: { readonly path: AddressTemplate; readonly ok: number };
}

/** A provider as the contract has it (section 2). */
export const CONTRACT_PROVIDER: ProviderShape = {
  authorization: { header: 'authorization', value: new Template('Bearer {key}') },
  listing: {
    path: new AddressTemplate('/{provider_id}/logs?start={start}&end={end}&cursor={cursor}'),
    logs: 'logs',
    id: 'id',
    timestamp: 'timestamp',
    next: { member: 'next_cursor' },
  },
  payload: new AddressTemplate('/{provider_id}/logs/{id}'),
  health: { path: new AddressTemplate('/health'), ok: 200 },
};
