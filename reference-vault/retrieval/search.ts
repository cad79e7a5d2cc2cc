import type { LogRepository } from '../persistence/log-repository';

/** One page of the search. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

/** The answer of `GET /v1/logs`, as the contract writes it (section 1). */
export interface SearchAnswer {
  readonly data: readonly { readonly id: string; readonly checksum: string; readonly timestamp: string }[];
  readonly meta: { readonly total_count: number; readonly has_more: boolean };
}

/** Finds logs by the instant of their timestamps, then by id. */
export interface Search {
  /** @throws VaultFault `metadata_unavailable` */
  page(request: PageRequest): Promise<SearchAnswer>;
}

export class MetadataSearch implements Search {
  constructor(private readonly logs: LogRepository) {}

  async page({ limit, offset }: PageRequest): Promise<SearchAnswer> {
    const { logs, total } = await this.logs.page({ limit, offset });
    return {
      data: logs.map(({ _id, checksum, timestamp }) => ({ id: _id, checksum, timestamp })),
      meta: { total_count: total, has_more: offset + logs.length < total },
    };
  }
}
