import type { IncomingHttpHeaders } from 'node:http';
import type { ObjectCallClass } from './bucket-script';

/** A path-style S3 request, by what it is about. */
export interface S3Request {
  /** S3's name for it: `PutObject`, … */
  readonly operation: string;
  readonly class: ObjectCallClass;
  /** Empty when the call is about no bucket. */
  readonly bucket: string;
  /** Decoded; empty when the call is about no object. */
  readonly key: string;
  /** True when its body is an object's bytes, or a part of them. */
  readonly carriesBytes: boolean;
}

type Named = Pick<S3Request, 'operation' | 'class'> & { readonly carriesBytes?: boolean };

/**
 * Query parameters that turn a call about an object or a bucket into one about something that hangs on it.
 */
const SUB_RESOURCES = [
  'acl',
  'attributes',
  'cors',
  'encryption',
  'legal-hold',
  'lifecycle',
  'location',
  'notification',
  'object-lock',
  'policy',
  'replication',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'versioning',
  'versions',
  'website',
];

/**
 * Names and classes a request by its method, path, query and headers: uploads are put, copy, and the create
 * and upload-part calls of a multipart upload; reads are get and head (contract, section 4).
 */
export function classifyS3Request(method: string, target: string, headers: IncomingHttpHeaders): S3Request {
  // By hand: as a URL, a path that starts with two slashes would name a host.
  const [path = '/', ...rest] = target.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const [, bucketSegment = '', ...keySegments] = path.split('/');
  const bucket = decoded(bucketSegment);
  const key = decoded(keySegments.join('/'));
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  const named = key === '' ? ofBucket(method, bucket, query) : ofObject(method, query, isCopy);
  return { bucket, key, carriesBytes: false, ...named };
}

function ofBucket(method: string, bucket: string, query: URLSearchParams): Named {
  if (bucket === '') return other(method === 'GET' ? 'ListBuckets' : `${method} service`);
  if (method === 'HEAD') return other('HeadBucket');
  if (method === 'GET' && query.has('uploads')) return other('ListMultipartUploads');
  if (method === 'POST' && query.has('delete')) return other('DeleteObjects');
  const subResource = subResourceOf(query);
  if (subResource !== undefined) return other(`${method} bucket ${subResource}`);
  if (method === 'GET') return other(query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects');
  if (method === 'PUT') return other('CreateBucket');
  return other(method === 'DELETE' ? 'DeleteBucket' : `${method} bucket`);
}

function ofObject(method: string, query: URLSearchParams, isCopy: boolean): Named {
  const isOfUpload = query.has('uploadId');
  const subResource = subResourceOf(query);
  switch (method) {
    case 'GET':
      if (isOfUpload) return other('ListParts');
      if (subResource === 'attributes') return { operation: 'GetObjectAttributes', class: 'read' };
      return subResource === undefined
        ? { operation: 'GetObject', class: 'read' }
        : other(`GET object ${subResource}`);
    case 'HEAD':
      return { operation: 'HeadObject', class: 'read' };
    case 'PUT':
      if (isOfUpload && isCopy) return { operation: 'UploadPartCopy', class: 'upload' };
      if (isOfUpload) return { operation: 'UploadPart', class: 'upload', carriesBytes: true };
      if (isCopy) return { operation: 'CopyObject', class: 'upload' };
      return subResource === undefined
        ? { operation: 'PutObject', class: 'upload', carriesBytes: true }
        : other(`PUT object ${subResource}`);
    case 'POST':
      if (query.has('uploads')) return { operation: 'CreateMultipartUpload', class: 'upload' };
      return other(isOfUpload ? 'CompleteMultipartUpload' : `POST object ${subResource ?? ''}`.trimEnd());
    case 'DELETE':
      if (isOfUpload) return other('AbortMultipartUpload');
      return other(subResource === undefined ? 'DeleteObject' : `DELETE object ${subResource}`);
    default:
      return other(`${method} object`);
  }
}

function other(operation: string): Named {
  return { operation, class: 'other' };
}

function subResourceOf(query: URLSearchParams): string | undefined {
  return SUB_RESOURCES.find((name) => query.has(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
