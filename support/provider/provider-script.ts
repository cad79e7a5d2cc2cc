import { checksumOf } from '../bytes/checksum';
import { type InstantRange, instantRangeOf, isWithin } from '../bytes/instant';
import { type ArmedFault, FaultBoard } from '../faults/fault-board';
import { expectTries } from '../profile/not-of-this-shape';
import type { ListingText } from './listing-text';
import { filedAt, type OfferedLog, payloadAnswer } from './offered-log';
import { gzipped, json, type ProviderAnswer, reset } from './provider-answer';
import { ProviderDialect } from './provider-dialect';
import {
  describeProviderFault,
  faultyAnswer,
  isMetByHangingUp,
  type ProviderFault,
  type StruckCall,
} from './provider-faults';
import { Cursors, type ListingOrder, listingPage } from './provider-listing';
import {
  type IncomingProviderCall,
  isAimedAt,
  type OpenProviderRequest,
  type ProviderRequest,
  type ProviderTarget,
} from './provider-request';
import type { ServedListing, ServedPayload } from './served';

const DEFAULT_PAGE_LOGS = 100;

/**
 * Holds what a provider offers and how it misbehaves. Plain state; a transport (nock in-process, an HTTP
 * server on the wire) hands each call to `answer` and sends what comes back.
 */
export class ProviderScript {
  readonly #faults = new FaultBoard<ProviderRequest, ProviderFault>(isMetByHangingUp);
  #logs = new Map<string, OfferedLog>();
  #everOffered: OfferedLog[] = [];
  #requests: OpenProviderRequest[] = [];
  #served: ServedPayload[] = [];
  #listings: ServedListing[] = [];
  /** By the listings that they belong to. */
  #cursors = new Map<string, Cursors>();
  readonly #offeredTo: ((log: OfferedLog) => void)[] = [];
  /** Logs named on one page of a listing. */
  pageLogs = DEFAULT_PAGE_LOGS;
  /** Pages that name no log before each further one. */
  emptyPages = 0;
  /** True when a listing begins and ends with a page that names no log. */
  emptyEnds = false;
  /** The cursors that a listing names first, where they are certain ones; no two alike. */
  cursorTexts: readonly string[] = [];
  listingOrder: ListingOrder = 'as offered';
  /** How listings are written; as shortly as can be when absent. */
  listingText: ListingText | undefined;
  /** True when listings are compressed for whoever says that this can be read. */
  compressedListings = false;
  /** The path of the provider's base URL, such as `/api/v2`; usually none. */
  basePath = '';

  #testedKey: string | undefined;

  /**
   * @param apiKey the one key that is valid here.
   * @param dialect how it is asked, and how it answers
   * @param mostTries how often the vault tries a call, where that is fixed
   */
  constructor(
    readonly apiKey: string,
    readonly dialect: ProviderDialect = new ProviderDialect(),
    readonly mostTries = Number.POSITIVE_INFINITY,
  ) {}

  get requests(): readonly ProviderRequest[] {
    return this.#requests;
  }

  get served(): readonly ServedPayload[] {
    return this.#served;
  }

  get listings(): readonly ServedListing[] {
    return this.#listings;
  }

