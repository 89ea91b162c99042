package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/internal/near"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A listing is what list is asked for.
type listing struct{ only, format string }

func newList() *cobra.Command {
	l := &listing{}
	cmd := &cobra.Command{
		Use:   "list [codecs|streams|runtimes|exchanges]",
		Short: "list codecs, streams, runtimes and exchanges, with a line on each",
		Long: `List prints the names that other commands take, each with a line on what it is: all of them, or those of one section.

--format json is one object with an array for each section, of objects with a name and a doc:
  {"codecs": [{"name": "avro", "doc": "..."}, ...], "streams": [...], "runtimes": [...], "exchanges": [...]}`,
		Example: `  wirecost list
  wirecost list codecs
  wirecost list streams --format json`,
		Args:      oneSection,
		ValidArgs: sectionNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				l.only = args[0]
			}
			return l.run(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&l.format, "format", "text", "`FORM` text, json")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// A section is one list.
type section struct {
	name string
	rows func() ([]entry, error)
}

// An entry is a name that a user may choose, with a line on it.
type entry struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
}

var sections = []section{
	{"codecs", listAllCodecs},
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

// names returns the names of a list.
func names(list []entry) []string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}

// oneSection refuses arguments other than the name of one section.
func oneSection(_ *cobra.Command, args []string) error {
	for _, a := range args {
		if !slices.Contains(sectionNames(), a) {
			return fmt.Errorf("list %q: %s", a, near.Hint(a, sectionNames()))
		}
	}
	if len(args) > 1 {
		return fmt.Errorf("list %s: name one, or none for all", strings.Join(args, " "))
	}
	return nil
}

func (l *listing) run(out io.Writer) error {
	if l.format != "text" && l.format != "json" {
		return fmt.Errorf("--format %q: there are text and json", l.format)
	}
	lists := map[string][]entry{}
	for _, s := range sections {
		if l.only != "" && s.name != l.only {
			continue
		}
		rows, err := s.rows()
		if err != nil {
			return err
		}
		lists[s.name] = rows
	}
	if l.format == "json" {
		return escape.JSON(out, lists)
	}
	return l.text(out, lists)
}

// text prints lists in the order of the sections, each under its name unless it is the only one.
func (l *listing) text(out io.Writer, lists map[string][]entry) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, s := range sections {
		if l.only == "" {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%s:\n", s.name)
		}
		for _, e := range lists[s.name] {
			fmt.Fprintf(w, "%s\t%s\n", e.Name, e.Doc)
		}
	}
	w.Flush()
	_, err := io.WriteString(out, escape.Text(b.String()))
	return err
}

// listCodecs lists the codecs of Go.
func listCodecs() ([]entry, error) { return entriesOf(all.Formats), nil }

// listAllCodecs lists those of all runtimes.
func listAllCodecs() ([]entry, error) { return entriesOf(lab().Formats), nil }

func entriesOf(formats []codecs.Format) []entry {
	var rows []entry
	for _, f := range formats {
		rows = append(rows, entry{f.Name, f.Doc})
	}
	return rows
}

func listStreams() ([]entry, error) {
	var rows []entry
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, entry{name, s.Root.Doc})
	}
	return rows, nil
}

func listRuntimes() ([]entry, error) {
	var rows []entry
	for _, r := range runtimes {
		rows = append(rows, entry{r.Name, r.Doc})
	}
	return rows, nil
}

func listExchanges() ([]entry, error) {
	var rows []entry
	for _, x := range exchange.All {
		rows = append(rows, entry{x.Name, x.Doc})
	}
	return rows, nil
}
