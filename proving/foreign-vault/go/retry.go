package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// Transient is a fault that may pass.
type Transient struct {
	Reason     string
	RetryAfter time.Duration
}

func (fault *Transient) Error() string { return fault.Reason }

// JobFailure ends a job; code and message go into its record.
type JobFailure struct{ Code, Message string }

func (failure *JobFailure) Error() string { return failure.Code + ": " + failure.Message }

// RetryPolicy is exponential backoff with jitter: 75 to 125 % of Base * 2^(n-1) after the n-th failure.
type RetryPolicy struct {
	Base        time.Duration
	MaxAttempts int
}

// retried calls attempt until it does not fail with a Transient. It gives up as a JobFailure with the code.
func retried[Result any](ctx context.Context, policy RetryPolicy, code string, attempt func(number int) (Result, error)) (Result, error) {
	for number := 1; ; number++ {
		result, err := attempt(number)
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		var fault *Transient
		if !errors.As(err, &fault) {
			return result, err
		}
		if number >= policy.MaxAttempts {
			return result, &JobFailure{code, fmt.Sprintf("gave up after %d attempts: %s", number, fault.Reason)}
		}
		backoff := time.Duration(float64(policy.Base) * float64(int(1)<<(number-1)) * (0.75 + rand.Float64()/2))
		if err := pause(ctx, max(backoff, fault.RetryAfter)); err != nil {
			return result, err
		}
	}
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// secondsOf reads a Retry-After header, at most as many as a Duration holds; a date counts as none.
func secondsOf(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return time.Duration(min(seconds, math.MaxInt64/uint64(time.Second))) * time.Second
}
