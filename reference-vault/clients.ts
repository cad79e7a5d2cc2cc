import { S3Client } from '@aws-sdk/client-s3';
import { MongoClient } from 'mongodb';
import type { VaultSettings } from './settings';

/**
 * How long one attempt looks for a server. There are many attempts: the vault itself retries, by time
 * (contract section 4).
 */
const SERVER_SELECTION_TIMEOUT_MS = 500;

/**
 * The S3 client a vault wants: path-style, and without the SDK's retries, for there is one retry policy
 * (contract section 4).
 */
export function createS3Client(
  settings: Pick<
    VaultSettings,
    's3Endpoint' | 'awsRegion' | 'awsAccessKeyId' | 'awsSecretAccessKey' | 'callTimeoutMs'
  >,
): S3Client {
  return new S3Client({
    endpoint: settings.s3Endpoint,
    region: settings.awsRegion,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.awsAccessKeyId, secretAccessKey: settings.awsSecretAccessKey },
    maxAttempts: 1,
    // No socketTimeout: it would cut off a read whose client is slow. The object store watches for silence
    // itself.
    requestHandler: { connectionTimeout: settings.callTimeoutMs },
  });
}

/** The MongoDB client a vault wants: it connects with the first call and soon knows when there is nobody. */
export function createMongoClient(settings: Pick<VaultSettings, 'mongodbUri'>): MongoClient {
  return new MongoClient(settings.mongodbUri, { serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS });
}
