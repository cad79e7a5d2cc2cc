// The vault of proving/foreign-vault/README.md, in Go: five calls, a queue in MongoDB, objects in S3.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func main() {
	settings, err := settingsFromEnvironment()
	if err == nil {
		err = serve(settings)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// serve runs the vault until it is asked to stop; then requests under way are answered and jobs are handed back.
func serve(settings Settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	metadata, err := newMetadata(settings)
	if err != nil {
		return err
	}
	jobs := &Jobs{metadata, settings.QueueLimit, settings.Lease}
	objects, provider := newObjects(settings), newProvider(settings)
	wake := make(chan struct{}, settings.Concurrency)
	policy := RetryPolicy{settings.RetryBase, settings.MaxAttempts}
	worker := &Worker{jobs: jobs, objects: objects, provider: provider, policy: policy, Wake: wake}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", settings.Port))
	if err != nil {
		return err
	}
	api := &API{settings, jobs, objects, provider, wake}
	server := &http.Server{Handler: api.routes(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	var workers sync.WaitGroup
	for range settings.Concurrency {
		workers.Add(1)
		go func() {
			defer workers.Done()
			worker.Run(ctx)
		}()
	}
	<-ctx.Done()
	draining, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = server.Shutdown(draining)
	workers.Wait()
	return metadata.client.Disconnect(draining)
}
