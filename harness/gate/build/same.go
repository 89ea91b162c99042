package build

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sections are what a program is: its code and its data. The table of line numbers is not among them, nor what points into it:
// a comment moves lines.
var sections = []string{".text", ".rodata", ".typelink", ".itablink", ".noptrdata", ".data"}

// Same reports whether two test binaries, linked with one seed, are the same program. What is no ELF file is taken for different.
func Same(a, b string) (bool, error) {
	x, err := elf.Open(a)
	if err != nil {
		return false, ignoreFormat(err)
	}
	defer x.Close()
	y, err := elf.Open(b)
	if err != nil {
		return false, ignoreFormat(err)
	}
	defer y.Close()
	for _, name := range sections {
		same, err := sameSection(x.Section(name), y.Section(name))
		if err != nil || !same {
			return false, err
		}
	}
	for _, name := range []string{".bss", ".noptrbss"} {
		if p, q := x.Section(name), y.Section(name); p != nil && q != nil && p.Size != q.Size {
			return false, nil
		}
	}
	return true, nil
}

func ignoreFormat(err error) error {
	var format *elf.FormatError
	if errors.As(err, &format) {
		return nil
	}
	return err
}

func sameSection(p, q *elf.Section) (bool, error) {
	if p == nil || q == nil {
		return p == q, nil
	}
	if p.Size != q.Size || p.Addr != q.Addr {
		return false, nil
	}
	x, err := p.Data()
	if err != nil {
		return false, err
	}
	y, err := q.Data()
	return bytes.Equal(x, y), err
}

// SameData reports whether the files in the folders named testdata are equal in two modules: benchmarks read them.
func SameData(a, b string) (bool, error) {
	x, err := dataSum(a)
	if err != nil {
		return false, err
	}
	y, err := dataSum(b)
	return x == y, err
}

// dataSum is a hash of names and contents of all files below folders named testdata.
func dataSum(module string) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	err = filepath.WalkDir(module, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(module, path)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.Type().IsRegular() || !strings.Contains("/"+filepath.ToSlash(name), "/testdata/"):
			return nil
		}
		return addFile(h, path, name)
	})
	h.Sum(sum[:0])
	return sum, err
}

func addFile(h io.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "%q %d ", name, info.Size())
	_, err = io.Copy(h, f)
	return err
}
