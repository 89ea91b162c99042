package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A subject chooses a record type: the flags --schema, --type and --stream.
type subject struct {
	schema      []string // files and folders, - for standard input
	typ, stream string
	cmd         *cobra.Command
	noHints     bool
	of          *schemas.Schema // in the place of what the flags choose; nil: they do
}

// bind adds the flags to cmd. Def is the stream when none is given, "" if one must be.
func (s *subject) bind(cmd *cobra.Command, def string) {
	s.cmd = cmd
	cmd.Flags().StringArrayVar(&s.schema, "schema", nil, "Avro schema of the record: a `FILE` (.avsc, .avpr, a schema registry's answer), - for standard input; "+
		"again for files and folders with types that it names")
	cmd.Flags().StringVar(&s.typ, "type", "", "record `NAME` within --schema, if its root is not the record")
	cmd.Flags().StringVar(&s.stream, "stream", def, "built-in stream `NAME`; wirecost list shows them")
	exclusive(cmd, "stream", "schema", "type")
	completes(cmd, "stream", listStreams)
	completes(cmd, "type", s.listTypes)
}

// chosen reports whether a flag says which record type it is.
func (s *subject) chosen() bool {
	return s.of != nil || s.schema != nil || s.stream != "" || s.typ != ""
}

// bindHints adds the flag of commands that make records.
func (s *subject) bindHints(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&s.noHints, "no-hints", false, "fields of --schema that nothing describes do not go by their names: see wirecost help profile")
}

// load reads the chosen schema.
func (s *subject) load() (*schemas.Schema, error) {
	switch {
	case s.of != nil:
		return s.of, nil
	case s.schema != nil:
		sources, err := s.sources()
		if err != nil {
			return nil, err
		}
		return schemas.ParseSources(sources, s.typ)
	case s.typ != "":
		return nil, errors.New("--type needs --schema")
	case s.stream == "":
		return nil, errors.New("choose a record type with --schema FILE or --stream NAME")
	}
	return streams.Get(s.stream)
}

// sources reads what --schema names.
func (s *subject) sources() ([]schemas.Source, error) {
	var all []schemas.Source
	if i := slices.Index(s.schema, "-"); i >= 0 && slices.Contains(s.schema[i+1:], "-") {
		return nil, errors.New("--schema -: there is one standard input")
	}
	for _, name := range s.schema {
		if name != "-" {
			some, err := schemas.ReadSources(name)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
			continue
		}
		in, file, err := openInput(s.cmd, name)
		if err != nil {
			return nil, err
		}
		text, err := schemas.ReadFrom(in, file)
		if err != nil {
			return nil, err
		}
		all = append(all, schemas.Source{Name: file, Text: text})
	}
	return all, nil
}

// compile plans the records of a schema, with the external profile in a file if it has a name. It prints warnings, and
// errors name the files they are about.
func (s *subject) compile(cmd *cobra.Command, of *schemas.Schema, profile string) (*records.Source, error) {
	text, err := readProfile(profile)
	if err != nil {
		return nil, err
	}
	plan, err := records.Config{External: text, Hints: s.schema != nil && !s.noHints}.Compile(of)
	if err != nil {
		name := cmp.Or(strings.Join(s.schema, ", "), s.stream)
		if profile != "" { // either may be wrong
			name += " with " + profile
		}
		return nil, inFile(name, err)
	}
	warn(cmd, plan.Warnings)
	return plan, nil
}

// warn prints what is odd and no error.
func warn(cmd *cobra.Command, warnings []string) {
	for _, w := range warnings {
		complain(cmd.ErrOrStderr(), "warning: "+w)
	}
}

// inFile puts the name of a file before each line of err.
func inFile(name string, err error) error {
	lines := linesOf(err)
	if len(lines) == 1 {
		return fmt.Errorf("%s: %w", name, err)
	}
	named := make([]error, len(lines))
	for i, line := range lines {
		named[i] = fmt.Errorf("%s: %s", name, line)
	}
	return errors.Join(named...)
}

// input opens the file called name, or standard input if that is empty or "-". It must have a first byte: a script whose
// records were lost on the way is told.
func input(cmd *cobra.Command, name string) (io.ReadCloser, string, error) {
	if schema, err := cmd.Flags().GetStringArray("schema"); err == nil && (name == "" || name == "-") && slices.Contains(schema, "-") {
		return nil, name, errors.New("--schema - takes standard input: name a file of records with --input")
	}
	return openInput(cmd, name)
}

// openInput is input, of whatever is read.
func openInput(cmd *cobra.Command, name string) (io.ReadCloser, string, error) {
	var in io.ReadCloser
	if name == "" || name == "-" {
		name, in = "standard input", io.NopCloser(&interruptible{cmd.Context(), cmd.InOrStdin()})
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, name, err
		}
		if info, err := f.Stat(); err == nil && info.IsDir() {
			f.Close()
			return nil, name, fmt.Errorf("%s is a folder: name a file of records", name)
		}
		in = f
	}
	r := bufio.NewReader(in)
	if _, err := r.Peek(1); err != nil {
		in.Close()
		if err == io.EOF {
			err = fmt.Errorf("%s is empty: there is nothing to %s", name, cmd.Name())
		}
		return nil, name, err
	}
	return struct {
		io.Reader
		io.Closer
	}{r, in}, name, nil
}

// An interruptible reads in until ctx ends, also where in has nothing to read yet: a terminal, an idle pipe.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

// Read leaves a read that is not over behind when ctx ends. It may still write to p, so nobody may use p again.
func (r *interruptible) Read(p []byte) (n int, err error) {
	done := make(chan struct{})
	var got struct {
		n   int
		err error
	}
	go func() {
		got.n, got.err = r.in.Read(p)
		close(done)
	}()
	select {
	case <-done:
		return got.n, got.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

// readProfile reads an external profile, nil if there is none.
func readProfile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	text, err := schemas.ReadText(name)
	if err == nil && len(text) == 0 {
		return nil, fmt.Errorf("%s: the profile is empty", name)
	}
	return text, err
}
