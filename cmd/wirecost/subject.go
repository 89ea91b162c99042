package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A subject chooses a record type: the flags --schema, --type and --stream.
type subject struct{ schema, typ, stream string }

// bind adds the flags to cmd. Def is the stream when none is given, "" if one must be.
func (s *subject) bind(cmd *cobra.Command, def string) {
	cmd.Flags().StringVar(&s.schema, "schema", "", "Avro schema `FILE` (.avsc) of the record")
	cmd.Flags().StringVar(&s.typ, "type", "", "record `NAME` within --schema, if its root is not the record")
	cmd.Flags().StringVar(&s.stream, "stream", def, "built-in stream `NAME`; wirecost list shows them")
	cmd.MarkFlagsMutuallyExclusive("schema", "stream")
	cmd.MarkFlagsMutuallyExclusive("type", "stream")
	cmd.RegisterFlagCompletionFunc("stream", cobra.FixedCompletions(streams.Names(), cobra.ShellCompDirectiveNoFileComp))
}

// load reads the chosen schema.
func (s *subject) load() (*schemas.Schema, error) {
	switch {
	case s.schema != "":
		return schemas.Load(s.schema, s.typ)
	case s.typ != "":
		return nil, errors.New("--type needs --schema")
	case s.stream == "":
		return nil, errors.New("choose a record type with --schema FILE or --stream NAME")
	}
	return streams.Get(s.stream)
}

// input opens the file called name, or standard input if that is empty or "-".
func input(cmd *cobra.Command, name string) (io.ReadCloser, string, error) {
	if name == "" || name == "-" {
		return io.NopCloser(cmd.InOrStdin()), "standard input", nil
	}
	f, err := os.Open(name)
	return f, name, err
}

// readProfile reads an external profile, nil if there is none.
func readProfile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err == nil && len(text) == 0 {
		return nil, fmt.Errorf("%s: the profile is empty", name)
	}
	return text, err
}
