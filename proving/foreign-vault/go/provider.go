package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// ListedLog is an entry of a listing.
type ListedLog struct {
	SourceID, Timestamp string
	Instant             Instant
}

// Page is one of a listing, with the cursor of the next one, nil on the last.
type Page struct {
	Logs []ListedLog
	Next *string
}

// Provider asks a provider's three addresses (section 2), once a call.
type Provider struct {
	base, key string
	client    *http.Client
}

func newProvider(settings Settings) *Provider {
	return &Provider{base: settings.ProviderURL, key: settings.ProviderKey, client: &http.Client{
		Transport:     transportWith(settings.CallTimeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Page asks for a page of a listing.
func (provider *Provider) Page(ctx context.Context, providerID, start, end string, cursor *string) (page Page, err error) {
	query := url.Values{"start": {start}, "end": {end}}
	if cursor != nil {
		query.Set("cursor", *cursor)
	}
	body, err := provider.fetch(ctx, "/"+url.PathEscape(providerID)+"/logs?"+query.Encode())
	if err != nil {
		return page, err
	}
	if page, err = readListing(body); err != nil {
		err = &Transient{Reason: "the provider's listing is not what was agreed: " + err.Error()}
	}
	return page, err
}

// Payload returns the bytes of a log.
func (provider *Provider) Payload(ctx context.Context, providerID, sourceID string) ([]byte, error) {
	return provider.fetch(ctx, "/"+url.PathEscape(providerID)+"/logs/"+url.PathEscape(sourceID))
}

// Health returns the status that the provider answers this key with.
func (provider *Provider) Health(ctx context.Context, key string) (int, error) {
	response, err := provider.ask(ctx, "/health", key)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}

func (provider *Provider) ask(ctx context.Context, path, key string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, provider.base+path, nil)
	if err != nil {
		return nil, &Transient{Reason: "the provider's address cannot be asked"}
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := provider.client.Do(request)
	if err != nil {
		return nil, &Transient{Reason: "the provider cannot be reached: " + err.Error()}
	}
	return response, nil
}

func (provider *Provider) fetch(ctx context.Context, path string) ([]byte, error) {
	response, err := provider.ask(ctx, path, provider.key)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	told := fmt.Sprintf("the provider answered %d", response.StatusCode)
	switch status := response.StatusCode; {
	case status == http.StatusOK:
	case status == http.StatusTooManyRequests || status >= 500:
		return nil, &Transient{told, secondsOf(response.Header.Get("Retry-After"))}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return nil, &JobFailure{"provider_unauthorized", told}
	default:
		return nil, &JobFailure{"provider_rejected", told}
	}
	sent, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, &Transient{Reason: "the provider's answer broke off: " + err.Error()}
	}
	if !matchesDigest(response.Header.Values("Content-Digest"), sent) {
		return nil, &Transient{Reason: "the payload does not match its Content-Digest"}
	}
	return undoEncoding(response.Header.Get("Content-Encoding"), sent)
}

func undoEncoding(coding string, sent []byte) ([]byte, error) {
	switch strings.ToLower(coding) {
	case "", "identity":
		return sent, nil
	case "gzip":
		reader, err := gzip.NewReader(bytes.NewReader(sent))
		if err != nil {
			return nil, &Transient{Reason: "the provider's gzip is none"}
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			return nil, &Transient{Reason: "the provider's gzip is damaged: " + err.Error()}
		}
		return content, nil
	default:
		return nil, &Transient{Reason: "the provider uses an encoding that nobody asked for"}
	}
}

var sha256Digest = regexp.MustCompile(`(?:^|[,\s])sha-256=:([A-Za-z0-9+/=]*):`)

// matchesDigest compares with the bytes as they were sent (RFC 9530).
func matchesDigest(headers []string, sent []byte) bool {
	digest := sha256Digest.FindStringSubmatch(strings.Join(headers, ", "))
	sum := sha256.Sum256(sent)
	return digest == nil || digest[1] == base64.StdEncoding.EncodeToString(sum[:])
}

// members reads a JSON object whose names mean what they say: structs would take "ID" for "id".
func members(text []byte) (map[string]json.RawMessage, error) {
	var object map[string]json.RawMessage
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	if err := json.Unmarshal(text, &object); err != nil || object == nil {
		return nil, errors.New("not a JSON object")
	}
	return object, nil
}

// stringOf reads a member that has to be a string.
func stringOf(object map[string]json.RawMessage, name string) (string, error) {
	var text *string
	if err := json.Unmarshal(object[name], &text); err != nil || text == nil {
		return "", fmt.Errorf("%s has to be a string", name)
	}
	return *text, nil
}

func readListing(body []byte) (page Page, err error) {
	listing, err := members(body)
	if err != nil {
		return page, err
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(listing["logs"], &entries); err != nil || entries == nil {
		return page, errors.New("logs has to be an array")
	}
	if err := json.Unmarshal(listing["next_cursor"], &page.Next); err != nil {
		return page, errors.New("next_cursor has to be a string or null")
	}
	for _, entry := range entries {
		log, err := readEntry(entry)
		if err != nil {
			return page, err
		}
		page.Logs = append(page.Logs, log)
	}
	return page, nil
}

func readEntry(entry json.RawMessage) (log ListedLog, err error) {
	object, err := members(entry)
	if err != nil {
		return log, err
	}
	if log.SourceID, err = stringOf(object, "id"); err != nil {
		return log, err
	}
	if length := utf8.RuneCountInString(log.SourceID); length < 1 || length > 200 || log.SourceID == "." || log.SourceID == ".." {
		return log, errors.New("an id is no path segment of 1 to 200 characters")
	}
	if log.Timestamp, err = stringOf(object, "timestamp"); err != nil {
		return log, err
	}
	log.Instant, err = parseInstant(log.Timestamp)
	return log, err
}
