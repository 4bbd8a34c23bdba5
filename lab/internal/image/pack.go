//go:build linux

package image

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// source is a directory to pack. Links that lead out of it are replaced by what they lead to: an absolute one is looked
// up under system, and left out where nothing is there.
type source struct{ root, system string }

// pack writes a gzipped tar archive whose one directory at the top is called top. Equal trees give equal bytes.
func pack(target, top string, t source) (err error) {
	file, err := os.Create(target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// Fast: it is read once per host, from this machine.
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(zip)
	if err := t.add(archive, t.root, top, 0); err != nil {
		return err
	}
	return errors.Join(archive.Close(), zip.Close())
}

// Deeper than this only links that lead to their own directory go.
const deepest = 64

func (t source) add(archive *tar.Writer, at, name string, depth int) error {
	if depth > deepest {
		return errors.New("a link in " + t.root + " leads to itself: " + name)
	}
	info, err := os.Lstat(at)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return t.addLink(archive, at, name, depth)
	}
	// Everybody may read, whatever the umask was under which the tree was made.
	header := &tar.Header{Name: name, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	if info.Mode()&0o111 != 0 {
		header.Mode = 0o755
	}
	switch {
	case info.IsDir():
		header.Typeflag, header.Name, header.Mode = tar.TypeDir, name+"/", 0o755
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		entries, err := os.ReadDir(at) // sorted
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if err := t.add(archive, filepath.Join(at, entry.Name()), path.Join(name, entry.Name()), depth+1); err != nil {
				return err
			}
		}
		return nil
	case info.Mode().IsRegular():
		header.Typeflag, header.Size = tar.TypeReg, info.Size()
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		file, err := os.Open(at)
		if err != nil {
			return err
		}
		_, err = io.Copy(archive, file)
		return errors.Join(err, file.Close())
	}
	return errors.New("neither a file nor a directory nor a link: " + at)
}

func (t source) addLink(archive *tar.Writer, at, name string, depth int) error {
	to, err := os.Readlink(at)
	if err != nil {
		return err
	}
	target := filepath.Join(filepath.Dir(at), to)
	if filepath.IsAbs(to) {
		target = filepath.Join(t.system, to)
	}
	if !filepath.IsAbs(to) && strings.HasPrefix(target, t.root+"/") {
		return archive.WriteHeader(&tar.Header{
			Typeflag: tar.TypeSymlink, Name: name, Linkname: to, Mode: 0o777, ModTime: time.Unix(0, 0), Format: tar.FormatPAX,
		})
	}
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return t.add(archive, target, name, depth+1)
}
