package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

var (
	errQueueFull = errors.New("the queue is full")
	errNotOurs   = errors.New("somebody else holds the job by now")
	ranks        = map[string]int{"high": 0, "normal": 1, "low": 2}
)

// Job is a document of the collection jobs. Active names provider and instants until the job has ended: its unique
// index lets no second one in. Slot is a number below the queue limit while the job is pending, unique too.
type Job struct {
	ID         string      `bson:"_id"`
	State      string      `bson:"state"`
	ProviderID string      `bson:"provider_id"`
	Start      string      `bson:"start"`
	End        string      `bson:"end"`
	Day        string      `bson:"day"`
	Rank       int         `bson:"rank"`
	Created    time.Time   `bson:"created"`
	Active     *string     `bson:"active,omitempty"`
	Slot       *int        `bson:"slot,omitempty"`
	Owner      string      `bson:"owner,omitempty"`
	LeaseUntil time.Time   `bson:"lease_until,omitempty"`
	Sealed     bool        `bson:"sealed,omitempty"`
	Metrics    Metrics     `bson:"metrics"`
	Manifest   *ObjectRef  `bson:"manifest,omitempty"`
	Fault      *JobFailure `bson:"fault,omitempty"`
}

// Jobs are the queue.
type Jobs struct {
	*Metadata
	limit int
	lease time.Duration
}

// Find returns a job, nil if there is none such.
func (jobs *Jobs) Find(ctx context.Context, filter bson.M) (*Job, error) {
	return findOne[Job](ctx, jobs.Metadata, jobs.jobs, filter)
}

// Submit queues the job, unless one for the same is active: then it is that one that is returned.
func (jobs *Jobs) Submit(ctx context.Context, job Job) (*Job, error) {
	job.ID, job.State, job.Created = "job_"+strings.ToLower(rand.Text()), "pending", time.Now()
	for {
		if active, err := jobs.Find(ctx, bson.M{"active": *job.Active}); active != nil || err != nil {
			return active, err
		}
		slot, err := jobs.freeSlot(ctx)
		if err != nil {
			return nil, err
		}
		job.Slot = &slot
		err = jobs.call(ctx, forARequest, func(ctx context.Context) error {
			_, err := jobs.jobs.InsertOne(ctx, job)
			return err
		})
		if !mongo.IsDuplicateKeyError(err) {
			return &job, err
		}
		// Where the answer to an insert was lost the job is there, and may even have ended by now.
		if own, err := jobs.Find(ctx, bson.M{"_id": job.ID}); own != nil || err != nil {
			return own, err
		}
	}
}

func (jobs *Jobs) freeSlot(ctx context.Context) (int, error) {
	var taken []int
	err := jobs.call(ctx, forARequest, func(ctx context.Context) error {
		return jobs.jobs.Distinct(ctx, "slot", bson.M{"state": "pending"}).Decode(&taken)
	})
	isTaken := make(map[int]bool, len(taken))
	for _, slot := range taken {
		isTaken[slot] = true
	}
	for slot := range jobs.limit {
		if !isTaken[slot] {
			return slot, err
		}
	}
	return 0, errors.Join(err, errQueueFull)
}

// Claim takes the next job: one that nobody holds any more before those that wait.
func (jobs *Jobs) Claim(ctx context.Context) (*Job, error) {
	now := time.Now()
	free := bson.M{"$or": bson.A{bson.M{"state": "pending"}, bson.M{"state": "processing", "lease_until": bson.M{"$lt": now}}}}
	first := bson.D{{Key: "state", Value: -1}, {Key: "rank", Value: 1}, {Key: "created", Value: 1}}
	var job Job
	err := jobs.jobs.FindOneAndUpdate(ctx, free, bson.M{
		"$set":   bson.M{"state": "processing", "owner": rand.Text(), "lease_until": now.Add(jobs.lease)},
		"$unset": bson.M{"slot": 1},
	}, options.FindOneAndUpdate().SetReturnDocument(options.After).SetSort(first)).Decode(&job)
	return &job, err
}

// Update changes a job that is still held. It fails with errNotOurs when it is not.
func (jobs *Jobs) Update(ctx context.Context, job *Job, change bson.M) error {
	return jobs.call(ctx, forAJob, func(ctx context.Context) error {
		filter := bson.M{"_id": job.ID, "owner": job.Owner, "state": "processing"}
		result, err := jobs.jobs.UpdateOne(ctx, filter, change)
		if err == nil && result.MatchedCount == 0 {
			return errNotOurs
		}
		return err
	})
}

// End ends a job: well, unless there is a failure.
func (jobs *Jobs) End(ctx context.Context, job *Job, metrics Metrics, manifest ObjectRef, failure *JobFailure) error {
	outcome := bson.M{"state": "completed", "metrics": metrics, "manifest": manifest}
	if failure != nil {
		outcome = bson.M{"state": "failed", "metrics": metrics, "fault": failure}
	}
	return jobs.Update(ctx, job, bson.M{"$set": outcome, "$unset": bson.M{"active": 1}})
}
