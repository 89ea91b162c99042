package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/keys"
	"github.com/wirecost/wirecost/schemas"
)

// choices returns what a shell may complete a flag's value from. It is called when the shell asks, with the flags before.
// Its errors are shown to nobody: whoever types does not want to read them.
type choices func() ([]entry, error)

// completes has a shell complete the value of a flag.
func completes(cmd *cobra.Command, flag string, from choices) {
	cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return beginning("", typed, nil, from), cobra.ShellCompDirectiveNoFileComp
	})
}

// completesList has a shell complete each part of a flag's value, a list with commas between its parts: at most so many, or
// any number if most is 0.
func completesList(cmd *cobra.Command, flag string, most int, from choices) {
	cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		const next = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace // a comma may follow
		parts := strings.Split(typed, ",")
		if most > 0 && len(parts) > most {
			return nil, next
		}
		before, last := parts[:len(parts)-1], parts[len(parts)-1]
		return beginning(strings.TrimSuffix(typed, last), last, before, from), next
	})
}

// beginning returns the choices that begin with what is typed, but those taken already. Each stands behind head.
func beginning(head, typed string, taken []string, from choices) []cobra.Completion {
	var found []cobra.Completion
	list, err := from()
	for _, c := range list {
		if err == nil && strings.HasPrefix(c.Name, typed) && !slices.Contains(taken, c.Name) {
			found = append(found, cobra.CompletionWithDesc(head+c.Name, c.Doc))
		}
	}
	return found
}

// listCodecPatterns lists what a list of codecs may name.
func listCodecPatterns() ([]entry, error) {
	list, err := listAllCodecs()
	return append(list, entry{"all", "every codec"}), err
}

// listFlink lists Flink's formats.
func listFlink() ([]entry, error) {
	var list []entry
	for _, f := range all.Formats {
		if f.Flink {
			list = append(list, entry{f.Name, f.Doc})
		}
	}
	return list, nil
}

// ops are what --ops may name.
var ops = []entry{
	{string(harness.Encode), "a record to bytes"},
	{string(harness.Decode), "bytes to a fresh record"},
	{string(harness.DecodeReuse), "bytes to a used record"},
	{string(harness.Convert), "the schema's struct to the codec's own record, and back"},
	{string(harness.Copy), "a copy of a record: what a chained operator pays in Flink's runtimes without object reuse"},
	{string(harness.Move), "a keyBy, and the hash that is a part of it"},
	{"all", "every op"},
}

func listOps() ([]entry, error) { return ops, nil }

// listKinds lists the kinds of keyed state.
func listKinds() ([]entry, error) {
	var list []entry
	for _, k := range state.Kinds {
		list = append(list, entry{string(k.Kind), k.Doc})
	}
	return list, nil
}

// listKeyTypes lists the types of keys that are given as text.
func listKeyTypes() ([]entry, error) {
	var list []entry
	for _, t := range keys.Types {
		list = append(list, entry{t.Name, t.Java + ": " + t.Doc})
	}
	return list, nil
}

// listRefs lists the codecs that a run measures.
func (m *measurement) listRefs() ([]entry, error) {
	formats, err := all.FindReleased(m.codecs)
	var list []entry
	for _, f := range formats {
		list = append(list, entry{f.Name, f.Doc})
	}
	return list, err
}

// listTypes lists the records of --schema, by their full names and by what --type takes, too: the names alone.
func (s *subject) listTypes() ([]entry, error) {
	sources, err := s.sources()
	if err != nil {
		return nil, err
	}
	names, err := schemas.RecordNames(sources)
	var full, simple []entry
	for _, name := range names {
		full = append(full, entry{Name: name})
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			simple = append(simple, entry{Name: name[i+1:]})
		}
	}
	return append(full, simple...), err
}

// listKeys returns what lists the scalars of the chosen record type that Flink takes as keys.
func listKeys(load func() (*schemas.Schema, error)) choices {
	return func() ([]entry, error) {
		s, err := load()
		if err != nil {
			return nil, err
		}
		refused := func(c entry) bool { return harness.CheckKey(s, []string{c.Name}) != nil }
		return slices.DeleteFunc(scalars(s), refused), nil
	}
}

// listScalars returns what lists the scalars of the chosen record type.
func listScalars(load func() (*schemas.Schema, error)) choices {
	return func() ([]entry, error) {
		s, err := load()
		if err != nil {
			return nil, err
		}
		return scalars(s), nil
	}
}

// mostScalars bounds what is listed of a schema, which may have many more paths than fields.
const mostScalars = 1000

// scalars returns the paths of s that lead to a scalar through records alone.
func scalars(s *schemas.Schema) []entry {
	var list []entry
	var below func(path string, fields []*schemas.Field)
	below = func(path string, fields []*schemas.Field) {
		for _, f := range fields {
			if len(list) == mostScalars {
				return
			}
			n := f.Type
			if inner, ok := n.Nullable(); ok {
				n = inner
			}
			if n.Kind.Scalar() {
				list = append(list, entry{path + f.Name, lineOn(n, f.Doc)})
			}
			below(path+f.Name+".", n.Fields) // a record inside itself has none
		}
	}
	below("", s.Root.Fields)
	return list
}

// lineOn returns the line on a field of type n: its type and the beginning of its doc.
func lineOn(n *schemas.Node, doc string) string {
	line := n.Kind.String()
	if n.Logical != schemas.NoLogical {
		line = n.Logical.String()
	}
	if doc = firstLine(doc); doc != "" {
		line += ": " + doc
	}
	return line
}

// firstLine returns the first line of a doc, which is as long as its author likes.
func firstLine(doc string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(doc), "\n")
	return escape.Line(line)
}
