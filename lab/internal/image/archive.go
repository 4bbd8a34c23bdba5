//go:build linux

package image

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// errUnreachable says that an archive's server did not give it; any other failure is one of the configuration.
var errUnreachable = errors.New("cannot be had from here")

// archive is the file that the configuration names, or what this machine can make in its place.
func (b builder) archive(
	ctx context.Context, name string, a Archive, instead func(ctx context.Context, a Archive, why error) (Package, error),
) (Package, error) {
	if a.URL == "" {
		return Package{}, nil
	}
	p, err := b.official(ctx, name, a)
	if errors.Is(err, errUnreachable) && ctx.Err() == nil {
		p, err = instead(ctx, a, err)
	}
	if err != nil {
		return Package{}, fmt.Errorf("get %s for the hosts: %w", name, err)
	}
	return p, nil
}

// official is the file that the configuration names, with the checksum it names.
func (b builder) official(ctx context.Context, name string, a Archive) (Package, error) {
	digest, fresh, want := "sha256", sha256.New, a.SHA256
	if want == "" {
		digest, fresh, want = "sha512", sha512.New, a.SHA512
	}
	want = strings.ToLower(want)
	if len(want) != 2*fresh().Size() {
		return Package{}, fmt.Errorf("%s has no checksum: the configuration must name its SHA-256 or SHA-512", a.URL)
	}
	at, err := url.Parse(a.URL)
	if err != nil {
		return Package{}, err
	}
	file := path.Base(at.Path)
	if file == "." || file == "/" {
		return Package{}, fmt.Errorf("%s names no file", a.URL)
	}
	entry, err := b.once(ctx, strings.ToLower(name)+"-"+digest+"-"+want[:12], func(partial string) error {
		got, err := b.download(ctx, name, a.URL, filepath.Join(partial, file), fresh())
		if err == nil && got != want {
			err = fmt.Errorf("%s has the %s %s, and the configuration says %s: no host would install it. "+
				"Correct the checksum, or the URL", a.URL, digest, got, want)
		}
		return err
	})
	if err != nil {
		return Package{}, err
	}
	return packageAt(entry, true, a.URL+", as configured")
}

// packageAt describes the one archive in a directory of the cache.
func packageAt(entry string, official bool, from string) (Package, error) {
	files, err := os.ReadDir(entry)
	if err != nil {
		return Package{}, err
	}
	if len(files) != 1 {
		return Package{}, fmt.Errorf("%s holds %d files, not one archive. Remove it, and it will be made again",
			entry, len(files))
	}
	file, err := os.Open(filepath.Join(entry, files[0].Name()))
	if err != nil {
		return Package{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return Package{}, err
	}
	return Package{Path: file.Name(), Name: files[0].Name(), SHA256: hex.EncodeToString(sum.Sum(nil)),
		Official: official, From: from}, nil
}

// download writes what is at address into a file and gives its digest.
func (b builder) download(ctx context.Context, name, address, target string, sum hash.Hash) (string, error) {
	client := http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		// Short: on a machine without a way out something else takes the archive's place.
		DialContext:           (&net.Dialer{Timeout: 4 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 15 * time.Second,
	}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errUnreachable, err)
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s %w: the server says %s", address, errUnreachable, response.Status)
	}
	// A page that a network puts in the way of everything is not the archive with a wrong checksum.
	if kind := response.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/") {
		return "", fmt.Errorf("%s %w: the server sends %s", address, errUnreachable, kind)
	}
	b.progress("downloading " + name + " from " + address)
	file, err := os.Create(target)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(io.MultiWriter(file, sum), response.Body)
	if err != nil {
		err = fmt.Errorf("%s %w: the download broke off: %w", address, errUnreachable, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, file.Close())
}
