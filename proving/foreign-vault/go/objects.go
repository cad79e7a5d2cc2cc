package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

var (
	errNoObject     = errors.New("no such object")
	errObjectExists = errors.New("the object exists already")
)

// Objects are those of the bucket. Each call is tried once: the SDK's own retries are off.
type Objects struct {
	Bucket  string
	client  *s3.Client
	uploads *transfermanager.Client
}

func newObjects(settings Settings) *Objects {
	client := s3.New(s3.Options{
		Region:       settings.Region,
		BaseEndpoint: aws.String(settings.S3Endpoint),
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(settings.KeyID, settings.Secret, ""),
		Retryer:      aws.NopRetryer{},
		HTTPClient:   &http.Client{Transport: transportWith(settings.CallTimeout)},
	})
	return &Objects{Bucket: settings.Bucket, client: client, uploads: transfermanager.New(client)}
}

// Exists says whether there is such an object. A bucket that is not there looks the same: Read and Put tell.
func (objects *Objects) Exists(ctx context.Context, object ObjectRef) (bool, error) {
	_, err := objects.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &object.Bucket, Key: &object.Key})
	if statusOf(err) == http.StatusNotFound {
		return false, nil
	}
	return err == nil, sorted(err, "looking for an object")
}

// Open returns the bytes of an object as they come, and how many they are.
func (objects *Objects) Open(ctx context.Context, object ObjectRef) (io.ReadCloser, int64, error) {
	answer, err := objects.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &object.Bucket, Key: &object.Key})
	if err != nil {
		return nil, 0, sorted(err, "reading an object")
	}
	return answer.Body, aws.ToInt64(answer.ContentLength), nil
}

// Read returns all bytes of an object.
func (objects *Objects) Read(ctx context.Context, object ObjectRef) ([]byte, error) {
	body, _, err := objects.Open(ctx, object)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	if err != nil {
		return nil, &Transient{Reason: "reading an object broke off"}
	}
	return content, nil
}

// Put stores a whole object, in parts where it is large, unless there is one (errObjectExists).
func (objects *Objects) Put(ctx context.Context, object ObjectRef, body []byte) error {
	_, err := objects.uploads.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: &object.Bucket, Key: &object.Key, Body: bytes.NewReader(body),
		ContentType: aws.String("application/json"), IfNoneMatch: aws.String("*"),
	})
	if statusOf(err) == http.StatusPreconditionFailed {
		return errObjectExists
	}
	return sorted(err, "an upload")
}

func statusOf(err error) int {
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}

// sorted tells faults that may pass from refusals.
func sorted(err error, doing string) error {
	if err == nil {
		return nil
	}
	code := ""
	if said := smithy.APIError(nil); errors.As(err, &said) {
		code = said.ErrorCode()
	}
	switch status := statusOf(err); {
	case code == "NoSuchKey":
		return errNoObject
	case status < 400:
		return &Transient{Reason: doing + " got no answer"}
	case status >= 500, status == 408, status == 409, status == 429, code == "RequestTimeout", code == "SlowDown":
		var answer *awshttp.ResponseError
		errors.As(err, &answer)
		return &Transient{fmt.Sprintf("%s was answered %d %s", doing, status, code), secondsOf(answer.Response.Header.Get("Retry-After"))}
	default:
		return &JobFailure{"storage_rejected", fmt.Sprintf("%s was answered %d %s", doing, status, code)}
	}
}
