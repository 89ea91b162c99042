package records

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// files are the folders in which a schema may name files: its own, where the specification of profiles looks, and last the
// working directory, where avro-random-generator does. What is outside of both is out of reach, be it through a link: a
// schema is often somebody else's.
type files []string

// maxFile is how large a file of options may be.
const maxFile = 16 << 20

// filesOf returns the folders for a schema in dir, "" if it came from no file, and for its working directory, "" for the
// process's.
func filesOf(dir, work string) files {
	work = cmp.Or(work, ".")
	if dir == "" || filepath.Clean(dir) == filepath.Clean(work) {
		return files{work}
	}
	return files{dir, work}
}

// read returns what is in the first file called name.
func (f files) read(name string) ([]byte, error) {
	for _, dir := range f {
		text, err := readBelow(dir, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return nil, fmt.Errorf("%s: there is no such file below %s", name, strings.Join(f.shown(), " or "))
}

// shown returns the folders as errors name them.
func (f files) shown() []string {
	names := slices.Clone(f)
	names[len(f)-1] = "the working directory"
	return names
}

// readBelow reads the regular file called name below dir.
func readBelow(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%s: %w: options are read below the schema's folder or the working directory", name, pathless(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", name)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has %s, more than %s", name, sizeText(float64(info.Size())), sizeText(maxFile))
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxFile)) // it may have grown
}

// pathless returns what a *fs.PathError says, without the path.
func pathless(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
