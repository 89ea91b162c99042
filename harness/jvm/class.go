package jvm

import (
	"context"
	"errors"
	"slices"

	"github.com/wirecost/wirecost/schemas"
)

// ClassCodecs are the codecs that a class of the user's own is measured with, of both lines.
var ClassCodecs = []string{"pojo", "kryo", "kryo-registered", "pojo-flink1", "kryo-flink1", "kryo-flink1-registered"}

// A Reading says how records become objects of a user's class.
type Reading struct {
	Schema string   `json:"schema"` // of the records
	Notes  []string `json:"notes"`  // what of it, or of the class, is not set
	Error  string   `json:"error"`
}

// ReadClass looks into a class on a class path. The schema is made of its fields, unless one is given. An error says what the machine
// lacks, or why no records can be read into the class.
func ReadClass(ctx context.Context, class string, classpath []string, given *schemas.Schema) (Reading, error) {
	var r Reading
	t, dir, err := installed(ctx)
	if err != nil {
		return r, err
	}
	ask := question{Mode: "class", Class: class, Classpath: classpath}
	if given != nil {
		ask.Text, ask.Type = given.Text, given.Root.Name
	}
	if err := ask.answer(ctx, lines[0].argv(t.Java, dir, 0), &r); err != nil {
		return r, err
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	slices.Sort(r.Notes)
	return r, nil
}
