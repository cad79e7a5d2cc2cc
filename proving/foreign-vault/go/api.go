package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

const bodyLimit = 64 << 10

// API answers the five calls of section 1.
type API struct {
	settings Settings
	jobs     *Jobs
	objects  *Objects
	provider *Provider
	wake     chan<- struct{}
}

// refusal is an answer that is no success.
type refusal struct {
	status  int
	members map[string]any
}

func (refused *refusal) Error() string { return http.StatusText(refused.status) }

func refuse(status int, words string) *refusal {
	return &refusal{status, map[string]any{"error": words}}
}

// routes are the five calls; whatever else is asked for is not there.
func (api *API) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request) error{
		"POST /v1/ingest":             api.ingest,
		"GET /v1/jobs/{id}":           api.job,
		"GET /v1/logs":                api.search,
		"GET /v1/logs/{id}/raw":       api.raw,
		"POST /v1/providers/validate": api.validate,
		"/":                           func(http.ResponseWriter, *http.Request) error { return refuse(http.StatusNotFound, "Not Found") },
	} {
		mux.HandleFunc(pattern, func(writer http.ResponseWriter, request *http.Request) {
			if err := handle(writer, request); err != nil {
				answerFailure(writer, err)
			}
		})
	}
	return mux
}

func answerFailure(writer http.ResponseWriter, err error) {
	var refused *refusal
	switch {
	case errors.As(err, &refused):
	case errors.Is(err, errNoMetadata):
		refused = refuse(http.StatusServiceUnavailable, "Metadata Unavailable")
	case errors.Is(err, errQueueFull):
		refused = refuse(http.StatusTooManyRequests, "Queue Full")
	default:
		slog.Error("request", "error", err)
		refused = refuse(http.StatusInternalServerError, "Internal Error")
	}
	if refused.status == http.StatusServiceUnavailable || refused.status == http.StatusTooManyRequests {
		writer.Header().Set("Retry-After", "1")
	}
	answer(writer, refused.status, refused.members)
}

func answer(writer http.ResponseWriter, status int, body any) {
	writer.Header().Set("Content-Type", "application/json")
	writer.WriteHeader(status)
	_ = json.NewEncoder(writer).Encode(body)
}

// readObject reads a request's JSON object.
func readObject(writer http.ResponseWriter, request *http.Request) (map[string]json.RawMessage, error) {
	kind, _, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Type has to be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, bodyLimit))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "The body is longer than 64 KiB")
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The body broke off")
	}
	object, err := members(body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, err.Error())
	}
	return object, nil
}

func (api *API) ingest(writer http.ResponseWriter, request *http.Request) error {
	body, err := readObject(writer, request)
	if err != nil {
		return err
	}
	job, err := api.readJob(body)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	queued, err := api.jobs.Submit(request.Context(), job)
	if err != nil {
		return err
	}
	select {
	case api.wake <- struct{}{}:
	default:
	}
	writer.Header().Set("Location", "/v1/jobs/"+queued.ID)
	answer(writer, http.StatusAccepted, map[string]any{
		"job_id": queued.ID, "status": "queued", "estimated_completion_ms": 1000,
	})
	return nil
}

func (api *API) readJob(body map[string]json.RawMessage) (job Job, err error) {
	if job.ProviderID, err = stringOf(body, "provider_id"); err != nil {
		return job, err
	}
	if !api.settings.Providers[job.ProviderID] {
		return job, errors.New("provider_id names no known provider")
	}
	span, err := members(body["range"])
	if err != nil {
		return job, errors.New("range has to be an object")
	}
	utc := func(name string) (string, Instant) {
		text, fault := stringOf(span, name)
		instant, notUTC := parseUTC(text)
		err = cmp.Or(err, fault, notUTC)
		return text, instant
	}
	var start, end Instant
	job.Start, start = utc("start")
	if job.End, end = utc("end"); err != nil {
		return job, errors.New("range.start and range.end have to be RFC 3339 timestamps in UTC")
	}
	if end <= start {
		return job, errors.New("range.end has to be after range.start")
	}
	priority := "normal"
	if _, given := body["priority"]; given {
		if priority, err = stringOf(body, "priority"); err != nil {
			return job, err
		}
	}
	rank, known := ranks[priority]
	if !known {
		return job, errors.New("priority has to be high, normal or low")
	}
	active := job.ProviderID + " " + string(start) + " " + string(end)
	job.Day, job.Rank, job.Active = start.Day(), rank, &active
	return job, nil
}

