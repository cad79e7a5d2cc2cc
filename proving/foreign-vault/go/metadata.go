package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// attemptLimit ends one try, however silent MongoDB is.
	attemptLimit = 3 * time.Second
	forARequest  = 4 * time.Second
	forAJob      = 10 * time.Second
)

var (
	errNoMetadata = errors.New("MongoDB cannot be reached")
	bySearchOrder = bson.D{{Key: "instant", Value: 1}, {Key: "_id", Value: 1}}
)

// LogRecord is a document of the collection logs.
type LogRecord struct {
	ID         string    `bson:"_id"`
	ProviderID string    `bson:"provider_id"`
	SourceID   string    `bson:"source_id"`
	JobID      string    `bson:"job_id"`
	Timestamp  string    `bson:"timestamp"`
	Instant    Instant   `bson:"instant"`
	Checksum   string    `bson:"checksum"`
	Bytes      int64     `bson:"bytes"`
	Object     ObjectRef `bson:"object"`
}

// ObjectRef says where an object is.
type ObjectRef struct {
	Bucket string `bson:"bucket"`
	Key    string `bson:"key"`
}

// Metrics count what a job wrote.
type Metrics struct {
	Records int64 `bson:"records" json:"records_synced"`
	Bytes   int64 `bson:"bytes" json:"bytes_written"`
}

// Metadata is the database. Its calls are retried by time.
type Metadata struct {
	client  *mongo.Client
	logs    *mongo.Collection
	jobs    *mongo.Collection
	indexed atomic.Bool
}

func newMetadata(settings Settings) (*Metadata, error) {
	client, err := mongo.Connect(options.Client().ApplyURI(settings.MongoURI).
		SetServerSelectionTimeout(2 * time.Second).SetConnectTimeout(2 * time.Second).
		SetHeartbeatInterval(time.Second))
	if err != nil {
		return nil, fmt.Errorf("MONGODB_URI cannot be used")
	}
	database := client.Database(settings.MongoDB)
	return &Metadata{client: client, logs: database.Collection("logs"), jobs: database.Collection("jobs")}, nil
}

// call tries again for as long as patience while MongoDB fails. What MongoDB answers about documents is an answer.
func (metadata *Metadata) call(ctx context.Context, patience time.Duration, do func(ctx context.Context) error) error {
	for giveUp := time.Now().Add(patience); ; {
		err := metadata.once(ctx, do)
		if err == nil || errors.Is(err, mongo.ErrNoDocuments) || mongo.IsDuplicateKeyError(err) || ctx.Err() != nil {
			return err
		}
		if time.Now().After(giveUp) {
			return fmt.Errorf("%w: %v", errNoMetadata, err)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (metadata *Metadata) once(ctx context.Context, do func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	if !metadata.indexed.Load() {
		if err := metadata.createIndexes(limited); err != nil {
			return err
		}
		metadata.indexed.Store(true)
	}
	return do(limited)
}

func (metadata *Metadata) createIndexes(ctx context.Context) error {
	// Of its own for each index: the driver notes the index's name in it.
	unique := func() *options.IndexOptionsBuilder { return options.Index().SetUnique(true).SetSparse(true) }
	_, err := metadata.jobs.Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bson.D{{Key: "active", Value: 1}}, Options: unique()},
		{Keys: bson.D{{Key: "slot", Value: 1}}, Options: unique()},
		{Keys: bson.D{{Key: "state", Value: 1}, {Key: "rank", Value: 1}, {Key: "created", Value: 1}}},
	})
	if err != nil {
		return err
	}
	_, err = metadata.logs.Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bySearchOrder},
		{Keys: bson.D{{Key: "job_id", Value: 1}}},
	})
	return err
}

// Log returns the record of a log, nil if there is none.
func (metadata *Metadata) Log(ctx context.Context, id string) (*LogRecord, error) {
	return findOne[LogRecord](ctx, metadata, metadata.logs, bson.M{"_id": id})
}

func findOne[Document any](ctx context.Context, metadata *Metadata, collection *mongo.Collection, filter bson.M) (*Document, error) {
	var document Document
	err := metadata.call(ctx, forARequest, func(ctx context.Context) error {
		return collection.FindOne(ctx, filter).Decode(&document)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	return &document, err
}

// Known returns those of these logs that are recorded.
func (metadata *Metadata) Known(ctx context.Context, ids []string) (map[string]LogRecord, error) {
	var records []LogRecord
	err := metadata.call(ctx, forAJob, func(ctx context.Context) error {
		return found(ctx, &records)(metadata.logs.Find(ctx, bson.M{"_id": bson.M{"$in": ids}}))
	})
	known := make(map[string]LogRecord, len(records))
	for _, record := range records {
		known[record.ID] = record
	}
	return known, err
}

// Record writes the records, but for those of logs that are recorded already.
func (metadata *Metadata) Record(ctx context.Context, records []*LogRecord) error {
	if len(records) == 0 {
		return nil
	}
	return metadata.call(ctx, forAJob, func(ctx context.Context) error {
		_, err := metadata.logs.InsertMany(ctx, records, options.InsertMany().SetOrdered(false))
		var failed mongo.BulkWriteException
		if !errors.As(err, &failed) || failed.WriteConcernError != nil {
			return err
		}
		for _, fault := range failed.WriteErrors {
			if fault.Code != 11000 {
				return err
			}
		}
		return nil
	})
}

// Page returns a page in the order of search, and how many logs there are.
func (metadata *Metadata) Page(ctx context.Context, limit, offset int64) (records []LogRecord, total int64, err error) {
	err = metadata.call(ctx, forARequest, func(ctx context.Context) (err error) {
		if total, err = metadata.logs.CountDocuments(ctx, bson.M{}); err != nil || offset >= total {
			return err
		}
		page := options.Find().SetSort(bySearchOrder).SetSkip(offset).SetLimit(limit)
		return found(ctx, &records)(metadata.logs.Find(ctx, bson.M{}, page))
	})
	return records, total, err
}

// WrittenBy returns what a job wrote, in the order of search.
func (metadata *Metadata) WrittenBy(ctx context.Context, jobID string) (records []LogRecord, err error) {
	err = metadata.call(ctx, forAJob, func(ctx context.Context) error {
		return found(ctx, &records)(metadata.logs.Find(ctx, bson.M{"job_id": jobID}, options.Find().SetSort(bySearchOrder)))
	})
	return records, err
}

// MetricsOf counts what a job wrote so far.
func (metadata *Metadata) MetricsOf(ctx context.Context, jobID string) (Metrics, error) {
	var sums []Metrics
	err := metadata.call(ctx, forARequest, func(ctx context.Context) error {
		return found(ctx, &sums)(metadata.logs.Aggregate(ctx, bson.A{
			bson.M{"$match": bson.M{"job_id": jobID}},
			bson.M{"$group": bson.M{"_id": nil, "records": bson.M{"$sum": 1}, "bytes": bson.M{"$sum": "$bytes"}}},
		}))
	})
	if err != nil || len(sums) == 0 {
		return Metrics{}, err
	}
	return sums[0], nil
}

func found[Record any](ctx context.Context, into *[]Record) func(*mongo.Cursor, error) error {
	return func(cursor *mongo.Cursor, err error) error {
		if err != nil {
			return err
		}
		return cursor.All(ctx, into)
	}
}
