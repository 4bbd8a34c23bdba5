//go:build linux

package image

import (
	"net"
	"net/http"
	"time"
)

// Mirror serves the archives of an image.
type Mirror struct {
	server http.Server
	done   chan struct{}
}

// Serve serves the archives over plain HTTP, each at a slash and its name, and closes the listener at the end.
func Serve(listener net.Listener, img *Image) *Mirror {
	files := map[string]string{}
	for _, p := range []Package{img.Java, img.Kafka} {
		if p.Path != "" {
			files["/"+p.Name] = p.Path
		}
	}
	m := &Mirror{done: make(chan struct{})}
	m.server = http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			file, ok := files[r.URL.Path]
			if !ok {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/gzip")
			http.ServeFile(w, r, file)
		}),
	}
	go func() {
		defer close(m.done)
		_ = m.server.Serve(listener) // ends when the mirror is closed
	}()
	return m
}

// Close stops serving, in the middle of a download too. It may be called twice.
func (m *Mirror) Close() error {
	err := m.server.Close()
	<-m.done
	return err
}
