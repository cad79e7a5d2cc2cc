package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

const chunk, atOnce, idlePolling = 100, 8, 200 * time.Millisecond

// Worker does jobs.
type Worker struct {
	jobs     *Jobs
	objects  *Objects
	provider *Provider
	policy   RetryPolicy
	flights  singleflight.Group
	// Wake is rung when a job was queued.
	Wake chan struct{}
}

// Run does one job after the other until the context ends.
func (worker *Worker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		claiming, cancel := context.WithTimeout(ctx, attemptLimit)
		job, err := worker.jobs.Claim(claiming)
		cancel()
		if err == nil {
			worker.do(ctx, job)
			continue
		}
		select {
		case <-ctx.Done():
		case <-worker.Wake:
		case <-time.After(idlePolling):
		}
	}
}

// do works on a job for as long as it holds the lease. Where MongoDB stays away, it lets go: whoever finds the lease
// run out, once MongoDB is back, goes on with the job.
func (worker *Worker) do(ctx context.Context, job *Job) {
	held, letGo := context.WithCancel(ctx)
	defer letGo()
	go worker.keepLease(held, letGo, job)
	manifest, err := worker.ingest(held, job)
	var failure *JobFailure
	if err == nil || errors.As(err, &failure) {
		var metrics Metrics
		if metrics, err = worker.jobs.MetricsOf(held, job.ID); err == nil {
			err = worker.jobs.End(held, job, metrics, manifest, failure)
		}
	}
	if ctx.Err() != nil && err != nil {
		handing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = worker.jobs.Update(handing, job, bson.M{"$set": bson.M{"lease_until": time.Time{}}})
	}
	slog.Info("job", "id", job.ID, "failure", failure, "error", err)
}

func (worker *Worker) keepLease(ctx context.Context, lost context.CancelFunc, job *Job) {
	for pause(ctx, worker.jobs.lease/3) == nil {
		if err := worker.jobs.Update(ctx, job, bson.M{"$set": bson.M{"lease_until": time.Now().Add(worker.jobs.lease)}}); err != nil && ctx.Err() == nil {
			lost()
		}
	}
}

func (worker *Worker) ingest(ctx context.Context, job *Job) (ObjectRef, error) {
	if !job.Sealed {
		listed, err := worker.list(ctx, job)
		if err != nil {
			return ObjectRef{}, err
		}
		for len(listed) > 0 {
			size := min(chunk, len(listed))
			if err := worker.storeAll(ctx, job, listed[:size]); err != nil {
				return ObjectRef{}, err
			}
			listed = listed[size:]
		}
		// It stores no more: from here on its manifest is the same, whoever writes it.
		if err := worker.jobs.Update(ctx, job, bson.M{"$set": bson.M{"sealed": true}}); err != nil {
			return ObjectRef{}, err
		}
	}
	return worker.writeManifest(ctx, job)
}

func (worker *Worker) list(ctx context.Context, job *Job) ([]ListedLog, error) {
	var all []ListedLog
	seen := map[string]bool{}
	for cursor := (*string)(nil); ; {
		page, err := retried(ctx, worker.policy, "provider_unavailable", func(int) (Page, error) {
			return worker.provider.Page(ctx, job.ProviderID, job.Start, job.End, cursor)
		})
		if err != nil {
			return nil, err
		}
		for _, log := range page.Logs {
			if !seen[log.SourceID] {
				seen[log.SourceID] = true
				all = append(all, log)
			}
		}
		if cursor = page.Next; cursor == nil {
			return all, nil
		}
	}
}

// storeAll has the objects of these logs stored, several at once, and then their metadata. What was stored before one
// of them failed is recorded all the same.
func (worker *Worker) storeAll(ctx context.Context, job *Job, listed []ListedLog) error {
	ids := make([]string, len(listed))
	for i, log := range listed {
		ids[i] = logID(job.ProviderID, log.SourceID)
	}
	known, err := worker.jobs.Known(ctx, ids)
	if err != nil {
		return err
	}
	records := make([]*LogRecord, len(listed))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, log := range listed {
		group.Go(func() (err error) {
			if record, isKnown := known[ids[i]]; isKnown {
				return worker.restore(ctx, record)
			}
			records[i], err = worker.store(ctx, job, ids[i], log)
			return err
		})
	}
	failure := group.Wait()
	stored := slices.DeleteFunc(records, func(record *LogRecord) bool { return record == nil })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return cmp.Or(worker.jobs.Record(ctx, stored), failure)
}

