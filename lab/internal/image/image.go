//go:build linux

package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Options of Prepare.
type Options struct {
	// Cache is the directory that keeps what was built, over runs. Prepare makes it.
	Cache string
	// Java and Kafka are what the stack's configuration names. One without a URL is not prepared.
	Java, Kafka Archive
	// Progress is told what takes long, one line each; nil: nobody is.
	Progress func(string)
}

// Archive is a gzipped tar archive somewhere, with one of the two checksums, in hexadecimal.
type Archive struct{ URL, SHA256, SHA512 string }

// Image is what hosts are made of.
type Image struct {
	Root        string // directory tree, never written to
	Java, Kafka Package
}

// Package is an archive on this machine. The zero value stands for one that was not asked for.
type Package struct {
	Path     string
	Name     string // of the file
	SHA256   string // in hexadecimal
	Official bool   // it is the very file that the configuration names
	From     string // where it comes from, for people
}

// Prepare gives what the cache has, and builds what it has not: minutes the first time, a moment later on. Two that
// prepare in one cache do not build twice, and one that is interrupted leaves nothing that the next takes for whole.
func Prepare(ctx context.Context, o Options) (*Image, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("the image of hosts is built with the owners and devices of a system: only root can")
	}
	if err := Missing(); err != nil {
		return nil, err
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	cache, err := filepath.Abs(o.Cache)
	if err != nil {
		return nil, err
	}
	// Hosts' users other than root look into the tree by way of an overlay, not by this path.
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("make the cache of host images: %w", err)
	}
	b := builder{cache: cache, progress: o.Progress}
	img := &Image{}
	if img.Root, err = b.tree(ctx); err != nil {
		return nil, fmt.Errorf("build the host image: %w", err)
	}
	if img.Java, err = b.archive(ctx, "Java", o.Java, b.debianJava); err != nil {
		return nil, err
	}
	if img.Kafka, err = b.archive(ctx, "Kafka", o.Kafka, b.assembledKafka); err != nil {
		return nil, err
	}
	return img, nil
}

// builder builds into one cache.
type builder struct {
	cache    string
	progress func(string)
}
