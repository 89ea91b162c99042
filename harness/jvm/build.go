package jvm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/interop/flink"
)

// Dir returns the folder in the user's cache that the workers of this program are built into. Workers of other sources have
// another. Nothing else is in it: it can be deleted at any time.
func Dir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the worker: %w", err)
	}
	sum := sha256.New()
	err = sources(func(name string, text []byte) error {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		return nil
	})
	return filepath.Join(cache, "wirecost", fmt.Sprintf("flink-%.6x", sum.Sum(nil))), err
}

// sources calls visit with each file that Maven builds from.
func sources(visit func(name string, text []byte) error) error {
	return fs.WalkDir(flink.Sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := flink.Sources.ReadFile(name)
		if err != nil {
			return err
		}
		return visit(name, text)
	})
}

// ErrNotBuilt is the error of workers that are not there.
var ErrNotBuilt = errors.New("the worker around Flink is not built: run wirecost flink build, once")

// built says whether dir has the workers of all lines.
func built(dir string) error {
	for _, l := range lines {
		if _, err := os.Stat(l.jar(dir)); err != nil {
			return ErrNotBuilt
		}
	}
	return nil
}

// installed finds Java and the folder of the workers. Its error says what is missing of either.
func installed(ctx context.Context) (t Toolchain, dir string, err error) {
	t = FindToolchain(ctx)
	if err = t.CheckJava(); err != nil {
		return t, "", err
	}
	if dir, err = Dir(); err == nil {
		err = built(dir)
	}
	return t, dir, err
}

// Build builds the workers, unless that was done, and returns their folder. Maven takes the jars of its local repository if they
// are all there, and otherwise fetches them; what it does is said on log. An error that says what the machine lacks, a JDK, Maven or
// jars, is a measure.Unmeasured; any other is a fault of the sources. What only kryo-protobuf needs is built behind them; that
// it cannot be had is said on log, and no error.
func Build(ctx context.Context, t Toolchain, log io.Writer) (dir string, err error) {
	if dir, err = Dir(); err != nil {
		return "", err
	}
	if built(dir) != nil {
		if err := buildWorkers(ctx, t, dir, log); err != nil {
			return "", err
		}
	}
	if _, err := os.Stat(protocIn(dir)); err != nil {
		if err := t.buildProtobuf(ctx, dir, log); err != nil {
			fmt.Fprintf(log, "runtimes flink2 and flink1 are without %s: %v\n", kryoProtobuf, err)
		}
	}
	return dir, ctx.Err()
}

// buildWorkers builds the workers in a folder of their own, which becomes dir.
func buildWorkers(ctx context.Context, t Toolchain, dir string, log io.Writer) error {
	if err := t.Check(); err != nil {
		return measure.Unmeasured{Err: err}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	sweep(filepath.Dir(dir))
	work, err := os.MkdirTemp(filepath.Dir(dir), "building-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := unpack(work); err != nil {
		return err
	}
	if err := t.buildAny(ctx, work, log); err != nil {
		return err
	}
	if err := os.Rename(work, dir); err != nil && built(dir) != nil { // else another process was faster
		return err
	}
	return nil
}

// sweep removes what builds that were killed have left: no build takes an hour.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "building-*"))
	for _, work := range left {
		if info, err := os.Stat(work); err == nil && time.Since(info.ModTime()) > time.Hour {
			os.RemoveAll(work)
		}
	}
}

// platforms are what protoc calls those that it is made for.
var platforms = map[string]string{
	"linux/amd64": "linux-x86_64", "linux/arm64": "linux-aarch_64", "darwin/amd64": "osx-x86_64", "darwin/arm64": "osx-aarch_64",
	"windows/amd64": "windows-x86_64",
}

// errNoProtoc is of a build that has no protoc.
var errNoProtoc = errors.New("the worker was built without protoc: run wirecost flink build, which says why")

// buildProtobuf fetches protoc and the jars of kryo-protobuf into a folder of a build.
func (t Toolchain) buildProtobuf(ctx context.Context, dir string, log io.Writer) error {
	platform := platforms[runtime.GOOS+"/"+runtime.GOARCH]
	if platform == "" {
		return fmt.Errorf("there is no protoc for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if err := t.Check(); err != nil {
		return err
	}
	work := filepath.Dir(filepath.Dir(protocIn(dir)))
	if err := t.build(ctx, work, log, "-Dprotoc.platform="+platform); err != nil {
		return err
	}
	return os.Chmod(protocIn(dir), 0o755)
}

// unpack writes the sources.
func unpack(dir string) error {
	return sources(func(name string, text []byte) error {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, text, 0o644)
	})
}

// build runs Maven without the network, and then with it.
func (t Toolchain) build(ctx context.Context, dir string, log io.Writer, more ...string) error {
	fmt.Fprintf(log, "building with %s and JDK %s, without the network\n", t.Maven, t.Version)
	offline := t.maven(ctx, dir, append(more, "-o")...)
	if !errors.As(offline, new(measure.Unmeasured)) {
		return offline
	}
	fmt.Fprintln(log, "jars are missing in Maven's local repository: building with the network (about 200 MB, once)")
	err := t.maven(ctx, dir, more...)
	if errors.As(err, new(measure.Unmeasured)) {
		return fmt.Errorf("%w (jars come from Maven Central, or from the mirror in ~/.m2/settings.xml: check with mvn dependency:get -Dartifact=org.apache.flink:flink-core:%s)", err, lines[0].flink)
	}
	return err
}

// unresolved is the end of the name of the exceptions, which Maven says, for jars that it does not get.
const unresolved = "ResolutionException"

// maven runs Maven with some more arguments. Its error has what Maven says is wrong, and is a measure.Unmeasured if that is jars.
func (t Toolchain) maven(ctx context.Context, dir string, more ...string) error {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, t.Maven, append([]string{"--batch-mode", "--quiet", "package"}, more...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = dir, &out, &out, append(Environ(), "MAVEN_OPTS=-Xmx512m")
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err = fmt.Errorf("mvn package: %w: %s", err, results.OneLine(firstError(out.String())))
	if strings.Contains(out.String(), unresolved) {
		return measure.Unmeasured{Err: err}
	}
	return err
}

// firstError returns what Maven complains of first, without headings.
func firstError(out string) string {
	for line := range strings.Lines(out) {
		if _, text, found := strings.Cut(line, "[ERROR] "); found && !strings.HasSuffix(strings.TrimSpace(text), ":") {
			return text
		}
	}
	return out[:min(len(out), 500)]
}

// Look says whether the released Flink can be measured, and what would help where it cannot.
func Look(ctx context.Context) (value, remedy string) {
	t := FindToolchain(ctx)
	if err := t.CheckJava(); err != nil {
		return "not measured", err.Error()
	}
	dir, err := Dir()
	if err == nil {
		err = built(dir)
	}
	switch missing := t.Check(); {
	case err == nil:
		return fmt.Sprintf("%s; Java %s", Versions(), t.Version), ""
	case missing != nil:
		return "not measured", missing.Error()
	}
	return "not measured", err.Error()
}