// store has the object of a log stored. Jobs of this process that bring the same log at once store it once; between
// processes If-None-Match decides.
func (worker *Worker) store(ctx context.Context, job *Job, id string, log ListedLog) (*LogRecord, error) {
	object := ObjectRef{worker.objects.Bucket, log.Instant.Day() + "/" + job.ProviderID + "/" + id + ".json"}
	content, err, _ := worker.flights.Do(object.Key, func() (any, error) {
		// A process that was killed may have left the object, or another job is about to record it: it stays as it is.
		content, err := retried(ctx, worker.policy, "storage_unavailable", func(int) ([]byte, error) {
			return worker.objects.Read(ctx, object)
		})
		if errors.Is(err, errNoObject) {
			if content, err = worker.payload(ctx, job.ProviderID, log.SourceID); err == nil {
				content, err = worker.put(ctx, object, content)
			}
		}
		return content, err
	})
	if err != nil {
		return nil, err
	}
	stored := content.([]byte)
	return &LogRecord{
		ID: id, ProviderID: job.ProviderID, SourceID: log.SourceID, JobID: job.ID,
		Timestamp: log.Timestamp, Instant: log.Instant,
		Checksum: checksumOf(stored), Bytes: int64(len(stored)), Object: object,
	}, nil
}

// restore puts a lost object back, if the provider still has the same bytes.
func (worker *Worker) restore(ctx context.Context, record LogRecord) error {
	exists, err := retried(ctx, worker.policy, "storage_unavailable", func(int) (bool, error) {
		return worker.objects.Exists(ctx, record.Object)
	})
	if exists || err != nil {
		return err
	}
	content, err := worker.payload(ctx, record.ProviderID, record.SourceID)
	if err != nil {
		return err
	}
	if checksumOf(content) != record.Checksum {
		return &JobFailure{"content_changed", "the object of " + record.ID + " is lost, and the provider has other bytes now"}
	}
	_, err = worker.put(ctx, record.Object, content)
	return err
}

func (worker *Worker) payload(ctx context.Context, providerID, sourceID string) ([]byte, error) {
	return retried(ctx, worker.policy, "provider_unavailable", func(int) ([]byte, error) {
		return worker.provider.Payload(ctx, providerID, sourceID)
	})
}

// put stores the content and returns what is stored in the end: a try before, or another process, may have been first.
func (worker *Worker) put(ctx context.Context, object ObjectRef, content []byte) ([]byte, error) {
	return retried(ctx, worker.policy, "storage_unavailable", func(number int) ([]byte, error) {
		if number > 1 {
			// A failed upload may have arrived, and not every store heeds If-None-Match.
			if stored, err := worker.objects.Read(ctx, object); !errors.Is(err, errNoObject) {
				return stored, err
			}
		}
		err := worker.objects.Put(ctx, object, content)
		if !errors.Is(err, errObjectExists) {
			return content, err
		}
		stored, err := worker.objects.Read(ctx, object)
		if errors.Is(err, errNoObject) {
			err = &Transient{Reason: "the object was there and is gone"}
		}
		return stored, err
	})
}

func (worker *Worker) writeManifest(ctx context.Context, job *Job) (ObjectRef, error) {
	object := ObjectRef{worker.objects.Bucket, job.Day + "/" + job.ID + "/logs.json"}
	records, err := worker.jobs.WrittenBy(ctx, job.ID)
	if err != nil {
		return object, err
	}
	logs := make([]map[string]any, len(records))
	for i, record := range records {
		logs[i] = map[string]any{
			"id": record.ID, "key": record.Object.Key, "checksum": record.Checksum, "bytes": record.Bytes,
		}
	}
	manifest, err := json.Marshal(map[string]any{
		"job_id": job.ID, "provider_id": job.ProviderID, "logs": logs,
		"range": map[string]string{"start": job.Start, "end": job.End},
	})
	if err != nil {
		return object, err
	}
	_, err = worker.put(ctx, object, manifest)
	return object, err
}

func logID(providerID, sourceID string) string {
	sum := sha256.Sum256([]byte(providerID + "\n" + sourceID))
	return "log_" + hex.EncodeToString(sum[:])[:24]
}

func checksumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
