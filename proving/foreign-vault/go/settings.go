package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Settings are what section 6 of the contract names.
type Settings struct {
	Port                     string
	ProviderURL, ProviderKey string
	Providers                map[string]bool
	S3Endpoint, Bucket       string
	Region, KeyID, Secret    string
	MongoURI, MongoDB        string
	RetryBase, Lease         time.Duration
	CallTimeout              time.Duration
	MaxAttempts              int
	QueueLimit, Concurrency  int
}

// settingsFromEnvironment reads the environment; its error names everything that is wrong with it.
func settingsFromEnvironment() (Settings, error) {
	var wrong []string
	text := func(name string) string {
		value := os.Getenv(name)
		if strings.TrimSpace(value) == "" {
			wrong = append(wrong, name+" is missing")
		}
		return value
	}
	address := func(name string) string { return strings.TrimRight(text(name), "/") }
	number := func(name string, otherwise, least int) int {
		value := os.Getenv(name)
		if value == "" {
			return otherwise
		}
		parsed, err := strconv.Atoi(value)
		if err != nil || parsed < least {
			wrong = append(wrong, fmt.Sprintf("%s is not a whole number from %d", name, least))
		}
		return parsed
	}
	milliseconds := func(name string, otherwise int) time.Duration {
		return time.Duration(number(name, otherwise, 1)) * time.Millisecond
	}
	settings := Settings{
		Port:        text("PORT"),
		ProviderURL: address("PROVIDER_BASE_URL"), ProviderKey: text("PROVIDER_API_KEY"),
		Providers:  map[string]bool{},
		S3Endpoint: address("S3_ENDPOINT"), Bucket: text("S3_BUCKET"),
		Region: text("AWS_REGION"), KeyID: text("AWS_ACCESS_KEY_ID"), Secret: text("AWS_SECRET_ACCESS_KEY"),
		MongoURI: text("MONGODB_URI"), MongoDB: text("MONGODB_DB"),
		RetryBase: milliseconds("VAULT_RETRY_BASE_MS", 100), Lease: milliseconds("VAULT_LEASE_MS", 5000),
		CallTimeout: milliseconds("VAULT_CALL_TIMEOUT_MS", 3000),
		MaxAttempts: number("VAULT_RETRY_MAX_ATTEMPTS", 5, 1),
		QueueLimit:  number("VAULT_QUEUE_LIMIT", 1000, 1), Concurrency: number("VAULT_CONCURRENCY", 4, 1),
	}
	for _, id := range strings.Split(text("VAULT_PROVIDERS"), ",") {
		if id = strings.TrimSpace(id); id != "" {
			settings.Providers[id] = true
		}
	}
	if len(wrong) > 0 {
		return settings, fmt.Errorf("the environment is not what it should be: %s", strings.Join(wrong, "; "))
	}
	return settings, nil
}
