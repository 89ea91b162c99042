package jvm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"text/tabwriter"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/results"
)

// A Choice is what the released TypeExtractor chooses for a class, or for what is in it.
type Choice struct {
	Path       string   `json:"path"` // "." for the class, a.b for a field, [] below a collection, {key} and {value} below a map
	Type       string   `json:"type"` // in Java
	Serializer string   `json:"serializer"`
	Kryo       bool     `json:"kryo"`
	Reasons    []string `json:"reasons,omitempty"` // which conditions of a POJO it fails
}

// An Extraction is what a line of Flink makes of a user's class.
type Extraction struct {
	Flink   string   `json:"flink"` // version
	Class   string   `json:"class"`
	Choices []Choice `json:"choices,omitempty"`
	Error   string   `json:"error,omitempty"` // why it makes nothing of it
}

// Extract asks the released TypeExtractor of each line whose runtime is named. The class is looked for in the jars and folders of
// a class path. An error says what the machine lacks.
func Extract(ctx context.Context, class string, classpath []string, runtimes ...string) ([]Extraction, error) {
	t, dir, err := installed(ctx)
	if err != nil {
		return nil, err
	}
	var out []Extraction
	for _, l := range lines {
		for _, name := range runtimes {
			if name != l.name {
				continue
			}
			x, err := l.extract(ctx, l.argv(t.Java, dir, 0), class, classpath)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l.name, err)
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// extract asks a worker that answers once.
func (l line) extract(ctx context.Context, argv []string, class string, classpath []string) (Extraction, error) {
	x := Extraction{Flink: l.flink, Class: class}
	err := question{Mode: "extract", Class: class, Classpath: classpath}.answer(ctx, argv, &x)
	return x, err
}

// A question is about a class of the user's.
type question struct {
	Mode      string   `json:"mode"`
	Class     string   `json:"class"`
	Classpath []string `json:"classpath"`
	Text      string   `json:"schema,omitempty"`
	Type      string   `json:"type,omitempty"`
}

// answer puts what a worker answers, which is the program argv, into the fields of to.
func (q question) answer(ctx context.Context, argv []string, to any) error {
	if q.Classpath == nil {
		q.Classpath = []string{}
	}
	ask, err := json.Marshal(q)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var stderr bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stderr = Environ(), bytes.NewReader(append(ask, '\n')), &stderr
	answer, err := cmd.Output()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, results.OneLine(stderr.String()))
	}
	if err := json.Unmarshal(answer, to); err != nil {
		return fmt.Errorf("answer %.200q: %w", answer, err)
	}
	return nil
}

// Forbidden says what a job with pipeline.generic-types: false would throw for, "" if for nothing.
func (x *Extraction) Forbidden() string {
	if x.Error != "" {
		return fmt.Sprintf("Flink %s cannot type %s", x.Flink, x.Class)
	}
	for _, c := range x.Choices {
		if c.Kryo {
			return fmt.Sprintf("Flink %s: %s falls back to Kryo", x.Flink, called(c.Path, x.Class))
		}
	}
	return ""
}

// called is how a path is named in a sentence.
func called(path, class string) string {
	if path == "." {
		return class
	}
	return path
}

// ExtractionsText writes a line for each choice, and below those that fall back to Kryo why.
func ExtractionsText(w io.Writer, all []Extraction) error {
	var b strings.Builder
	for i, x := range all {
		if i > 0 {
			b.WriteString("\n")
		}
		if err := x.text(&b); err != nil {
			return err
		}
	}
	text := strings.Split(b.String(), "\n")
	for i := range text {
		text[i] = strings.TrimRight(text[i], " ")
	}
	_, err := io.WriteString(w, escape.Text(strings.Join(text, "\n")))
	return err
}

func (x *Extraction) text(b *strings.Builder) error {
	fmt.Fprintf(b, "%s as Flink %s types it\n", x.Class, x.Flink)
	if x.Error != "" {
		fmt.Fprintf(b, "  not at all: %s\n", x.Error)
		return nil
	}
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, c := range x.Choices {
		mark := ""
		if c.Kryo {
			mark = "KRYO"
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", c.Path, c.Type, c.Serializer, mark)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, c := range x.Choices {
		if c.Kryo {
			fmt.Fprintf(b, "  %s falls back to Kryo: %s\n", called(c.Path, x.Class), strings.Join(c.Reasons, "; "))
		}
	}
	return nil
}

// ExtractionsJSON writes an array, with an object for each line of Flink.
func ExtractionsJSON(w io.Writer, all []Extraction) error {
	return escape.JSON(w, all)
}