  get offered(): readonly OfferedLog[] {
    return [...this.#logs.values()];
  }

  /** Every offer of the scenario, earlier versions of a log included. */
  get everOffered(): readonly OfferedLog[] {
    return this.#everOffered;
  }

  get inFlight(): number {
    return this.#faults.inFlight;
  }

  /** Tells a transport of each log as it is offered. */
  onOffer(listener: (log: OfferedLog) => void): void {
    this.#offeredTo.push(listener);
  }

  /**
   * Offers a log, or a new version of one that is offered already.
   * @returns it as it is sent
   * @throws NotOfThisShape where it cannot be sent in this dialect
   */
  offer(wanted: OfferedLog): OfferedLog {
    const log = this.dialect.asSent(wanted);
    this.#logs.set(nameOf(log.providerId, log.sourceId), log);
    this.#everOffered.push(log);
    payloadAnswer(log);
    for (const listener of this.#offeredTo) listener(log);
    return log;
  }

  /** The logs that lie in a range; which do, is the provider's to say (contract, section 2). */
  offeredIn(providerId: string, range: InstantRange): readonly OfferedLog[] {
    return this.offered.filter((log) => log.providerId === providerId && isWithin(filedAt(log), range));
  }

  /**
   * From now on health checks succeed with this key as well as with the vault's own, which a vault may send at any
   * time; faults armed against a health check meet the connection test alone.
   */
  acceptTested(apiKey: string): void {
    this.#testedKey = apiKey;
  }

  /** Requests for one log's payload, in order of arrival. */
  payloadRequests(providerId: string, sourceId: string): readonly ProviderRequest[] {
    return this.#requests.filter(
      (request) =>
        request.kind === 'payload' && request.providerId === providerId && request.sourceId === sourceId,
    );
  }

  /**
   * Requests that `target` names and that came with the right key, in order of arrival, to the first that was
   * answered as usual: what is asked for once more after that is no retry.
   */
  triesOf(target: ProviderTarget): readonly ProviderRequest[] {
    const aimed = this.#requests.filter((request) => isAimedAt(target, request));
    const success = aimed.findIndex(({ answer }) => answer === '200');
    return success < 0 ? aimed : aimed.slice(0, success + 1);
  }

  /**
   * Arms a fault for the next `times` calls that `target` names.
   * @throws NotOfThisShape where this provider has no such call, or it would be no fault
   */
  arm(target: ProviderTarget, fault: ProviderFault, times: number): ArmedFault<ProviderFault> {
    expectTries(times, this.mostTries);
    this.dialect.expectCall(target, 'status' in fault ? fault.status : undefined);
    if (fault.kind === 'broken-listing') this.dialect.brokenListing(fault.how);
    const about = [target.providerId, target.sourceId].filter((part) => part !== undefined).join(' ');
    return this.#faults.arm(
      `provider: ${describeProviderFault(fault)} to a ${target.kind} call${about === '' ? '' : ` for ${about}`}`,
      (request) => isAimedAt(target, request) && !this.#isAside(request),
      fault,
      times,
    );
  }

  unfired(): string[] {
    return this.#faults.unfired();
  }

  heal(): void {
    this.#faults.heal();
  }

  /** For the next scenario: nothing offered, nothing asked, no faults. */
  reset(): void {
    this.#faults.reset();
    this.#logs = new Map();
    this.#everOffered = [];
    this.#requests = [];
    this.#served = [];
    this.#listings = [];
    this.pageLogs = DEFAULT_PAGE_LOGS;
    this.emptyPages = 0;
    this.emptyEnds = false;
    this.cursorTexts = [];
    this.listingOrder = 'as offered';
    this.listingText = undefined;
    this.#cursors = new Map();
    this.compressedListings = false;
    this.basePath = '';
    this.#testedKey = undefined;
  }

