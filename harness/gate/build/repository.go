// Package build makes the test binaries of two revisions of a Go module, and says whether they are the same program. The base is
// checked out into a temporary directory through an index of its own, so that nothing is written to the user's repository,
// which may be read-only; the head is the working tree.
package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Repository is the git repository around a module.
type Repository struct {
	root   string // of the working tree
	prefix string // of the module in it, "" for the root
}

// Open finds the repository around a directory.
func Open(ctx context.Context, dir string) (*Repository, error) {
	root, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("--base needs a git repository: %w", err)
	}
	prefix, err := git(ctx, dir, nil, "rev-parse", "--show-prefix")
	return &Repository{root, prefix}, err
}

// Base returns the commit that a change is judged against: the merge base of HEAD and rev.
func (r *Repository) Base(ctx context.Context, rev string) (string, error) {
	if strings.HasPrefix(rev, "-") {
		return "", fmt.Errorf("--base %s: not a revision", rev)
	}
	shallow, _ := git(ctx, r.root, nil, "rev-parse", "--is-shallow-repository")
	remedy := "git fetch origin, or name another"
	if shallow == "true" {
		remedy = "this is a shallow clone: git fetch --unshallow, or fetch-depth: 0 of actions/checkout"
	}
	if _, err := git(ctx, r.root, nil, "rev-parse", "--verify", "--quiet", rev+"^{commit}"); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("--base %s: no such revision here: %s", rev, remedy)
	}
	base, err := git(ctx, r.root, nil, "merge-base", "HEAD", rev)
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("--base %s: it has no commit in common with HEAD: %s", rev, remedy)
	}
	return base, nil
}

// CheckOut writes the files of a commit to dir, and returns where the module is in it. It touches nothing else.
func (r *Repository) CheckOut(ctx context.Context, commit, dir string) (module string, err error) {
	env := []string{"GIT_INDEX_FILE=" + filepath.Join(dir, ".index"), "GIT_OPTIONAL_LOCKS=0"}
	tree := filepath.Join(dir, "base")
	if err := os.Mkdir(tree, 0o777); err != nil {
		return "", err
	}
	if _, err := git(ctx, r.root, env, "read-tree", commit); err != nil {
		return "", err
	}
	if _, err := git(ctx, r.root, env, "checkout-index", "--all", "--quiet", "--prefix="+tree+string(filepath.Separator)); err != nil {
		return "", err
	}
	return filepath.Join(tree, r.prefix), nil
}

// In returns where a file of the working tree is in a tree that CheckOut made, of which module is the module.
func (r *Repository) In(module, file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil { // git knows the root without links
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	below, err := filepath.Rel(r.root, abs)
	if err != nil || !filepath.IsLocal(below) {
		return "", fmt.Errorf("%s is outside of the repository %s, so the base has none", file, r.root)
	}
	here, err := filepath.Rel(r.Module(), abs)
	return filepath.Join(module, here), err
}

// Module returns where the module is in the working tree.
func (r *Repository) Module() string { return filepath.Join(r.root, r.prefix) }

// Short returns a commit as people write it.
func Short(commit string) string { return commit[:min(len(commit), 12)] }

// git runs git in dir and returns what it prints, trimmed.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), explain(ctx, "git "+args[0], err)
}

// explain adds to the error of a command what it said last.
func explain(ctx context.Context, name string, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit) && len(exit.Stderr) > 0:
		return fmt.Errorf("%s: %s", name, tail(string(exit.Stderr)))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// tail returns the end of a text on one line: what went wrong stands last, or first after the name of a package.
func tail(text string) string {
	const most = 600
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = text[:most/2] + " … " + text[len(text)-most/2:]
	}
	return text
}
