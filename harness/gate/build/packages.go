package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Package is a package with benchmarks, on one side.
type Package struct {
	Path     string // import path
	Dir      string
	Parallel map[string]bool // its benchmarks; true for those that use RunParallel, whose contention one core does not show
}

// Packages lists the packages of a module that have benchmarks, by the source of their tests. What matches a pattern and has
// none is left out.
func Packages(ctx context.Context, module string, patterns []string) ([]Package, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-e", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Error", "--"}, patterns...)...)
	cmd.Dir = module
	out, err := cmd.Output()
	if err := explain(ctx, "go list", err); err != nil {
		return nil, err
	}
	var pkgs []Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir           string
			TestGoFiles, XTestGoFiles []string
			Error                     *struct{ Err string }
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Dir == "" && p.Error != nil {
			continue // a pattern that this side has no package for
		}
		found := benchmarks(p.Dir, slices.Concat(p.TestGoFiles, p.XTestGoFiles))
		if len(found) > 0 {
			pkgs = append(pkgs, Package{p.ImportPath, p.Dir, found})
		}
	}
}

// function is the head of a benchmark, at the begin of a line as gofmt has it.
var function = regexp.MustCompile(`(?m)^func (Benchmark\w*)\(`)

// benchmarks returns the benchmarks in files, and which of them call RunParallel: up to the next function.
//
// Note: go/parser would not take the text of a raw string for a function, which costs a link and no more, and adds 0.4 MB to a
// program that is installed for each build.
func benchmarks(dir string, files []string) map[string]bool {
	found := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue // the compiler's to say
		}
		for _, m := range function.FindAllSubmatchIndex(text, -1) {
			body, _, _ := bytes.Cut(text[m[1]:], []byte("\nfunc "))
			found[string(text[m[2]:m[3]])] = bytes.Contains(body, []byte(".RunParallel("))
		}
	}
	return found
}

// Link builds the test binary of a package with the functions in an order that seed draws.
func Link(ctx context.Context, module, pkg string, seed int, out string) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-trimpath", fmt.Sprintf("-ldflags=-randlayout=%d -buildid=", seed), "-o", out, pkg)
	cmd.Dir = module
	text, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() == nil {
		if strings.Contains(string(text), "flag provided but not defined: -randlayout") {
			return errors.New("the linker of this Go draws no layouts: Go 1.23 or newer is needed")
		}
		return fmt.Errorf("%s does not build: %s", pkg, tail(string(text)))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, err := os.Stat(out); err != nil {
		return fmt.Errorf("%s: go test -c made no binary: it has no tests", pkg)
	}
	return nil
}

// Go returns the version of the Go that builds in dir. Without one nothing can be built.
func Go(ctx context.Context, dir string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOMOD")
	cmd.Dir = dir
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("the gate builds with Go, and finds no command go")
	}
	if err := explain(ctx, "go env", err); err != nil {
		return "", err
	}
	version, mod, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if mod == "" || mod == os.DevNull {
		return "", errors.New("no go.mod in the working directory or above it: the gate runs in a Go module")
	}
	return version, nil
}
