package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/schemas/streams"
)

func newList() *cobra.Command {
	return &cobra.Command{
		Use:       "list [codecs|streams|runtimes|exchanges]",
		Short:     "list codecs, streams, runtimes and exchanges, with a line on each",
		Example:   "  wirecost list\n  wirecost list codecs",
		Args:      oneSection,
		ValidArgs: sectionNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			only := ""
			if len(args) > 0 {
				only = args[0]
			}
			return list(cmd.OutOrStdout(), only)
		},
	}
}

// A section is one list.
type section struct {
	name string
	rows func() ([][2]string, error) // name and doc
}

var sections = []section{
	{"codecs", listCodecs},
	{"streams", listStreams},
	{"runtimes", listRuntimes},
	{"exchanges", listExchanges},
}

func sectionNames() []string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return names
}

// oneSection refuses arguments other than the name of one section.
func oneSection(_ *cobra.Command, args []string) error {
	for _, a := range args {
		if !slices.Contains(sectionNames(), a) {
			return fmt.Errorf("list %q: there are %s", a, strings.Join(sectionNames(), ", "))
		}
	}
	if len(args) > 1 {
		return fmt.Errorf("list %s: name one, or none for all", strings.Join(args, " "))
	}
	return nil
}

// list prints the section called only, or all of them, each under its name.
func list(out io.Writer, only string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	first := true
	for _, s := range sections {
		if only != "" && s.name != only {
			continue
		}
		rows, err := s.rows()
		if err != nil {
			return err
		}
		if only == "" {
			if !first {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%s:\n", s.name)
		}
		first = false
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\n", r[0], r[1])
		}
	}
	return w.Flush()
}

func listCodecs() ([][2]string, error) {
	var rows [][2]string
	for _, f := range all.Formats {
		rows = append(rows, [2]string{f.Name, f.Doc})
	}
	return rows, nil
}

func listStreams() ([][2]string, error) {
	var rows [][2]string
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, [2]string{name, s.Root.Doc})
	}
	return rows, nil
}

func listRuntimes() ([][2]string, error) {
	var rows [][2]string
	for _, r := range runtimes {
		rows = append(rows, [2]string{r.Name, r.Doc})
	}
	return rows, nil
}

func listExchanges() ([][2]string, error) {
	var rows [][2]string
	for _, x := range exchange.All {
		rows = append(rows, [2]string{x.Name, x.Doc})
	}
	return rows, nil
}