func (api *API) job(writer http.ResponseWriter, request *http.Request) error {
	id := request.PathValue("id")
	job, err := api.jobs.Find(request.Context(), map[string]any{"_id": id})
	if err != nil {
		return err
	}
	if job == nil {
		return refuse(http.StatusNotFound, "Job Not Found")
	}
	if job.State == "processing" {
		if job.Metrics, err = api.jobs.MetricsOf(request.Context(), id); err != nil {
			return err
		}
	}
	shown := map[string]any{"job_id": id, "state": job.State, "metrics": job.Metrics, "artifacts": map[string]any{}}
	if job.State == "completed" {
		shown["artifacts"] = map[string]any{"s3_path": "s3://" + job.Manifest.Bucket + "/" + job.Manifest.Key}
	}
	if job.State == "failed" {
		shown["error"] = map[string]any{"code": job.Fault.Code, "message": job.Fault.Message}
	}
	answer(writer, http.StatusOK, shown)
	return nil
}

func (api *API) search(writer http.ResponseWriter, request *http.Request) error {
	limit, err := wholeNumber(request, "limit", 50)
	if err != nil || limit < 1 || limit > 1000 {
		return refuse(http.StatusBadRequest, "limit has to be a whole number from 1 to 1000")
	}
	offset, err := wholeNumber(request, "offset", 0)
	if err != nil {
		return refuse(http.StatusBadRequest, "offset has to be a whole number")
	}
	records, total, err := api.jobs.Page(request.Context(), limit, offset)
	if err != nil {
		return err
	}
	data := make([]map[string]any, len(records))
	for i, record := range records {
		data[i] = map[string]any{"id": record.ID, "checksum": record.Checksum, "timestamp": record.Timestamp}
	}
	hasMore := offset < total && offset+int64(len(records)) < total
	answer(writer, http.StatusOK, map[string]any{
		"data": data, "meta": map[string]any{"total_count": total, "has_more": hasMore},
	})
	return nil
}

// wholeNumber reads a parameter in digits alone. One beyond what can be counted is the largest that can.
func wholeNumber(request *http.Request, name string, otherwise int64) (int64, error) {
	query, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil || !query.Has(name) {
		return otherwise, err
	}
	text := query.Get(name)
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, nil
	}
	return number, err
}

// raw sends an object as it comes; where that breaks off, so does the answer.
func (api *API) raw(writer http.ResponseWriter, request *http.Request) error {
	id := request.PathValue("id")
	record, err := api.jobs.Log(request.Context(), id)
	if err != nil {
		return err
	}
	if record == nil {
		return refuse(http.StatusNotFound, "Log Not Found")
	}
	content, size, err := api.objects.Open(request.Context(), record.Object)
	if errors.Is(err, errNoObject) {
		slog.Error("the object of a log is gone", "log", id, "key", record.Object.Key)
		writer.Header().Set("Cache-Control", "no-store")
		return &refusal{http.StatusGone,
			map[string]any{"error": "Raw Content Missing", "log_id": id, "checksum": record.Checksum}}
	}
	if err != nil {
		return refuse(http.StatusServiceUnavailable, "Raw Storage Unavailable")
	}
	defer content.Close()
	writer.Header().Set("Content-Type", "application/json")
	writer.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	writer.Header().Set("X-Vault-Checksum", record.Checksum)
	if request.Method == http.MethodHead {
		return nil
	}
	if sent, err := io.Copy(writer, content); err != nil || sent != size {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (api *API) validate(writer http.ResponseWriter, request *http.Request) error {
	body, err := readObject(writer, request)
	if err != nil {
		return err
	}
	kind, err := stringOf(body, "provider_type")
	if err != nil || kind != "rest" {
		return refuse(http.StatusBadRequest, "provider_type has to be rest")
	}
	key, err := stringOf(body, "api_key")
	if err != nil || strings.TrimSpace(key) == "" || !httpguts.ValidHeaderFieldValue(key) {
		return refuse(http.StatusBadRequest, "api_key has to be a key that a header can carry")
	}
	begun := time.Now()
	status, err := api.provider.Health(request.Context(), key)
	switch {
	case err != nil:
		return refuse(http.StatusBadGateway, "Provider Unreachable")
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return refuse(http.StatusUnauthorized, "Invalid Provider Credentials")
	case status != http.StatusOK:
		return refuse(http.StatusBadGateway, "Unexpected Provider Answer")
	}
	answer(writer, http.StatusOK, map[string]any{"connection": "secure", "latency_ms": time.Since(begun).Milliseconds()})
	return nil
}
