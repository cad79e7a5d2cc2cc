package main

import (
	"context"
	"net"
	"net/http"
	"time"
)

// impatientConn fails once nothing was received or sent for as long as a call may be silent. A call that takes long
// in all, but moves, is not cut off.
type impatientConn struct {
	net.Conn
	limit time.Duration
}

func (conn impatientConn) Read(buffer []byte) (int, error) {
	_ = conn.SetDeadline(time.Now().Add(conn.limit))
	return conn.Conn.Read(buffer)
}

func (conn impatientConn) Write(buffer []byte) (int, error) {
	_ = conn.SetDeadline(time.Now().Add(conn.limit))
	return conn.Conn.Write(buffer)
}

// transportWith makes a transport that keeps no connection: http.Transport sends a GET again, unasked, when a kept
// connection turns out to be closed, and there is one retry policy. It leaves Content-Encoding alone.
func transportWith(silence time.Duration) *http.Transport {
	dialer := net.Dialer{Timeout: silence}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return impatientConn{conn, silence}, nil
		},
		DisableKeepAlives:  true,
		DisableCompression: true,
	}
}