  /** Answers one call; waits here for as long as an armed fault holds it back. */
  async answer(call: IncomingProviderCall): Promise<ProviderAnswer> {
    const request = this.dialect.requestOf(call, this.basePath, {
      own: this.apiKey,
      tested: this.#testedKey,
    });
    this.#requests.push(request);
    return await this.#faults.serve(request, async (struck) => {
      const { answer, words } = (await this.#faults.missed(struck, call.gone))
        ? { answer: reset, words: 'none: the vault had hung up' }
        : await this.#answerUnder(struck, request, call);
      request.answer = words;
      request.answeredMs = performance.now();
      return answer;
    });
  }

  async #answerUnder(
    struck: ArmedFault<ProviderFault> | undefined,
    request: OpenProviderRequest,
    call: IncomingProviderCall,
  ): Promise<{ readonly answer: ProviderAnswer; readonly words: string }> {
    const faulty =
      struck && (await faultyAnswer(struck, this.#struckCall(request, call, struck.fault), call.gone));
    const answer = faulty ?? this.#inTransport(this.#serve(request, call), request, call);
    const fault = struck === undefined ? '' : ` (${describeProviderFault(struck.fault)})`;
    return { answer, words: `${answer.status}${fault}` };
  }

  #struckCall(request: OpenProviderRequest, call: IncomingProviderCall, { kind }: ProviderFault): StruckCall {
    const log = this.#logOf(request);
    const right = (): ProviderAnswer | undefined => {
      // Who can undo an encoding that nobody has to undo was given the payload all the same.
      if (request.kind === 'listing') return this.#serve(request, call);
      if (kind === 'unknown-encoding' && log !== undefined) this.#noteServed(log);
      return log && payloadAnswer(log);
    };
    return { log, right, dialect: this.dialect };
  }

  /** As it travels: a listing is compressed for a vault that takes it so, and for no other. */
  #inTransport(
    answer: ProviderAnswer,
    { kind }: ProviderRequest,
    { headers }: IncomingProviderCall,
  ): ProviderAnswer {
    const takesGzip = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
    return this.compressedListings && kind === 'listing' && takesGzip ? gzipped(answer) : answer;
  }

  /** True for a health check that a vault makes for its own sake while a key is tested. */
  #isAside({ kind, tested }: ProviderRequest): boolean {
    return kind === 'health' && this.#testedKey !== undefined && !tested;
  }

  #serve(request: OpenProviderRequest, call: IncomingProviderCall): ProviderAnswer {
    if (request.kind === 'unknown') return refused(request, 404, 'there is no such call');
    if (!request.authorized) return refused(request, 401, 'it came without the key that is valid for it');
    if (request.kind === 'health') return this.dialect.healthy();
    return request.kind === 'listing' ? this.#listing(request, call) : this.#payload(request);
  }

  #listing(request: OpenProviderRequest, call: IncomingProviderCall): ProviderAnswer {
    const { providerId = '', range, cursor } = request;
    const asked = instantRangeOf(range ?? { start: '', end: '' });
    const isRange = !Number.isNaN(asked.start.secondMs) && !Number.isNaN(asked.end.secondMs);
    if (!isRange) return refused(request, 400, 'start and end have to be timestamps');
    const offered = this.offeredIn(providerId, asked);
    const page = listingPage(offered, cursor, this, this.#cursorsOf(providerId, asked));
    if (page === undefined) return refused(request, 400, `no page ever named the cursor "${cursor}"`);
    this.#listings.push({ providerId, range: asked, sourceIds: page.logs.map(({ sourceId }) => sourceId) });
    for (const log of this.dialect.handedOverBy(page)) this.#noteServed(log);
    return this.dialect.listing(page, request, {
      origin: `http://${call.headers.host}${this.basePath}`,
      text: this.listingText,
    });
  }

  /** A listing of the same instants is the same one, however it is asked for. */
  #cursorsOf(providerId: string, range: InstantRange): Cursors {
    const listing = JSON.stringify([providerId, range]);
    const known = this.#cursors.get(listing) ?? new Cursors(this.cursorTexts);
    this.#cursors.set(listing, known);
    return known;
  }

  #payload(request: OpenProviderRequest): ProviderAnswer {
    const log = this.#logOf(request);
    if (log === undefined) return refused(request, 404, `it offers no log with the id "${request.sourceId}"`);
    this.#noteServed(log);
    return payloadAnswer(log);
  }

  #noteServed({ providerId, sourceId, payload }: OfferedLog): void {
    this.#served.push({ providerId, sourceId, checksum: checksumOf(payload), bytes: payload.byteLength });
  }

  #logOf({ providerId = '', sourceId = '' }: ProviderRequest): OfferedLog | undefined {
    return this.#logs.get(nameOf(providerId, sourceId));
  }
}

function refused(request: OpenProviderRequest, status: number, why: string): ProviderAnswer {
  request.refusal = why;
  return json(status, { error: why });
}

function nameOf(providerId: string, sourceId: string): string {
  return `${providerId}\n${sourceId}`;
}
